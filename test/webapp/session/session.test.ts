import assert from "node:assert/strict";
import Fastify, { type FastifyInstance } from "fastify";
import { readConfig } from "../../../webapp/config";
import refusals from "../../../webapp/plugins/refusals";
import session, {
  keepSession,
  openSession,
  requireOwnForm,
  requirePerson,
  type Session,
  signIn,
} from "../../../webapp/plugins/session";
import { SessionKeys } from "../../../webapp/session/seal";
import { keys, person, platform, sealed, WITH_PEOPLE } from "../identity/platform";
import { Pool, refusal } from "../identity/pool";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe("a session of the web app", () => {
  let pool: Pool;
  before(() => void (pool = new Pool()));
  beforeEach(() => pool.start());
  afterEach(() => pool.stop());

  const logged: string[] = [];
  const settings = WITH_PEOPLE;

  /** A server with sessions, and routes that show what they make of a request. */
  async function app(ports = platform, environment: Record<string, string> = settings) {
    const server = Fastify({
      trustProxy: true,
      logger: { level: "warn", stream: { write: (line) => logged.push(line) } },
    });
    server.decorate("config", readConfig(environment));
    server.decorate("ports", { platform: ports } as FastifyInstance["ports"]);
    await server.register(refusals);
    await server.register(session);
    server.get("/opened", async (request, reply) => {
      const first = await openSession(request, reply);
      const second = await openSession(request, reply);
      return { session: first, same: first === second, person: request.person };
    });
    server.get("/untouched", async ({ session, person }) => ({ session, person }));
    server.get("/person", { preHandler: requirePerson }, async (request) => request.person);
    server.post("/changed", { preHandler: requireOwnForm }, async () => "done");
    server.get("/signed-in", async (request, reply) => {
      await signIn(request, reply, { id: pool.token(), access: "access", refresh: "refresh" });
      return request.session;
    });
    server.get("/pending", async (request, reply) => {
      await keepSession(request, reply, { id: "pending", after: "/home" });
      return request.session;
    });
    return server;
  }

  const opened = async (cookie?: string, headers: object = {}) =>
    (await app()).inject({ url: "/opened", headers: { ...(cookie && { cookie }), ...headers } });
  /** What a cookie that was set holds, and until when. */
  const kept = (set: string) => {
    const value = /=([^;]*)/.exec(set)![1]!;
    const session = keys.open(value) as Session;
    const ends = (after: number) => keys.open(value, Date.now() + after) === undefined;
    return { session, ends };
  };

  it("is a new one each time for a visitor without one", async () => {
    const [one, two] = [await opened(), await opened()].map((answer) => answer.json());
    assert.match(one.session.id, /^[\w-]{24}$/);
    assert.notEqual(one.session.id, two.session.id);
    assert.deepEqual([one.same, one.person], [true, null]);
  });

  it("does not exist before a route asks for it", async () => {
    const cookie = sealed({ id: "a", person: person() });
    const answer = await (await app()).inject({ url: "/untouched", headers: { cookie } });
    assert.deepEqual(answer.json(), { session: null, person: null });
  });

  it("comes from its cookie, wherever that is among others", async () => {
    const session = { id: "a", person: person() };
    for (const cookie of [
      sealed(session),
      `a=b; ${sealed(session)};c=d`,
      `xsession=no; ${sealed(session)}`,
    ]) {
      const answer = await opened(cookie);
      assert.deepEqual(answer.json().session, session);
      assert.deepEqual(answer.json().person, session.person);
      assert.equal(answer.headers["set-cookie"], undefined);
    }
  });

  it("is a new one if the cookie was not sealed here, or has another name", async () => {
    const foreign = new SessionKeys(Buffer.alloc(32, 8)).seal({ id: "a" }, Date.now() + MINUTE);
    for (const cookie of [
      `session=${foreign}`,
      "session=",
      "session",
      sealed({ id: "a" }, "other"),
      sealed({ id: "a" }, "__Host-session"),
    ])
      assert.notEqual((await opened(cookie)).json().session.id, "a");
  });

  it("is stored, with HTTPS, in a cookie that no other host, path or plain connection gets", async () => {
    const https = { "x-forwarded-proto": "https" };
    const own = await opened(sealed({ id: "a" }, "__Host-session"), https);
    assert.equal(own.json().session.id, "a");
    assert.notEqual((await opened(sealed({ id: "a" }), https)).json().session.id, "a");
    const { headers } = await (await app()).inject({ url: "/pending", headers: https });
    assert.match(
      String(headers["set-cookie"]),
      /^__Host-session=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  it("lasts a quarter of an hour before a sign-in, and 30 days after it", async () => {
    const server = await app();
    const pending = String((await server.inject("/pending")).headers["set-cookie"]);
    assert.match(pending, /^session=[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/);
    assert.deepEqual(kept(pending).session, { id: "pending", after: "/home" });
    assert.deepEqual([kept(pending).ends(14.5 * MINUTE), kept(pending).ends(15 * MINUTE)], [false, true]);
    const answer = await server.inject("/signed-in");
    const { session, ends } = kept(String(answer.headers["set-cookie"]));
    assert.deepEqual(session, answer.json());
    assert.equal(session.person!.username, "ann");
    assert.equal(session.refreshToken, "refresh");
    assert.match(session.id, /^[\w-]{24}$/);
    assert.deepEqual([ends(30 * DAY - MINUTE), ends(30 * DAY)], [false, true]);
  });

  const renewing = (until: number) =>
    opened(sealed({ id: "a", person: person(until), refreshToken: "old", after: "/x" }));
  const renewedWith = (RefreshToken?: string) => () => ({
    AuthenticationResult: {
      IdToken: pool.token({ email: "new@example.com" }),
      AccessToken: "access",
      RefreshToken,
    },
  });

  it("gets new tokens half a minute before they expire", async () => {
    pool.answer = renewedWith();
    const early = await renewing(Date.now() + 40_000);
    assert.equal(early.json().person.email, "ann@example.com");
    assert.deepEqual(pool.calls, []);
    for (const until of [Date.now() + 25_000, Date.now() - 1]) {
      const answer = await renewing(until);
      const { session } = kept(String(answer.headers["set-cookie"]));
      assert.deepEqual(answer.json().session, session);
      const { id, refreshToken, after } = session;
      assert.deepEqual([id, refreshToken, after], ["a", "old", "/x"]);
      assert.equal(answer.json().person.email, "new@example.com");
    }
    const { USERNAME, REFRESH_TOKEN } = pool.calls[0]![1]["AuthParameters"] as Record<string, string>;
    assert.deepEqual([USERNAME, REFRESH_TOKEN], [undefined, "old"]);
  });

  it("gets them at exactly half a minute before", async () => {
    const now = Date.now();
    const clock = Date.now;
    Date.now = () => now;
    try {
      pool.answer = renewedWith();
      assert.equal((await renewing(now + 30_000)).json().person.email, "new@example.com");
      assert.equal((await renewing(now + 30_001)).json().person.email, "ann@example.com");
    } finally {
      Date.now = clock;
    }
  });

  it("keeps the newer refresh token if the pool issues one", async () => {
    pool.answer = renewedWith("newer");
    const { session } = kept(String((await renewing(0)).headers["set-cookie"]));
    assert.equal(session.refreshToken, "newer");
  });

  it("ends when the pool refuses to renew it", async () => {
    pool.answer = () => {
      throw refusal("NotAuthorizedException");
    };
    const answer = await renewing(0);
    assert.equal(answer.headers["set-cookie"], "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    const { session, person: who } = answer.json();
    assert.deepEqual([Object.keys(session), who], [["id"], null]);
    assert.notEqual(session.id, "a");
  });

  it("does not end while the pool is out of order", async () => {
    pool.answer = () => {
      throw refusal("InternalErrorException");
    };
    const answer = await renewing(0);
    assert.equal(answer.statusCode, 500);
    assert.equal(answer.headers["set-cookie"], undefined);
  });

  const asPerson = async (headers: Record<string, string>) =>
    (await app()).inject({ url: "/person", headers });

  it("admits its person, and a program with a token", async () => {
    const byCookie = await asPerson({ cookie: sealed({ id: "a", person: person() }) });
    assert.equal(byCookie.json().username, "ann");
    const byToken = await asPerson({ authorization: `Bearer ${pool.token({ "cognito:username": "bob" })}` });
    assert.equal(byToken.json().username, "bob");
  });

  it("refuses a session without a person, and tokens that are not from this pool", async () => {
    for (const headers of [{}, { cookie: sealed({ id: "a" }) }, { authorization: "Basic YTpi" }]) {
      const answer = await asPerson(headers as Record<string, string>);
      assert.deepEqual([answer.statusCode, answer.json().message], [401, "log in first, at /login"]);
    }
    const cookie = sealed({ id: "a", person: person() });
    for (const token of ["nonsense", pool.token({ exp: 1 }), pool.token({ aud: "other" })]) {
      const answer = await asPerson({ cookie, authorization: `Bearer ${token}` });
      assert.equal(answer.statusCode, 401);
      assert.match(answer.json().message, /valid id token of this platform's user pool/);
    }
  });

  it("reads a token only if it follows the scheme alone", async () => {
    const token = pool.token();
    for (const authorization of [
      `Bearer ${token} x`,
      `x Bearer ${token}`,
      `Bearer${token}`,
      token,
      `bearer ${token}`,
    ])
      assert.match((await asPerson({ authorization })).json().message, /log in first/);
  });

  const change = async (headers: Record<string, string>, body: object = {}) =>
    (await (await app()).inject({ method: "POST", url: "/changed", headers, payload: body })).statusCode;

  it("accepts a change with its own form token, in a header or in the form", async () => {
    const cookie = sealed({ id: "a" });
    assert.equal(await change({ cookie, "x-form-token": keys.formToken("a") }), 200);
    assert.equal(await change({ cookie }, { form: keys.formToken("a") }), 200);
    assert.equal(await change({ authorization: `Bearer anything` }), 200);
  });

  it("refuses a change without one, or with another session's", async () => {
    const cookie = sealed({ id: "a" });
    for (const headers of [{}, { "x-form-token": keys.formToken("b") }, { "x-form-token": "" }])
      assert.equal(await change({ cookie, ...(headers as object) }), 403);
    assert.equal(await change({ cookie, "x-form-token": "no" }, { form: keys.formToken("a") }), 403);
    assert.equal(await change({ cookie }, { form: keys.formToken("b") }), 403);
    const bare = await (await app()).inject({ method: "POST", url: "/changed", headers: { cookie } });
    assert.deepEqual(
      [bare.statusCode, bare.json().message],
      [403, "this form has expired: load the page again, then send it"],
    );
  });

  it("refuses temporarily while the sign-in settings are not written yet", async () => {
    const server = await app({ ...platform, parameters: async () => ({}) });
    const answer = await server.inject("/person");
    assert.deepEqual(
      [answer.statusCode, answer.headers["retry-after"], answer.json().message],
      [503, "5", "sign-in is not available yet, try again in a moment"],
    );
    const { msg, err } = JSON.parse(logged.pop()!) as { msg: string; err: Error };
    assert.match(msg, /settings cannot be read/);
    assert.match(err.message, /must exist/);
  });

  it("refuses in a stack without sign-in, and says what is missing", async () => {
    const server = await app(platform, {});
    const answer = await server.inject("/person");
    assert.deepEqual(
      [answer.statusCode, answer.json().message],
      [503, "no sign-in is configured: set PARAMETER_PATH"],
    );
  });
});
