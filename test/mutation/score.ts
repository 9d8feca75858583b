/** What the tool says of one change that it made to a file. */
export interface Mutant {
  status: string;
  replacement?: string;
  location: { start: Position; end: Position };
}

/** Counted from 1. */
interface Position {
  line: number;
  column: number;
}

/** Its report: the files as it read them, with their mutants. */
export interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>;
}

/** A mutant that behaves as the code does, so that no test can tell them apart. */
export interface Equivalent extends Change {
  why: string;
}

/** A mutant in words that outlive an edit elsewhere in its file. */
export interface Change {
  file: string;
  /** The line in which it starts. */
  line: string;
  /** What was replaced; cut short where it is long. */
  was: string;
  becomes: string;
}

export interface Survivor extends Change {
  at: string;
  /** No test runs it at all. */
  uncovered: boolean;
}

export interface Score {
  file: string;
  mutants: number;
  killed: number;
  /** How many of the killed were noticed because a test did not end. */
  timeouts: number;
  equivalent: number;
  survivors: Survivor[];
}

const KILLED = ["Killed", "Timeout"];
const SURVIVED = ["Survived", "NoCoverage"];
const LONGEST = 90;

export const short = (text: string) => {
  const words = text.replace(/\s+/g, " ").trim();
  return words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words;
};

function textAt(lines: string[], { start, end }: Mutant["location"]): string {
  const rows = lines.slice(start.line - 1, end.line);
  rows[rows.length - 1] = rows.at(-1)!.slice(0, end.column - 1);
  rows[0] = rows[0]!.slice(start.column - 1);
  return rows.join("\n");
}

const same = (a: Change, b: Change) =>
  a.file === b.file && a.line === b.line && a.was === b.was && a.becomes === b.becomes;

/** The score of each file of a report, by its name. */
export function scores(report: Report, equivalents: Equivalent[]): Score[] {
  return Object.entries(report.files)
    .map(([file, { source, mutants }]) => {
      const lines = source.split("\n");
      const lived = mutants
        .filter(({ status }) => SURVIVED.includes(status))
        .map(({ status, location, replacement = "" }) => ({
          file,
          at: `${file}:${location.start.line}:${location.start.column}`,
          line: short(lines[location.start.line - 1]!),
          was: short(textAt(lines, location)),
          becomes: short(replacement),
          uncovered: status === "NoCoverage",
        }));
      const survivors = lived.filter((change) => !equivalents.some((known) => same(known, change)));
      const killed = mutants.filter(({ status }) => KILLED.includes(status)).length;
      return {
        file,
        mutants: killed + lived.length,
        killed,
        timeouts: mutants.filter(({ status }) => status === "Timeout").length,
        equivalent: lived.length - survivors.length,
        survivors,
      };
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The equivalents of a report's files that name no survivor of it: the code has moved on, or a test tells them apart after all. */
export function stale(report: Report, equivalents: Equivalent[]): Equivalent[] {
  const lived = scores(report, []).flatMap(({ survivors }) => survivors);
  return equivalents.filter(
    (known) => known.file in report.files && !lived.some((change) => same(known, change)),
  );
}

/** Per cent of what a test could kill. */
export function share(all: Pick<Score, "mutants" | "killed" | "equivalent">[]): number {
  const sum = (pick: (score: (typeof all)[number]) => number) =>
    all.reduce((total, score) => total + pick(score), 0);
  const due = sum(({ mutants, equivalent }) => mutants - equivalent);
  return due === 0 ? 100 : (100 * sum(({ killed }) => killed)) / due;
}
