import { Create, Table } from "../engine/types";
import { autoscaling } from "./autoscaling";
import { dynamodb, efs, kms, secretsmanager, ssm } from "./data";
import { rds } from "./databases";
import { awsxEcr, codebuild, codedeploy, codepipeline, ecr, kinesis } from "./delivery";
import { acm, cloudfront, route53, wafv2 } from "./edge";
import { lambda, sfn } from "./functions";
import { backup, budgets, cloudtrail } from "./governance";
import { iam } from "./iam";
import { cognito } from "./identity";
import { instances } from "./instances";
import { loadBalancing } from "./load-balancing";
import { sns, sqs } from "./messaging";
import { cloudwatch } from "./monitoring";
import { network } from "./network";
import { apigateway } from "./rest-api";
import { securityGroups } from "./security-groups";
import { s3 } from "./storage";
import { stored } from "./stored";

/** The tables by the provider's own module names. */
export const TABLES: Record<string, Table> = {
  acm,
  alb: loadBalancing,
  apigateway,
  autoscaling,
  backup,
  budgets,
  cloudfront,
  cloudtrail,
  cloudwatch,
  codebuild,
  codedeploy,
  codepipeline,
  cognito,
  dynamodb,
  ec2: { ...network, ...instances, ...securityGroups },
  ebs: instances,
  ecr,
  efs,
  iam,
  kinesis,
  kms,
  lambda,
  lb: loadBalancing,
  rds,
  route53,
  s3,
  secretsmanager,
  sfn,
  sns,
  sqs,
  ssm,
  vpc: securityGroups,
  wafv2,
};

export const REMOTE: Record<string, Create | undefined> = {
  "awsx:ecr:Repository": awsxEcr["Repository"],
  "awsx:ecr:Image": awsxEcr["Image"],
};

/** How to create a type; undefined if there is nothing to create; an unimplemented type is an error that names it. */
export function rowOf(type: string, { component = false } = {}): Create | undefined {
  if (type.startsWith("pulumi:")) return type.startsWith("pulumi:providers:") ? provider : undefined;
  if (component) {
    if (!/^awsx:/.test(type)) return undefined;
    return REMOTE[type] ?? unknown(type);
  }
  const [, service, kind] = /^aws:([^/]+)\/[^:]+:(\w+)$/.exec(type) ?? [];
  const table = TABLES[service ?? ""];
  const row = table?.[kind!] ?? table?.[kind!.replace(/V2$/, "")] ?? stored[`${service}/${kind}`];
  return row ?? unknown(type);
}

const provider: Create = async (r) => ({ id: r.name });

function unknown(type: string): never {
  throw new Error(
    `the sandbox does not make the type ${type}: add a row to its service's table in sandbox/resources/, or name it with the reason in sandbox/resources/stored.ts`,
  );
}
