import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Report } from "./score";
import { Selection } from "./select";

const LOCK = ["package.json", "package-lock.json"];
/** What Stryker need not copy, because no unit test reads it. */
const NOT_COPIED = [".test", ".tools", ".sandbox", "dist", "bench/**/node_modules", "bench/results"];

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

/** The results of the last run of these files, which spare what has not changed; forgotten when anything else has. */
function incremental(cache: string, part: string, around: string): string {
  const file = path.join(cache, `${part}.json`);
  const mark = path.join(cache, `${part}.of`);
  if (!fs.existsSync(mark) || fs.readFileSync(mark, "utf8") !== around) fs.rmSync(file, { force: true });
  fs.writeFileSync(mark, around);
  return file;
}

/** Mutates what is selected, in one go, and returns the tool's report of it. */
export function mutate(
  root: string,
  { room, files, tests }: Selection,
  around: string,
  concurrency: number,
): Report {
  const cache = path.join(root, ".test/mutation");
  const tool = install(root, cache);
  const part = `${room.name}-${createHash("sha256").update(files.join()).digest("hex").slice(0, 8)}`;
  const report = path.join(cache, `${part}.report.json`);
  const config = path.join(cache, `${part}.config.json`);
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
      incrementalFile: incremental(cache, part, around),
      concurrency,
      // A test that a busy machine holds up has noticed nothing: only what takes far longer than alone is taken for an endless loop.
      timeoutMS: 30_000,
      // The same of the run without a mutant: five minutes are not enough for one at the lowest priority beside others.
      dryRunTimeoutMinutes: 60,
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
  // The tool leaves out a file in which there is nothing to change, such as types alone.
  const unchanged = (file: string) => ({
    source: fs.readFileSync(path.join(root, file), "utf8"),
    mutants: [],
  });
  return { files: Object.fromEntries(files.map((file) => [file, all[file] ?? unchanged(file)])) };
}
