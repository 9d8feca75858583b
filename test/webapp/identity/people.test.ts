import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { PoolRefusal } from "../../../webapp/identity/errors";
import { type Challenge, People } from "../../../webapp/identity/people";
import type { PlatformSettings } from "../../../webapp/identity/settings";
import { some } from "../../some";
import { type Call, cognitoOf } from "./cognito-of";
import { SETTINGS } from "./pool";

const RESULT = { IdToken: "id", AccessToken: "access", RefreshToken: "refresh" };
const TOKENS = { id: "id", access: "access", refresh: "refresh" };
const hash = (username: string) =>
  createHmac("sha256", "web-secret").update(`${username}web-client`).digest("base64");
const CLIENT = { ClientId: "web-client", SecretHash: hash("ann@example.com") };
const CHALLENGE: Challenge = {
  name: "SOFTWARE_TOKEN_MFA",
  username: "ann",
  email: "ann@example.com",
  session: "memory",
};

/** People whose pool gives these answers in turn, and what it was asked. */
function peopleOf(settings: PlatformSettings, ...answers: object[]) {
  const { cognito, calls } = cognitoOf(answers);
  return { people: new People(cognito, settings), calls };
}

/** What one thing that a person does asks of the pool, and what comes of it. */
async function done<T>(act: (people: People) => Promise<T>, ...answers: object[]) {
  const { people, calls } = peopleOf(SETTINGS, ...answers);
  return { result: await act(people), calls };
}

