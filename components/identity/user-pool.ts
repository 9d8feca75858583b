import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { fill, settingsPath } from "../shared/options";
import { must } from "../shared/refusals";
import { allow, policyDocument } from "../shared/permissions";
import { keyPolicy } from "../shared/service-key";
import { identityIn, isAddress, UserPoolArgs, UserPoolLike, userPoolOptions } from "./args";
import { CompleteArgs, poolArguments } from "./pool-arguments";

/** Roles of people, each a group of the pool. A token names its user's groups. */
const GROUPS = { admin: "May approve, and change other users", member: "May use the platform" };
/** Users read these in their tokens; only admins can write them. */
const ADMIN_WRITTEN = ["custom:BusinessUnit", "custom:Quota"];

/**
 * The user accounts of a stack: one Cognito user pool, shared by the web app and every API.
 * Costs nothing up to 10,000 users a month, 1 USD for the key that seals sessions, more with threat protection.
 * With `keepData`, a destroy refuses to delete it; its users exist nowhere else.
 */
export class UserPool extends pulumi.ComponentResource implements UserPoolLike {
  /** The pool's id, for your own clients. */
  readonly userPoolId: pulumi.Output<string>;
  readonly userPoolArn: pulumi.Output<string>;
  readonly webClientId: pulumi.Output<string>;
  readonly apiClientId: pulumi.Output<string>;
  /** The issuer named in the tokens. */
  readonly issuerUrl: pulumi.Output<string>;
  /** The SSM parameters that contain the ids. */
  readonly parameterArns: pulumi.Output<string>[];

  constructor(name: string, args: UserPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("UserPool", name, userPoolOptions, args, ({ parameterPath, passkeys, siteName }) => [
      ...settingsPath("parameterPath", parameterPath),
      ...must(
        !passkeys || isSiteName(siteName),
        "siteName",
        "the site's name, in small letters, where passkeys is true",
        siteName,
      ),
    ]);
    super("groundwork:index:UserPool", name, {}, opts);
    const parent = { parent: this };

    const guarded = { ...parent, protect: args.keepData };
    const pool = new aws.cognito.UserPool(name, poolArguments(filled), guarded);
    for (const [group, description] of Object.entries(GROUPS))
      new aws.cognito.UserGroup(
        `${name}-${group}`,
        // The name is set, because tokens contain it and programs look for it. Deleting a group also removes its members from it.
        { name: group, userPoolId: pool.id, description },
        guarded,
      );
    if (filled.threatProtection) riskConfiguration(name, pool, filled, parent);
    const web = client(`${name}-web`, filled, pool, ofWebServers(filled), parent);
    const api = client(`${name}-api`, filled, pool, OF_PROGRAMS, parent);
    const sessions = sessionKey(`${name}-sessions`, args.keepData, parent);

    this.userPoolId = pool.id;
    this.userPoolArn = pool.arn;
    this.webClientId = web.id;
    this.apiClientId = api.id;
    this.issuerUrl = pulumi.interpolate`https://${pool.endpoint}`;
    this.parameterArns = parameters(
      name,
      args.parameterPath,
      {
        "user-pool-id": pool.id,
        "web-client-id": web.id,
        "web-client-secret": web.clientSecret,
        "api-client-id": api.id,
        "session-key-arn": sessions.arn,
        "password-minimum-length": String(filled.passwordMinimumLength),
        "self-sign-up": String(filled.selfSignUp),
        "threat-protection": String(filled.threatProtection),
        // SSM refuses an empty parameter.
        "passkey-site": filled.passkeys ? filled.siteName! : "off",
      },
      parent,
    );
    if (args.web)
      attachApp(`${name}-web`, args.web.roleName, this.parameterArns, sessions.arn, pool.arn, parent);
    this.registerOutputs({
      userPoolId: this.userPoolId,
      userPoolArn: this.userPoolArn,
      webClientId: this.webClientId,
      apiClientId: this.apiClientId,
      issuerUrl: this.issuerUrl,
    });
  }
}

/**
 * Browsers bind passkeys to a domain name, never to an IP address or to an address with a scheme or a port. Cognito allows 127
 * characters.
 */
const isSiteName = (name = "") =>
  z.hostname().max(127).lowercase().safeParse(name).success && /[a-z]$/.test(name);

