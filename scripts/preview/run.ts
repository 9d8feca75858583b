// node scripts/with-install.cjs scripts/preview/run.ts EVENTS --stack STACK [--markdown FILE]: explains what a preview means, from the
// events that `pulumi preview --event-log EVENTS` wrote. Exits with 1 if the stack would cost more than its settings allow.
import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { readEvents } from "./events";
import { plain } from "./plain";
import { reportOf } from "./report";
import { askedOf } from "./settings";

/** Prints it on the terminal or writes it to a file; returns the exit code. */
export function explain(events: string, stack: string, file?: string): number {
  const { markdown, overBudget } = reportOf(readEvents(fs.readFileSync(events, "utf8")), askedOf(stack));
  if (file) fs.writeFileSync(file, `${markdown}\n`);
  else console.log(`\n${plain(markdown)}\n`);
  if (overBudget) console.error(overBudget);
  return overBudget ? 1 : 0;
}

function main(): number {
  const { values, positionals } = parseArgs({
    options: { stack: { type: "string" }, markdown: { type: "string" } },
    allowPositionals: true,
  });
  const [events, ...more] = positionals;
  if (values.stack && events && more.length === 0)
    return explain(events, values.stack.split("/").pop()!, values.markdown);
  console.error("Say which preview, and of which stack: EVENTS --stack STACK [--markdown FILE].");
  return 2;
}

if (process.argv[1] === __filename) process.exitCode = main();
