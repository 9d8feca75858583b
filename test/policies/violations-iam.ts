import * as aws from "@pulumi/aws";
import type { Violation } from "./violation";

const trust = JSON.stringify({
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
});
const role = (args: Partial<aws.iam.RoleArgs> = {}) =>
  new aws.iam.Role("bad", { assumeRolePolicy: trust, ...args });
const policy = (...statements: object[]) =>
  new aws.iam.RolePolicy("bad", { role: "bad", policy: JSON.stringify({ Statement: statements }) });
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
/** Of the rules about what policies say. */
export const IAM_VIOLATIONS: Record<string, Violation> = {
  "allows no service as a whole": {
    program: () => policy(allow("s3:*", "arn:aws:s3:::mine")),
    problems: ["aws:iam/rolePolicy:RolePolicy bad allows s3:*"],
  },
  "lets everybody in only under a condition": {
    program: () => role({ assumeRolePolicy: trust.replace('{"Service":"ec2.amazonaws.com"}', '"*"') }),
    problems: ["aws:iam/role:Role bad lets everybody in"],
  },
  "accepts an identity provider's tokens only for one audience and named subjects": {
    program: () =>
      role({
        assumeRolePolicy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRoleWithWebIdentity",
              Principal: {
                Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
              },
              Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
            },
          ],
        }),
      }),
    problems: ["aws:iam/role:Role bad accepts tokens with any sub"],
  },
  "attaches no full access policy of AWS": {
    program: () =>
      new aws.iam.RolePolicyAttachment("bad", {
        role: "bad",
        policyArn: "arn:aws:iam::aws:policy/AmazonEC2FullAccess",
      }),
    problems: [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment bad attaches arn:aws:iam::aws:policy/AmazonEC2FullAccess",
    ],
  },
  "creates no users and no access keys": {
    program: () => new aws.iam.User("bad", {}),
    problems: ["aws:iam/user:User bad never expires"],
  },
  "names resources wherever an action can be limited to them": {
    program: () => policy(allow(["ec2:DescribeTags", "s3:ListBucket"], "*")),
    problems: [
      "aws:iam/rolePolicy:RolePolicy bad lets s3:ListBucket act on every accesspoint and bucket of the account",
    ],
  },
  "lets keys be used only through the services that encrypt with them": {
    program: () => policy(allow("kms:Decrypt", "arn:aws:kms:eu-west-1:123456789012:key/1")),
    problems: [
      "aws:iam/rolePolicy:RolePolicy bad lets its role call kms:Decrypt directly: add a condition on kms:ViaService",
    ],
  },
  "names actions that exist": {
    program: () => policy(allow(["s3:HeadObject", "s3:GetObject"], "arn:aws:s3:::mine/*")),
    problems: ["aws:iam/rolePolicy:RolePolicy bad names the action s3:HeadObject, which AWS does not have"],
  },
  "names resources that the actions apply to": {
    program: () => policy(allow("s3:GetObject", "arn:aws:s3:::mine")),
    problems: [
      "aws:iam/rolePolicy:RolePolicy bad lets s3:GetObject act on arn:aws:s3:::mine, which it cannot",
      "aws:iam/rolePolicy:RolePolicy bad names the resource arn:aws:s3:::mine, to which none of s3:GetObject applies",
    ],
  },
  "names condition keys that the actions support": {
    program: () =>
      policy(
        allow("s3:GetObject", "arn:aws:s3:::mine/*", { Condition: { StringEquals: { "s3:prefix": "a" } } }),
      ),
    problems: [
      "aws:iam/rolePolicy:RolePolicy bad limits s3:GetObject by s3:prefix, which AWS does not set for it",
    ],
  },
  "gives an action every type of resource that it needs": {
    program: () => policy(allow("ec2:AttachNetworkInterface", "arn:aws:ec2:*:*:network-interface/eni-1")),
    problems: ["role bad may ec2:AttachNetworkInterface on no instance, which that action needs"],
  },
  "keeps policies within IAM's size limits": {
    program: () => {
      for (const part of ["first", "second"])
        new aws.iam.RolePolicy(part, {
          role: "bad",
          policy: JSON.stringify({
            Statement: [allow("s3:GetObject", `arn:aws:s3:::${"a".repeat(5_100)}/*`)],
          }),
        });
    },
    problems: ["role bad's inline policies have up to 10398 characters, where IAM accepts 10240"],
  },
};
