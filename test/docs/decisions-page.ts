import * as fs from "node:fs";
import * as path from "node:path";

export const DECISIONS = path.join(__dirname, "../../docs/decisions");

/** docs/decisions/README.md: each decision in a line, by the title that its file gives it. */
export function decisionsPage(): string {
  const rows = fs
    .readdirSync(DECISIONS)
    .filter((file) => file !== "README.md")
    .sort()
    .map((file) => {
      const [first = ""] = fs.readFileSync(path.join(DECISIONS, file), "utf8").split("\n");
      const [, number, title] = /^# (\d{4}): (.+)$/.exec(first) ?? [];
      if (number === undefined || !file.startsWith(`${number}-`))
        throw new Error(`${file} must begin with "# " and its number, a colon and a title, got ${first}`);
      return `| [${number}](${file}) | ${title} |`;
    });
  return [
    "# Decisions",
    "",
    "Decisions that someone could question: what we chose, why, and what it costs. The numbers have gaps.",
    "",
    "| Number | Decision |",
    "|---|---|",
    ...rows,
    "",
  ].join("\n");
}
