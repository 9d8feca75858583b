/** Clutter: metrics written as log lines, and Lambda's own lines about each call. */
const NOISE = /^\{"_aws":|^(START|END|REPORT|INIT_START) RequestId: /;

/** What one line of a log says. */
export interface Said {
  /** In milliseconds since 1970; undefined if the line does not say. */
  at?: number;
  text: string;
}

/** A line for people: an entry's message, and its fields without those that are meant for machines. */
export function readable(line: string): Said[] {
  if (NOISE.test(line)) return [];
  const entry = entryIn(line);
  if (!entry) return [{ at: beginsWithTime(line), text: line }];
  const { msg, message = msg, level: _level, time, ms, instance: _instance, err, ...rest } = entry;
  const { message: error } = (err ?? {}) as { message?: unknown };
  const particulars = Object.entries(error === undefined ? rest : { ...rest, error });
  const words = particulars.map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [{ at: timeOf(time, ms), text: [message, ...words].filter(Boolean).join(" ") }];
}

/** The last lines of several sources in order of time; a line without a time follows the one before it. */
export function inOrder<One extends Said>(sources: One[][]): One[] {
  const dated = sources.flatMap((lines) => {
    let at = 0;
    return lines.map((line) => ({ line, at: (at = line.at ?? at) }));
  });
  return dated.sort((a, b) => a.at - b.at).map(({ line }) => line);
}

function timeOf(time: unknown, ms: unknown): number | undefined {
  if (typeof time === "number") return time;
  if (typeof time === "string") return Date.parse(time) || undefined;
  // A database node's agent logs the machine's own clock, which this process has as well.
  if (typeof ms === "number") return Date.now() - (Number(process.hrtime.bigint() / 1_000_000n) - ms);
  return undefined;
}

/** The beginning of PostgreSQL's lines. */
function beginsWithTime(line: string): number | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+) UTC /.exec(line) ?? [];
  return day && Date.parse(`${day}T${time}Z`) ? Date.parse(`${day}T${time}Z`) : undefined;
}

function entryIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = line.startsWith("{") ? JSON.parse(line) : undefined;
    return value as Record<string, unknown> | undefined;
  } catch {
    return undefined;
  }
}
