// What a person may write of herself in the emulated Cognito: no more than the app client that she came by.
import assert from "node:assert/strict";
import type { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { rootClients } from "../../sandbox/engine/clients";
import { Emulated, skipWithoutEmulators, startEmulated } from "../emulated";

const REFUSED = {
  name: "NotAuthorizedException",
  message: "A client attempted to write unauthorized attribute",
};
const Password = "a long Password 1!";

describe("a person in the sandbox's user pool", () => {
  let emulated: Emulated;
  let cognito: CognitoIdentityProvider;
  let UserPoolId: string;
  let people = 0;

  before(async function () {
    await skipWithoutEmulators(this);
    emulated = await startEmulated("cognito");
    cognito = await rootClients(emulated.endpoints)("cognito");
    const { UserPool } = await cognito.createUserPool({
      PoolName: "people",
      AutoVerifiedAttributes: ["email"],
      Schema: [{ Name: "Quota", AttributeDataType: "String", Mutable: true }],
    });
    UserPoolId = UserPool!.Id!;
  });
  after(() => emulated?.stop());

  const clientOf = async (WriteAttributes?: string[]) => {
    const { UserPoolClient } = await cognito.createUserPoolClient({
      ...{ UserPoolId, ClientName: "web", WriteAttributes },
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    return UserPoolClient!.ClientId!;
  };
  const attributes = (given: Record<string, string>) =>
    Object.entries(given).map(([Name, Value]) => ({ Name, Value }));
  const signUp = async (ClientId: string, given: Record<string, string>) => {
    const Username = `person-${people++}`;
    await cognito.signUp({ ClientId, Username, Password, UserAttributes: attributes(given) });
    return Username;
  };

  it("can sign up with what the client may write, and with nothing else", async () => {
    const client = await clientOf(["email"]);
    await signUp(client, { email: "ada@example.com" });
    for (const name of ["custom:Quota", "name", "email_verified"])
      await assert.rejects(signUp(client, { email: "eve@example.com", [name]: "true" }), REFUSED);
    const { Users = [] } = await cognito.listUsers({ UserPoolId });
    assert.deepEqual(Users.map(({ Username }) => Username), ["person-0"]); // prettier-ignore
  });

  it("can write standard attributes when the client has no list, but no custom or verified ones", async () => {
    const client = await clientOf();
    await signUp(client, { email: "ada@example.com", name: "Ada" });
    for (const name of ["custom:Quota", "email_verified"])
      await assert.rejects(signUp(client, { email: "eve@example.com", [name]: "true" }), REFUSED);
  });

  it("can write no more after signing up, and resets a password with the documented code", async () => {
    const ClientId = await clientOf(["email"]);
    const Username = await signUp(ClientId, { email: "joan@example.com" });
    await cognito.confirmSignUp({ ClientId, Username, ConfirmationCode: "123456" });
    const { AuthenticationResult } = await cognito.initiateAuth({
      ...{ ClientId, AuthFlow: "USER_PASSWORD_AUTH" },
      AuthParameters: { USERNAME: Username, PASSWORD: Password },
    });
    const change = (given: Record<string, string>) =>
      cognito.updateUserAttributes({
        ...{ AccessToken: AuthenticationResult!.AccessToken, UserAttributes: attributes(given) },
      });
    await assert.rejects(change({ "custom:Quota": "99" }), REFUSED);
    await change({ email: "joan@example.org" });
    await assert.rejects(
      cognito.updateUserAttributes({ AccessToken: "none", UserAttributes: attributes({ name: "Joan" }) }),
      { name: "NotAuthorizedException", message: "Invalid Access Token" },
    );
    await cognito.forgotPassword({ ClientId, Username });
    const reset = (ConfirmationCode: string) =>
      cognito.confirmForgotPassword({ ClientId, Username, ConfirmationCode, Password: `${Password}2` });
    await assert.rejects(reset("123456"), { name: "CodeMismatchException" });
    await reset("654321");
  });

  it("gets from an admin what no client may write", async () => {
    await cognito.adminUpdateUserAttributes({
      ...{ UserPoolId, Username: "person-0", UserAttributes: attributes({ "custom:Quota": "2" }) },
    });
    const { UserAttributes = [] } = await cognito.adminGetUser({ UserPoolId, Username: "person-0" });
    assert.equal(UserAttributes.find(({ Name }) => Name === "custom:Quota")?.Value, "2");
  });
});
