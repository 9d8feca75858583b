import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Report } from "./score";
import { filesBelow, Selection } from "./select";

const LOCK = ["package.json", "package-lock.json"];
/** What Stryker need not copy, because no unit test reads it. */
const NOT_COPIED = [".test", ".sandbox", "dist", "bench/**/node_modules", "bench/results"];
/** Where code and what tests read lies. */
const SOURCES = ["components", "functions", "policies", "sandbox", "scripts", "stacks", "test", "webapp"];

/** StrykerJS, in a folder of its own: with what it needs it is 250 packages, which no other command has to wait for. */
function install(root: string, cache: string): string {
  const folder = path.join(cache, "tool");
  const ours = (name: string) => fs.readFileSync(path.join(root, "test/mutation/tool", name), "utf8");
  const done = path.join(folder, "installed");
  const wanted = LOCK.map(ours).join("");
  if (!fs.existsSync(done) || fs.readFileSync(done, "utf8") !== wanted) {
    console.log("Installing StrykerJS (once) ...");
    fs.mkdirSync(folder, { recursive: true });
    for (const name of LOCK) fs.writeFileSync(path.join(folder, name), ours(name));
    const words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const npm = spawnSync("npm", words, { cwd: folder, stdio: ["ignore", 2, 2] });
    if (npm.status !== 0)
      throw new Error("StrykerJS could not be installed: check that this machine reaches the npm registry");
    fs.writeFileSync(done, wanted);
  }
  return path.join(folder, "node_modules/@stryker-mutator");
}

/** Of all that decides a result beside the mutated files and the tests, which the tool compares itself. */
function fingerprint(root: string, { files }: Selection): string {
  const hash = createHash("sha256");
  const others = SOURCES.flatMap((place) => filesBelow(root, place)).filter(
    (file) => !files.includes(file) && !file.endsWith(".test.ts") && !file.startsWith("test/mutation/"),
  );
  for (const file of others)
    hash
      .update(file)
      .update("\0")
      .update(fs.readFileSync(path.join(root, file)))
      .update("\0");
  return hash.update(fs.readFileSync(path.join(root, "package-lock.json"))).digest("hex");
}

/** The results of the last run, which spare what has not changed; forgotten when anything else has. */
function incremental(root: string, cache: string, selection: Selection): string {
  const file = path.join(cache, `${selection.room.name}.json`);
  const mark = path.join(cache, `${selection.room.name}.of`);
  const now = fingerprint(root, selection);
  if (!fs.existsSync(mark) || fs.readFileSync(mark, "utf8") !== now) fs.rmSync(file, { force: true });
  fs.writeFileSync(mark, now);
  return file;
}

/** Mutates what is selected and returns the tool's report of it. */
export function mutate(root: string, selection: Selection, concurrency: number): Report {
  const cache = path.join(root, ".test/mutation");
  const tool = install(root, cache);
  const { room, files, tests } = selection;
  const report = path.join(cache, `${room.name}.report.json`);
  const config = path.join(cache, `${room.name}.config.json`);
  fs.rmSync(report, { force: true });
  fs.writeFileSync(
    config,
    JSON.stringify({
      testRunner: "mocha",
      plugins: [path.join(tool, "mocha-runner/dist/src/index.js")],
      mutate: files,
      mochaOptions: { spec: tests },
      coverageAnalysis: "perTest",
      incremental: true,
      incrementalFile: incremental(root, cache, selection),
      concurrency,
      // A test that a busy machine holds up has noticed nothing: only what takes far longer than alone is taken for an endless loop.
      timeoutMS: 30_000,
      tempDirName: ".test/mutation/copies",
      ignorePatterns: NOT_COPIED,
      // What is compiled in the copy is kept in the copy, and goes with it.
      symlinkNodeModules: false,
      allowEmpty: false,
      logLevel: "warn",
      reporters: ["json", "progress-append-only"],
      jsonReporter: { fileName: report },
    }),
  );
  const done = spawnSync(process.execPath, [path.join(tool, "core/bin/stryker.js"), "run", config], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (done.status !== 0 || !fs.existsSync(report))
    throw new Error(
      `the mutation run of ${room.name} failed, as told above; its tests must pass without a mutant`,
    );
  const { files: all } = JSON.parse(fs.readFileSync(report, "utf8")) as Report;
  return { files: Object.fromEntries(Object.entries(all).filter(([file]) => files.includes(file))) };
}
