/** The queries that a connection to PostgreSQL answers. */
export interface Sql {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** Any number works, as long as every call uses the same one. */
const LOCK = 20_261_127;

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** What the web app created while it still signed in as the master. */
const TABLES = ["schema_version", "users"];

/**
 * Gives an app its own user in the database that `master` is connected to. The user signs in by IAM and creates tables in a schema of
 * its own name, which comes first in its search path. It owns nothing else, not even the schema. A second run changes nothing. Whatever
 * the app created earlier as the master, in `public`, becomes the user's.
 */
export async function grantAppUser(master: Sql, user: string): Promise<{ made: boolean; moved: string[] }> {
  if (!NAME.test(user))
    throw new Error(`the user must be small letters, digits and underscores, got ${JSON.stringify(user)}`);
  await master.query("BEGIN");
  try {
    await master.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    const { rows } = await master.query("SELECT FROM pg_roles WHERE rolname = $1", [user]);
    const made = rows.length === 0;
    if (made) await master.query(`CREATE ROLE ${user} LOGIN`);
    await master.query(`CREATE SCHEMA IF NOT EXISTS ${user}`);
    await master.query(`GRANT USAGE, CREATE ON SCHEMA ${user} TO ${user}`);
    const moved = made ? await moveTables(master, user) : [];
    if (!(await isMember(master, user, "rds_iam"))) await master.query(`GRANT rds_iam TO ${user}`);
    await master.query("COMMIT");
    return { made, moved };
  } catch (error) {
    await master.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function isMember(master: Sql, user: string, group: string): Promise<boolean> {
  const { rows } = await master.query(
    "SELECT FROM pg_auth_members WHERE member = $1::regrole AND roleid = $2::regrole",
    [user, group],
  );
  return rows.length > 0;
}

/** To transfer ownership, the master must be a member of the new owner: only while that takes, and no longer. */
async function moveTables(master: Sql, user: string): Promise<string[]> {
  const { rows } = await master.query(
    `SELECT tablename AS name FROM pg_tables
     WHERE schemaname = 'public' AND tableowner = current_user AND tablename = ANY ($1) ORDER BY 1`,
    [TABLES],
  );
  const tables = rows.map(({ name }) => name as string);
  if (tables.length === 0) return [];
  await master.query(`GRANT ${user} TO CURRENT_USER`);
  for (const table of tables) {
    await master.query(`ALTER TABLE public.${table} SET SCHEMA ${user}`);
    await master.query(`ALTER TABLE ${user}.${table} OWNER TO ${user}`);
  }
  await master.query(`REVOKE ${user} FROM CURRENT_USER GRANTED BY CURRENT_USER`);
  return tables;
}
