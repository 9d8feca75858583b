import { allows, Cases, made, named, refuses } from "./case";

const may = (resource: string, condition?: object, more: object = {}) =>
  made("aws:iam/rolePolicy:RolePolicy", {
    role: "it",
    policy: JSON.stringify({
      Statement: [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: resource, Condition: condition, ...more },
      ],
    }),
  });
const bucket = named("mine", "aws:s3/bucket:Bucket", {});
bucket.outputs.name = "mine-1a2b3c4";
const group = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:*:autoScalingGroupName/web-*";
const tag = (value: string) => ({ StringEquals: { "aws:ResourceTag/groundwork:owner": value } });
const ADDRESSES = "arn:aws:ses:eu-west-1:123456789012:identity/*";
const READS = "ses:GetEmailIdentity";
const ANALYZER = "aws:accessanalyzer/analyzer:Analyzer";

export const neighbourCases: Cases = {
  "narrows each wildcard to the stack's own resources": [
    refuses("a name that any stack may have", [may(group)], "reach a neighbour's arn:aws:autoscaling:"),
    refuses("another stack's tag", [may(group, tag("groundwork/good"))]),
    refuses("a condition that does not tell whose", [
      may(group, { Bool: { "aws:SecureTransport": "true" } }),
    ]),
    refuses("a name in which the stack's only stands", [may("arn:aws:s3:::badly-*")]),
    allows("the same under its own tag", may(group, tag("groundwork/bad"))),
    allows("the tag of its projects", may(group, tag("gwbad"))),
    allows("what is in a bucket of its own", bucket, may("arn:aws:s3:::mine-1a2b3c4/*")),
    allows("names that begin with its own", may("arn:aws:s3:::bad-*")),
    allows("the names of its projects", may("arn:aws:s3:::gwbad-*")),
    allows("what AWS has for everybody", may("arn:aws:ssm:eu-west-1::parameter/aws/service/*")),
    allows(
      "to read which addresses the account has verified",
      may(ADDRESSES, undefined, { Action: [READS] }),
    ),
    refuses("to send from them as well", [may(ADDRESSES, undefined, { Action: [READS, "ses:SendEmail"] })]),
    allows("everything, which another rule judges", may("*")),
    allows("a name without a wildcard", may("arn:aws:s3:::other")),
    allows("a refusal", may("arn:aws:s3:::*", undefined, { Effect: "Deny" })),
    allows(
      "a bucket's policy",
      made("aws:s3/bucketPolicy:BucketPolicy", {
        policy: JSON.stringify({ Statement: [{ Effect: "Allow", Resource: "arn:aws:s3:::any/*" }] }),
      }),
    ),
  ],
  "declares only once what an account can have only once": [
    refuses("a second analyzer", [named("one", ANALYZER), named("two", ANALYZER)], "two is the second one"),
    allows("one of each", named("one", ANALYZER), named("two", "aws:cloudtrail/trail:Trail")),
  ],
};
