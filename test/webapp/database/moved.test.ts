import assert from "node:assert/strict";
import type { Credentials } from "../../../webapp/database/credentials";
import { urlCredentials } from "../../../webapp/database/credentials";
import { Database } from "../../../webapp/database/database";
import { DatabaseUnavailable } from "../../../webapp/database/errors";
import { tlsOptions } from "../../../webapp/database/tls";
import { readConfig } from "../../../webapp/config";
import { freePort } from "../../../sandbox/ports";
import { until } from "../../../sandbox/problem";
import { Postgres } from "../../postgres";
import { createAuthority } from "../certificates";

describe("A database that has moved since the secret was read", () => {
  const [authority, former] = [createAuthority(), createAuthority("The former authority")];
  let server: Postgres;
  let found: Credentials;
  before(async () => {
    server = await Postgres.start({ tls: authority.issue(["127.0.0.1"]) });
    found = { ...(await urlCredentials(server.url()).current()), ca: authority.certificate };
  });
  after(() => server.stop());

  async function served(first: Credentials): Promise<{ refused: unknown; renewals: number }> {
    let renewals = 0;
    const renew = async () => {
      renewals += 1;
      return found;
    };
    const tls = tlsOptions(readConfig({ DATABASE_URL: server.url() }));
    const database = new Database({ current: async () => first, renew }, { tls, poolSize: 1 });
    try {
      const refused: unknown = await database.check().catch((error: unknown) => error);
      const answer = () =>
        database.check().then(
          () => "it answers",
          ({ cause }: Error) => String(cause),
        );
      const wanted = (said: string) => said === "it answers";
      await until("An answer", answer, { everyMs: 20, wanted, advice: () => server.log });
      return { refused, renewals };
    } finally {
      await database.close();
    }
  }

  it("is found when its host has changed, by the request after the one that was refused", async () => {
    const { refused, renewals } = await served({ ...found, port: await freePort() });
    assert.ok(refused instanceof DatabaseUnavailable);
    assert.equal(renewals, 1);
  });

  it("is trusted again when its certificate has changed", async () => {
    const { refused, renewals } = await served({ ...found, ca: former.certificate });
    assert.ok(refused instanceof DatabaseUnavailable);
    assert.equal(renewals, 1);
  });

  it("is not looked up at every request while it is away", async () => {
    let renewals = 0;
    const away = { ...found, port: await freePort() };
    const renew = async () => {
      renewals += 1;
      return away;
    };
    const tls = tlsOptions(readConfig({ DATABASE_URL: server.url() }));
    const database = new Database({ current: async () => away, renew }, { tls, poolSize: 1 });
    try {
      for (let request = 0; request < 5; request++)
        await assert.rejects(database.check(), DatabaseUnavailable);
      assert.equal(renewals, 1);
    } finally {
      await database.close();
    }
  });
});
