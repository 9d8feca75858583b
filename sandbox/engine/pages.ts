/** How a service names where the next page begins: in its answer, and in the call for it. */
const TOKENS = [
  ["NextToken", "NextToken"],
  ["nextToken", "nextToken"],
  ["NextMarker", "Marker"],
  ["Marker", "Marker"],
  ["NextContinuationToken", "ContinuationToken"],
] as const;

/** What a list call gives, all its pages together. */
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
