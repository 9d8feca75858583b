// Emulators of a rig's own: a program is made on them as `npm start` makes it.
import * as fs from "node:fs";
import * as path from "node:path";
import { STS } from "@aws-sdk/client-sts";
import { deploy } from "../sandbox/engine";
import { ACCOUNT, Credentials, Endpoints } from "../sandbox/emulators/endpoints";
import { LaunchOptions, startEmulators } from "../sandbox/emulators/emulators";
import { installEmulators, missingPython } from "../sandbox/emulators/install";
import { originsOf } from "../sandbox/engine/config";
import { pathsOf, root } from "../sandbox/paths";
import { freePort } from "../sandbox/ports";
import { Processes } from "../sandbox/processes";
import { removeAbandoned } from "./abandoned";
import { skip } from "./skip";

export const REGION = "eu-west-1";
export const ROOT_ARN = `arn:aws:iam::${ACCOUNT}:root`;

/** The servers' role, but taken by the tests, so that the app runs with its own rights only. */
export const TRUSTS_TESTS = {
  Effect: "Allow" as const,
  Action: "sts:AssumeRole",
  Principal: { AWS: ROOT_ARN },
};

export interface Emulated {
  /** What the SDK's clients take to reach MiniStack as the account's root. */
  client: { region: string; endpoint: string; credentials: Credentials };
  endpoints: Endpoints;
  /** Where the rig's web app may serve pages that send to the emulators. */
  sitePort: number;
  /** Leads any AWS SDK to the emulators. */
  environment: Record<string, string>;
  /** Where the emulators keep what they run. */
  folder: string;
  /** Makes what a program declares, and gives its outputs. */
  make(program: () => object): Promise<Record<string, unknown>>;
  /** The same environment for a program with a role's rights. */
  environmentAs(roleArn: string): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

/** @param options settings such as SFN_WAIT_SCALE, by which MiniStack's state machines wait shorter, and names that a proxy asks by */
export async function startEmulated(
  label: string,
  options: Pick<LaunchOptions, "settings" | "hosts"> = {},
): Promise<Emulated> {
  const folder = path.join(root, ".test");
  await removeAbandoned(folder, /^[a-z]+-(\d+)-\d+$/);
  const paths = pathsOf(path.join(folder, `${label}-${process.pid}-${Date.now()}`));
  const python = await installEmulators(console.log);
  const processes = new Processes(paths.processes);
  const sitePort = await freePort();
  const origins = originsOf(`127.0.0.1:${sitePort}`);
  const { environment, endpoints, stop } = await startEmulators(python, processes, paths, REGION, {
    origins,
    ...options,
  });
  const client = { region: REGION, endpoint: endpoints.ministack, credentials: endpoints.credentials };
  return {
    client,
    endpoints,
    sitePort,
    environment,
    folder: paths.run,
    make: async (program) => {
      const values = { "aws:region": REGION };
      const stack = { project: "groundwork", stack: "rig", region: REGION, defaultTags: {}, values };
      return (await withEnvironment(environment, () => deploy(stack, program))).outputs;
    },
    environmentAs: async (RoleArn) => {
      const { Credentials } = await new STS(client).assumeRole({
        RoleArn,
        RoleSessionName: "i-0123456789abcdef0",
      });
      return {
        ...environment,
        AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
        AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
        AWS_SESSION_TOKEN: Credentials!.SessionToken!,
      };
    },
    stop: async () => {
      await stop();
      await processes.close();
      fs.rmSync(paths.run, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Skips the caller's tests, with the reason, where the emulators cannot run. */
export async function skipWithoutEmulators(context: Mocha.Context): Promise<void> {
  const missing = await missingPython();
  if (missing) skip(context, "emulators", missing);
  context.timeout(240_000); // the first start on a machine installs the emulators
}

/** The engine's clients find the emulators as any program's do, by the environment. */
async function withEnvironment<T>(environment: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(environment))
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
  }
}
