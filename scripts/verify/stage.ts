import { Problem } from "../../sandbox/problem";
import { atSandbox } from "../command";
import { callerOf, refuseStrangeAccount, refuseStrangeProject, stackOf, yaml } from "../stack.cjs";
import { outputsOf, regionOf } from "../stack-outputs";
import type { Options } from "./options";

/** The running stack that is asked. */
export interface Stage {
  target: "sandbox" | "AWS";
  stack: string;
  url: string;
  region: string;
  outputs: Record<string, string | undefined>;
  /** What a project is made of. */
  repository?: string;
  /** Who signs in; in the sandbox the password is no secret. */
  email?: string;
  password?: string;
}

/** The stack that the options name. For the sandbox, this process is pointed at its emulators as well. */
export async function stageOf(options: Options): Promise<Stage> {
  const stage = options.stack === "sandbox" ? ofSandbox(options) : await onAws(options);
  if (!stage.url) throw new Problem(`Stack ${options.stack} has no web tier, and so no site to ask.`);
  return stage;
}

function ofSandbox({ stack, email, repository }: Options): Stage {
  const { environment, outputs, url, people, starters } = atSandbox();
  const member = people.find((one) => (email === undefined ? one.group === "member" : one.email === email));
  return {
    ...{ target: "sandbox", stack, url, region: environment["AWS_REGION"]! },
    outputs: outputs as Stage["outputs"],
    repository: repository ?? starters.find((one) => one.endsWith("/html.git")),
    email: email ?? member?.email,
    password: member?.password,
  };
}

async function onAws({ stack, email, repository }: Options): Promise<Stage> {
  const { config = {} } = yaml(`Pulumi.${stackOf(stack)}.yaml`);
  refuseStrangeProject(stack);
  refuseStrangeAccount(stack, config, (await callerOf(config)).Account!);
  const outputs = outputsOf(stack);
  const region = regionOf(stack) ?? process.env["AWS_REGION"];
  if (!region) throw new Problem(`Say where stack ${stack} is: aws:region in its file, or AWS_REGION.`);
  // Each client reads it from here, as it does in the sandbox.
  process.env["AWS_REGION"] = region;
  return { target: "AWS", stack, url: outputs["url"] ?? "", region, outputs, email, repository };
}
