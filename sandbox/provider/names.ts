// How Pulumi's AWS provider names what a program leaves unnamed. Taken from pulumi-aws (provider/resources.go) and its bridge
// (pkg/tfbridge/names.go).
import * as crypto from "node:crypto";
import { nameArgument } from "../engine/names";
import { Inputs } from "../engine/types";

/** Types whose longer names the provider refuses; elsewhere it allows 255. */
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

/** The arguments with a name, and a list of what the program did not set, as the provider writes it into the state. */
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
