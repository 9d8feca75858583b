// How Pulumi's AWS provider names what a program leaves unnamed, and which replacements it makes by deleting first. By the source of
// pulumi-aws (provider/resources.go) and of its bridge (pkg/tfbridge/names.go, provider.go).
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Inputs } from "./rule";

/** The argument that carries the name, where it is not `name`. */
const NAME_ARGUMENT: Record<string, string> = {
  "aws:cloudwatch/eventTarget:EventTarget": "targetId",
  "aws:efs/fileSystem:FileSystem": "creationToken",
  "aws:lambda/permission:Permission": "statementId",
  "aws:rds/instance:Instance": "identifier",
  "aws:s3/bucket:Bucket": "bucket",
};

/** Where a name is longer, the provider refuses; elsewhere it takes 255. */
const LONGEST: Record<string, number> = {
  "aws:cloudwatch/eventRule:EventRule": 64,
  "aws:iam/role:Role": 64,
  "aws:lambda/function:Function": 64,
  "aws:lambda/permission:Permission": 100,
  "aws:lb/loadBalancer:LoadBalancer": 32,
  "aws:lb/targetGroup:TargetGroup": 32,
  "aws:s3/bucket:Bucket": 63,
  "aws:sns/topic:Topic": 80,
  "aws:sqs/queue:Queue": 80,
};

/** A record's name is its domain. */
const UNNAMED = ["aws:route53/record:Record"];

/** Two of them cannot stand side by side, so that the provider always deletes the old one first. */
const ONE_AT_A_TIME = [
  "aws:apigateway/integration:Integration",
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:efs/mountTarget:MountTarget",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
];

const MODULES = path.join(__dirname, "../../../node_modules/@pulumi/aws");
const takesName = new Map<string, boolean>();

/** The argument of a type that the provider names, if it does. */
export function nameArgument(type: string): string | undefined {
  if (UNNAMED.includes(type) || !type.startsWith("aws:")) return undefined;
  const argument = NAME_ARGUMENT[type];
  if (argument) return argument;
  if (!takesName.has(type)) {
    const [module, file] = type.split(":")[1]!.split("/");
    const text = fs.readFileSync(path.join(MODULES, module!, `${file}.d.ts`), "utf8");
    const [, body] = /export interface \w+Args \{\n([\s\S]*?)\n\}/.exec(text)!;
    takesName.set(type, /^ {4}name\?: /m.test(body!));
  }
  return takesName.get(type) ? "name" : undefined;
}

/** The arguments with a name, and a list of what the program did not give, as the provider writes it into the state. */
export function named(type: string, name: string, olds: Inputs | undefined, news: Inputs): Inputs {
  const argument = nameArgument(type);
  if (!argument || news[argument] !== undefined || news[`${argument}Prefix`] !== undefined) return news;
  return { ...news, [argument]: olds?.[argument] ?? fresh(type, name), __defaults: [argument] };
}

function fresh(type: string, name: string): string {
  const suffix = crypto.randomBytes(4).toString("hex").slice(0, 7);
  const whole = `${name}${type === "aws:rds/instance:Instance" ? "" : "-"}${suffix}`;
  const longest = LONGEST[type] ?? 255;
  if (whole.length > longest)
    throw new Error(`could not make instance of '${type}': name '${whole}' is longer than ${longest}`);
  return type === "aws:s3/bucket:Bucket" ? whole.toLowerCase() : whole;
}

/** Whether the old one goes before the new one comes: always for some, and for all whose name the program gives and keeps. */
export function deletesFirst(type: string, olds: Inputs, news: Inputs): boolean {
  if (ONE_AT_A_TIME.includes(type)) return true;
  const argument = nameArgument(type);
  if (!argument || news.__defaults?.includes(argument) || news[argument] === undefined) return false;
  return olds[argument] === news[argument];
}
