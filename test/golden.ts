import { strict as assert } from "node:assert";
import * as fs from "node:fs";

/** Compares a text with its golden file; UPDATE_GOLDEN=1 accepts it. */
export function matchesGolden(text: string, file: string): void {
  if (process.env.UPDATE_GOLDEN) fs.writeFileSync(file, text);
  const golden = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  assert.equal(text, golden, `differs from ${file}; UPDATE_GOLDEN=1 npm test accepts it`);
}
