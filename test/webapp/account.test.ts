import assert from "node:assert/strict";
import { some } from "../some";
import { formBrowser } from "./form-browser";
import { start } from "./helper";
import { person, platform, platformWith, WITH_PEOPLE } from "./identity/platform";
import { Pool, POOL, refusal } from "./identity/pool";

const EMAIL = "ann@example.com";
const environment = { ...WITH_PEOPLE, ACCOUNT_ANSWER_MS: "0" };

describe("the pages of an account", () => {
  const pool = new Pool();
  beforeEach(() => pool.start());
  afterEach(() => pool.stop());
  const visitor = async () => formBrowser((await start(environment, { platform })).app);
  const ann = async () =>
    formBrowser((await start(environment, { platform })).app, {
      id: "a",
      person: person(),
      refreshToken: "refresh",
    });

  for (const [from, fields, to] of some<[string, Record<string, string>, string]>([
    ["/signup", { email: EMAIL, password: "secret" }, "/confirm"],
    ["/confirm", { email: EMAIL, code: "123456" }, "/login"],
    ["/confirm/again", { email: EMAIL }, "/confirm"],
    ["/forgot", { email: EMAIL }, "/reset"],
    ["/reset", { email: EMAIL, code: "123456", password: "secret" }, "/login"],
  ]))
    it(`carry the e-mail address from ${from} to ${to} in the session, and in no URL`, async () => {
      const browser = await visitor();
      assert.equal((await browser.send(from, fields)).headers.location, to);
      assert.match((await browser.open(to)).body, /value="ann@example.com"/);
      assert.doesNotMatch((await browser.open(`${to}?email=bob@example.com`)).body, /bob@/);
    });

  it("offer no sign-up if the stack allows none", async () => {
    const closed = platformWith({ "self-sign-up": "false" });
    const browser = formBrowser((await start(environment, { platform: closed })).app);
    assert.doesNotMatch((await browser.open("/login")).body, /signup/);
    const refused = await browser.open("/signup");
    assert.equal(refused.statusCode, 403);
    assert.match(refused.body, /[Nn]obody can sign up here: ask an administrator for an account/);
    const sent = await browser.send("/signup", { email: EMAIL, password: "secret" });
    assert.deepEqual([sent.statusCode, pool.calls], [403, []]);
    assert.match((await (await visitor()).open("/login")).body, /href="\/signup">Create an account/);
  });

  it("name the password length that the stack requires", async () => {
    const longer = platformWith({ "password-minimum-length": "20" });
    const browser = formBrowser((await start(environment, { platform: longer })).app);
    for (const path of some(["/signup", "/reset", "/login/password"]))
      assert.match((await browser.open(path)).body, /At least 20 characters, with upper/, path);
    assert.doesNotMatch((await browser.open("/login")).body, /At least/);
  });

  it("answer no sooner when they refuse than when they accept", async () => {
    const slow = { ...environment, ACCOUNT_ANSWER_MS: "300" };
    const browser = formBrowser((await start(slow, { platform })).app);
    const timeOf = async (status: number) => {
      const begin = performance.now();
      assert.equal((await browser.send("/confirm", { email: EMAIL, code: "123456" })).statusCode, status);
      return performance.now() - begin;
    };
    const taken = await timeOf(303);
    pool.answer = () => {
      throw refusal("CodeMismatchException");
    };
    const refused = await timeOf(400);
    // Timers may be a little early by this clock.
    assert.ok(Math.min(taken, refused) > 290, `${taken} ms, refused ${refused} ms`);
  });

  it("end all other sessions once a password is reset, and succeed even if that fails", async () => {
    const reset = { email: EMAIL, code: "123456", password: "secret" };
    assert.equal((await (await visitor()).send("/reset", reset)).statusCode, 303);
    assert.deepEqual(
      pool.calls.map(([name]) => name),
      ["ConfirmForgotPassword", "AdminUserGlobalSignOut"],
    );
    assert.deepEqual(pool.calls[1]![1], { UserPoolId: POOL, Username: EMAIL });
    pool.answer = (name) => {
      if (name === "AdminUserGlobalSignOut") throw refusal("InvalidParameterException");
      return {};
    };
    assert.equal((await (await visitor()).send("/reset", reset)).statusCode, 303);
  });

  it("create a new second factor only for a person who knows the password, and keep no session of that proof", async () => {
    pool.answer = (name, { AuthFlow }) => {
      if (AuthFlow === "USER_PASSWORD_AUTH") throw refusal("NotAuthorizedException");
      return name === "GetUser" ? {} : tokens();
    };
    const wrong = await (await ann()).send("/account/authenticator", { password: "guess" });
    assert.equal(wrong.statusCode, 401);
    assert.match(wrong.body, /The password is wrong\./);
    assert.equal((await (await ann()).send("/account/authenticator", {})).statusCode, 400);
    pool.calls.length = 0;
    pool.answer = (name) =>
      name === "AssociateSoftwareToken"
        ? { SecretCode: "ABCDEFGH" }
        : { AuthenticationResult: { IdToken: pool.token(), AccessToken: "access", RefreshToken: "proof" } };
    const right = await (await ann()).send("/account/authenticator", { password: "secret" });
    assert.equal(right.statusCode, 303);
    assert.deepEqual(
      pool.calls.map(([name]) => name),
      ["InitiateAuth", "RevokeToken", "InitiateAuth", "AssociateSoftwareToken"],
    );
    assert.equal(pool.calls[1]![1]["Token"], "proof");
  });

  const tokens = () => ({
    AuthenticationResult: { IdToken: pool.token(), AccessToken: "access", RefreshToken: "proof" },
  });

  it("say whether the second factor is on, and remove it for a person who knows the password", async () => {
    let isOn = true;
    pool.answer = (name, input) => {
      if (name === "GetUser") return { UserMFASettingList: isOn ? ["SOFTWARE_TOKEN_MFA"] : [] };
      if (name === "SetUserMFAPreference") isOn = false;
      const { PASSWORD } = (input["AuthParameters"] ?? {}) as { PASSWORD?: string };
      if (PASSWORD === "guess") throw refusal("NotAuthorizedException");
      return tokens();
    };
    const browser = await ann();
    const isShownOn = (body: string) => /id="factor">(on|off)</.exec(body)![1];
    assert.equal(isShownOn((await browser.open("/account")).body), "on");
    const wrong = await browser.send("/account/authenticator/remove", { password: "guess" });
    assert.deepEqual([wrong.statusCode, isShownOn(wrong.body)], [401, "on"]);
    const right = await browser.send("/account/authenticator/remove", { password: "secret" });
    assert.deepEqual([right.statusCode, isShownOn(right.body)], [200, "off"]);
    assert.match(right.body, /Your second factor is removed/);
    assert.doesNotMatch(right.body, /authenticator\/remove/);
  });

  it("show on the next page, once, that an address was confirmed or a password changed", async () => {
    for (const [from, fields, words] of some<[string, Record<string, string>, RegExp]>([
      ["/confirm", { email: EMAIL, code: "123456" }, /Your address is confirmed: log in\./],
      ["/reset", { email: EMAIL, code: "123456", password: "secret" }, /Your password is changed/],
    ])) {
      const browser = await visitor();
      await browser.send(from, fields);
      assert.match((await browser.open("/login")).body, words);
      assert.doesNotMatch((await browser.open("/login")).body, words);
    }
  });

  it("accept no authenticator key without a password", async () => {
    pool.answer = tokens;
    const answer = await (await ann()).send("/account/authenticator/code", { code: "123456" });
    assert.equal(answer.statusCode, 409);
    assert.ok(!pool.calls.some(([name]) => name === "VerifySoftwareToken"));
  });

  it("accept ten codes for an account in a quarter of an hour, wherever they come from", async () => {
    const { app } = await start(environment, { platform });
    pool.answer = () => {
      throw refusal("CodeMismatchException");
    };
    const challenge = { name: "SOFTWARE_TOKEN_MFA", username: "ann", email: EMAIL, session: "s" } as const;
    const tried = async (id: string, username = "ann") =>
      (
        await formBrowser(app, { id, challenge: { ...challenge, username } }).send("/login/code", {
          code: "000000",
        })
      ).statusCode;
    const codes: number[] = [];
    for (let n = 0; n < 12; n += 1) codes.push(await tried(`browser ${n}`));
    assert.deepEqual(codes, [...Array<number>(10).fill(400), 429, 429]);
    assert.equal(pool.calls.length, 10);
    assert.equal(await tried("another's", "bob"), 400);
  });
});
