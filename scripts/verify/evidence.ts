import * as fs from "node:fs";
import * as path from "node:path";
import { around } from "./full/promises";
import { PROMISES } from "./promises";
import type { Report } from "./report";

export interface Evidence {
  /** The report's name, without its extension. */
  name: string;
  report: Report;
}

/** Every report in a folder, newest first. */
export function evidenceIn(folder: string): Evidence[] {
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => ({
      name: file.replace(/\.json$/, ""),
      report: JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")) as Report,
    }))
    .sort((a, b) => b.report.started.localeCompare(a.report.started));
}

/** One row per promise, with the day on which it was last checked on either target, and the result. */
export function evidenceTable(all: Evidence[], folder: string): string {
  const names = around(PROMISES).map(({ name }) => name);
  const cell = (name: string, target: Report["target"]): string => {
    for (const { name: page, report } of all.filter((one) => one.report.target === target)) {
      const seen = report.promises.find((one) => one.name === name);
      if (!seen || seen.state === "not asked") continue;
      const day = `[${report.started.slice(0, 10)}](${folder}/${page}.md)`;
      return seen.state === "kept" ? day : `**broken** ${day}`;
    }
    return "never";
  };
  return [
    "| Promise | In the sandbox | On AWS |",
    "|---|---|---|",
    ...names.map((name) => `| ${name} | ${cell(name, "sandbox")} | ${cell(name, "AWS")} |`),
  ].join("\n");
}
