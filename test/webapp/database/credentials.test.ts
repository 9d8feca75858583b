import assert from "node:assert/strict";
import {
  parseSecret,
  SecretCredentials,
  type Session,
  urlCredentials,
} from "../../../webapp/database/credentials";
import { readConfig } from "../../../webapp/config";

const SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret:CloudyDB-AbCdEf";
const ROLE = "arn:aws:iam::111111111111:role/SecretsManagerCloudy";
const fields = { username: "cloudy", password: "first", host: "10.10.10.10", port: 5432, dbname: "cloudy" };
const config = (more: Record<string, string> = {}) => readConfig({ DATABASE_SECRET_ARN: SECRET, ...more });
const MINUTE = 60_000;

/** The two AWS calls, noted; sessions last an hour. */
function recorder() {
  const calls: string[] = [];
  let clock = 0;
  let secret = JSON.stringify(fields);
  const ports = {
    assumeRole: async (role: string): Promise<Session> => {
      calls.push(`assume ${role}`);
      const expiration = new Date(clock + 60 * MINUTE);
      return { accessKeyId: `key-${calls.length}`, secretAccessKey: "x", sessionToken: "y", expiration };
    },
    readSecret: async (arn: string, session?: Session): Promise<string> => {
      calls.push(`read ${arn} ${session?.accessKeyId ?? "as itself"}`);
      return secret;
    },
  };
  return {
    calls,
    ports,
    now: () => clock,
    pass: (ms: number) => void (clock += ms),
    rotate: (password: string) => void (secret = JSON.stringify({ ...fields, password })),
  };
}

describe("credentials in a secret", () => {
  it("are read once for all who ask", async () => {
    const { calls, ports } = recorder();
    const source = new SecretCredentials(config(), ports);
    const found = await Promise.all([source.current(), source.current()]);
    const expected = {
      host: "10.10.10.10",
      port: 5432,
      database: "cloudy",
      user: "cloudy",
      password: "first",
    };
    assert.deepEqual(found, [expected, expected]);
    assert.deepEqual(calls, [`read ${SECRET} as itself`]);
  });

  it("are read from another account with the configured role", async () => {
    const { calls, ports } = recorder();
    await new SecretCredentials(config({ DATABASE_ROLE_ARN: ROLE }), ports).current();
    assert.deepEqual(calls, [`assume ${ROLE}`, `read ${SECRET} key-1`]);
  });

  it("are read again after a rotation, with the same session while it lasts", async () => {
    const { calls, ports, rotate, pass, now } = recorder();
    const source = new SecretCredentials(config({ DATABASE_ROLE_ARN: ROLE }), ports, now);
    await source.current();
    rotate("second");
    pass(54 * MINUTE);
    assert.equal((await source.renew()).password, "second");
    assert.equal((await source.current()).password, "second");
    assert.deepEqual(calls, [`assume ${ROLE}`, `read ${SECRET} key-1`, `read ${SECRET} key-1`]);
  });

  it("are read with a new session from five minutes before the old one ends", async () => {
    const { calls, ports, pass, now } = recorder();
    const source = new SecretCredentials(config({ DATABASE_ROLE_ARN: ROLE }), ports, now);
    await source.current();
    pass(55 * MINUTE);
    await source.renew();
    assert.deepEqual(calls, [
      `assume ${ROLE}`,
      `read ${SECRET} key-1`,
      `assume ${ROLE}`,
      `read ${SECRET} key-3`,
    ]);
  });

  it("are requested again after a failure", async () => {
    const { ports } = recorder();
    let tries = 0;
    const flaky = {
      ...ports,
      readSecret: async (arn: string) => {
        if ((tries += 1) === 1) throw new Error("throttled");
        return ports.readSecret(arn);
      },
    };
    const source = new SecretCredentials(config(), flaky);
    await assert.rejects(source.current(), /throttled/);
    assert.equal((await source.current()).password, "first");
  });

  it("are overridden by the settings: the virtual IP for a secret that RDS manages", () => {
    const more = { DATABASE_HOST: "10.10.10.10", DATABASE_PORT: "6432", DATABASE_NAME: "web" };
    const managed = JSON.stringify({ username: "u", password: "p" });
    assert.deepEqual(parseSecret(SECRET, managed, config(more)), {
      host: "10.10.10.10",
      port: 6432,
      database: "web",
      user: "u",
      password: "p",
    });
  });

  it("name the authority of the server's certificate if the secret contains one", () => {
    const secret = JSON.stringify({ username: "u", password: "p", host: "10.10.10.10", ca: "PEM" });
    assert.equal(parseSecret(SECRET, secret, config()).ca, "PEM");
  });

  it("refuses a secret without what a connection needs, and shows none of its values", () => {
    const wrong: [string, string][] = [
      [
        JSON.stringify({ username: "u", passwort: "hush" }),
        `the secret ${SECRET} must hold password and host (or set DATABASE_HOST), got the fields username, passwort`,
      ],
      ["hush", `the secret ${SECRET} must hold a JSON object, got something else`],
      ['"hush"', `the secret ${SECRET} must hold a JSON object, got something else`],
    ];
    for (const [text, message] of wrong)
      assert.throws(() => parseSecret(SECRET, text, config()), { message });
  });
});

describe("credentials in a URL", () => {
  it("may hold any character, escaped", async () => {
    const source = urlCredentials("postgresql://me%40x:p%2Fw@[::1]:6432/my%20db");
    const expected = { host: "::1", port: 6432, database: "my db", user: "me@x", password: "p/w" };
    assert.deepEqual([await source.current(), await source.renew()], [expected, expected]);
  });

  it("fall back to PostgreSQL's defaults", async () => {
    const expected = { host: "localhost", port: 5432, database: "postgres", user: "postgres", password: "" };
    assert.deepEqual(await urlCredentials("postgres://localhost").current(), expected);
  });
});
