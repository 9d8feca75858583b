import type { StackView } from "../../declared";
import { label, ofType, Rules } from "../rule";
import { Statement, statementsOf } from "../statements";

/** What an account, or an account in a region, has once, with the page that says so. */
export const ONCE: Record<string, string> = {
  // Upserts: a second stack takes them over, and its end switches them off.
  "aws:apigateway/account:Account":
    "https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html",
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock":
    "https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html",
  "aws:ebs/encryptionByDefault:EncryptionByDefault":
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableEbsEncryptionByDefault.html",
  "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess":
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableSnapshotBlockPublicAccess.html",
  "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults":
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html",
  "aws:iam/accountPasswordPolicy:AccountPasswordPolicy":
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html",
  // Refused the second time.
  "aws:accessanalyzer/analyzer:Analyzer":
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider":
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html",
  // Taken five times, and every copy of its events after the first is paid for.
  "aws:cloudtrail/trail:Trail":
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html",
};

/** Belongs to AWS, not to anybody's stack. */
const OF_AWS = /^arn:aws:(?!s3:)[^:]*:[^:]*:(aws)?:|:role\/aws-service-role\//;

/** Where a policy may say whose a resource is. */
const TELLS_WHOSE = /^(aws:(Resource|Request)Tag|ec2:ResourceTag|ssm:resourceTag)\//;

function reachesNeighbours(view: StackView): string[] {
  const own = namesOf(view);
  const isOwn = (text: string) => own.some((name) => text.includes(name)) || startsOwn(text, view.stack);
  return statementsOf(view)
    .filter(({ standing, statement }) => standing === "identity" && statement.effect === "Allow")
    .flatMap(({ owner, statement }) =>
      statement.resources
        .filter((resource) => resource.includes("*") && resource !== "*" && !OF_AWS.test(resource))
        .filter((resource) => !literals(resource).some(isOwn) && !tells(statement, isOwn))
        .map(
          (resource) =>
            `${label(owner)} lets ${statement.actions.join(", ")} reach a neighbour's ${resource}`,
        ),
    );
}

/** The physical names of what the stack declares: Pulumi's suffix makes each of them the stack's alone. */
const namesOf = (view: StackView): string[] =>
  view.resources
    .flatMap(({ outputs }) => [outputs.name, outputs.bucket, outputs.id])
    .filter((name): name is string => typeof name === "string" && /-[0-9a-f]{7}$/.test(name));

/** Words of an ARN's resource, between its wildcards. */
const literals = (resource: string) => resource.split(":").slice(5).join(":").split("*");

/** A name that begins with the stack's, or with that of its projects; a tag may be just that. */
const startsOwn = (text: string, stack: string) => new RegExp(`(^|[:/])(gw)?${stack}([-/]|$)`).test(text);

const tells = ({ conditions }: Statement, isOwn: (text: string) => boolean) =>
  conditions.some(({ key, values }) => TELLS_WHOSE.test(key) && values.every(isOwn));

/** What two stacks in one account must not do to each other. */
export const neighbourRules: Rules = {
  "narrows each wildcard to what is the stack's own": reachesNeighbours,

  // A destroy of one stack must not switch off for all others what guards them, or what they log by.
  "declares once what an account has once": (view) =>
    Object.entries(ONCE).flatMap(([type, page]) =>
      ofType(view, type)
        .slice(1)
        .map((one) => `${label(one)} is the second one of the account (${page})`),
    ),
};
