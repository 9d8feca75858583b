import * as fs from "node:fs";
import * as path from "node:path";
import type { Removed } from "./made";

export interface Seen {
  name: string;
  expected: string;
  state: "kept" | "broken" | "not asked";
  /** What was seen; for a promise that was not checked, why not. */
  seen: string;
  seconds: number;
}

export interface Report {
  target: "sandbox" | "AWS";
  stack: string;
  started: string;
  seconds: number;
  /** Estimated, on AWS. */
  usd: number;
  interrupted: boolean;
  promises: Seen[];
  removed: Removed[];
  /** What stays in the stack, because the stack has no way to remove it. */
  stays: string[];
}

export const isGood = ({ interrupted, promises, removed }: Report): boolean =>
  !interrupted && promises.every(({ state }) => state !== "broken") && removed.every(({ gone }) => gone);

/** What a person wants to know first. */
export function summaryOf({ promises, removed, stays, interrupted, seconds }: Report): string[] {
  const count = (wanted: Seen["state"]) => promises.filter(({ state }) => state === wanted).length;
  const left = removed.filter(({ gone }) => !gone);
  return [
    `${count("kept")} kept, ${count("broken")} broken, ${count("not asked")} not asked, in ${Math.round(seconds)} s${interrupted ? "; interrupted" : ""}`,
    ...promises.filter(({ state }) => state === "broken").map(({ name, seen }) => `broken: ${name}: ${seen}`),
    removed.length === 0
      ? "nothing was made that had to be removed"
      : left.length === 0
        ? `removed, and seen to be gone: ${removed.map(({ what }) => what).join(", ")}`
        : `STILL THERE, to be removed by hand: ${left.map(({ what, problem }) => `${what} (${problem})`).join("; ")}`,
    ...stays.map((what) => `stays: ${what}`),
  ];
}

/** Writes both, and returns their paths. */
export function writeReport(folder: string, report: Report): string[] {
  fs.mkdirSync(folder, { recursive: true });
  const stack = report.stack.split("/").at(-1)!;
  const base = path.join(folder, `${stack}-${report.started.slice(0, 16).replace(/:/g, "")}`);
  fs.writeFileSync(`${base}.json`, `${JSON.stringify(report, null, 2)}\n`);
  fs.writeFileSync(`${base}.md`, markdownOf(report));
  return [`${base}.md`, `${base}.json`];
}

export function markdownOf(report: Report): string {
  const { target, stack, started, usd, promises } = report;
  const rows = promises.map(
    ({ name, expected, state, seen, seconds }) =>
      `| ${[name, expected, state, seen].map(cell).join(" | ")} | ${seconds.toFixed(1)} |`,
  );
  const where = target === "AWS" ? `on AWS, about ${usd.toFixed(2)} USD (estimated)` : "in the sandbox";
  return [
    `# Stack ${stack}, ${where}, ${started.slice(0, 16).replace("T", " ")} UTC`,
    "",
    "| Promise | Expected | | Seen | Seconds |",
    "|---|---|---|---|--:|",
    ...rows,
    "",
    ...summaryOf(report).map((line) => `- ${cell(line)}`),
    "",
  ].join("\n");
}

const cell = (text: string) => text.replace(/\s+/g, " ").replace(/[|<]/g, "\\$&");
