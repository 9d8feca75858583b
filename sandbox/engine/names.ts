// Which of a resource's arguments is its name, and which replacements delete first. Taken from pulumi-aws
// (provider/resources.go) and its bridge (pkg/tfbridge/provider.go).
import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../paths";
import { Inputs } from "./types";

/** The argument that holds the name, if it is not `name`. */
const NAME_ARGUMENT: Record<string, string> = {
  "aws:cloudwatch/eventTarget:EventTarget": "targetId",
  "aws:efs/fileSystem:FileSystem": "creationToken",
  "aws:lambda/permission:Permission": "statementId",
  "aws:rds/instance:Instance": "identifier",
  "aws:s3/bucket:Bucket": "bucket",
};

/** A record's name is its domain. */
const UNNAMED = ["aws:route53/record:Record"];

/** Two of them cannot exist at once, so the provider always deletes the old one first. */
const ONE_AT_A_TIME = [
  "aws:apigateway/integration:Integration",
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:efs/mountTarget:MountTarget",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
];

const MODULES = path.join(root, "node_modules/@pulumi/aws");
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

/** Whether the old one is deleted before the new one is created: always for some types, and for all whose name the program sets and keeps. */
export function deletesFirst(type: string, olds: Inputs, news: Inputs): boolean {
  if (ONE_AT_A_TIME.includes(type)) return true;
  const argument = nameArgument(type);
  if (!argument || news["__defaults"]?.includes(argument) || news[argument] === undefined) return false;
  return olds[argument] === news[argument];
}
