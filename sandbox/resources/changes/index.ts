import { Changes, Changing } from "../../engine/types";
import { stored } from "../stored";
import { record } from "./calls";
import { dynamodb, efs, kms, secretsmanager, ssm } from "./data";
import { rds } from "./databases";
import { awsxEcr, codebuild, codedeploy, codepipeline, ecr, kinesis } from "./delivery";
import { acm, cloudfront, route53, wafv2 } from "./edge";
import { lambda, sfn } from "./functions";
import { backup, budgets, cloudtrail } from "./governance";
import { iam } from "./iam";
import { cognito } from "./identity";
import { autoscaling, instances } from "./instances";
import { loadBalancing } from "./load-balancing";
import { sns, sqs } from "./messaging";
import { cloudwatch } from "./monitoring";
import { network } from "./network";
import { apigateway } from "./rest-api";
import { securityGroups } from "./security-groups";
import { s3 } from "./storage";

/** How to update and delete each type, by the provider's own module names; the tables of the folder above create it. */
export const CHANGES: Record<string, Changes> = {
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

/** How to update and delete a type. */
export function changingOf(type: string): Changing {
  if (type.startsWith("pulumi:")) return record;
  const [, awsx] = /^awsx:ecr:(\w+)$/.exec(type) ?? [];
  if (awsx) return awsxEcr[awsx]!;
  const [, service, kind] = /^aws:([^/]+)\/[^:]+:(\w+)$/.exec(type) ?? [];
  const table = CHANGES[service ?? ""];
  const changing = table?.[kind!] ?? table?.[kind!.replace(/V2$/, "")];
  if (changing) return changing;
  if (stored[`${service}/${kind}`]) return record;
  throw new Error(
    `the sandbox does not know how ${type} is changed and deleted: add it to its service's table in sandbox/resources/changes/`,
  );
}
