import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { Problem } from "../../../sandbox/problem";
import { defaultsOf, type Environment } from "../../../stacks/environments";
import { callerOf, refuseStrangeAccount, refuseStrangeProject, stackOf } from "../../stack.cjs";
import type { Options } from "../options";
import { SettingsFile } from "./settings-file";

/** Environments whose stacks may come and go: nothing in them is worth keeping. */
const ENVIRONMENTS = ["dev", "stag"];

/** The stack's settings; refuses a stack that is up, that keeps data, or that is anything but a place to try things. */
export async function emptyStack({ stack, email }: Options): Promise<SettingsFile> {
  if (stack === "sandbox")
    throw new Problem("--full needs a stack on AWS: npm start starts the sandbox, and Ctrl-C stops it.");
  const name = stackOf(stack);
  refuseStrangeProject(stack);
  const file = new SettingsFile(name);
  const { config } = file;
  const environment = config["groundwork:environment"] as string | undefined;
  if (environment === undefined || !ENVIRONMENTS.includes(environment))
    throw new Problem(
      `--full ends with destroy: it needs a stack whose groundwork:environment is ${ENVIRONMENTS.join(" or ")}, got ${environment ?? "none"} in Pulumi.${name}.yaml.`,
    );
  const keepData = config["groundwork:keepData"] ?? defaultsOf(environment as Environment)["keepData"];
  if (String(keepData) !== "false")
    throw new Problem(
      `--full leaves nothing: it needs a stack with groundwork:keepData: false, got ${String(keepData)} for Pulumi.${name}.yaml.`,
    );
  if (config["groundwork:web"] === undefined)
    throw new Problem(
      `--full checks a site: it needs a stack with groundwork:web, got none in Pulumi.${name}.yaml.`,
    );
  if (config["groundwork:identity"] !== undefined && email === undefined)
    throw new Problem(
      "--full creates the new stack's first account, an admin: name its address with --email. Projects' mails go there.",
    );
  refuseStrangeAccount(name, config, (await callerOf(config)).Account!);
  const resources = resourcesIn(stack);
  if (resources > 0)
    throw new Problem(
      `Stack ${stack} is up, with ${resources} resources: --full needs one that is not, because it ends with destroy.`,
    );
  return file;
}

/** How many the state knows. */
function resourcesIn(stack: string): number {
  const args = [require.resolve("pulumi/run.js"), "stack", "export", "--stack", stack];
  const { status, stdout } = spawnSync(process.execPath, args, {
    ...{ cwd: path.join(__dirname, "../../.."), encoding: "utf8" },
    ...{ maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] },
  });
  if (status !== 0)
    throw new Problem(
      `The state of stack ${stack} cannot be read: npx pulumi stack init ${stack} creates an empty one.`,
    );
  return (JSON.parse(stdout) as { deployment: { resources?: unknown[] } }).deployment.resources?.length ?? 0;
}
