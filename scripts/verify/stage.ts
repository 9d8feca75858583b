import { randomBytes } from "node:crypto";
import { Problem } from "../../sandbox/problem";
import { starterOf } from "../../sandbox/state";
import { atSandbox } from "../command";
import { callerOf, refuseStrangeAccount, refuseStrangeProject, stackOf, yaml } from "../stack.cjs";
import { outputsOf, regionOf } from "../stack-outputs";
import type { Options } from "./options";

/** The running stack that is checked. */
export interface Stage {
  target: "sandbox" | "AWS";
  stack: string;
  url: string;
  region: string;
  outputs: Record<string, string | undefined>;
  /** The projects' frameworks: a page, and a server on Node. */
  repository?: string;
  serverRepository?: string;
  /** Who signs up. */
  signUp?: string;
  /** Who signs in; in the sandbox the password is no secret. */
  email?: string;
  password?: string;
  /** Who may roll back, if that is known to be somebody else. */
  admin?: { email: string; password: string };
}

/** The stack that the options name. For the sandbox, it also points this process at the emulators. */
export async function stageOf(options: Options): Promise<Stage> {
  const stage = options.stack === "sandbox" ? ofSandbox(options) : await onAws(options);
  if (!stage.url) throw new Problem(`Stack ${options.stack} has no web tier, and so no site to check.`);
  return stage;
}

function ofSandbox({ stack, email, signUp, repository, serverRepository }: Options): Stage {
  const state = atSandbox();
  const { environment, outputs, url, people } = state;
  const member = people.find((one) => (email === undefined ? one.group === "member" : one.email === email));
  return {
    ...{ target: "sandbox", stack, url, region: environment["AWS_REGION"]! },
    outputs: outputs as Stage["outputs"],
    repository: repository ?? starterOf(state, "html"),
    serverRepository: serverRepository ?? starterOf(state, "node"),
    signUp: signUp ?? `verify-${randomBytes(4).toString("hex")}@example.com`,
    email: email ?? member?.email,
    password: member?.password,
    admin: people.find(({ group }) => group === "admin"),
  };
}

async function onAws({ stack, email, signUp, repository, serverRepository }: Options): Promise<Stage> {
  const { config = {} } = yaml(`Pulumi.${stackOf(stack)}.yaml`);
  refuseStrangeProject(stack);
  refuseStrangeAccount(stack, config, (await callerOf(config)).Account!);
  const outputs = outputsOf(stack);
  const region = regionOf(stack) ?? process.env["AWS_REGION"];
  if (!region) throw new Problem(`Say where stack ${stack} is: aws:region in its file, or AWS_REGION.`);
  // Each client reads it from here, as it does in the sandbox.
  process.env["AWS_REGION"] = region;
  return {
    ...{ target: "AWS", stack, url: outputs["url"] ?? "", region, outputs },
    ...{ email, signUp, repository, serverRepository },
  };
}