describe("people", () => {
  it("sign up, confirm their address and ask for another code", async () => {
    const { calls } = await done(async (people) => {
      await people.signUp("ann@example.com", "secret");
      await people.confirm("ann@example.com", "123456");
      await people.resendCode("ann@example.com");
    });
    const who = { ...CLIENT, Username: "ann@example.com" };
    const UserAttributes = [{ Name: "email", Value: "ann@example.com" }];
    assert.deepEqual(calls, [
      ["signUp", { ...who, Password: "secret", UserAttributes }],
      ["confirmSignUp", { ...who, ConfirmationCode: "123456" }],
      ["resendConfirmationCode", who],
    ]);
  });

  const refusing = (name: string) => Object.assign(new Error("what Cognito says of it"), { name });

  for (const [title, act, reasons] of some<[string, (people: People) => Promise<void>, string[]]>([
    ["sign up", (people) => people.signUp("ann@example.com", "secret"), ["UsernameExistsException"]],
    [
      "ask for another code",
      (people) => people.resendCode("ann@example.com"),
      ["UserNotFoundException", "InvalidParameterException", "NotAuthorizedException"],
    ],
    [
      "forget their password",
      (people) => people.forgotPassword("ann@example.com"),
      ["UserNotFoundException", "InvalidParameterException", "NotAuthorizedException"],
    ],
  ]))
    it(`${title} without learning from the answer who has an account`, async () => {
      for (const reason of some(reasons))
        assert.deepEqual((await done(act, refusing(reason))).result, undefined, reason);
      for (const reason of some(["LimitExceededException", "CodeDeliveryFailureException"]))
        await assert.rejects(done(act, refusing(reason)), PoolRefusal, reason);
    });

  it("are reported in each call with their IP address, only to a pool that accepts it", async () => {
    const acts: ((people: People) => Promise<unknown>)[] = [
      (people) => people.signUp("ann@example.com", "secret"),
      (people) => people.confirm("ann@example.com", "123456"),
      (people) => people.resendCode("ann@example.com"),
      (people) => people.signIn("ann@example.com", "secret"),
      (people) => people.refresh("ann", "old"),
      (people) => people.answerCode(CHALLENGE, "123456"),
      (people) => people.forgotPassword("ann@example.com"),
      (people) => people.resetPassword("ann@example.com", "123456", "secret"),
      (people) => people.passkeys.begin("ann@example.com"),
      (people) => people.passkeys.finish({ username: "ann", session: "memory" }, {}),
    ];
    const told = async (act: (people: People) => Promise<unknown>, settings = SETTINGS) => {
      const { people, calls } = peopleOf(settings, { AuthenticationResult: RESULT });
      await act(people.from("192.0.2.1"));
      return (calls[0]![1] as { UserContextData?: object }).UserContextData;
    };
    for (const act of some(acts)) {
      assert.deepEqual(await told(act), { IpAddress: "192.0.2.1" }, String(act));
      assert.equal(await told(act, { ...SETTINGS, threatProtection: false }), undefined, String(act));
    }
  });

  it("are told about a wrong code, whoever the address belongs to", async () => {
    const acts: [act: (people: People) => Promise<void>, names: string[]][] = [
      [
        (people) => people.confirm("ann@example.com", "123456"),
        ["UserNotFoundException", "NotAuthorizedException", "AliasExistsException"],
      ],
      [
        (people) => people.resetPassword("ann@example.com", "123456", "secret"),
        ["UserNotFoundException", "NotAuthorizedException"],
      ],
    ];
    for (const [act, names] of some(acts)) {
      const words = async (name: string) =>
        act(peopleOf(SETTINGS, refusing(name)).people).then(
          () => "done",
          ({ statusCode, message, field }: PoolRefusal) => [statusCode, message, field].join(" "),
        );
      const wrong = await words("CodeMismatchException");
      assert.match(wrong, /^400 the code is wrong or has expired.* code$/);
      for (const name of some(names)) assert.equal(await words(name), wrong, name);
      assert.match(await words("LimitExceededException"), /^429/);
    }
  });

  it("sign in with their password", async () => {
    const { result, calls } = await done((people) => people.signIn("ann@example.com", "secret"), {
      AuthenticationResult: RESULT,
    });
    assert.deepEqual(result, { tokens: TOKENS });
    const AuthParameters = {
      USERNAME: "ann@example.com",
      PASSWORD: "secret",
      SECRET_HASH: hash("ann@example.com"),
    };
    assert.deepEqual(calls, [
      ["initiateAuth", { ClientId: "web-client", AuthFlow: "USER_PASSWORD_AUTH", AuthParameters }],
    ]);
  });

  for (const name of ["NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA", "MFA_SETUP"] as const)
    it(`are asked for more if the pool says ${name}, under the pool's own name for them`, async () => {
      const asked = { ChallengeName: name, Session: "memory" };
      const known = { ...asked, ChallengeParameters: { USER_ID_FOR_SRP: "ann" } };
      const signIn = (people: People) => people.signIn("ann@example.com", "secret");
      const challenge = { name, email: "ann@example.com", session: "memory" };
      assert.deepEqual((await done(signIn, known)).result, { challenge: { ...challenge, username: "ann" } });
      for (const unnamed of [asked, { ...asked, ChallengeParameters: {} }])
        assert.deepEqual((await done(signIn, unnamed)).result, {
          challenge: { ...challenge, username: "ann@example.com" },
        });
    });

  it("refuses a challenge of the pool that the app does not support", async () => {
    const signIn = (people: People) => people.signIn("ann@example.com", "secret");
    const rule = "the pool must ask for one of NEW_PASSWORD_REQUIRED, SOFTWARE_TOKEN_MFA, MFA_SETUP";
    await assert.rejects(done(signIn, { ChallengeName: "SMS_MFA" }), { message: `${rule}, got SMS_MFA` });
    await assert.rejects(done(signIn, {}), { message: `${rule}, got no tokens` });
  });

  it("get new tokens for their refresh token", async () => {
    const { result, calls } = await done((people) => people.refresh("ann", "old"), {
      AuthenticationResult: { ...RESULT, RefreshToken: undefined },
    });
    assert.deepEqual(result, { id: "id", access: "access", refresh: undefined });
    const AuthParameters = { REFRESH_TOKEN: "old", SECRET_HASH: hash("ann") };
    assert.deepEqual(calls, [
      ["initiateAuth", { ClientId: "web-client", AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters }],
    ]);
  });

  const answered = (ChallengeName: string, session: string, answers: object): Call => [
    "respondToAuthChallenge",
    {
      ClientId: "web-client",
      ChallengeName,
      Session: session,
      ChallengeResponses: { USERNAME: "ann", SECRET_HASH: hash("ann"), ...answers },
    },
  ];

  it("answer with a code or a new password", async () => {
    const got = { AuthenticationResult: RESULT };
    const code = await done((people) => people.answerCode(CHALLENGE, "123456"), got);
    assert.deepEqual(code.result, { tokens: TOKENS });
    assert.deepEqual(code.calls, [
      answered("SOFTWARE_TOKEN_MFA", "memory", { SOFTWARE_TOKEN_MFA_CODE: "123456" }),
    ]);
    const challenge: Challenge = { ...CHALLENGE, name: "NEW_PASSWORD_REQUIRED" };
    const password = await done((people) => people.answerPassword(challenge, "new"), {
      ChallengeName: "MFA_SETUP",
      Session: "next",
    });
    assert.deepEqual(password.result, { challenge: { ...CHALLENGE, name: "MFA_SETUP", session: "next" } });
    assert.deepEqual(password.calls, [answered("NEW_PASSWORD_REQUIRED", "memory", { NEW_PASSWORD: "new" })]);
  });

  it("set an authenticator up while they sign in", async () => {
    const setUp: Challenge = { ...CHALLENGE, name: "MFA_SETUP" };
    const start = (...answers: object[]) => done((people) => people.startAuthenticator(setUp), ...answers);
    const started = await start({ SecretCode: "ABC", Session: "next" });
    assert.deepEqual(started.result, { ...setUp, secret: "ABC", session: "next" });
    assert.deepEqual(started.calls, [["associateSoftwareToken", { Session: "memory" }]]);
    assert.equal((await start({ SecretCode: "ABC" })).result.session, "memory");
    const finish = (answer: object) =>
      done((people) => people.finishAuthenticator(setUp, "123456"), answer, { AuthenticationResult: RESULT });
    const finished = await finish({ Session: "next" });
    assert.deepEqual(finished.result, { tokens: TOKENS });
    const verified: Call = ["verifySoftwareToken", { Session: "memory", UserCode: "123456" }];
    const chosen: Call = [
      "setUserMFAPreference",
      { AccessToken: "access", SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } },
    ];
    assert.deepEqual(finished.calls, [verified, answered("MFA_SETUP", "next", {}), chosen]);
    assert.deepEqual((await finish({})).calls, [verified, answered("MFA_SETUP", "memory", {}), chosen]);
    const unchosen = await done(
      (people) => people.finishAuthenticator(setUp, "123456"),
      ...[{}, { AuthenticationResult: RESULT }, new Error("not now")],
    );
    assert.deepEqual(unchosen.result, { tokens: TOKENS });
  });

  it("set an authenticator up when they are signed in", async () => {
    const secret = await done((people) => people.newSecret("access"), { SecretCode: "ABC" });
    assert.equal(secret.result, "ABC");
    assert.deepEqual(secret.calls, [["associateSoftwareToken", { AccessToken: "access" }]]);
    const { calls } = await done((people) => people.useAuthenticator("access", "123456"));
    assert.deepEqual(calls, [
      ["verifySoftwareToken", { AccessToken: "access", UserCode: "123456" }],
      [
        "setUserMFAPreference",
        { AccessToken: "access", SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } },
      ],
    ]);
  });

  it("get a new password with a code", async () => {
    const { calls } = await done(async (people) => {
      await people.forgotPassword("ann@example.com");
      await people.resetPassword("ann@example.com", "123456", "new");
    });
    const who = { ...CLIENT, Username: "ann@example.com" };
    assert.deepEqual(calls, [
      ["forgotPassword", who],
      ["confirmForgotPassword", { ...who, ConfirmationCode: "123456", Password: "new" }],
    ]);
  });

  it("sign out for good", async () => {
    const { calls } = await done((people) => people.signOut("refresh"));
    assert.deepEqual(calls, [
      ["revokeToken", { Token: "refresh", ClientId: "web-client", ClientSecret: "web-secret" }],
    ]);
  });

  it("refuses what the pool refuses, in words for a person", async () => {
    const error = Object.assign(new Error("internal words"), { name: "NotAuthorizedException" });
    const { people } = peopleOf(SETTINGS, error);
    await assert.rejects(people.signIn("ann@example.com", "wrong"), (refused: PoolRefusal) => {
      assert.deepEqual(
        [refused.reason, refused.statusCode, refused.message],
        ["NotAuthorizedException", 401, "the e-mail address or the password is wrong"],
      );
      return true;
    });
  });
});
