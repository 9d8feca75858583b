// npm run mutate -- PATH ...: changes the code of the files in many small ways, one at a time, and lists the changes that no unit
// test notices. PATH is a file, a folder or a room of rooms.ts; --all stands for every room. Ends with 1 below a room's goal.
import * as os from "node:os";
import * as path from "node:path";
import { EQUIVALENTS } from "./equivalents";
import { ROOMS } from "./rooms";
import { Score, scores, share, stale } from "./score";
import { select, Selection } from "./select";
import { mutate } from "./tool";

const root = path.join(__dirname, "../..");
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
const total = (all: Score[], part: "mutants" | "killed" | "equivalent") =>
  all.reduce((sum, score) => sum + score[part], 0);

/** Tells the survivors in the words in which equivalents.ts names one. */
function tell(all: Score[]): void {
  for (const { at, line, was, becomes, uncovered } of all.flatMap(({ survivors }) => survivors))
    console.log(
      `${at} survived${uncovered ? ", and no test runs it" : ""}\n${JSON.stringify({ line, was, becomes }, null, 2)}`,
    );
  for (const score of all) console.log(`${percent(share([score])).padStart(8)}  ${score.file}`);
}

/** Mutates one room's files. Returns its row of docs/benchmarks.md, and whether it keeps its goal. */
function judge(selection: Selection): { row: string; kept: boolean } {
  const { room } = selection;
  console.log(`\n${room.name}: ${selection.files.length} files, ${selection.tests.length} files of tests`);
  const report = mutate(root, selection, cores());
  const all = scores(report, EQUIVALENTS);
  tell(all);
  const idle = stale(report, EQUIVALENTS);
  for (const { file, line, was, becomes } of idle)
    console.log(`equivalents.ts names no survivor: ${JSON.stringify({ file, line, was, becomes })}`);
  const survived = all.reduce((sum, { survivors }) => sum + survivors.length, 0);
  const columns = [
    room.name,
    total(all, "mutants"),
    total(all, "killed"),
    survived,
    total(all, "equivalent"),
    percent(share(all)),
    `${room.goal} %`,
    new Date().toISOString().slice(0, 10),
  ];
  return { row: `| ${columns.join(" | ")} |`, kept: share(all) >= room.goal && idle.length === 0 };
}

function main(wanted: string[]): void {
  const all = wanted.length === 1 && wanted[0] === "--all";
  const option = wanted.find((word) => word.startsWith("-"));
  if (!all && (wanted.length === 0 || option !== undefined))
    throw new Error(`${option === undefined ? "nothing to mutate" : `unknown option ${option}`}: ${USAGE}`);
  const judged = select(root, ROOMS, all ? ROOMS.map(({ name }) => name) : wanted).map(judge);
  console.log("\n| room | mutants | killed | survived | equivalent | score | goal | date |");
  console.log("|---|---|---|---|---|---|---|---|");
  for (const { row } of judged) console.log(row);
  if (!judged.every(({ kept }) => kept)) process.exitCode = 1;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(process.env["DEBUG"] ? error : (error as Error).message);
  process.exitCode = 1;
}
