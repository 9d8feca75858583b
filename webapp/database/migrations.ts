import type { PoolClient } from "pg";

/** Each runs once, in this order, forever: append to the list, never change an entry. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE users (
     id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     username varchar(80) NOT NULL CONSTRAINT users_username_unique UNIQUE,
     email varchar(120) NOT NULL CONSTRAINT users_email_unique UNIQUE
   )`,
  // Addresses ignore letter case. Of users who had one in several spellings, the first keeps it; the others stay, with their ids added
  // to their addresses.
  `ALTER TABLE users DROP CONSTRAINT users_email_unique;
   UPDATE users SET email = left(lower(email), 119 - length(id::text)) || '#' || id
     WHERE EXISTS (SELECT FROM users AS first WHERE lower(first.email) = lower(users.email) AND first.id < users.id);
   UPDATE users SET email = lower(email) WHERE email <> lower(email);
   CREATE UNIQUE INDEX users_email_unique ON users (lower(email))`,
];

// Any number works, as long as every instance uses the same one.
const LOCK = 20_261_121;
const MIGRATION_MS = 60_000;

/** Updates the tables. Any number of instances may do so at once: the others wait for the first. */
export async function migrate(client: PoolClient, migrations = MIGRATIONS): Promise<number> {
  if ((await versionOf(client)) >= migrations.length) return 0;
  await client.query("BEGIN");
  try {
    // A request waits for this, so a long migration in another instance should show as "not available" instead of silence.
    await client.query(
      `SET LOCAL lock_timeout = '1500ms'; SET LOCAL statement_timeout = '${MIGRATION_MS}ms'`,
    );
    await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    await client.query(
      "CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())",
    );
    const from = await versionOf(client);
    for (let version = from; version < migrations.length; version += 1) {
      const statement = { text: migrations[version]!, query_timeout: MIGRATION_MS };
      await client.query(statement);
      await client.query("INSERT INTO schema_version (version) VALUES ($1)", [version + 1]);
    }
    await client.query("COMMIT");
    return Math.max(0, migrations.length - from);
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function versionOf(client: PoolClient): Promise<number> {
  const { rows: found } = await client.query<{ found: boolean }>(
    "SELECT to_regclass('schema_version') IS NOT NULL AS found",
  );
  if (!found[0]?.found) return 0;
  const { rows } = await client.query<{ version: number }>(
    "SELECT coalesce(max(version), 0) AS version FROM schema_version",
  );
  return rows[0]?.version ?? 0;
}
