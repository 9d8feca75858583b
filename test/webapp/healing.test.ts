import assert from "node:assert/strict";
import type { FastifyInstance } from "fastify";
import type { PlatformPorts, PlatformSettings } from "../../webapp/identity/settings";
import { until } from "../../sandbox/problem";
import { listen } from "../listener";
import { some } from "../some";
import { start } from "./helper";
import { person, platform, sealed, WITH_PEOPLE } from "./identity/platform";
import { Pool, refusal } from "./identity/pool";

const UPLOADS = "/groundwork/dev/uploads/settings";
const STORE = {
  normalBucket: "normal",
  sensitiveBucket: "sensitive",
  sensitiveKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/2",
  maxBytes: 1024,
  contentTypes: ["image/png"],
};
const PROJECTS = "/groundwork/dev/provisioner/api-url";
const environment = { ...WITH_PEOPLE, UPLOADS_PARAMETER: UPLOADS, PROVISIONER_PARAMETER: PROJECTS };
const MINUTE = 60_000;

/** What each parameter may become, and where the app then has it. */
const CHANGES: [name: string, value: string, wanted: Partial<PlatformSettings>][] = [
  ["identity/user-pool-id", "eu-west-1_Other", { userPoolId: "eu-west-1_Other" }],
  ["identity/web-client-id", "other", { webClientId: "other" }],
  ["identity/web-client-secret", "other", { webClientSecret: "other" }],
  ["identity/api-client-id", "other", { apiClientId: "other" }],
  ["identity/session-key-arn", "other", { sessionKeyArn: "other" }],
  ["identity/password-minimum-length", "16", { passwordMinimumLength: 16 }],
  ["identity/self-sign-up", "false", { selfSignUp: false }],
  ["identity/threat-protection", "false", { threatProtection: false }],
  ["identity/passkey-site", "www.example.org", { passkeySite: "www.example.org" }],
  ["uploads/settings", JSON.stringify({ ...STORE, maxBytes: 7 }), { uploads: { ...STORE, maxBytes: 7 } }],
];

