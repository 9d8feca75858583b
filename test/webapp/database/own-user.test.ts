import assert from "node:assert/strict";
import { Client } from "pg";
import { grantAppUser } from "../../../functions/database/app-user/grant";
import { signIn } from "../../../functions/database/app-user/sign-in";
import { MIGRATIONS } from "../../../webapp/database/migrations";
import { Postgres } from "../../postgres";
import { createAuthority } from "../certificates";
import { start } from "../helper";

const add = { method: "POST", url: "/users", payload: { username: "a", email: "a@example.com" } } as const;

/** RDS's master, as PostgreSQL sees one: no superuser, but it makes roles and hands out what RDS lets it. */
const AS_RDS = `CREATE ROLE rds_iam NOLOGIN;
  CREATE ROLE master LOGIN CREATEROLE CREATEDB PASSWORD 'master';
  GRANT rds_iam TO master WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`;

describe("the app's own user of a managed database", () => {
  const authority = createAuthority();
  let server: Postgres;
  let database: string;
  let made: { made: boolean; moved: string[] };

  before(async () => {
    server = await Postgres.start({ tls: authority.issue(["127.0.0.1"]) });
    await server.query(AS_RDS);
  });
  after(() => server.stop());

  beforeEach(async () => {
    database = await server.createDatabase();
    await server.query(`ALTER DATABASE ${database} OWNER TO master`);
    made = await granted();
    // RDS asks IAM about a token; here a password that is called so stands for it.
    await server.query("ALTER ROLE web PASSWORD 'token'");
  });
  afterEach(async () => {
    await server.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await server.query("DROP ROLE web");
  });

  async function as<Result>(user: string, password: string, work: (client: Client) => Promise<Result>) {
    const client = new Client({ connectionString: server.url(database, user, password) });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  const granted = () => as("master", "master", (client) => grantAppUser(client, "web"));
  const attempt = (sql: string) =>
    as("web", "token", (client) =>
      client.query(sql).then(
        () => "done",
        ({ message }: Error) => message,
      ),
    );

  async function app(tokens: () => string, more: Record<string, string> = {}) {
    const asked: { host: string; port: number; user: string }[] = [];
    const running = await start(
      {
        DATABASE_IAM_USER: "web",
        DATABASE_HOST: server.host,
        DATABASE_PORT: String(server.port),
        DATABASE_NAME: database,
        DATABASE_CA: authority.certificate,
        AWS_REGION: "eu-west-1",
        ...more,
      },
      {
        databaseToken: async (at) => {
          asked.push(at);
          return tokens();
        },
      },
    );
    return { ...running, asked };
  }

  it("serves everything that the app does, with TLS and a separate token for each connection", async () => {
    const { app: web, asked } = await app(() => "token");
    assert.equal((await web.inject(add)).statusCode, 201);
    assert.deepEqual((await web.inject("/users")).json(), [{ email: "a@example.com", id: 1, username: "a" }]);
    assert.equal((await web.inject("/health/ready")).statusCode, 200);
    const { rows } = await server.query(
      "SELECT usename, ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'groundwork-web'",
    );
    assert.ok(rows.length > 0);
    assert.deepEqual(
      rows,
      rows.map(() => ({ usename: "web", ssl: true })),
    );
    assert.deepEqual(
      asked,
      rows.map(() => ({ host: server.host, port: server.port, user: "web" })),
    );
  });

  it("may do in its own schema what the app does, and nothing that a master may", async () => {
    await as("master", "master", (client) => client.query("CREATE TABLE theirs (x integer)"));
    await server.query("CREATE SCHEMA other; CREATE TABLE other.secret (x integer)", database);
    assert.deepEqual(
      {
        role: await attempt("CREATE ROLE friend"),
        superuser: await attempt("ALTER ROLE web SUPERUSER"),
        createrole: await attempt("ALTER ROLE web CREATEROLE"),
        database: await attempt("CREATE DATABASE another"),
        member: await attempt("SET ROLE master"),
        grant: await attempt("GRANT rds_iam TO master"),
        passwords: await attempt("SELECT rolpassword FROM pg_authid"),
        read: await attempt("SELECT * FROM public.theirs"),
        drop: await attempt("DROP TABLE public.theirs"),
        elsewhere: await attempt("SELECT * FROM other.secret"),
        public: await attempt("CREATE TABLE public.mine (x integer)"),
        schema: await attempt("DROP SCHEMA web"),
        newSchema: await attempt("CREATE SCHEMA mine"),
        files: await attempt("SELECT pg_read_file('/etc/passwd')"),
        program: await attempt("COPY (SELECT 1) TO PROGRAM 'true'"),
        own: await attempt("CREATE TABLE mine (x integer); DROP TABLE mine"),
      },
      {
        role: "permission denied to create role",
        superuser: "permission denied to alter role",
        createrole: "permission denied to alter role",
        database: "permission denied to create database",
        member: 'permission denied to set role "master"',
        grant: 'permission denied to grant role "rds_iam"',
        passwords: "permission denied for table pg_authid",
        read: "permission denied for table theirs",
        drop: "must be owner of table theirs",
        elsewhere: "permission denied for schema other",
        public: "permission denied for schema public",
        schema: "must be owner of schema web",
        newSchema: `permission denied for database ${database}`,
        files: "permission denied for function pg_read_file",
        program: "permission denied to COPY to or from an external program",
        own: "done",
      },
    );
  });

  it("is created once, however often and however many at once ask for it", async () => {
    assert.deepEqual(made, { made: true, moved: [] });
    const { rows: groups } = await server.query(
      "SELECT roleid::regrole::text AS of FROM pg_auth_members WHERE member = 'web'::regrole",
    );
    assert.deepEqual(groups, [{ of: "rds_iam" }]);
    const all = await Promise.all([granted(), granted(), granted()]);
    assert.deepEqual(
      all,
      all.map(() => ({ made: false, moved: [] })),
    );
    await server.query(`DROP OWNED BY web, master`, database);
    await server.query("DROP ROLE web");
    const first = await Promise.all([granted(), granted(), granted()]);
    assert.deepEqual(first.filter((each) => each.made).length, 1);
  });

  it("gets the tables that the app created as the master, with their content", async () => {
    await server.query(`DROP OWNED BY web`, database);
    await server.query(`DROP SCHEMA IF EXISTS web`, database);
    await server.query("DROP ROLE web");
    await as("master", "master", async (client) => {
      for (const migration of MIGRATIONS) await client.query(migration);
      await client.query("CREATE TABLE schema_version (version integer, applied timestamptz DEFAULT now())");
      await client.query("INSERT INTO schema_version VALUES ($1)", [MIGRATIONS.length]);
      await client.query("INSERT INTO users (username, email) VALUES ('old', 'old@example.com')");
      await client.query("CREATE TABLE theirs (x integer)");
    });
    assert.deepEqual(await granted(), { made: true, moved: ["schema_version", "users"] });
    await server.query("ALTER ROLE web PASSWORD 'token'");
    const { app: web } = await app(() => "token");
    assert.equal((await web.inject(add)).statusCode, 201);
    assert.deepEqual(
      (await web.inject("/users")).json().map(({ username }: { username: string }) => username),
      ["a", "old"],
    );
    const { rows } = await server.query(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
      database,
    );
    assert.deepEqual(rows, [{ tablename: "theirs" }]);
    // Whoever may become the user may use all that is its own, and signs in as one of rds_iam.
    assert.equal(
      await as("master", "master", (client) => client.query("SET ROLE web").catch((e: Error) => e.message)),
      'permission denied to set role "web"',
    );
  });

  it("is migrated once by servers that start at the same time", async () => {
    const servers = await Promise.all(Array.from({ length: 4 }, () => app(() => "token")));
    await Promise.all(servers.map(({ app: web }) => web.inject("/health/ready")));
    const ready = await Promise.all(servers.map(({ app: web }) => web.inject("/health/ready")));
    assert.deepEqual(
      ready.map(({ statusCode }) => statusCode),
      [200, 200, 200, 200],
    );
    const { rows } = await server.query(
      "SELECT schemaname, tablename FROM pg_tables WHERE tableowner = 'web' ORDER BY 2",
      database,
    );
    assert.deepEqual(rows, [
      { schemaname: "web", tablename: "schema_version" },
      { schemaname: "web", tablename: "users" },
    ]);
  });

  it("signs in again when a token is refused, and says that the database is not available if that fails", async () => {
    let token = "expired";
    const tokens = ["expired"];
    const { app: web, asked } = await app(() => tokens.shift() ?? token);
    token = "token";
    assert.equal((await web.inject("/users")).statusCode, 200);
    assert.equal(asked.length, 2);

    const { app: never, lines } = await app(() => "wrong");
    const refused = await never.inject("/users");
    assert.equal(refused.statusCode, 503);
    assert.equal(refused.json().message, "the database is not available, try again in a moment");
    const told = lines.filter((line) => JSON.stringify(line).includes("28P01"));
    assert.ok(told.length > 0, "the log says that it was refused");
    assert.ok(!JSON.stringify(lines).includes('"wrong"'));
  });

  it("says that the database is not available while no token can be created", async () => {
    const { app: web, lines } = await app(() => {
      throw new Error("Could not load credentials from any providers");
    });
    assert.equal((await web.inject("/users")).statusCode, 503);
    assert.ok(lines.some((line) => JSON.stringify(line).includes("Could not load credentials")));
  });

  describe("is created by the master, who signs in", () => {
    const ports = (secrets: string[]) => {
      const used: string[] = [];
      let waits = 0;
      return {
        used,
        waits: () => waits,
        secret: async () => ({ username: "master", password: secrets.shift()! }),
        token: async () => "by-token",
        connect: async (user: string, password: string) => {
          used.push(password);
          const client = new Client({ connectionString: server.url(database, user, password) });
          await client.connect();
          await client.end();
          return user;
        },
        wait: async () => void (waits += 1),
      };
    };

    it("with the secret's current password, which RDS may change at any time", async () => {
      const changing = ports(["former", "master"]);
      assert.equal(await signIn(changing), "master");
      assert.deepEqual([changing.used, changing.waits()], [["former", "by-token", "master"], 1]);
    });

    it("with a token if its password no longer works", async () => {
      await server.query("ALTER ROLE master PASSWORD 'by-token'");
      try {
        const onlyToken = ports(["master"]);
        assert.equal(await signIn(onlyToken), "master");
        assert.deepEqual([onlyToken.used, onlyToken.waits()], [["master", "by-token"], 0]);
      } finally {
        await server.query("ALTER ROLE master PASSWORD 'master'");
      }
    });

    it("or reports after a while why it cannot", async () => {
      const never = ports(Array.from({ length: 18 }, () => "wrong"));
      await assert.rejects(signIn(never), /password authentication failed for user "master"/);
      assert.equal(never.waits(), 17);
    });
  });

  it("refuses a name that contains more than a name", async () => {
    await assert.rejects(grantAppUser({ query: () => Promise.reject(new Error("asked")) }, 'web"; DROP'), {
      message: 'the user must be small letters, digits and underscores, got "web\\"; DROP"',
    });
  });
});
