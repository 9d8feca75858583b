import { SSM } from "@aws-sdk/client-ssm";
import { credentialsIn } from "../emulators/endpoints";
import { Use } from "./clients";
import { everyPage } from "./pages";
import { Inputs, Outputs } from "./types";

interface Caller {
  use: Use;
  region: string;
  account: string;
}

type Answer = (inputs: Inputs, caller: Caller) => Promise<Outputs>;

/** The provider's functions, answered from the emulators. */
export const ANSWERS: Record<string, Answer> = {
  "aws:index/getCallerIdentity:getCallerIdentity": async (_, { use }) => {
    const sts = await use("sts");
    const { Account, Arn, UserId } = await sts.getCallerIdentity({});
    return { id: Account, accountId: Account, arn: Arn, userId: UserId };
  },
  "aws:index/getRegion:getRegion": async (inputs, { region }) => {
    const name = inputs["region"] ?? inputs["name"] ?? region;
    return { id: name, name, region: name, description: name, endpoint: `ec2.${name}.amazonaws.com` };
  },
  "aws:ssm/getParameter:getParameter": async ({ name, withDecryption }, { use, region, account }) => {
    const ssm = await parameterStore(name, use, region);
    const { Parameter } = await ssm.getParameter({ Name: name, WithDecryption: withDecryption ?? true });
    const { Type, Value, Version, ARN } = Parameter!;
    return {
      id: name,
      name,
      type: Type,
      value: Value,
      insecureValue: Type === "SecureString" ? undefined : Value,
      version: Version,
      arn: ARN ?? `arn:aws:ssm:${region}:${account}:parameter${name}`,
    };
  },
  "aws:ssm/getParametersByPath:getParametersByPath": async ({ path }, { use }) => {
    const ssm = await use("ssm");
    const found = await everyPage(
      (from) => ssm.getParametersByPath({ Path: path, WithDecryption: true, ...from }),
      (page) => page.Parameters,
    );
    return {
      id: path,
      path,
      arns: found.map(({ ARN }) => ARN),
      names: found.map(({ Name }) => Name),
      types: found.map(({ Type }) => Type),
      values: found.map(({ Value }) => Value),
    };
  },
  "aws:route53/getZone:getZone": async ({ name, zoneId }, { use }) => {
    const route53 = await use("route53");
    const wanted = name && `${String(name).replace(/\.$/, "")}.`;
    const existing = await everyPage(
      (from) => route53.listHostedZones(from),
      (page) => page.HostedZones,
    );
    const found = existing.find((zone) => zone.Name === wanted || zone.Id === `/hostedzone/${zoneId}`);
    // In AWS somebody buys a zone by hand before the stack; here it is created when it is first asked for.
    const zone =
      found ?? (await route53.createHostedZone({ Name: wanted, CallerReference: wanted })).HostedZone!;
    const id = zone.Id!.replace("/hostedzone/", "");
    return { id, zoneId: id, name: zone.Name!.replace(/\.$/, ""), arn: `arn:aws:route53:::hostedzone/${id}` };
  },
};

/** Answers a provider's function; an unimplemented one is an error that names it. */
export function answerCall(token: string, inputs: Inputs, caller: Caller): Promise<Outputs> {
  const answer = ANSWERS[token];
  if (!answer)
    throw new Error(`the sandbox has no answer to the call ${token}: add one to sandbox/engine/calls.ts`);
  return answer(inputs, caller);
}

/** AWS's own public parameters come from moto, which has more of them; the program's own come from MiniStack. */
export async function parameterStore(name: string, use: Use, region: string): Promise<SSM> {
  if (!name.startsWith("/aws/")) return use("ssm");
  const credentials = credentialsIn(process.env);
  return new SSM({ region, credentials, endpoint: process.env["AWS_ENDPOINT_URL_EC2"] });
}
