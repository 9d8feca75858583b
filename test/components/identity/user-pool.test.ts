import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
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
  it("signs people in by e-mail, with accounts created by admins by default", async () => {
    const { inputs } = (await make()).one("cognito/userPool:UserPool");
    assert.deepEqual([inputs.usernameAttributes, inputs.autoVerifiedAttributes], [["email"], ["email"]]);
    assert.deepEqual(inputs.adminCreateUserConfig, { allowAdminCreateUserOnly: true });
    assert.deepEqual(inputs.usernameConfiguration, { caseSensitive: false });
    assert.equal(inputs.mfaConfiguration, "OPTIONAL");
    const open = (await make({ selfSignUp: true })).one("cognito/userPool:UserPool");
    assert.deepEqual(open.inputs.adminCreateUserConfig, { allowAdminCreateUserOnly: false });
  });

  it("requires a strong password", async () => {
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

  it("translates each MFA mode into Cognito's", async () => {
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

  it("uses the Plus plan for threat protection, and only then", async () => {
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

  it("acts on the findings of threat protection, if it is on", async () => {
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
    const mailIdentityArn = "arn:aws:ses:eu-west-1:123456789012:identity/us@example.com";
    assert.deepEqual((await risksOf({ mailIdentityArn })).accountTakeoverRiskConfiguration, {
      notifyConfiguration: { sourceArn: mailIdentityArn, from: "us@example.com" },
      actions: {
        lowAction: { eventAction: "NO_ACTION", notify: false },
        mediumAction: { eventAction: "MFA_IF_CONFIGURED", notify: true },
        highAction: { eventAction: "BLOCK", notify: true },
      },
    });
  });

  it("allows passkeys beside passwords, bound to the site's name, only if it is told to", async () => {
    const POOL = "cognito/userPool:UserPool";
    const CLIENT = "cognito/userPoolClient:UserPoolClient";
    const off = await make({ siteName: "www.example.org" });
    assert.deepEqual(off.one(POOL).inputs.signInPolicy, { allowedFirstAuthFactors: ["PASSWORD"] });
    assert.equal(off.one(POOL).inputs.webAuthnConfiguration, undefined);
    assert.equal(off.one("ssm/parameter:Parameter", "people-passkey-site").inputs.value.value, "off");
    const on = await make({ passkeys: true, siteName: "www.example.org" });
    assert.deepEqual(on.one(POOL).inputs.signInPolicy, {
      allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"],
    });
    assert.deepEqual(on.one(POOL).inputs.webAuthnConfiguration, {
      relyingPartyId: "www.example.org",
      userVerification: "required",
    });
    assert.equal(
      on.one("ssm/parameter:Parameter", "people-passkey-site").inputs.value.value,
      "www.example.org",
    );
    assert.deepEqual(on.one(CLIENT, "people-web").inputs.explicitAuthFlows, [
      "ALLOW_USER_PASSWORD_AUTH",
      "ALLOW_REFRESH_TOKEN_AUTH",
      "ALLOW_USER_AUTH",
    ]);
    assert.deepEqual(on.one(CLIENT, "people-api").inputs.explicitAuthFlows, [
      "ALLOW_USER_SRP_AUTH",
      "ALLOW_REFRESH_TOKEN_AUTH",
    ]);
  });

  it("refuses passkeys if everybody must have a second factor, or without a name to bind them to", async () => {
    await assert.rejects(make({ passkeys: true, mfa: "required", siteName: "www.example.org" }), {
      message:
        'UserPool "people": passkeys must be false where mfa is required: Cognito allows passkeys there only with a setting ' +
        "(FactorConfiguration) that the AWS provider lacks, got true",
    });
    for (const siteName of [
      undefined,
      "https://www.example.org",
      "192.0.2.1",
      "WWW.example.org",
      `${"a.".repeat(64)}org`,
    ])
      await assert.rejects(make({ passkeys: true, siteName }), {
        message: `UserPool "people": siteName must be the site's name, in small letters, where passkeys is true, got ${
          siteName === undefined ? "nothing" : JSON.stringify(siteName)
        }`,
      });
  });

  it("sends its mail with the SES identity of an address, or of a domain with a sender in it", async () => {
    const identity = (name: string) => `arn:aws:ses:eu-west-1:123456789012:identity/${name}`;
    const mailOf = async (args: Partial<UserPoolArgs>) => {
      const { one } = await make({ ...args, threatProtection: true });
      const takeover = one("cognito/riskConfiguration:RiskConfiguration").inputs;
      return [
        one("cognito/userPool:UserPool").inputs.emailConfiguration,
        takeover.accountTakeoverRiskConfiguration?.notifyConfiguration,
      ];
    };
    assert.deepEqual(await mailOf({}), [{ emailSendingAccount: "COGNITO_DEFAULT" }, undefined]);
    const [ofAddress, ofDomain] = [identity("us@example.org"), identity("example.org")];
    assert.deepEqual(await mailOf({ mailIdentityArn: ofAddress }), [
      { emailSendingAccount: "DEVELOPER", sourceArn: ofAddress },
      { sourceArn: ofAddress, from: "us@example.org" },
    ]);
    for (const mailFrom of ["us@example.org", "us@mail.example.org"])
      assert.deepEqual(await mailOf({ mailIdentityArn: ofDomain, mailFrom }), [
        { emailSendingAccount: "DEVELOPER", sourceArn: ofDomain, fromEmailAddress: mailFrom },
        { sourceArn: ofDomain, from: mailFrom },
      ]);
    const made = pulumi.output(ofDomain);
    assert.deepEqual((await mailOf({ mailIdentityArn: made, mailFrom: "us@example.org" }))[1], {
      sourceArn: ofDomain,
      from: "us@example.org",
    });
  });

  it("refuses mail without a sender, and with one that the identity does not cover", async () => {
    const identity = (name: string) => `arn:aws:ses:eu-west-1:123456789012:identity/${name}`;
    const OTHER = 'mailFrom must be an address that mailIdentityArn covers, got "us@example.com"';
    for (const [args, reason] of some<[Partial<UserPoolArgs>, string]>([
      [
        { mailIdentityArn: identity("example.org") },
        "mailFrom must be an address where mailIdentityArn is a domain's: Cognito sends from one, got nothing",
      ],
      [{ mailIdentityArn: identity("example.org"), mailFrom: "us@example.com" }, OTHER],
      [{ mailIdentityArn: identity("us@example.org"), mailFrom: "us@example.com" }, OTHER],
      [{ mailFrom: "us@example.com" }, OTHER],
      [
        { mailIdentityArn: "arn:aws:sns:eu-west-1:123456789012:topic" },
        "mailIdentityArn must be the ARN of an SES identity, arn:aws:ses:REGION:ACCOUNT:identity/DOMAIN-OR-ADDRESS, " +
          'got "arn:aws:sns:eu-west-1:123456789012:topic"',
      ],
    ]))
      await assert.rejects(make(args), { message: `UserPool "people": ${reason}` });
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

  it("gives the web app's client a secret and password sign-in, and the APIs' client SRP without a secret", async () => {
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
        ["/groundwork/dev/identity/passkey-site", "String"],
        ["/groundwork/dev/identity/password-minimum-length", "String"],
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

  it("seals sessions with a key that never leaves KMS", async () => {
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

  it("exposes the issuer of its tokens", async () => {
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
