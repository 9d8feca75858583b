import { allows, Cases, made, refuses } from "./case";

const role = (service: string, condition?: object) =>
  made("aws:iam/role:Role", {
    assumeRolePolicy: JSON.stringify({
      Statement: [
        { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service }, Condition: condition },
      ],
    }),
  });
const account = { StringEquals: { "aws:SourceAccount": "123456789012" } };

const ALL = ["DescribeKey", "Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey"].map(
  (action) => `kms:${action}`,
);
const key = (...actions: string[]) =>
  made("aws:kms/key:Key", {
    policy: JSON.stringify({
      Statement: [
        { Effect: "Allow", Principal: { Service: "logs.eu-west-1.amazonaws.com" }, Action: actions },
      ],
    }),
  });

export const agentCases: Cases = {
  "lets CloudTrail assume its role without a condition": [
    refuses(
      "one on the account",
      [role("cloudtrail.amazonaws.com", account)],
      "a condition that CloudTrail does not meet",
    ),
    refuses("one on the trail", [
      role("cloudtrail.amazonaws.com", { ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*" } }),
    ]),
    allows("a role without", role("cloudtrail.amazonaws.com")),
    allows("a condition for another service", role("firehose.amazonaws.com", account)),
  ],
  "gives CloudWatch Logs all that it needs of a key, or nothing": [
    refuses(
      "a key that it may not look at",
      [key(...ALL.slice(1))],
      "does not allow CloudWatch Logs DescribeKey",
    ),
    refuses(
      "a key that it may only look at",
      [key("kms:DescribeKey")],
      "does not allow CloudWatch Logs Encrypt, Decrypt, ReEncryptFrom",
    ),
    allows("all of it", key(...ALL)),
    allows(
      "AWS's own spelling",
      key("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"),
    ),
    allows("a key that is none of its", made("aws:kms/key:Key", { policy: "{}" })),
  ],
};
