import { strict as assert } from "node:assert";
import type { GithubOidcArgs } from "../../../components/delivery/args";
import { GithubOidc } from "../../../components/delivery/github-oidc";
import { run } from "../../harness";
import { statementsOf } from "./support";

const build = (more: Partial<GithubOidcArgs> = {}) =>
  run(() => new GithubOidc("github", { repository: "example/site", ...more }));

describe("GithubOidc", () => {
  it("trusts the two guarded environments of one repository: no other job, and no wildcard", async () => {
    const { one } = await build();
    const [trust] = JSON.parse(one("iam/role:Role").inputs.assumeRolePolicy).Statement;
    assert.equal(trust.Action, "sts:AssumeRoleWithWebIdentity");
    assert.deepEqual(trust.Condition, {
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": [
          "repo:example/site:environment:preview",
          "repo:example/site:environment:drift",
        ],
      },
    });
  });

  it("reads how things are set up, never what they hold, but for Pulumi's state", async () => {
    const { one } = await build({
      stateBucketArn: "arn:aws:s3:::state",
      stateKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1",
    });
    const [deny, ...allows] = statementsOf(one("iam/rolePolicy:RolePolicy"));
    assert.equal(deny.Effect, "Deny");
    for (const action of [
      "s3:GetObject",
      "secretsmanager:GetSecretValue",
      "dynamodb:Scan",
      "logs:GetLogEvents",
    ])
      assert.ok(deny.Action.includes(action), action);
    assert.deepEqual(deny.Condition, { ArnNotLike: { "aws:ResourceArn": "arn:aws:s3:::state/*" } });
    assert.deepEqual(
      allows.map(({ Action, Resource }) => [Action, Resource]),
      [
        [["s3:GetObject"], "arn:aws:s3:::state/*"],
        [["s3:GetBucketLocation", "s3:ListBucket"], "arn:aws:s3:::state"],
        [["kms:Decrypt"], "arn:aws:kms:eu-west-1:123456789012:key/1"],
      ],
    );
  });

  it("denies all data where the state is elsewhere", async () => {
    const { one } = await build();
    const [deny, ...others] = statementsOf(one("iam/rolePolicy:RolePolicy"));
    assert.deepEqual([deny.Condition, others], [undefined, []]);
  });

  it("takes the account's provider when there is one", async () => {
    const providerArn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    const { one, all } = await build({ providerArn });
    assert.deepEqual(all("iam/openIdConnectProvider:OpenIdConnectProvider"), []);
    const [trust] = JSON.parse(one("iam/role:Role").inputs.assumeRolePolicy).Statement;
    assert.deepEqual(trust.Principal, { Federated: providerArn });
  });

  it("refuses a repository that would let others in", async () => {
    await assert.rejects(
      build({ repository: "example/*" }),
      /repository must be owner\/name on GitHub, got "example\/\*"/,
    );
  });
});
