import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { startSandbox } from "../../test/sandbox/launch";
import { home } from "../../sandbox/paths";
import { readState } from "../../sandbox/state";
import { EditKind, measureEdits } from "./edits";
import { measurePipeline } from "./pipeline";
import { Figure, median, rounded } from "../figure";

export const about =
  "npm start: seconds to ready, resources a second, the memory of all its processes, and seconds from an edit to live and from a pipeline's start to its end (--starts N)";

/** Starts the sandbox several times, each time from nothing but what is installed. */
export async function run(args: string[]): Promise<Figure[]> {
  const starts = Number(args[args.indexOf("--starts") + 1] ?? 0) || 3;
  const folder = path.join(home, `bench-${process.pid}`);
  const edited = path.join(home, `bench-${process.pid}-edited`);
  let edits: EditKind[] = [];
  let pipeline = 0;
  const runs: { seconds: number; resources: number; rate: number; megabytes: number }[] = [];
  try {
    await measure(folder); // installs, and fills the cache of compiled files
    for (let i = 0; i < starts; i++) {
      const one = await measure(folder);
      console.log(
        `start ${i + 1}: ready after ${one.seconds.toFixed(1)} s, ${one.resources} resources, ${one.megabytes.toFixed(0)} MB`,
      );
      runs.push(one);
    }
    pipeline = await pipelineRun(folder);
    edits = await measureEdits(edited);
  } finally {
    for (const one of [folder, edited]) fs.rmSync(one, { recursive: true, force: true, maxRetries: 5 });
  }
  const figure = (name: string, ours: number, goal: string): Figure => ({
    bench: "sandbox",
    figure: name,
    ours: rounded(ours),
    peer: null,
    peerName: null,
    ratio: null,
    goal,
  });
  return [
    figure("npm start to ready, median, s", median(runs.map(({ seconds }) => seconds)), "<= 12"),
    figure("npm start to ready, worst, s", Math.max(...runs.map(({ seconds }) => seconds)), "<= 12"),
    figure("resources made a second, median", median(runs.map(({ rate }) => rate)), ">= 10"),
    figure(
      "memory of all processes together, MB",
      Math.max(...runs.map(({ megabytes }) => megabytes)),
      "<= 1000",
    ),
    figure("a pipeline's run, commit to every server, s", pipeline, ""),
    ...edits.map(({ name, seconds, goal }) => figure(`edit of a ${name} to live, median, s`, seconds, goal)),
  ];
}

async function pipelineRun(folder: string): Promise<number> {
  const sandbox = await startSandbox(folder);
  try {
    return await measurePipeline(readState(sandbox.paths), folder);
  } finally {
    await sandbox.stop();
  }
}

async function measure(folder: string) {
  const began = performance.now();
  const sandbox = await startSandbox(folder);
  try {
    const seconds = (performance.now() - began) / 1000;
    const resources = readState(sandbox.paths).resources.length;
    const entries = JSON.parse(fs.readFileSync(sandbox.paths.processes, "utf8")) as { pid: number }[];
    const megabytes = memoryOf(entries.map(({ pid }) => pid));
    return { seconds, resources, rate: resources / seconds, megabytes };
  } finally {
    await sandbox.stop();
  }
}

/** The memory of these processes and all that they started; what several share counts once where the system tells it. */
function memoryOf(roots: number[]): number {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" });
  const rows = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const ours = new Set(roots);
  for (let before = -1; before !== ours.size;) {
    before = ours.size;
    for (const [pid, parent] of rows) if (ours.has(parent!)) ours.add(pid!);
  }
  const kilobytes = rows.filter(([pid]) => ours.has(pid!)).map(([pid, , rss]) => proportional(pid!) ?? rss!);
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

function proportional(pid: number): number | undefined {
  try {
    const rollup = fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? NaN) || undefined;
  } catch {
    return undefined; // another system than Linux
  }
}
