import { strict as assert } from "node:assert";
import type { UserPoolArgs } from "../../../components/identity/args";
import { UserPool } from "../../../components/identity/user-pool";
import { WEB } from "../around";
import { run, valueOf } from "../../harness";
import { some } from "../../some";
import { rightsIn } from "../../statements";

const make = (args: Partial<UserPoolArgs> = {}) =>
  run(() => ({
    people: new UserPool("people", {
      keepData: false,
      parameterPath: "/groundwork/dev",
      web: WEB,
      ...args,
    }),
  }));

describe("UserPool", () => {
  it("is signed in to by e-mail, with accounts made by admins unless told", async () => {
    const { inputs } = (await make()).one("cognito/userPool:UserPool");
    assert.deepEqual([inputs.usernameAttributes, inputs.autoVerifiedAttributes], [["email"], ["email"]]);
    assert.deepEqual(inputs.adminCreateUserConfig, { allowAdminCreateUserOnly: true });
    assert.deepEqual(inputs.usernameConfiguration, { caseSensitive: false });
    assert.equal(inputs.mfaConfiguration, "OPTIONAL");
    const open = (await make({ selfSignUp: true })).one("cognito/userPool:UserPool");
    assert.deepEqual(open.inputs.adminCreateUserConfig, { allowAdminCreateUserOnly: false });
  });

  it("asks for a strong password", async () => {
    const { passwordPolicy } = (await make({ passwordMinimumLength: 16 })).one(
      "cognito/userPool:UserPool",
    ).inputs;
    assert.deepEqual(passwordPolicy, {
      minimumLength: 16,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      temporaryPasswordValidityDays: 3,
    });
  });

  it("turns each MFA mode into Cognito's", async () => {
    const modes = [
      ["off", "OFF", undefined],
      ["optional", "OPTIONAL", { enabled: true }],
      ["required", "ON", { enabled: true }],
    ] as const;
    for (const [mfa, configuration, token] of modes) {
      const { inputs } = (await make({ mfa })).one("cognito/userPool:UserPool");
      assert.deepEqual(
        [inputs.mfaConfiguration, inputs.softwareTokenMfaConfiguration],
        [configuration, token],
      );
    }
  });

  it("takes the Plus plan for threat protection, and only then", async () => {
    const plans = [
      [false, "ESSENTIALS", "OFF"],
      [true, "PLUS", "ENFORCED"],
    ] as const;
    for (const [threatProtection, tier, mode] of plans) {
      const { one } = await make({ threatProtection });
      const { inputs } = one("cognito/userPool:UserPool");
      assert.deepEqual([inputs.userPoolTier, inputs.userPoolAddOns], [tier, { advancedSecurityMode: mode }]);
      const web = one("cognito/userPoolClient:UserPoolClient", "people-web").inputs;
      assert.equal(web.enablePropagateAdditionalUserContextData, threatProtection);
    }
  });

  it("acts on what threat protection finds, and only where there is any", async () => {
    const RISKS = "cognito/riskConfiguration:RiskConfiguration";
    assert.deepEqual((await make()).all(RISKS), []);
    const risksOf = async (more: object) =>
      (await make({ threatProtection: true, ...more })).one(RISKS).inputs;
    const inputs = await risksOf({});
    assert.deepEqual(inputs.compromisedCredentialsRiskConfiguration, {
      eventFilters: ["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"],
      actions: { eventAction: "BLOCK" },
    });
    assert.equal(inputs.accountTakeoverRiskConfiguration, undefined, "nobody could be told of it");
    const mailIdentityArn = "arn:aws:ses:eu-west-1:123456789012:identity/example.com";
    assert.deepEqual((await risksOf({ mailIdentityArn })).accountTakeoverRiskConfiguration, {
      notifyConfiguration: { sourceArn: mailIdentityArn },
      actions: {
        lowAction: { eventAction: "NO_ACTION", notify: false },
        mediumAction: { eventAction: "MFA_IF_CONFIGURED", notify: true },
        highAction: { eventAction: "BLOCK", notify: true },
      },
    });
  });

  it("lets users read their business unit and quota, and only admins write them", async () => {
    const { one, all } = await make();
    const { schemas } = one("cognito/userPool:UserPool").inputs;
    assert.deepEqual(
      schemas.map(({ name }: { name: string }) => name),
      ["BusinessUnit", "Quota"],
    );
    for (const { inputs } of some(all("cognito/userPoolClient:UserPoolClient"))) {
      assert.deepEqual(inputs.writeAttributes, ["email"]);
      assert.deepEqual(inputs.readAttributes, [
        "email",
        "email_verified",
        "custom:BusinessUnit",
        "custom:Quota",
      ]);
    }
  });

  it("gives the web app a secret and passwords, and the APIs' client SRP without a secret", async () => {
    const { one } = await make();
    const web = one("cognito/userPoolClient:UserPoolClient", "people-web").inputs;
    assert.deepEqual(
      [web.generateSecret, web.explicitAuthFlows],
      [true, ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]],
    );
    const api = one("cognito/userPoolClient:UserPoolClient", "people-api").inputs;
    assert.deepEqual(
      [api.generateSecret, api.explicitAuthFlows],
      [false, ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]],
    );
    for (const client of [web, api]) {
      assert.equal(client.preventUserExistenceErrors, "ENABLED");
      assert.equal(client.enableTokenRevocation, true);
      assert.equal(client.authSessionValidity, 15);
    }
  });

  it("has an admin and a member group", async () => {
    const { all } = await make();
    assert.deepEqual(
      all("cognito/userGroup:UserGroup").map(({ inputs }) => inputs.name),
      ["admin", "member"],
    );
  });

  it("writes its ids where the web app reads them, the secret encrypted", async () => {
    const { all, one } = await make();
    assert.deepEqual(
      all("ssm/parameter:Parameter")
        .map(({ inputs }) => [inputs.name, inputs.type])
        .sort(),
      [
        ["/groundwork/dev/identity/api-client-id", "String"],
        ["/groundwork/dev/identity/self-sign-up", "String"],
        ["/groundwork/dev/identity/session-key-arn", "String"],
        ["/groundwork/dev/identity/threat-protection", "String"],
        ["/groundwork/dev/identity/user-pool-id", "String"],
        ["/groundwork/dev/identity/web-client-id", "String"],
        ["/groundwork/dev/identity/web-client-secret", "SecureString"],
      ],
    );
    const rights = rightsIn(one("iam/rolePolicy:RolePolicy").inputs.policy);
    assert.deepEqual(Object.keys(rights).sort(), [
      "cognito-idp:AdminUserGlobalSignOut",
      "kms:GenerateMac",
      "ssm:GetParameters",
    ]);
    assert.equal(rights["ssm:GetParameters"]!.length, all("ssm/parameter:Parameter").length);
  });

  it("seals sessions by a key that never leaves KMS", async () => {
    const { inputs } = (await make()).one("kms/key:Key");
    assert.deepEqual([inputs.customerMasterKeySpec, inputs.keyUsage], ["HMAC_256", "GENERATE_VERIFY_MAC"]);
  });

  it("keeps its users with keepData", async () => {
    for (const keepData of [false, true]) {
      const pool = (await make({ keepData })).one("cognito/userPool:UserPool");
      assert.deepEqual(
        [pool.protect, pool.inputs.deletionProtection],
        [keepData, keepData ? "ACTIVE" : "INACTIVE"],
      );
    }
  });

  it("tells who its tokens are from", async () => {
    const { outputs } = await make();
    assert.equal(
      await valueOf(outputs.people.issuerUrl),
      "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example1",
    );
  });

  it("refuses every wrong argument in one error", async () => {
    await assert.rejects(make({ parameterPath: "/", mfa: "sms" as "off", passwordMinimumLength: 6 }), {
      message:
        'UserPool "people": mfa must be one of off, optional, required, got "sms"; ' +
        "passwordMinimumLength must be a whole number from 8 to 99, got 6; " +
        'parameterPath must be a path such as /groundwork/dev, got "/"',
    });
  });
});