describe("a running server", () => {
  const pool = new Pool();
  const realNow = Date.now;
  let written: Record<string, string>;
  beforeEach(async () => {
    await pool.start();
    written = { ...(await platform.parameters([])), [UPLOADS]: JSON.stringify(STORE) };
  });
  afterEach(async () => {
    Date.now = realNow;
    await pool.stop();
  });

  const stack = (): PlatformPorts => ({ ...platform, parameters: async () => ({ ...written }) });
  const cookie = () => sealed({ id: "a", person: person(), refreshToken: "refresh" });
  const home = (app: FastifyInstance) => app.inject({ url: "/home", headers: { cookie: cookie() } });

  for (const port of ["parameters", "mac"] as const)
    it(`recovers if ${port} failed at first`, async () => {
      let failures = 3;
      const healing = stack();
      const well = healing[port] as (...given: unknown[]) => Promise<never>;
      healing[port] = (...given: unknown[]) =>
        failures-- > 0 ? Promise.reject<never>(new Error("away")) : well(...given);
      const { app } = await start(environment, { platform: healing });
      const codes: number[] = [];
      for (let n = 0; n < 5; n += 1) codes.push((await home(app)).statusCode);
      assert.deepEqual(codes, [503, 503, 503, 200, 200]);
    });

  it("recovers if the store's credentials failed at first", async () => {
    const { app } = await start(environment, { platform: stack() });
    const own = process.env["AWS_ACCESS_KEY_ID"]!;
    const none = {
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/nowhere",
      AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
    };
    Object.assign(process.env, none);
    delete process.env["AWS_ACCESS_KEY_ID"];
    assert.equal((await home(app)).statusCode, 500);
    process.env["AWS_ACCESS_KEY_ID"] = own;
    assert.equal((await home(app)).statusCode, 200);
  });

  it("keeps a session whose renewal is throttled, and renews it when the pool answers again", async () => {
    const { app } = await start(environment, { platform: stack() });
    const asked = (ends: number) =>
      app.inject({
        url: "/session",
        headers: { cookie: sealed({ id: "a", person: person(ends), refreshToken: "refresh" }) },
      });
    for (const name of some([
      "TooManyRequestsException",
      "LimitExceededException",
      "InternalErrorException",
    ])) {
      pool.answer = () => {
        throw refusal(name);
      };
      const [ended, ending] = [await asked(Date.now() - 1), await asked(Date.now() + 20_000)];
      assert.deepEqual(
        [ended.statusCode >= 500, ended.headers["set-cookie"], ending.statusCode, ending.json().email],
        [true, undefined, 200, "ann@example.com"],
        name,
      );
    }
    pool.answer = () => ({ AuthenticationResult: { IdToken: pool.token(), AccessToken: "access" } });
    const healed = await asked(Date.now() - 1);
    assert.deepEqual([healed.statusCode, healed.json().email], [200, "ann@example.com"]);
  });

  it("renews a session once for all simultaneous requests", async () => {
    const { app } = await start(environment, { platform: stack() });
    pool.answer = () => ({ AuthenticationResult: { IdToken: pool.token(), AccessToken: "access" } });
    const old = sealed({ id: "a", person: person(0), refreshToken: "refresh" });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => app.inject({ url: "/session", headers: { cookie: old } })),
    );
    assert.deepEqual(new Set(answers.map((answer) => answer.json().email)), new Set(["ann@example.com"]));
    assert.equal(pool.calls.length, 1);
  });

  it("is tested with each parameter that it reads", async () => {
    const asked = new Set<string>();
    const ports = stack();
    ports.parameters = async (names) => {
      for (const name of names) asked.add(name);
      return { ...written };
    };
    const { app } = await start(environment, { platform: ports });
    assert.equal((await home(app)).statusCode, 200);
    assert.deepEqual([...asked].sort(), CHANGES.map(([name]) => `/groundwork/dev/${name}`).sort());
  });

  it("finds the projects' API if that failed at first, and within a minute if it changed", async () => {
    const api = (name: string) =>
      listen((_request, response) =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ name })),
      );
    const [first, second] = [await api("first"), await api("second")];
    pool.answer = () => ({ AuthenticationResult: { IdToken: pool.token(), AccessToken: "access" } });
    const { app, lines } = await start(environment, { platform: stack() });
    const asked = () => app.inject({ url: "/console/api/projects", headers: { cookie: cookie() } });
    try {
      assert.equal((await asked()).statusCode, 503);
      written[PROJECTS] = first.url;
      assert.deepEqual((await asked()).json(), { name: "first" });
      written[PROJECTS] = second.url;
      assert.deepEqual((await asked()).json(), { name: "first" });
      Date.now = () => realNow() + MINUTE;
      await until("the other API", async () => (await asked()).json().name === "second");
      delete written[PROJECTS];
      Date.now = () => realNow() + 2 * MINUTE;
      const failed = "the address of the projects' API could not be read again";
      await until("the warning", async () => {
        assert.deepEqual((await asked()).json(), { name: "second" });
        return lines.some(({ msg }) => msg === failed);
      });
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  });

  for (const [name, value, wanted] of CHANGES)
    it(`learns within a minute that ${name} changed`, async () => {
      const { app } = await start(environment, { platform: stack() });
      const before = await app.identity!();
      written[`/groundwork/dev/${name}`] = value;
      assert.equal(await app.identity!(), before);
      Date.now = () => realNow() + MINUTE;
      await until("the new settings", async () => (await app.identity!()) !== before);
      assert.deepEqual((await app.identity!()).settings, { ...before.settings, ...wanted });
    });

  it("offers what the changed settings allow", async () => {
    const { app } = await start(environment, { platform: stack() });
    assert.match((await home(app)).body, /accept="image\/png"/);
    written[UPLOADS] = JSON.stringify({ ...STORE, contentTypes: ["text/csv"] });
    Date.now = () => realNow() + MINUTE;
    await until("the new types", async () => (await home(app)).body.includes('accept="text/csv"'));
  });

  it("continues with known settings while they cannot be read again", async () => {
    const ports = stack();
    const { app, lines } = await start(environment, { platform: ports });
    const before = await app.identity!();
    ports.parameters = () => Promise.reject(new Error("away"));
    Date.now = () => realNow() + MINUTE;
    for (let n = 0; n < 3; n += 1) assert.equal(await app.identity!(), before);
    await until("the warning", () => lines.some(({ msg }) => msg === "the settings could not be read again"));
  });

  it("keeps what depends on unchanged settings", async () => {
    const { app } = await start(environment, { platform: stack() });
    const before = await app.identity!();
    Date.now = () => realNow() + MINUTE;
    await app.identity!();
    await new Promise(setImmediate);
    assert.equal(await app.identity!(), before);
  });
});
