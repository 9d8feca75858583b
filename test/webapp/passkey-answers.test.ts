// What anybody is told who asks to log in by a passkey, by a script or without one.
import assert from "node:assert/strict";
import { some } from "../some";
import { start } from "./helper";
import { keys, person, platform, platformWith, sealed, WITH_PEOPLE } from "./identity/platform";
import { PasskeyPool } from "./identity/passkey-pool";
import { Pool, refusal } from "./identity/pool";

const environment = { ...WITH_PEOPLE, ACCOUNT_ANSWER_MS: "0" };
const EMAIL = "ann@example.com";
const HOST = { host: "localhost:8080" };
const CREDENTIAL = {
  id: "AAAA",
  rawId: "AAAA",
  type: "public-key",
  response: {},
  clientExtensionResults: {},
};

describe("logging in by a passkey", () => {
  const pool = new Pool();
  let people: PasskeyPool;
  beforeEach(async () => {
    await pool.start();
    people = new PasskeyPool(
      (email) => pool.token({ email }),
      () => "http://localhost",
    );
    pool.answer = people.answer;
    people.join("none@example.com", "secret");
    people.join("factor@example.com", "secret", true);
    people.join(EMAIL, "secret");
    people.passkeysFor(EMAIL);
  });
  afterEach(() => pool.stop());

  async function browser(
    more: Record<string, string> = {},
    ports = platformWith({ "passkey-site": "localhost" }),
  ) {
    const { app } = await start({ ...environment, ...more }, { platform: ports });
    const ask = (url: string, payload: object, { id = "a", headers = {}, session = { id } as object } = {}) =>
      app.inject({
        method: "POST",
        url,
        headers: {
          ...HOST,
          cookie: sealed({ id, ...session }),
          "x-form-token": keys.formToken(id),
          ...headers,
        },
        payload,
      });
    return { app, ask };
  }

  it("begins alike for a person with a passkey, without one, with a second factor, or unknown", async () => {
    const { ask } = await browser();
    const lengths = new Set<string>();
    for (const email of some([
      EMAIL,
      "none@example.com",
      "factor@example.com",
      "x@example.com",
      "yy@example.com",
    ])) {
      const answer = await ask("/login/passkey", { email });
      assert.equal(answer.statusCode, 200);
      const { options, ticket, ...rest } = answer.json<{
        options: { challenge: string };
        ticket: string;
      }>();
      assert.deepEqual(rest, {});
      assert.deepEqual(
        { ...options, challenge: "" },
        { challenge: "", rpId: "localhost", timeout: 120_000, userVerification: "required" },
        "and no passkey of anybody's is named",
      );
      assert.equal(answer.headers["set-cookie"], undefined);
      lengths.add(`${options.challenge.length} ${ticket.length}`);
    }
    assert.equal(lengths.size, 1, [...lengths].join("; "));
  });

  it("also ends alike, and in the same time", async () => {
    const { ask } = await browser({ ACCOUNT_ANSWER_MS: "300" });
    const told = new Set<string>();
    for (const email of some([EMAIL, "none@example.com", "x@example.com"])) {
      const { ticket } = (await ask("/login/passkey", { email })).json<{ ticket: string }>();
      const begun = performance.now();
      const answer = await ask("/login/passkey/answer", { ticket, credential: CREDENTIAL });
      const { statusCode, message } = answer.json<{ statusCode: number; message: string }>();
      told.add(`${statusCode} ${message}`);
      // Timers may be a little early by this clock.
      assert.ok(performance.now() - begun > 290, email);
    }
    assert.equal(told.size, 1, [...told].join("; "));
    assert.match([...told][0]!, /^401 this passkey does not log you in/);
  });

  it("begins no sooner if there is nothing to look up", async () => {
    const { ask } = await browser({ ACCOUNT_ANSWER_MS: "300" });
    pool.answer = () => {
      throw refusal("UserNotFoundException");
    };
    // The first one waits for much that is only made once.
    await ask("/login/passkey", { email: EMAIL });
    const begun = performance.now();
    await ask("/login/passkey", { email: EMAIL });
    assert.ok(performance.now() - begun > 290);
  });

  it("refuses a ticket of another session, a made-up one, and one that is sealed for something else", async () => {
    const { ask } = await browser();
    const { ticket } = (await ask("/login/passkey", { email: EMAIL })).json<{ ticket: string }>();
    const later = Date.now() + 60_000;
    const mine = JSON.stringify({ id: "a", username: EMAIL, session: "memory" });
    for (const [wrong, id] of some<[string, string]>([
      [ticket, "b"],
      ["made-up", "a"],
      [keys.seal(mine, later), "a"],
      [keys.seal(mine, Date.now() - 1, "ticket"), "a"],
    ])) {
      const answer = await ask("/login/passkey/answer", { ticket: wrong, credential: CREDENTIAL }, { id });
      assert.deepEqual(
        [answer.statusCode, answer.json<{ message: string }>().message],
        [401, "this login took too long: start again"],
      );
    }
    assert.ok(!pool.calls.some(([name]) => name === "RespondToAuthChallenge"));
  });

  it("accepts no request from another site", async () => {
    const { ask } = await browser();
    for (const [url, payload] of some<[string, object]>([
      ["/login/passkey", { email: EMAIL }],
      ["/login/passkey/answer", { ticket: "t", credential: CREDENTIAL }],
      ["/account/passkeys", { password: "secret" }],
      ["/account/passkeys/new", { credential: CREDENTIAL }],
    ]))
      assert.equal((await ask(url, payload, { headers: { "x-form-token": "" } })).statusCode, 403, url);
  });

  it("has the same rate limit as the password form", async () => {
    const { ask } = await browser({ SIGN_IN_TRIES_PER_MINUTE: "2" });
    const codes: number[] = [];
    for (let n = 0; n < 3; n += 1) codes.push((await ask("/login/passkey", { email: EMAIL })).statusCode);
    assert.deepEqual(codes, [200, 200, 429]);
  });

  it("is off if the stack has no passkeys, at another address than theirs, and without HTTPS", async () => {
    const named = platformWith({ "passkey-site": "example.org" });
    const statusAt = async (ports: typeof named, headers: Record<string, string>) => {
      const { app, ask } = await browser({}, ports);
      const session = headers["x-forwarded-proto"] === "https" ? "__Host-session" : "session";
      const cookie = sealed({ id: "a" }, session);
      const { body } = await app.inject({ url: "/login", headers });
      const { statusCode } = await ask(
        "/login/passkey",
        { email: EMAIL },
        { headers: { ...headers, cookie } },
      );
      assert.equal(body.includes("login-passkey.js"), statusCode === 200);
      return statusCode;
    };
    const https = (host: string) => ({ host, "x-forwarded-proto": "https" });
    assert.deepEqual(
      [
        await statusAt(platform, { host: "localhost" }),
        await statusAt(named, https("example.org")),
        await statusAt(named, https("www.example.org")),
        await statusAt(named, { host: "www.example.org" }),
        await statusAt(named, https("notexample.org")),
        await statusAt(named, https("balancer.eu-west-1.elb.amazonaws.com")),
        await statusAt(named, { host: "localhost" }),
      ],
      [409, 200, 200, 409, 409, 409, 409],
    );
  });

  describe("on the account page", () => {
    const session = { person: person(), refreshToken: EMAIL };

    it("adds no passkey beyond the maximum, and none beside a second factor", async () => {
      const { ask } = await browser();
      const refused = async (email: string) => {
        const own = { person: { ...person(), email }, refreshToken: email };
        const answer = await ask("/account/passkeys", { password: "secret" }, { session: own });
        return [answer.statusCode, answer.json<{ message: string }>().message];
      };
      assert.deepEqual(await refused("factor@example.com"), [
        409,
        "your second factor is on, so passkeys cannot log you in",
      ]);
      people.passkeysFor(EMAIL, 20);
      assert.deepEqual(await refused(EMAIL), [409, "you can have 20 passkeys: remove one first"]);
    });

    it("removes only a person's own passkey, and says if it is already gone", async () => {
      const { ask } = await browser();
      for (const url of some(["/account/passkeys/remove", "/account/passkeys/remove/yes"])) {
        const answer = await ask(url, { form: keys.formToken("a"), passkey: "somebody-else" }, { session });
        assert.equal(answer.statusCode, 404);
        assert.match(answer.body, /This passkey was already removed\./);
      }
      assert.ok(!pool.calls.some(([name]) => name === "DeleteWebAuthnCredential"));
    });

    it("does nothing if the stack has no passkeys", async () => {
      const { ask } = await browser({}, platform);
      for (const [url, payload] of some<[string, object]>([
        ["/account/passkeys", { password: "secret" }],
        ["/account/passkeys/new", { credential: CREDENTIAL }],
        ["/account/passkeys/remove", { form: keys.formToken("a"), passkey: "passkey-0" }],
        ["/account/passkeys/remove/yes", { form: keys.formToken("a"), passkey: "passkey-0" }],
      ]))
        assert.equal((await ask(url, payload, { session })).statusCode, 409, url);
      assert.deepEqual(pool.calls, []);
    });

    it("requires a sign-in", async () => {
      const { ask } = await browser();
      for (const [url, payload] of some<[string, object]>([
        ["/account/passkeys", { password: "secret" }],
        ["/account/passkeys/new", { credential: CREDENTIAL }],
      ]))
        assert.equal((await ask(url, payload)).statusCode, 401, url);
      assert.deepEqual(pool.calls, []);
    });
  });
});
