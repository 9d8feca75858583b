import type { StackView } from "../../declared";
import { label, ofType, Rules } from "../rule";
import { Statement, statementsOf } from "../statements";

/** Resources that exist once per account, or once per account and region, with the page that says so. */
export const ONCE: Record<string, string> = {
  // Upserts: a second stack takes these over, and its destroy turns them off.
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
  // A second one is refused.
  "aws:accessanalyzer/analyzer:Analyzer":
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider":
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html",
  // AWS accepts five, but charges for every copy of the events after the first.
  "aws:cloudtrail/trail:Trail":
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html",
};

/** Resources that belong to AWS, not to anybody's stack. */
const OF_AWS = /^arn:aws:(?!s3:)[^:]*:[^:]*:(aws)?:|:role\/aws-service-role\//;

/** What belongs to the account and to none of its stacks: an e-mail address is verified once for all of them, and this only reads whether it is. */
const OF_ACCOUNT = ["ses:GetEmailIdentity"];

/** Condition keys that can name a resource's owner. */
const TELLS_WHOSE = /^(aws:(Resource|Request)Tag|ec2:ResourceTag|ssm:resourceTag)\//;

function reachesNeighbours(view: StackView): string[] {
  const own = namesOf(view);
  const isOwn = (text: string) => own.some((name) => text.includes(name)) || startsOwn(text, view.stack);
  return statementsOf(view)
    .filter(({ standing, statement }) => standing === "identity" && statement.effect === "Allow")
    .filter(({ statement }) => !statement.actions.every((action) => OF_ACCOUNT.includes(action)))
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

/** The physical names of the stack's resources. Pulumi's suffix makes each of them unique to the stack. */
const namesOf = (view: StackView): string[] =>
  view.resources
    .flatMap(({ outputs }) => [outputs.name, outputs.bucket, outputs.id])
    .filter((name): name is string => typeof name === "string" && /-[0-9a-f]{7}$/.test(name));

/** The literal parts of an ARN's resource, between its wildcards. */
const literals = (resource: string) => resource.split(":").slice(5).join(":").split("*");

/** A name that starts with the stack's, or with that of its projects. A tag may be exactly that. */
const startsOwn = (text: string, stack: string) => new RegExp(`(^|[:/])(gw)?${stack}([-/]|$)`).test(text);

const tells = ({ conditions }: Statement, isOwn: (text: string) => boolean) =>
  conditions.some(({ key, values }) => TELLS_WHOSE.test(key) && values.every(isOwn));

/** What two stacks in one account must not do to each other. */
export const neighbourRules: Rules = {
  "narrows each wildcard to the stack's own resources": reachesNeighbours,

  // A destroy of one stack must not turn off what guards all the others, or what they need for their logs.
  "declares only once what an account can have only once": (view) =>
    Object.entries(ONCE).flatMap(([type, page]) =>
      ofType(view, type)
        .slice(1)
        .map((one) => `${label(one)} is the second one in the account (${page})`),
    ),
};
