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

export const agentCases: Cases = {
  "lets CloudTrail take its role without a condition": [
    refuses("one on the account", [role("cloudtrail.amazonaws.com", account)], "taken by CloudTrail"),
    refuses("one on the trail", [
      role("cloudtrail.amazonaws.com", { ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*" } }),
    ]),
    allows("a role without", role("cloudtrail.amazonaws.com")),
    allows("a condition for another service", role("firehose.amazonaws.com", account)),
  ],
};
