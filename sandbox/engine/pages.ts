/** A service's field for the next page: in its answer, and in the next call. */
const TOKENS = [
  ["NextToken", "NextToken"],
  ["nextToken", "nextToken"],
  ["NextMarker", "Marker"],
  ["Marker", "Marker"],
  ["NextContinuationToken", "ContinuationToken"],
] as const;

/** The answer of a list call, with all its pages. */
export async function everyPage<Page extends object, One>(
  ask: (from: Record<string, string>) => Promise<Page>,
  listIn: (page: Page) => One[] | undefined,
): Promise<One[]> {
  const all: One[] = [];
  for (let from: Record<string, string> | undefined = {}; from;) {
    const page: Page = await ask(from);
    all.push(...(listIn(page) ?? []));
    from = nextOf(page as Record<string, unknown>);
  }
  return all;
}

function nextOf(page: Record<string, unknown>): Record<string, string> | undefined {
  for (const [given, asked] of TOKENS) if (page[given]) return { [asked]: page[given] as string };
  return undefined;
}
