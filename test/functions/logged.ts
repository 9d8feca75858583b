/** What the functions log on the way, one line each, instead of the test's output. */
export async function logged<T>(
  work: () => Promise<T>,
): Promise<{ result: T; lines: Record<string, string>[] }> {
  const { error } = console;
  const lines: Record<string, string>[] = [];
  console.error = (line: string) => void lines.push(JSON.parse(line));
  try {
    return { result: await work(), lines };
  } finally {
    console.error = error;
  }
}
