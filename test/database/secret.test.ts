import { strict as assert } from "node:assert";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { Client } from "pg";
import type { AgentConfig } from "../../functions/database/agent/config";
import { fillSecret } from "../../functions/database/agent/first-secret";
import { passwordPorts, SecretPorts } from "../../functions/database/agent/password-ports";
import { freePort } from "../../sandbox/ports";
import { Emulated, REGION, skipWithoutEmulators, startEmulated } from "../emulated";
import { missingPrograms, Site } from "../rig/backup/site";
import { skip } from "../skip";

/** On a real PostgreSQL, made by the start script, and a secret in Secrets Manager that no first start has filled. */
describe("A secret that replaces the one from the first start", function () {
  this.timeout(240_000);
  let emulated: Emulated;
  let secrets: SecretsManager;
  let site: Site;
  let ports: SecretPorts;
  let SecretId: string;
  const environment = { ...process.env };

  before(async function () {
    const missing = missingPrograms();
    if (missing) skip(this, "pgbackrest", missing);
    await skipWithoutEmulators(this);
    emulated = await startEmulated("secret");
    secrets = new SecretsManager(emulated.client);
    SecretId = (await secrets.createSecret({ Name: "another" })).ARN!;
    const { credentials } = emulated.client;
    const port = await freePort();
    // Nothing is archived here: what it is told of S3 is nowhere.
    const s3 = { port: 1, authority: "", close: async () => undefined };
    site = new Site({ bucketName: "none", region: REGION, s3, credentials }, port);
    site.start();
    await site.ready();
    Object.assign(process.env, emulated.environment);
    const config = { region: REGION, secretArn: SecretId, runDir: site.at("run"), port, user: "postgres" };
    ports = passwordPorts(config as AgentConfig);
  });
  after(async () => {
    for (const name of Object.keys(emulated?.environment ?? {}))
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    await site?.down();
    await emulated?.stop();
  });

  const signIn = async (secret: Record<string, string>) => {
    const { username: user, password, host, dbname: database, ca } = secret;
    const client = new Client({ host, port: site.config.port, user, password, database, ssl: { ca } });
    await client.connect();
    const { rows } = await client.query<{ who: string }>("SELECT current_user AS who");
    await client.end();
    return rows[0]!.who;
  };

  it("gets working credentials, while the former ones still work", async () => {
    const former = /"username":"app","password":"([^"]+)"/.exec(site.told())![1]!;
    assert.equal(await ports.filled(), false);
    assert.equal(await fillSecret(ports), "changed");
    assert.equal(await ports.filled(), true);
    const { SecretString } = await secrets.getSecretValue({ SecretId });
    const secret = JSON.parse(SecretString!) as Record<string, string>;
    assert.equal(secret.username, "app_b");
    assert.equal(await signIn(secret), "app");
    assert.equal(await signIn({ ...secret, username: "app", password: former }), "app");
  });
});
