import { asList, omit, pascal, pick } from "../engine/shape";
import { Inputs, Table } from "../engine/types";

/** User pools with real tokens, on MiniStack. */
export const cognito: Table = {
  UserPool: async (r) => {
    const cognito = await r.use("cognito");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 128);
    const { UserPool } = await cognito.createUserPool({
      PoolName: name,
      ...pascal(pick(i, "usernameAttributes", "aliasAttributes", "usernameConfiguration")),
      ...poolOf(i),
      Schema: i["schemas"] && asList<Inputs>(i["schemas"]).map(pascal),
      UserPoolTags: r.tags,
    });
    const id = UserPool!.Id!;
    if (factorsOf(i)) await cognito.setUserPoolMfaConfig({ UserPoolId: id, ...factorsOf(i) });
    return {
      id,
      outputs: { name, arn: UserPool!.Arn, endpoint: `cognito-idp.${r.region}.amazonaws.com/${id}` },
    };
  },

  UserPoolClient: async (r) => {
    const cognito = await r.use("cognito");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 128);
    const { UserPoolClient } = await cognito.createUserPoolClient({
      ClientName: name,
      UserPoolId: i["userPoolId"],
      GenerateSecret: i["generateSecret"],
      ...clientOf(i),
    });
    const made = UserPoolClient!;
    return { id: made.ClientId!, outputs: { name, clientSecret: made.ClientSecret } };
  },

  UserGroup: async (r) => {
    const cognito = await r.use("cognito");
    const name = r.physicalName(r.inputs["name"], 128);
    const { userPoolId, description, precedence, roleArn } = r.inputs;
    await cognito.createGroup({
      GroupName: name,
      UserPoolId: userPoolId,
      Description: description,
      Precedence: precedence,
      RoleArn: roleArn,
    });
    return { id: `${userPoolId}/${name}`, outputs: { name } };
  },
};

/** What an update of a pool may change. */
export const poolOf = (i: Inputs) => ({
  ...pascal(
    pick(
      i,
      "autoVerifiedAttributes",
      "mfaConfiguration",
      "smsAuthenticationMessage",
      "deletionProtection",
      "adminCreateUserConfig",
      "verificationMessageTemplate",
      "deviceConfiguration",
    ),
  ),
  Policies: {
    ...(i["passwordPolicy"] && { PasswordPolicy: pascal(i["passwordPolicy"]) }),
    ...(i["signInPolicy"] && { SignInPolicy: pascal(i["signInPolicy"]) }),
  },
  AccountRecoverySetting: i["accountRecoverySetting"] && {
    RecoveryMechanisms: pascal(i["accountRecoverySetting"].recoveryMechanisms),
  },
  EmailConfiguration: i["emailConfiguration"] && {
    EmailSendingAccount: i["emailConfiguration"].emailSendingAccount,
    From: i["emailConfiguration"].fromEmailAddress,
    SourceArn: i["emailConfiguration"].sourceArn,
    ReplyToEmailAddress: i["emailConfiguration"].replyToEmailAddress,
  },
  LambdaConfig: i["lambdaConfig"] && pascal(omit(i["lambdaConfig"], "kmsKeyId")),
  UserAttributeUpdateSettings: i["userAttributeUpdateSettings"] && pascal(i["userAttributeUpdateSettings"]),
  UserPoolAddOns: i["userPoolAddOns"] && pascal(i["userPoolAddOns"]),
});

/** What has a call of its own: second factors, and the domain that passkeys are bound to. */
export const factorsOf = (i: Inputs) =>
  (i["softwareTokenMfaConfiguration"] || i["webAuthnConfiguration"]) && {
    MfaConfiguration: i["mfaConfiguration"],
    SoftwareTokenMfaConfiguration: pascal(i["softwareTokenMfaConfiguration"]),
    WebAuthnConfiguration: pascal(i["webAuthnConfiguration"]),
  };

/** What an update of a pool's client may change. */
export const clientOf = (i: Inputs) => ({
  ...pascal(
    pick(
      i,
      "explicitAuthFlows",
      "allowedOauthFlows",
      "allowedOauthScopes",
      "supportedIdentityProviders",
      "readAttributes",
      "writeAttributes",
      "preventUserExistenceErrors",
      "enableTokenRevocation",
      "refreshTokenValidity",
      "accessTokenValidity",
      "idTokenValidity",
      "tokenValidityUnits",
      "authSessionValidity",
    ),
  ),
  AllowedOAuthFlows: i["allowedOauthFlows"],
  AllowedOAuthScopes: i["allowedOauthScopes"],
  AllowedOAuthFlowsUserPoolClient: i["allowedOauthFlowsUserPoolClient"],
  CallbackURLs: i["callbackUrls"],
  DefaultRedirectURI: i["defaultRedirectUri"],
  LogoutURLs: i["logoutUrls"],
});
