import assert from "node:assert/strict";
import type { FastifyInstance } from "fastify";
import { freshDatabase, start } from "./helper";
import { keys, person, platform, sealed, WITH_PEOPLE } from "./identity/platform";
import { Pool } from "./identity/pool";

describe("the list of users", () => {
  const pool = new Pool();
  let database: Record<string, string>;
  /** Ann's session, which lasts a minute. */
  let signedIn: { cookie: string; "x-form-token": string };
  before(async () => void (database = await freshDatabase()));
  beforeEach(async () => {
    const ann = { id: "ann's", person: person() };
    signedIn = { cookie: sealed(ann), "x-form-token": keys.formToken(ann.id) };
    await pool.start();
  });
  afterEach(() => pool.stop());

  const running = async (environment: Record<string, string>) =>
    (await start({ ...database, ...environment }, { platform })).app;
  const add = (app: FastifyInstance, headers: object = {}, username = "demo") =>
    app.inject({
      method: "POST",
      url: "/users",
      headers: { ...headers },
      payload: { username, email: `${username}@example.com` },
    });
  const list = async (app: FastifyInstance, headers: object = {}) => {
    const answer = await app.inject({ url: "/users", headers: { ...headers } });
    return answer.statusCode === 200 ? (answer.json()[0] as object) : answer.statusCode;
  };

  it("is open to anybody if told so, with e-mail addresses only for signed-in people", async () => {
    const app = await running(WITH_PEOPLE);
    assert.equal((await add(app)).statusCode, 401);
    assert.equal((await add(app, signedIn)).statusCode, 201);
    const whole = { id: 1, username: "demo", email: "demo@example.com" };
    assert.deepEqual(await list(app), { id: 1, username: "demo" });
    assert.deepEqual(await list(app, { cookie: sealed({ id: "a stranger's" }) }), {
      id: 1,
      username: "demo",
    });
    assert.deepEqual(await list(app, signedIn), whole);
    assert.deepEqual(await list(app, { authorization: `Bearer ${pool.token()}` }), whole);
    assert.equal(await list(app, { authorization: "Bearer no" }), 401);
  });

  it("is only for signed-in people if it is closed", async () => {
    const app = await running({ ...WITH_PEOPLE, OPEN_USERS: "no" });
    assert.deepEqual([await list(app), (await add(app, {}, "other")).statusCode], [401, 401]);
    assert.equal(((await list(app, signedIn)) as { email: string }).email, "demo@example.com");
  });

  it("is for nobody if it is closed and nobody can sign in", async () => {
    const app = await running({ OPEN_USERS: "no" });
    assert.deepEqual([await list(app), (await add(app, {}, "other")).statusCode], [503, 503]);
  });
});
