import { SSM } from "@aws-sdk/client-ssm";
import { credentialsIn } from "../emulators/endpoints";
import { pascal } from "./shape";
import { Use } from "./clients";
import { everyPage } from "./pages";
import { Inputs, Outputs } from "./types";

interface Caller {
  use: Use;
  region: string;
  account: string;
}

type Answer = (inputs: Inputs, caller: Caller) => Promise<Outputs>;

const filtersOf = (inputs: Inputs) =>
  [
    ...((inputs["filters"] ?? []) as Inputs[]),
    ...Object.entries((inputs["tags"] ?? {}) as Record<string, string>).map(([key, value]) => ({
      name: `tag:${key}`,
      values: [value],
    })),
  ].map((filter) => pascal(filter));

/** The provider's functions, answered from the emulators. */
const ANSWERS: Record<string, Answer> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": async (_, { use, region }) => {
    const ec2 = await use("ec2");
    const { AvailabilityZones } = await ec2.describeAvailabilityZones({});
    const zones = AvailabilityZones ?? [];
    return { id: region, names: zones.map((z) => z.ZoneName), zoneIds: zones.map((z) => z.ZoneId), region };
  },
  "aws:index/getCallerIdentity:getCallerIdentity": async (_, { use }) => {
    const sts = await use("sts");
    const { Account, Arn, UserId } = await sts.getCallerIdentity({});
    return { id: Account, accountId: Account, arn: Arn, userId: UserId };
  },
  "aws:index/getRegion:getRegion": async (inputs, { region }) => {
    const name = inputs["region"] ?? inputs["name"] ?? region;
    return { id: name, name, region: name, description: name, endpoint: `ec2.${name}.amazonaws.com` };
  },
  "aws:index/getPartition:getPartition": async () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
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
  "aws:ec2/getAmi:getAmi": async (inputs, { use }) => {
    const ec2 = await use("ec2");
    const { Images } = await ec2.describeImages({ Owners: inputs["owners"], Filters: filtersOf(inputs) });
    const newest = [...(Images ?? [])].sort((a, b) =>
      (b.CreationDate ?? "").localeCompare(a.CreationDate ?? ""),
    )[0];
    if (!newest) throw new Error("no image matches");
    return {
      id: newest.ImageId,
      imageId: newest.ImageId,
      arn: `arn:aws:ec2:::image/${newest.ImageId}`,
      name: newest.Name,
      architecture: newest.Architecture,
      rootDeviceName: newest.RootDeviceName,
    };
  },
  "aws:ec2/getVpc:getVpc": async (inputs, { use }) => {
    const ec2 = await use("ec2");
    const { Vpcs } = await ec2.describeVpcs({
      VpcIds: inputs["id"] ? [inputs["id"]] : undefined,
      Filters: filtersOf(inputs),
    });
    const vpc = Vpcs?.[0];
    if (!vpc) throw new Error("no VPC matches");
    return { id: vpc.VpcId, cidrBlock: vpc.CidrBlock, default: vpc.IsDefault };
  },
  "aws:ec2/getPrefixList:getPrefixList": async ({ name }, { use }) => {
    const ec2 = await use("ec2");
    const { PrefixLists } = await ec2.describeManagedPrefixLists({
      Filters: [{ Name: "prefix-list-name", Values: [name] }],
    });
    const list = PrefixLists?.[0];
    if (!list) throw new Error(`no prefix list is named ${name}`);
    return { id: list.PrefixListId, prefixListId: list.PrefixListId, name, cidrBlocks: [] };
  },
  "aws:kms/getAlias:getAlias": async ({ name }, { use }) => {
    const kms = await use("kms");
    const { KeyMetadata } = await kms.describeKey({ KeyId: name });
    return { id: name, name, targetKeyId: KeyMetadata!.KeyId, targetKeyArn: KeyMetadata!.Arn };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": async ({ version, statements }) => {
    const json = JSON.stringify({
      Version: version ?? "2012-10-17",
      Statement: ((statements ?? []) as Inputs[]).map(statementOf),
    });
    return { id: String(json.length), json, minifiedJson: json };
  },
  "aws:route53/getZone:getZone": async ({ name, zoneId }, { use }) => {
    const route53 = await use("route53");
    const wanted = name && `${String(name).replace(/\.$/, "")}.`;
    const existing = await everyPage(
      (from) => route53.listHostedZones(from),
      (page) => page.HostedZones,
    );
    const found = existing.find((zone) => zone.Name === wanted || zone.Id === `/hostedzone/${zoneId}`);
    // In AWS a zone is bought by hand before the stack; here it comes into being when it is first asked for.
    const zone =
      found ?? (await route53.createHostedZone({ Name: wanted, CallerReference: wanted })).HostedZone!;
    const id = zone.Id!.replace("/hostedzone/", "");
    return { id, zoneId: id, name: zone.Name!.replace(/\.$/, ""), arn: `arn:aws:route53:::hostedzone/${id}` };
  },
  "aws:secretsmanager/getSecret:getSecret": async ({ arn, name }, { use }) => {
    const secrets = await use("secretsmanager");
    const { ARN, Name, KmsKeyId } = await secrets.describeSecret({ SecretId: arn ?? name });
    return { id: ARN, arn: ARN, name: Name, kmsKeyId: KmsKeyId };
  },
  "aws:elb/getServiceAccount:getServiceAccount": async (_, { account }) => ({
    id: account,
    arn: `arn:aws:iam::${account}:root`,
  }),
};

/** Answers a provider's function; one that nobody taught it is an error that names it. */
export function answerCall(token: string, inputs: Inputs, caller: Caller): Promise<Outputs> {
  const answer = ANSWERS[token];
  if (!answer)
    throw new Error(`the sandbox has no answer to the call ${token}: add one to sandbox/engine/calls.ts`);
  return answer(inputs, caller);
}

/** The parameters that AWS itself publishes are moto's, which has more of them; the program's own are MiniStack's. */
export async function parameterStore(name: string, use: Use, region: string): Promise<SSM> {
  if (!name.startsWith("/aws/")) return use("ssm");
  const credentials = credentialsIn(process.env);
  return new SSM({ region, credentials, endpoint: process.env["AWS_ENDPOINT_URL_EC2"] });
}

function statementOf(one: Inputs) {
  const principals = (list: Inputs[] | undefined) =>
    list && Object.fromEntries(list.map(({ type, identifiers }) => [type, identifiers]));
  const conditions = (one["conditions"] ?? []) as Inputs[];
  return {
    Sid: one["sid"],
    Effect: one["effect"] ?? "Allow",
    Action: one["actions"],
    NotAction: one["notActions"],
    Resource: one["resources"],
    NotResource: one["notResources"],
    Principal: principals(one["principals"]),
    Condition: conditions.length
      ? conditions.reduce<Record<string, Inputs>>((all, { test, variable, values }) => {
          all[test] = { ...all[test], [variable]: values };
          return all;
        }, {})
      : undefined,
  };
}
