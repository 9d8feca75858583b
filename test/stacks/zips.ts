import { createRequire, isBuiltin } from "node:module";
import * as path from "node:path";
import * as vm from "node:vm";
import * as pulumi from "@pulumi/pulumi";
import { strToU8, zipSync } from "fflate";
import type { Declared } from "../../policies/declared";

/** What the Lambda runtime brings along for Node. */
const IN_THE_RUNTIME = /^(@aws-sdk|@smithy)\//;

/** A function's package: its files by their names. */
export async function filesOf(declared: Declared): Promise<Record<string, string>> {
  const archive = (await declared.inputs.code) as pulumi.asset.AssetArchive;
  const assets = Object.entries(await archive.assets);
  const files = await Promise.all(
    assets.map(async ([name, asset]) => [name, await (asset as pulumi.asset.StringAsset).text] as const),
  );
  return Object.fromEntries(files);
}

export const zipSize = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))).length;

/** What PostgreSQL's client asks for only when somebody asks for its faster twin. */
const OPTIONAL = ["pg-native"];

/** Packages that a file asks for and the runtime does not have, wherever in its code. */
export function missingPackages(text: string): string[] {
  const asked = [...text.matchAll(/\b(?:require|import)\(\s*(["'])(.+?)\1\s*\)/g)].map(([, , name]) => name!);
  return [...new Set(asked)].filter(
    (name) => !isBuiltin(name) && !IN_THE_RUNTIME.test(name) && !OPTIONAL.includes(name),
  );
}

/** Loads a file as the runtime does, with nothing to require but what the runtime has. Returns what it exports. */
export function load(text: string, root: string): Record<string, unknown> {
  const find = createRequire(path.join(root, "__index.js"));
  const guarded = (name: string) => {
    if (!isBuiltin(name) && !IN_THE_RUNTIME.test(name))
      throw new Error(`the Lambda runtime has no package ${name}`);
    return find(name);
  };
  const module = { exports: {} as Record<string, unknown> };
  vm.compileFunction(text, ["exports", "require", "module"], { filename: "__index.js" })(
    module.exports,
    guarded,
    module,
  );
  return module.exports;
}
