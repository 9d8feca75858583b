import { strict as assert } from "node:assert";
import type { GithubOidcArgs } from "../../../components/delivery/args";
import { GithubOidc } from "../../../components/delivery/github-oidc";
import { run } from "../../harness";
import { on, rightsIn, statementsIn } from "../../statements";

const build = (more: Partial<GithubOidcArgs> = {}) =>
  run(() => new GithubOidc("github", { repository: "example/site", ...more }));

describe("GithubOidc", () => {
  it("trusts the two guarded environments of one repository: no other job, and no wildcard", async () => {
    const { one } = await build();
    const [trust, ...others] = statementsIn(one("iam/role:Role").inputs.assumeRolePolicy);
    assert.deepEqual([trust!.Action, others], [["sts:AssumeRoleWithWebIdentity"], []]);
    assert.deepEqual(trust!.Condition, {
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": [
          "repo:example/site:environment:preview",
          "repo:example/site:environment:drift",
        ],
      },
    });
  });

  it("reads configuration, never content, except for Pulumi's state and the program's own files", async () => {
    const { one } = await build({
      stateBucketArn: "arn:aws:s3:::state",
      stateKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1",
      ownFiles: ["templates-*"],
    });
    const { policy } = one("iam/rolePolicy:RolePolicy").inputs;
    const [deny, objects, ...others] = statementsIn(policy, "Deny");
    assert.deepEqual([others, deny!.Condition], [[], undefined]);
    assert.deepEqual(objects!.Action, ["s3:GetObject", "s3:GetObjectVersion"]);
    for (const action of ["secretsmanager:GetSecretValue", "dynamodb:Scan", "logs:GetLogEvents"])
      assert.ok(deny!.Action.includes(action), action);
    assert.deepEqual(
      [objects!.Resource, objects!.NotResource],
      [[], ["arn:aws:s3:::state/*", "arn:aws:s3:::templates-*/*"]],
    );
    assert.deepEqual(rightsIn(policy), {
      ...on(["arn:aws:s3:::state/*"], "s3:GetObject"),
      ...on(["arn:aws:s3:::state"], "s3:GetBucketLocation", "s3:ListBucket"),
      ...on(["arn:aws:kms:eu-west-1:123456789012:key/1"], "kms:Decrypt"),
    });
  });

  it("denies all data if the state is elsewhere", async () => {
    const { one } = await build();
    const { policy } = one("iam/rolePolicy:RolePolicy").inputs;
    assert.deepEqual(rightsIn(policy), {});
    assert.equal(
      one("iam/rolePolicyAttachment:RolePolicyAttachment").inputs.policyArn,
      "arn:aws:iam::aws:policy/ReadOnlyAccess",
    );
    assert.deepEqual(
      statementsIn(policy, "Deny").map(({ Resource }) => Resource),
      [["*"], ["*"]],
    );
  });

  it("uses the account's provider if there is one", async () => {
    const providerArn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    const { one, all } = await build({ providerArn });
    assert.deepEqual(all("iam/openIdConnectProvider:OpenIdConnectProvider"), []);
    assert.deepEqual(
      statementsIn(one("iam/role:Role").inputs.assumeRolePolicy).map(({ Principal }) => Principal),
      [{ Federated: providerArn }],
    );
  });

  it("refuses a repository name that would admit others", async () => {
    await assert.rejects(
      build({ repository: "example/*" }),
      /repository must be owner\/name on GitHub, got "example\/\*"/,
    );
  });
});
