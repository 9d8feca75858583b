// npm run mutate -- PATH ...: changes the code of the files in many small ways, one at a time, and lists the changes that no unit
// test notices. PATH is a file, a folder or a room of rooms.ts; --all stands for every room. Ends with 1 below a room's goal.
import * as os from "node:os";
import * as path from "node:path";
import { EQUIVALENTS } from "./equivalents";
import { JudgedFiles, parts, surroundings, testsOf } from "./judged";
import { Room, ROOMS } from "./rooms";
import { Score, scores, share, stale } from "./score";
import { select, Selection } from "./select";
import { mutate } from "./tool";

const root = path.join(__dirname, "../..");
const judged = new JudgedFiles(root);
const today = () => new Date().toISOString().slice(0, 10);
const USAGE = `npm run mutate -- PATH ... | --all, with PATH a file, a folder or one of ${ROOMS.map(({ name }) => name).join(", ")}`;

/** How many mutants are tried at once. */
function cores(): number {
  const given = process.env["MUTATE_CORES"];
  const count = Number(given ?? os.cpus().length);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`MUTATE_CORES must be a whole number of 1 or more, got ${given}`);
  return count;
}

const percent = (value: number) => `${value.toFixed(1)} %`;
const total = (all: Score[], part: "mutants" | "killed" | "timeouts" | "equivalent") =>
  all.reduce((sum, score) => sum + score[part], 0);

/** Tells the survivors in the words in which equivalents.ts names one. */
function tell(all: Score[]): void {
  for (const { at, line, was, becomes, uncovered } of all.flatMap(({ survivors }) => survivors))
    console.log(
      `${at} survived${uncovered ? ", and no test runs it" : ""}\n${JSON.stringify({ line, was, becomes }, null, 2)}`,
    );
  for (const score of all) console.log(`${percent(share([score])).padStart(8)}  ${score.file}`);
}

/** Mutates what is selected, part by part, and tells what survived. Returns whether it keeps the goal. */
function judge(selection: Selection): boolean {
  const { room, files, tests } = selection;
  const whole = select(root, ROOMS, [room.name])[0]!;
  const around = surroundings(root, whole);
  const under = `${around} ${testsOf(root, whole)}`;
  const all = parts(root, files);
  console.log(`\n${room.name}: ${files.length} files in ${all.length} parts, ${tests.length} files of tests`);
  for (const [at, part] of all.entries()) {
    const done = part.every((file) => judged.of(file)?.under === under);
    console.log(`${at + 1} of ${all.length}: ${part.join(" ")}${done ? ", as it was judged before" : ""}`);
    if (!done) judged.keep(mutate(root, { room, files: part, tests }, around, cores()), today(), under);
    tell(scores(judged.together(part).report, EQUIVALENTS));
  }
  const { report } = judged.together(files);
  const found = scores(report, EQUIVALENTS);
  // A test that a busy machine holds up looks like one that noticed an endless loop.
  console.log(
    `${room.name}: ${total(found, "timeouts")} of ${total(found, "killed")} were noticed because a test did not end`,
  );
  const idle = stale(report, EQUIVALENTS);
  for (const { file, line, was, becomes } of idle)
    console.log(`equivalents.ts names no survivor: ${JSON.stringify({ file, line, was, becomes })}`);
  return share(found) >= room.goal && idle.length === 0;
}

/** The room's row of docs/benchmarks.md, or why it has none. */
function row(room: Room): string {
  const [{ files }] = select(root, ROOMS, [room.name]) as [Selection];
  const missing = judged.missing(files);
  if (missing.length > 0)
    return `(no row of ${room.name}: not judged as they are now are ${missing.length} of its ${files.length} files, such as ${missing[0]})`;
  const { report, day } = judged.together(files);
  const all = scores(report, EQUIVALENTS);
  const columns = [
    room.name,
    total(all, "mutants"),
    total(all, "killed"),
    all.reduce((sum, { survivors }) => sum + survivors.length, 0),
    total(all, "equivalent"),
    percent(share(all)),
    `${room.goal} %`,
    day,
  ];
  return `| ${columns.join(" | ")} |`;
}

function main(wanted: string[]): void {
  const all = wanted.length === 1 && wanted[0] === "--all";
  const option = wanted.find((word) => word.startsWith("-"));
  if (!all && (wanted.length === 0 || option !== undefined))
    throw new Error(`${option === undefined ? "nothing to mutate" : `unknown option ${option}`}: ${USAGE}`);
  const selections = select(root, ROOMS, all ? ROOMS.map(({ name }) => name) : wanted);
  const kept = selections.map(judge);
  console.log("\n| room | mutants | killed | survived | equivalent | score | goal | date |");
  console.log("|---|---|---|---|---|---|---|---|");
  for (const { room } of selections) console.log(row(room));
  if (kept.includes(false)) process.exitCode = 1;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(process.env["DEBUG"] ? error : (error as Error).message);
  process.exitCode = 1;
}
