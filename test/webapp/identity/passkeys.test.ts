import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { Passkeys } from "../../../webapp/identity/passkeys";
import { some } from "../../some";
import { cognitoOf } from "./cognito-of";
import { SETTINGS } from "./pool";

const ANN = "ann@example.com";
const hash = (username: string) =>
  createHmac("sha256", "web-secret").update(`${username}web-client`).digest("base64");
const refusing = (name: string) => Object.assign(new Error("what Cognito says of it"), { name });
const CHALLENGE = Buffer.alloc(16, 7).toString("base64url");
const asked = (more: object = {}) => ({
  ChallengeName: "WEB_AUTHN",
  Session: "memory",
  ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify({ challenge: CHALLENGE }), ...more },
});

/** Passkeys of a pool that gives these answers in turn, and what it was asked. */
function passkeysOf(...answers: object[]) {
  const { cognito, calls } = cognitoOf(answers);
  return { passkeys: new Passkeys(cognito, { ...SETTINGS, threatProtection: false }), calls };
}

describe("a person's passkeys", () => {
  it("are listed with the site that each is for", async () => {
    const createdAt = new Date("2026-11-27T10:00:00Z");
    const { passkeys, calls } = passkeysOf({
      Credentials: [
        {
          CredentialId: "1",
          FriendlyCredentialName: "Phone",
          RelyingPartyId: "www.example.org",
          CreatedAt: createdAt,
        },
      ],
    });
    assert.deepEqual(await passkeys.list("access"), [
      { id: "1", name: "Phone", site: "www.example.org", createdAt },
    ]);
    assert.deepEqual(calls, [["listWebAuthnCredentials", { AccessToken: "access", MaxResults: 20 }]]);
    assert.deepEqual(await passkeys.list("access"), []);
  });

  it("are added and removed by their owner's own token", async () => {
    const options = { challenge: CHALLENGE };
    const { passkeys, calls } = passkeysOf({ CredentialCreationOptions: options });
    assert.deepEqual(await passkeys.startAdding("access"), options);
    await passkeys.finishAdding("access", { id: "1" });
    await passkeys.remove("access", "1");
    assert.deepEqual(calls, [
      ["startWebAuthnRegistration", { AccessToken: "access" }],
      ["completeWebAuthnRegistration", { AccessToken: "access", Credential: { id: "1" } }],
      ["deleteWebAuthnCredential", { AccessToken: "access", CredentialId: "1" }],
    ]);
  });

  it("log their owner in, under the pool's own name for the person", async () => {
    for (const [more, username] of some<[object, string]>([
      [{}, ANN],
      [{ USER_ID_FOR_SRP: "ann" }, "ann"],
    ])) {
      const AuthenticationResult = { IdToken: "id", AccessToken: "access", RefreshToken: "refresh" };
      const { passkeys, calls } = passkeysOf(asked(more), { AuthenticationResult });
      const begun = await passkeys.begin(ANN);
      assert.deepEqual(begun, { username, session: "memory", challenge: CHALLENGE });
      const tokens = await passkeys.finish(begun, { id: "1" });
      assert.deepEqual(tokens, { id: "id", access: "access", refresh: "refresh" });
      const AuthParameters = { USERNAME: ANN, PREFERRED_CHALLENGE: "WEB_AUTHN", SECRET_HASH: hash(ANN) };
      const ChallengeResponses = {
        USERNAME: username,
        CREDENTIAL: '{"id":"1"}',
        SECRET_HASH: hash(username),
      };
      assert.deepEqual(calls, [
        ["initiateAuth", { ClientId: "web-client", AuthFlow: "USER_AUTH", AuthParameters }],
        [
          "respondToAuthChallenge",
          { ClientId: "web-client", ChallengeName: "WEB_AUTHN", Session: "memory", ChallengeResponses },
        ],
      ]);
    }
  });

  it("are requested in the same way from people who cannot use one, and then log nobody in", async () => {
    // So that a challenge that is made up is as long as Cognito's.
    await passkeysOf(asked()).passkeys.begin(ANN);
    for (const [title, answer] of some<[string, object]>([
      ["no passkey, or a second factor", { ChallengeName: "SELECT_CHALLENGE", Session: "memory" }],
      ["no account", { ChallengeName: "PASSWORD", Session: "memory" }],
      ["a challenge without options", { ...asked(), ChallengeParameters: {} }],
      ["a client that may not", refusing("InvalidParameterException")],
      ["disabled", refusing("NotAuthorizedException")],
      ["unknown", refusing("UserNotFoundException")],
      ["not confirmed", refusing("UserNotConfirmedException")],
      ["password must be reset", refusing("PasswordResetRequiredException")],
    ])) {
      const { passkeys, calls } = passkeysOf(answer);
      const begun = await passkeys.begin(ANN);
      assert.deepEqual([begun.username, begun.session], [ANN, ""], title);
      assert.equal(begun.challenge.length, CHALLENGE.length, title);
      assert.notEqual(begun.challenge, CHALLENGE, title);
      await assert.rejects(passkeys.finish(begun, { id: "1" }), { statusCode: 401 }, title);
      assert.equal(calls.length, 1, "there is nothing to ask the pool");
    }
  });

  it("are refused in the same words, whatever the pool's reason", async () => {
    const wordsOf = (answer: object) =>
      passkeysOf(answer)
        .passkeys.finish({ username: "ann", session: "memory" }, {})
        .then(
          () => "logged in",
          (error: { statusCode: number; message: string }) => `${error.statusCode} ${error.message}`,
        );
    const wrong = await wordsOf(refusing("NotAuthorizedException"));
    assert.match(wrong, /^401 this passkey does not log you in/);
    for (const answer of some([
      refusing("UserNotFoundException"),
      refusing("CodeMismatchException"),
      refusing("UserNotConfirmedException"),
      { ChallengeName: "SOFTWARE_TOKEN_MFA", Session: "memory" },
    ]))
      assert.equal(await wordsOf(answer), wrong);
  });

  it("are not called wrong if the pool cannot check them", async () => {
    for (const [name, told] of some<[string, object]>([
      ["TooManyRequestsException", { statusCode: 429 }],
      ["InternalErrorException", { name: "InternalErrorException" }],
    ])) {
      await assert.rejects(passkeysOf(refusing(name)).passkeys.begin(ANN), told);
      const finish = passkeysOf(refusing(name)).passkeys.finish({ username: "ann", session: "memory" }, {});
      await assert.rejects(finish, told);
    }
  });
});
