import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { ACCOUNT, credentialsIn } from "./emulators/endpoints";
import { answerCall } from "./engine/calls";
import { Use, clientsOf } from "./engine/clients";
import { Configuration } from "./engine/config";
import { Progress } from "./engine/progress";
import { Create, Inputs, Outputs, Request } from "./engine/types";
import { Problem, messageOf } from "./problem";
import { rowOf } from "./resources";

export interface Resource {
  type: string;
  name: string;
  id: string;
  component: string;
}

export interface Deployment {
  outputs: Outputs;
  resources: Resource[];
}

/**
 * Runs a Pulumi program in this process and makes each of its resources on the emulators, in the order and with the
 * parallelism of Pulumi's own engine. The first resource that cannot be made ends it with an error that names it.
 */
export async function deploy(
  configuration: Configuration,
  program: () => unknown,
  report: (line: string) => void = () => {},
  /** Resolves when the emulators answer. */
  ready: Promise<unknown> = Promise.resolve(),
): Promise<Deployment> {
  const resources: Resource[] = [];
  const progress = new Progress(report);
  const providers = new Providers(configuration);
  let fail: (error: unknown) => void = () => {};
  const failure = new Promise<never>((_, reject) => (fail = reject));
  process.on("unhandledRejection", fail);

  const make = async (args: pulumi.runtime.MockResourceArgs) => {
    const row = args.custom === false ? rowOf(args.type, { component: true }) : rowOf(args.type);
    if (!row) return { id: undefined, state: {} };
    const inputs = plain(args.inputs) as Inputs;
    const request = await providers.request(args, inputs);
    const { id, outputs } = await create(row, request);
    resources.push({ type: args.type, name: args.name, id, component: progress.componentOf(args) });
    return { id, state: { ...inputs, region: request.region, tagsAll: request.tags, ...outputs } };
  };

  pulumi.runtime.setAllConfig(configuration.values);
  await pulumi.runtime.setMocks(
    {
      newResource: async (args) => {
        try {
          await ready;
          return await make(args);
        } catch (error) {
          fail(error);
          throw error;
        } finally {
          progress.done(args);
        }
      },
      call: async ({ token, inputs, provider }) => {
        try {
          await ready;
          return await answerCall(token, plain(inputs) as Inputs, await providers.of(provider));
        } catch (error) {
          fail(error);
          throw error;
        }
      },
    },
    configuration.project,
    configuration.stack,
    false,
  );
  try {
    const outputs = await Promise.race([run(program, progress, resources), failure]);
    return { outputs, resources };
  } finally {
    process.off("unhandledRejection", fail);
  }
}

async function run(program: () => unknown, progress: Progress, resources: Resource[]): Promise<Outputs> {
  const outputs = (await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation((args) => {
      progress.declared(args);
      return undefined;
    });
    const exported = await program();
    progress.complete();
    return exported;
  })) as Outputs | undefined;
  for (let before = -1; before !== resources.length;) {
    before = resources.length; // a resource that is there may let another be declared
    await pulumi.runtime.disconnect();
  }
  return (plain(outputs) ?? {}) as Outputs;
}

async function create(row: Create, request: Request) {
  try {
    return await row(request);
  } catch (error) {
    const code = error instanceof Error && error.name !== "Error" ? `${error.name}: ` : "";
    throw new Problem(`${request.type} "${request.name}" could not be made: ${code}${messageOf(error)}`);
  }
}

/** The clients, region and default tags that go with the provider a resource names. */
class Providers {
  private readonly clients = new Map<string, Promise<{ use: Use; region: string; account: string }>>();
  private readonly declared = new Map<string, Inputs>();

  constructor(private readonly configuration: Configuration) {}

  async request(args: pulumi.runtime.MockResourceArgs, inputs: Inputs): Promise<Request> {
    if (args.type === "pulumi:providers:aws") this.declared.set(args.name, inputs);
    const { use, region, account } = await this.of(args.provider, inputs["region"]);
    const own = this.declared.get(nameIn(args.provider));
    const defaults = own ? own["defaultTags"]?.tags : this.configuration.defaultTags;
    return {
      type: args.type,
      name: args.name,
      inputs,
      tags: { ...defaults, ...inputs["tags"] },
      use,
      region,
      account,
      arn: (service, resource, at = {}) =>
        `arn:aws:${service}:${at.region ?? region}:${at.account ?? account}:${resource}`,
      physicalName: (given, maxLength = 64) => given ?? generatedName(args, maxLength),
    };
  }

  of(
    provider: string | undefined,
    ownRegion?: string,
  ): Promise<{ use: Use; region: string; account: string }> {
    const declared = this.declared.get(nameIn(provider)) ?? {};
    const region: string = ownRegion ?? declared["region"] ?? this.configuration.region;
    const key = `${nameIn(provider)} ${region}`;
    if (!this.clients.has(key)) this.clients.set(key, connect(region, declared["assumeRoles"]?.[0]?.roleArn));
    return this.clients.get(key)!;
  }
}

async function connect(region: string, roleArn?: string) {
  const use = clientsOf({ region, credentials: credentialsIn(process.env) });
  if (!roleArn) return { use, region, account: ACCOUNT };
  const sts = await use("sts");
  const { Credentials } = await sts.assumeRole({ RoleArn: roleArn, RoleSessionName: "groundwork-sandbox" });
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  return { use: clientsOf({ region, credentials }), region, account: roleArn.split(":")[4]! };
}

/** A provider is named by urn::id, and a urn ends with the resource's name. */
const nameIn = (provider: string | undefined) => provider?.split("::").at(-2) ?? "";

/** The same name for the same resource at each start, so that what a person noted stays valid. */
function generatedName({ type, name }: pulumi.runtime.MockResourceArgs, maxLength: number): string {
  const suffix = createHash("sha256").update(`${type} ${name}`).digest("hex").slice(0, 7);
  return `${name.slice(0, maxLength - 8)}-${suffix}`;
}

const SECRET_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Pulumi wraps what is secret; the emulators take the value itself. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const object = value as Record<string, unknown>;
  if (object[SECRET_KEY] === SECRET) return plain(object["value"]);
  return Object.fromEntries(Object.entries(object).map(([key, one]) => [key, plain(one)]));
}