/** How threat protection reacts. Without this, it only logs what it finds. */
function riskConfiguration(
  name: string,
  pool: aws.cognito.UserPool,
  { mailIdentityArn, mailFrom }: CompleteArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const action = (eventAction: string, notify = true) => ({ eventAction, notify });
  new aws.cognito.RiskConfiguration(
    name,
    {
      userPoolId: pool.id,
      compromisedCredentialsRiskConfiguration: {
        eventFilters: ["SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"],
        actions: { eventAction: "BLOCK" },
      },
      // Nobody is blocked for a risk without a notice, and Cognito sends notices only from an SES identity.
      ...(mailIdentityArn && {
        accountTakeoverRiskConfiguration: {
          notifyConfiguration: { sourceArn: mailIdentityArn, from: mailFrom ?? addressIn(mailIdentityArn) },
          actions: {
            lowAction: action("NO_ACTION", false),
            mediumAction: action("MFA_IF_CONFIGURED"),
            highAction: action("BLOCK"),
          },
        },
      }),
    },
    opts,
  );
}

/** The identity's address, if it is an address and already known. */
function addressIn(identityArn: pulumi.Input<string>): string | undefined {
  const identity = typeof identityArn === "string" ? identityIn(identityArn) : "";
  return isAddress(identity) ? identity : undefined;
}

function client(
  name: string,
  { accessTokenMinutes, refreshTokenDays }: CompleteArgs,
  pool: aws.cognito.UserPool,
  own: OwnArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cognito.UserPoolClient {
  return new aws.cognito.UserPoolClient(
    name,
    {
      userPoolId: pool.id,
      // Otherwise an error reveals whether an account exists.
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      // Time to set up an authenticator app at the first sign-in: Cognito's longest wait, and the lifetime of the web app's cookie.
      authSessionValidity: 15,
      accessTokenValidity: accessTokenMinutes,
      idTokenValidity: accessTokenMinutes,
      refreshTokenValidity: refreshTokenDays,
      tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
      readAttributes: ["email", "email_verified", ...ADMIN_WRITTEN],
      writeAttributes: ["email"],
      ...own,
    },
    opts,
  );
}

/** What differs between the kinds of clients. */
type OwnArgs = Pick<
  aws.cognito.UserPoolClientArgs,
  "generateSecret" | "explicitAuthFlows" | "enablePropagateAdditionalUserContextData"
>;

const ofWebServers = ({ threatProtection, passkeys }: CompleteArgs): OwnArgs => ({
  generateSecret: true,
  // Lets the web app pass on the user's address. Cognito would otherwise see the servers' own.
  enablePropagateAdditionalUserContextData: threatProtection,
  // The server sends the password over TLS; an SRP exchange would only hide it from Cognito.
  explicitAuthFlows: [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    ...(passkeys ? ["ALLOW_USER_AUTH"] : []),
  ],
});
const OF_PROGRAMS: OwnArgs = {
  generateSecret: false,
  explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
};

/** Every web server derives the same key for its session cookies from this key, which never leaves KMS. */
function sessionKey(name: string, keepData: boolean, opts: pulumi.CustomResourceOptions): aws.kms.Key {
  return new aws.kms.Key(
    name,
    {
      description: "Session cookies of the web app",
      customerMasterKeySpec: "HMAC_256",
      keyUsage: "GENERATE_VERIFY_MAC",
      deletionWindowInDays: keepData ? 30 : 7,
      policy: keyPolicy([], opts),
    },
    opts,
  );
}

function parameters(
  name: string,
  path: string,
  values: Record<string, pulumi.Input<string>>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string>[] {
  return Object.entries(values).map(
    ([key, value]) =>
      new aws.ssm.Parameter(
        `${name}-${key}`,
        // The name is set, because the web app looks for it there.
        {
          name: `${path}/identity/${key}`,
          type: key.endsWith("secret") ? "SecureString" : "String",
          value,
        },
        opts,
      ).arn,
  );
}

function attachApp(
  name: string,
  role: pulumi.Input<string>,
  parameterArns: pulumi.Output<string>[],
  sessionKeyArn: pulumi.Output<string>,
  userPoolArn: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.iam.RolePolicy(
    name,
    {
      role,
      policy: policyDocument([
        allow(["ssm:GetParameters"], parameterArns),
        allow(["kms:GenerateMac"], sessionKeyArn),
        // A user who resets a password has no session yet, and so no token that could end the other sessions.
        allow(["cognito-idp:AdminUserGlobalSignOut"], userPoolArn),
      ]),
    },
    opts,
  );
}
