import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { tool } from "../../scripts/tools/index.cjs";
import { crowd } from "../crowd";

/** Of each operation. */
const CASES = crowd(5, 50);

/** What schemathesis finds in cases made of a document, or nothing. */
export async function found(
  document: string,
  folder: string,
  headers: Record<string, string> = {},
  config = "schemathesis.toml",
): Promise<string> {
  // Headers of a command would be seen by everybody on the machine: a file of our own names them.
  const own = path.join(folder, "schemathesis.toml");
  const named = Object.entries(headers).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const text = fs.readFileSync(path.join(__dirname, config), "utf8");
  fs.writeFileSync(own, `${text}\n[headers]\n${named.join("\n")}\n`, { mode: 0o600 });
  const options = ["--no-color", "--config-file", own];
  const run = ["run", document, "--max-examples", String(CASES), "--warnings", "off"];
  const child = spawn(tool("schemathesis"), [...options, ...run], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (said += part));
  const status = await new Promise((resolve) => child.once("close", resolve));
  return status === 0 && /\d{3} generated, \d+ passed/.test(said) ? "" : said;
}
