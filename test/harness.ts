import "../scripts/lean-pulumi.cjs"; // before Pulumi, as main.cjs does
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { load } from "js-yaml";
import { Run, run, RunOptions } from "../components/testing";

export { physicalName, Run, run, valueOf } from "../components/testing";

/** Runs index.ts as `pulumi up` would, with the settings of Pulumi.<stack>.yaml. */
export async function runStack(
  stack: string,
  options: Pick<RunOptions, "preview" | "config" | "calls"> & {
    /** Lines of the stack's file that are left out. @default none */
    without?: string[];
  } = {},
): Promise<Run<Record<string, unknown>> & { config: Record<string, string> }> {
  const root = path.join(__dirname, "..");
  const file = load(fs.readFileSync(path.join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  for (const key of options.without ?? []) delete file.config[key];
  const entry = path.join(root, "index.ts");
  // Asked for while it is this program's: the next run sets its own.
  let whole: Record<string, string> = {};
  const program = () => {
    whole = pulumi.runtime.allConfig();
    delete require.cache[entry]; // the program runs when it is loaded
    return { ...require(entry) };
  };
  const config = { ...file.config, ...options.config };
  const rendered = await run(program, { ...options, stack, project: "groundwork", config });
  return { ...rendered, config: whole };
}
