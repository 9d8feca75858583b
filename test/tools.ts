import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { isInstalled, list, tool } from "../scripts/tools/index.cjs";
import { leftToAll } from "./left-to-all";
import { skip } from "./skip";
import { newFolder } from "./folder";

type Tool = "shellcheck" | "actionlint" | "cloud-init" | "aws" | "schemathesis";

/** A test by an outside tool, which is installed when it is missing; where that cannot be had, the test says why it skips. */
export function whenThere(name: Tool, title: string, test: (this: Mocha.Context) => unknown): void {
  it(title, async function () {
    this.timeout(240_000);
    needsTool(this, name);
    await test.call(this);
  });
}

/** Skips the caller's tests, with the reason, where a tool cannot be had, or is left to the longer run. */
export function needsTool(context: Mocha.Context, name: Tool): void {
  if (list[name]!.left) leftToAll(context);
  const missing = whyMissing(name);
  if (missing !== undefined) skip(context, name, missing);
}

/** A tool that takes minutes to install, which only its setting asks for; without it, the caller's tests are skipped with the reason. */
export function toolIfAsked(context: Mocha.Context, name: string): string {
  const setting = list[name]!.asked!;
  if (!isInstalled(name) && !process.env[setting])
    skip(context, "asked for", `${name} takes minutes to install; ${setting}=1 installs and runs it`);
  try {
    return tool(name);
  } catch (error) {
    return skip(context, "asked for", (error as Error).message);
  }
}

/** Tried once in a process. */
const known = new Map<Tool, string | undefined>();

function whyMissing(name: Tool): string | undefined {
  if (!known.has(name))
    try {
      tool(name);
      known.set(name, undefined);
    } catch (error) {
      known.set(name, (error as Error).message);
    }
  return known.get(name);
}

interface Verdict {
  status: number | null;
  said: string;
}

function judge(name: Tool, args: string[], input?: string): Verdict {
  const { status, stdout, stderr } = spawnSync(tool(name), args, { encoding: "utf8", input });
  return { status, said: `${stdout}${stderr}` };
}

/** What shellcheck finds in a script's text, or in files. */
export function shellcheck(script: { text: string } | { files: string[] }, ...options: string[]): string {
  const [args, input] = "text" in script ? [["-"], script.text] : [script.files];
  const { status, said } = judge("shellcheck", [...options, ...args], input);
  return status === 0 ? "" : said;
}

/** What actionlint finds in workflows. */
export function actionlint(files: string[]): string {
  const { status, said } = judge("actionlint", files);
  return status === 0 ? "" : said;
}

/** What shellcheck, at its strictest, finds in each of the scripts that a machine's user data writes. */
export function shellcheckUserData(userData: string): string {
  const { write_files } = load(userData) as { write_files: { path: string; content: string }[] };
  const scripts = write_files.filter(({ content }) => content.startsWith("#!"));
  if (scripts.length === 0) throw new Error("the user data writes no script");
  return scripts
    .map(({ path: name, content }) => {
      const found = shellcheck({ text: content }, "--enable=all", "--exclude=SC2250,SC2292,SC2312");
      return found && `${name}:${found}`;
    })
    .join("");
}

/** What cloud-init finds in a machine's user data. */
export function cloudInitSchema(userData: string): string {
  const folder = newFolder("groundwork-user-data");
  const file = path.join(folder, "user-data");
  fs.writeFileSync(file, userData);
  const { status, said } = judge("cloud-init", ["schema", "--config-file", file]);
  return status === 0 ? "" : said;
}
