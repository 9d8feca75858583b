import assert from "node:assert/strict";
import { Database } from "../../../webapp/database/database";
import { urlCredentials } from "../../../webapp/database/credentials";
import { tlsOptions } from "../../../webapp/database/tls";
import { readConfig } from "../../../webapp/config";
import { Postgres } from "../../postgres";
import { createAuthority } from "../certificates";

describe("TLS to the database", () => {
  const authority = createAuthority();
  let server: Postgres;
  before(async () => {
    server = await Postgres.start({ tls: authority.issue(["127.0.0.1"]) });
  });
  after(() => server.stop());

  async function encryption(ca: string | undefined, host = "127.0.0.1", secretCa?: string): Promise<string> {
    const environment = {
      DATABASE_URL: server.url().replace("127.0.0.1", host),
      ...(ca && { DATABASE_CA: ca }),
    };
    const found = async () => ({
      ...(await urlCredentials(environment.DATABASE_URL).current()),
      ca: secretCa,
    });
    const database = new Database(
      { current: found, renew: found },
      { tls: tlsOptions(readConfig(environment)), poolSize: 1 },
    );
    try {
      const sql = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
      return (await database.read<{ version: string }>({ text: sql })).rows[0]!.version;
    } catch (error) {
      return String(((error as Error).cause as { code: string }).code);
    } finally {
      await database.close();
    }
  }

  it("is verified against the stack's own authority, for addresses and names", async () => {
    assert.equal(await encryption(authority.certificate), "TLSv1.3");
  });

  it("is verified against the authority that the secret names, unless the settings name one", async () => {
    const another = createAuthority("Another authority").certificate;
    assert.equal(await encryption(undefined, "127.0.0.1", authority.certificate), "TLSv1.3");
    assert.equal(await encryption(authority.certificate, "127.0.0.1", another), "TLSv1.3");
    assert.equal(await encryption(undefined, "127.0.0.1", another), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });

  it("refuses a server of another authority", async () => {
    assert.equal(
      await encryption(createAuthority("Another authority").certificate),
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    );
  });

  it("refuses a server that only RDS and the public authorities could vouch for", async () => {
    assert.equal(await encryption(undefined), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });

  it("refuses a server whose certificate names another host", async () => {
    assert.equal(await encryption(authority.certificate, "localhost"), "ERR_TLS_CERT_ALTNAME_INVALID");
  });

  it("refuses a server without TLS", async () => {
    const plain = await Postgres.start();
    const config = readConfig({ DATABASE_URL: plain.url() });
    const database = new Database(urlCredentials(plain.url()), { tls: tlsOptions(config), poolSize: 1 });
    await assert.rejects(database.check(), (error: Error) =>
      /does not support SSL/.test(String((error.cause as Error).message)),
    );
    await database.close();
    await plain.stop();
  });
});
