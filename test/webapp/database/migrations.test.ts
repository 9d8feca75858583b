import assert from "node:assert/strict";
import { Client } from "pg";
import type { PoolClient } from "pg";
import { migrate, MIGRATIONS } from "../../../webapp/database/migrations";
import { sharedPostgres } from "../../postgres";
import { freshDatabase, start } from "../helper";

async function connected<Result>(
  url: string,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client as unknown as PoolClient);
  } finally {
    await client.end();
  }
}

describe("migrations", () => {
  let url: string;
  beforeEach(async () => {
    url = (await freshDatabase()).DATABASE_URL!;
  });

  it("run once, however many instances start at once", async () => {
    const applied = await Promise.all(
      Array.from({ length: 20 }, () => connected(url, (client) => migrate(client))),
    );
    assert.equal(
      applied.reduce((sum, each) => sum + each, 0),
      MIGRATIONS.length,
    );
  });

  it("create the users table", async () => {
    await connected(url, (client) => migrate(client));
    const server = await sharedPostgres();
    const { rows } = await server.query(
      `SELECT column_name, data_type, character_maximum_length AS length, is_nullable FROM information_schema.columns
       WHERE table_name = 'users' ORDER BY ordinal_position`,
      new URL(url).pathname.slice(1),
    );
    assert.deepEqual(rows, [
      { column_name: "id", data_type: "integer", length: null, is_nullable: "NO" },
      { column_name: "username", data_type: "character varying", length: 80, is_nullable: "NO" },
      { column_name: "email", data_type: "character varying", length: 120, is_nullable: "NO" },
    ]);
  });

  it("accept an address only once in any case of letters, and keep existing users whose addresses differ by case", async () => {
    const [first] = MIGRATIONS;
    const long = `${"x".repeat(108)}@Example.com`;
    const emails = [
      "Ann@example.com",
      "ann@example.com",
      "ANN@example.com",
      "Bob@Example.com",
      long,
      long.toLowerCase(),
    ];
    const listed = await connected(url, async (client) => {
      await migrate(client, [first!]);
      for (const [at, email] of emails.entries())
        await client.query("INSERT INTO users (username, email) VALUES ($1, $2)", [`u${at}`, email]);
      await migrate(client);
      await assert.rejects(
        client.query("INSERT INTO users (username, email) VALUES ('other', 'BOB@example.com')"),
        { code: "23505", constraint: "users_email_unique" },
      );
      return (await client.query<{ email: string }>("SELECT email FROM users ORDER BY id")).rows;
    });
    assert.deepEqual(
      listed.map(({ email }) => email),
      [
        "ann@example.com",
        "ann@example.com#2",
        "ann@example.com#3",
        "bob@example.com",
        long.toLowerCase(),
        `${long.toLowerCase().slice(0, 118)}#6`,
      ],
    );
  });

  it("continue where an older version stopped, and leave nothing of one that fails", async () => {
    const first = "CREATE TABLE a (x integer)";
    const second = "ALTER TABLE a ADD y integer";
    assert.equal(await connected(url, (client) => migrate(client, [first])), 1);
    await assert.rejects(
      connected(url, (client) => migrate(client, [first, second, "SELECT 1/0"])),
      /division by zero/,
    );
    assert.equal(await connected(url, (client) => migrate(client, [first, second])), 1);
    assert.equal(await connected(url, (client) => migrate(client, [first, second])), 0);
  });

  it("leave a database alone if a newer version has migrated it", async () => {
    await connected(url, (client) =>
      migrate(client, ["CREATE TABLE a (x integer)", "CREATE TABLE b (x integer)"]),
    );
    assert.equal(await connected(url, (client) => migrate(client, ["CREATE TABLE a (x integer)"])), 0);
  });

  it("let many whole instances serve at once on an empty database", async () => {
    const environment = { DATABASE_URL: url, DATABASE_TLS: "off", DATABASE_POOL_SIZE: "2" };
    const instances = await Promise.all(Array.from({ length: 8 }, () => start(environment)));
    const codes = await Promise.all(
      instances.map(async ({ app }) => (await app.inject("/users")).statusCode),
    );
    assert.deepEqual(codes, Array(8).fill(200));
  });
});
