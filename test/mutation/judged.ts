import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildSync } from "esbuild";
import { Report } from "./score";
import { filesBelow, Selection } from "./select";

/** What a run said of one file, kept so that a room may be judged in parts, and a run that is cut off loses one part only. */
export interface Judged {
  day: string;
  /** Of all that decides the result beside the room's own code. */
  under: string;
  /** The file as it was judged, with its mutants. */
  file: Report["files"][string];
}

/** Where code and what tests read lies. */
const SOURCES = ["components", "functions", "policies", "sandbox", "scripts", "stacks", "test", "webapp"];
const isTest = (file: string) => file.endsWith(".test.ts");

function digest(root: string, files: string[]): string {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(file)
      .update("\0")
      .update(fs.readFileSync(path.join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

/** Of what no run compares itself: what code and tests import, and what is no code and may be read. */
export function surroundings(root: string, { files, tests }: Selection): string {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [...files, ...tests],
    outdir: "nowhere",
    bundle: true,
    packages: "external",
    platform: "node",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const imported = Object.keys(metafile.inputs).filter((file) => !files.includes(file) && !isTest(file));
  const others = SOURCES.flatMap((place) => filesBelow(root, place)).filter((file) => !file.endsWith(".ts"));
  return digest(root, [...new Set([...imported, ...others, "package-lock.json"])].sort());
}

export const testsOf = (root: string, { tests }: Selection): string => digest(root, tests);

/** The kept results of one copy of the repository. */
export class JudgedFiles {
  constructor(
    private readonly root: string,
    private readonly folder = path.join(root, ".test/mutation/judged"),
  ) {}

  private at = (file: string) => path.join(this.folder, `${file}.json`);

  keep(report: Report, day: string, under: string): void {
    for (const [name, file] of Object.entries(report.files)) {
      fs.mkdirSync(path.dirname(this.at(name)), { recursive: true });
      const text = JSON.stringify({ day, under, file } satisfies Judged);
      // In one go, so that no half of it is ever read.
      fs.writeFileSync(`${this.at(name)}.new`, text);
      fs.renameSync(`${this.at(name)}.new`, this.at(name));
    }
  }

  /** What was said of the file as it is now; nothing when it has changed since. */
  of(file: string): Judged | undefined {
    if (!fs.existsSync(this.at(file))) return undefined;
    const judged = JSON.parse(fs.readFileSync(this.at(file), "utf8")) as Judged;
    return judged.file.source === fs.readFileSync(path.join(this.root, file), "utf8") ? judged : undefined;
  }

  /** Those of the files that have no result as they are now. */
  missing(files: string[]): string[] {
    return files.filter((file) => this.of(file) === undefined);
  }

  /** One report of several files, with the day of the oldest; only of files that are not missing. */
  together(files: string[]): { report: Report; day: string } {
    const all = files.map((file) => [file, this.of(file)!] as const);
    return {
      report: { files: Object.fromEntries(all.map(([name, { file }]) => [name, file])) },
      day: all.map(([, { day }]) => day).sort()[0]!,
    };
  }
}

/** A part is judged in one go: a quarter of an hour at most, even on a machine that has other work. */
const LINES_OF_A_PART = 300;

/** The files in their order, in parts of so many lines or of one file. */
export function parts(root: string, files: string[], most = LINES_OF_A_PART): string[][] {
  const found: string[][] = [];
  let lines = Infinity;
  for (const file of files) {
    const more = fs.readFileSync(path.join(root, file), "utf8").split("\n").length;
    lines += more;
    if (lines <= most) found.at(-1)!.push(file);
    else {
      found.push([file]);
      lines = more;
    }
  }
  return found;
}
