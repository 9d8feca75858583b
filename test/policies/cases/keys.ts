import { allows, Cases, made, refuses } from "./case";
import { allow, json, policy, Raw } from "./statements";

const RULE = "lets keys be used only through the services that encrypt with them";
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/1";
const reads = (Condition?: object, more: Raw = {}) =>
  policy(allow("kms:Decrypt", KEY, { ...(Condition ? { Condition } : {}), ...more }));
const via = (value: string | string[]) => ({ StringEquals: { "kms:ViaService": value } });
const letsIn = (Principal: object, Condition?: object) =>
  made("aws:kms/key:Key", {
    policy: json({
      Effect: "Allow",
      Principal,
      Action: "kms:GenerateDataKey",
      Resource: "*",
      ...(Condition ? { Condition } : {}),
    }),
  });
const SNS = { Service: "sns.amazonaws.com" };

/** By whom a key is used. */
export const keyCases: Cases = {
  [RULE]: [
    refuses(
      "a role that asks KMS itself",
      [reads()],
      "kms:Decrypt directly: add a condition on kms:ViaService",
    ),
    ...[
      "kms:Encrypt",
      "kms:GenerateDataKeyPair",
      "kms:ReEncryptFrom",
      "KMS:decrypt",
      "kms:De*",
      "kms:CreateGrant",
    ].map((action) =>
      refuses(`${action} without a condition`, [policy(allow(action, KEY))], "directly: add a condition"),
    ),
    refuses(
      "one use of two statements",
      [
        policy(
          allow("kms:Decrypt", KEY, { Condition: via("s3.eu-west-1.amazonaws.com") }),
          allow("kms:Encrypt", KEY),
        ),
      ],
      "lets its role call kms:Encrypt directly",
    ),
    refuses("a condition about something else", [reads({ StringEquals: { "aws:ResourceTag/a": "b" } })]),
    refuses("a condition that a call without a service meets", [
      reads({ StringEqualsIfExists: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
    ]),
    refuses("every service but one", [
      reads({ StringNotEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
    ]),
    refuses("any of no values", [
      reads({ "ForAllValues:StringEquals": { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
    ]),
    refuses(
      "a service without its region",
      [reads(via("s3.amazonaws.com"))],
      "limits kms:Decrypt to s3.amazonaws.com, which is not a value of kms:ViaService",
    ),
    refuses(
      "one misnamed service of two",
      [reads(via(["s3.eu-west-1.amazonaws.com", "dynamodb"]))],
      "to dynamodb, which",
    ),
    refuses("a grant for whomever", [
      policy(
        allow(["kms:CreateGrant"], KEY, { Condition: { Bool: { "kms:GrantIsForAWSResource": "false" } } }),
      ),
    ]),
    refuses(
      "more than a grant beside one for AWS's own",
      [
        policy(
          allow(["kms:CreateGrant", "kms:Decrypt"], KEY, {
            Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
          }),
        ),
      ],
      "lets its role call kms:Decrypt directly",
    ),
    allows("a service in the key's region", reads(via("s3.eu-west-1.amazonaws.com"))),
    allows("several", reads(via(["s3.eu-west-1.amazonaws.com", "secretsmanager.eu-west-1.amazonaws.com"]))),
    allows(
      "a service of any region",
      reads({ StringLike: { "kms:ViaService": "elasticfilesystem.*.amazonaws.com" } }),
    ),
    allows(
      "the key in whatever case IAM takes",
      reads({ StringEquals: { "kms:viaservice": "s3.eu-west-1.amazonaws.com" } }),
    ),
    allows("what the text was encrypted for", reads({ StringEquals: { "kms:EncryptionContext:for": "a" } })),
    allows(
      "a grant for AWS's own",
      policy(allow("kms:CreateGrant", KEY, { Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } })),
    ),
    allows("what reads no text", policy(allow(["kms:DescribeKey", "kms:GenerateMac"], KEY))),
    allows("to forbid it", reads(undefined, { Effect: "Deny" })),
    refuses(
      "a service that uses a key for whomever",
      [letsIn(SNS)],
      "lets sns.amazonaws.com call kms:GenerateDataKey on behalf of anyone",
    ),
    refuses("a service under a condition that does not say for whom", [
      letsIn(SNS, via("sns.eu-west-1.amazonaws.com")),
    ]),
    refuses("one that need not say", [
      letsIn(SNS, { StringEqualsIfExists: { "aws:SourceAccount": "123456789012" } }),
    ]),
    allows(
      "a service for this account",
      letsIn(SNS, { StringEquals: { "aws:SourceAccount": "123456789012" } }),
    ),
    allows(
      "a service for one thing of the account",
      letsIn(SNS, { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:123456789012:*" } }),
    ),
    allows(
      "a service for what was encrypted for it",
      letsIn(SNS, { ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:*:123456789012:*" } }),
    ),
    allows("the account itself, which IAM rules over", letsIn({ AWS: "arn:aws:iam::123456789012:root" })),
  ],
};
