import assert from "node:assert/strict";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { until } from "../../../sandbox/problem";
import { SecretCredentials } from "../../../webapp/database/credentials";
import { Database } from "../../../webapp/database/database";
import { readConfig } from "../../../webapp/config";
import { Postgres } from "../../postgres";
import { start } from "../helper";
import { Proxy } from "../proxy";

const SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret:CloudyDB-AbCdEf";

const add = (app: FastifyInstance, name: string) =>
  app.inject({ method: "POST", url: "/users", payload: { username: name, email: `${name}@example.com` } });

/** Asks until the answer is this, as a client that heeds Retry-After would. */
const answers = (statusCode: number, ask: () => Promise<{ statusCode: number }>): Promise<number> =>
  until(`The answer ${statusCode}`, async () => (await ask()).statusCode, {
    wanted: (seen) => seen === statusCode,
  });

describe("the app during a database failure", () => {
  let server: Postgres;
  before(async () => {
    server = await Postgres.start({ settings: ["listen_addresses=127.0.0.1,127.0.0.2"] });
  });
  after(() => server.stop());

  const environmentOf = async (port = server.port): Promise<Record<string, string>> => ({
    DATABASE_URL: server.url(await server.createDatabase()).replace(`:${server.port}/`, `:${port}/`),
    DATABASE_TLS: "off",
  });

  it("under load: refuses while the database is dead, serves again by itself, and loses nothing that was confirmed", async () => {
    const { app } = await start(await environmentOf());
    await answers(200, () => app.inject("/users"));
    const codes = new Set<number>();
    const confirmed: string[] = [];
    const retryAfter = new Set<unknown>();
    let running = true;
    const client = async (id: number) => {
      for (let n = 0; running; n += 1) {
        const name = `u${id}-${n}`;
        const added = await add(app, name);
        if (added.statusCode === 201) confirmed.push(name);
        const listed = await app.inject("/users");
        for (const response of [added, listed]) {
          codes.add(response.statusCode);
          if (response.statusCode === 503) retryAfter.add(response.headers["retry-after"]);
        }
      }
    };
    const confirms = (count: number) =>
      until(`The confirmation of ${count} users`, () => confirmed.length, {
        wanted: (now) => now >= count,
        everyMs: 10,
      });
    const clients = Array.from({ length: 8 }, (_, id) => client(id));
    await confirms(50);
    await server.kill();
    await until("A refusal", () => codes.has(503), { everyMs: 10 });
    assert.equal((await app.inject("/health")).statusCode, 200);
    await server.launch();
    await confirms(confirmed.length + 50);
    running = false;
    await Promise.all(clients);

    assert.deepEqual([...codes].sort(), [200, 201, 503]);
    assert.deepEqual([...retryAfter], ["2"]);
    const kept = new Set<string>();
    for (let url: string | undefined = "/users?limit=500"; url;) {
      const response: LightMyRequestResponse = await app.inject(url);
      for (const { username } of response.json()) kept.add(username);
      url = /<(.+)>/.exec(String(response.headers.link ?? ""))?.[1];
    }
    assert.deepEqual(
      confirmed.filter((name) => !kept.has(name)),
      [],
    );
  });

  it("without a database at the start: serves once there is one", async () => {
    const environment = await environmentOf();
    await server.kill();
    const { app } = await start(environment);
    assert.equal((await app.inject("/users")).statusCode, 503);
    assert.equal((await app.inject("/")).statusCode, 200);
    await server.launch();
    await answers(200, () => app.inject("/users"));
    assert.equal((await add(app, "later")).statusCode, 201);
  });

  it("when the database falls silent: refuses before it answers again", async () => {
    const { app } = await start(await environmentOf());
    await answers(200, () => app.inject("/users"));
    server.freeze(true);
    try {
      const responses = await Promise.all([
        app.inject("/users"),
        add(app, "silent"),
        app.inject("/health/ready"),
      ]);
      assert.deepEqual(
        responses.map(({ statusCode }) => statusCode),
        [503, 503, 503],
      );
    } finally {
      server.freeze(false);
    }
    await answers(200, () => app.inject("/users"));
  });

  it("when the database moves and leaves old connections silent: finds it with new ones", async () => {
    const proxy = await Proxy.to(server.port);
    const { app, lines } = await start(await environmentOf(proxy.port));
    await Promise.all(Array.from({ length: 8 }, (_, n) => add(app, `before${n}`)));
    proxy.vanish();
    assert.equal((await add(app, "during")).statusCode, 503);
    assert.equal((await add(app, "after")).statusCode, 201);
    assert.deepEqual(
      lines
        .filter(({ msg }) => msg === "lost the database, reconnecting")
        .map(({ err }) => (err as Error).message),
      ["Query read timeout"],
    );
    await app.close();
    await proxy.close();
  });

  it("when the database moves and resets old connections: reads do not notice", async () => {
    const proxy = await Proxy.to(server.port);
    const { app } = await start(await environmentOf(proxy.port));
    await Promise.all(Array.from({ length: 8 }, (_, n) => add(app, `before${n}`)));
    proxy.reset();
    assert.equal((await app.inject("/users")).statusCode, 200);
    assert.equal((await add(app, "after")).statusCode, 201);
    await app.close();
    await proxy.close();
  });

  it("when the password changes: reads the secret again and goes on", async () => {
    const database = await server.createDatabase();
    await server.query(
      `CREATE ROLE rotated LOGIN PASSWORD 'first'; GRANT ALL ON DATABASE ${database} TO rotated`,
    );
    await server.query("GRANT ALL ON SCHEMA public TO rotated", database);
    let password = "first";
    let reads = 0;
    const secrets = {
      assumeRole: () => assert.fail("no role is configured"),
      readSecret: async () => {
        reads += 1;
        return JSON.stringify({
          username: "rotated",
          password,
          host: "127.0.0.1",
          port: server.port,
          dbname: database,
        });
      },
    };
    const environment = { DATABASE_SECRET_ARN: SECRET, DATABASE_TLS: "off" };
    const { app, lines } = await start({ ...environment, DATABASE_HOST: "127.0.0.1" }, { secrets });
    assert.equal((await add(app, "old")).statusCode, 201);
    assert.equal(reads, 1);

    password = "second";
    await server.query("ALTER ROLE rotated PASSWORD 'second'");
    const ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rotated'";
    await server.query(ended);
    await answers(201, () => add(app, `new${Date.now()}`));
    const together = await Promise.all(Array.from({ length: 8 }, (_, n) => add(app, `more${n}`)));
    assert.deepEqual(
      together.map(({ statusCode }) => statusCode),
      Array(8).fill(201),
    );
    assert.equal(reads, 2);

    password = "not the one";
    await server.query("ALTER ROLE rotated PASSWORD 'third'");
    await server.query(ended);
    await answers(503, () => app.inject("/health/ready"));
    const logged = JSON.stringify(lines);
    for (const secret of ["first", "second", "not the one"])
      assert.ok(!logged.includes(`"${secret}"`), secret);
  });

  it("with a read endpoint: reads there, writes to the main one, and reads there too while the read endpoint is away", async () => {
    const name = await server.createDatabase();
    const config = readConfig({ DATABASE_SECRET_ARN: SECRET, DATABASE_HOST: "127.0.0.1" });
    const secret = { username: server.user, password: server.password, port: server.port, dbname: name };
    const source = new SecretCredentials(config, {
      assumeRole: () => assert.fail("no role is configured"),
      readSecret: async () => JSON.stringify(secret),
    });
    const where = { text: "SELECT host(inet_server_addr()) AS address" };
    const served = async (readHost: string): Promise<unknown[]> => {
      const database = new Database(source, { tls: () => false, poolSize: 2, readHost });
      try {
        const answers = [await database.read(where), await database.write(where), await database.read(where)];
        return answers.map(({ rows }) => rows[0]!.address);
      } finally {
        await database.close();
      }
    };
    assert.deepEqual(await served("127.0.0.2"), ["127.0.0.2", "127.0.0.1", "127.0.0.2"]);
    assert.deepEqual(await served("127.0.0.3"), ["127.0.0.1", "127.0.0.1", "127.0.0.1"]);
  });
});
