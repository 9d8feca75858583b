import { createHash } from "node:crypto";
import { ACCOUNT, credentialsIn } from "../emulators/endpoints";
import { clientsOf, Use } from "./clients";
import { Configuration } from "./config";
import { Inputs, Request } from "./types";

interface Caller {
  use: Use;
  region: string;
  account: string;
}

interface Asked {
  type: string;
  name: string;
  provider?: string;
}

/** The clients, region and default tags of the provider that a resource names. */
export class Providers {
  private readonly clients = new Map<string, Promise<Caller>>();

  constructor(
    private readonly configuration: Pick<Configuration, "region" | "defaultTags">,
    /** The arguments of the declared providers, by name. */
    private readonly declared: Map<string, Inputs>,
  ) {}

  async request({ type, name, provider }: Asked, inputs: Inputs, generation: number): Promise<Request> {
    if (type === "pulumi:providers:aws") this.declared.set(name, inputs);
    const { use, region, account } = await this.of(provider, inputs["region"]);
    const own = this.declared.get(nameIn(provider));
    const defaults = own ? own["defaultTags"]?.tags : this.configuration.defaultTags;
    // An auto scaling group has its own tags as a list, which its row reads.
    const tags = Array.isArray(inputs["tags"]) ? {} : inputs["tags"];
    return {
      type,
      name,
      inputs,
      tags: { ...defaults, ...tags },
      use,
      region,
      account,
      arn: (service, resource, at = {}) =>
        `arn:aws:${service}:${at.region ?? region}:${at.account ?? account}:${resource}`,
      physicalName: (given, maxLength = 64) => given ?? generatedName(type, name, generation, maxLength),
    };
  }

  of(provider: string | undefined, ownRegion?: string): Promise<Caller> {
    const declared = this.declared.get(nameIn(provider)) ?? {};
    const region: string = ownRegion ?? declared["region"] ?? this.configuration.region;
    const key = `${nameIn(provider)} ${region}`;
    if (!this.clients.has(key)) this.clients.set(key, connect(region, declared["assumeRoles"]?.[0]?.roleArn));
    return this.clients.get(key)!;
  }
}

async function connect(region: string, roleArn?: string): Promise<Caller> {
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

/** The same name for the same resource at each start, so that a person's notes stay valid; a replacement gets another one. */
function generatedName(type: string, name: string, generation: number, maxLength: number): string {
  const hashed = createHash("sha256").update(`${type} ${name}${generation ? ` ${generation}` : ""}`);
  return `${name.slice(0, maxLength - 8)}-${hashed.digest("hex").slice(0, 7)}`;
}
