import assert from "node:assert/strict";
import { readConfig } from "../../../webapp/config";
import { identitySource } from "../../../webapp/identity/identity";
import {
  awsPlatformPorts,
  type PlatformPorts,
  readPlatformSettings,
} from "../../../webapp/identity/settings";
import { Pool, POOL, SETTINGS } from "./pool";

const PATH = "/groundwork/dev";
const WRITTEN: Record<string, string> = {
  [`${PATH}/identity/user-pool-id`]: POOL,
  [`${PATH}/identity/web-client-id`]: "web-client",
  [`${PATH}/identity/web-client-secret`]: "web-secret",
  [`${PATH}/identity/api-client-id`]: "api-client",
  [`${PATH}/identity/session-key-arn`]: SETTINGS.sessionKeyArn,
  [`${PATH}/identity/password-minimum-length`]: "12",
  [`${PATH}/identity/self-sign-up`]: "true",
  [`${PATH}/identity/threat-protection`]: "true",
  [`${PATH}/identity/passkey-site`]: "off",
};
const config = readConfig({ PARAMETER_PATH: PATH, AWS_REGION: "eu-west-1" });

/** Ports that read what is written, and what they were asked. */
function written(values: Record<string, string | undefined> = WRITTEN) {
  const asked: unknown[] = [];
  const ports: PlatformPorts = {
    async parameters(names) {
      asked.push(names);
      return values as Record<string, string>;
    },
    async mac(...words) {
      asked.push(words);
      return Buffer.alloc(32, 7);
    },
  };
  return { ports, asked };
}

describe("the sign-in settings", () => {
  it("are read from the parameters that the stack wrote", async () => {
    const { ports, asked } = written();
    assert.deepEqual(await readPlatformSettings(PATH, undefined, ports), SETTINGS);
    assert.deepEqual(asked, [Object.keys(WRITTEN)]);
  });

  it("let people sign themselves up only if the stack says so", async () => {
    const { ports } = written({ ...WRITTEN, [`${PATH}/identity/self-sign-up`]: "false" });
    assert.equal((await readPlatformSettings(PATH, undefined, ports)).selfSignUp, false);
  });

  it("say where people's passkeys work, if anywhere", async () => {
    const { ports } = written({ ...WRITTEN, [`${PATH}/identity/passkey-site`]: "www.example.org" });
    assert.equal((await readPlatformSettings(PATH, undefined, ports)).passkeySite, "www.example.org");
  });

  it("refuses to go on without one of them, and names all that are missing", async () => {
    const missing = [`${PATH}/identity/web-client-id`, `${PATH}/identity/session-key-arn`];
    const { ports } = written({ ...WRITTEN, [missing[0]!]: undefined, [missing[1]!]: undefined });
    await assert.rejects(readPlatformSettings(PATH, undefined, ports), {
      message: `the parameters ${missing.join(", ")} must exist, but do not yet`,
    });
  });
});

describe("the ports on AWS", () => {
  let pool: Pool;
  before(async () => void (pool = await new Pool().start()));
  after(() => pool.stop());

  it("read parameters with their secrets", async () => {
    pool.answer = () => ({ Parameters: [{ Name: "a", Value: "b" }] });
    assert.deepEqual(await awsPlatformPorts(config).parameters(["a", "c"]), { a: "b" });
    assert.deepEqual(pool.calls.pop(), ["GetParameters", { Names: ["a", "c"], WithDecryption: true }]);
    pool.answer = () => ({});
    assert.deepEqual(await awsPlatformPorts(config).parameters(["a"]), {});
  });

  it("let KMS derive a secret that nobody else can", async () => {
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    pool.answer = () => ({ Mac: base64("secret") });
    const mac = await awsPlatformPorts(config).mac("arn:key", "words");
    assert.equal(Buffer.from(mac).toString(), "secret");
    assert.deepEqual(pool.calls.pop(), [
      "GenerateMac",
      { KeyId: "arn:key", MacAlgorithm: "HMAC_SHA_256", Message: base64("words") },
    ]);
  });
});

describe("what sign-in depends on", () => {
  let pool: Pool;
  before(async () => void (pool = await new Pool().start()));
  after(() => pool.stop());

  it("is read once, and gives people, keys and a verifier for one pool", async () => {
    const { ports, asked } = written();
    const source = identitySource(config, ports);
    const [one, two] = await Promise.all([source(), source()]);
    assert.equal(one, two);
    assert.deepEqual(asked, [Object.keys(WRITTEN), [SETTINGS.sessionKeyArn, "groundwork web session v1"]]);
    assert.deepEqual(one.settings, SETTINGS);
    assert.equal((await one.verify(pool.token())).username, "ann");
    assert.equal(one.keys.isFormToken("a", one.keys.formToken("a")), true);
    pool.answer = () => ({ AuthenticationResult: { IdToken: "id", AccessToken: "access" } });
    assert.equal((await one.people.refresh("ann", "refresh")).id, "id");
    assert.equal(pool.calls.at(-1)![0], "InitiateAuth");
  });

  it("is read again after a failure", async () => {
    const missing = { ...WRITTEN, [`${PATH}/identity/user-pool-id`]: undefined };
    const values: Record<string, string | undefined> = { ...missing };
    const source = identitySource(config, written(values).ports);
    await assert.rejects(source(), /user-pool-id must exist/);
    Object.assign(values, WRITTEN);
    assert.equal((await source()).settings.userPoolId, POOL);
  });

  it("includes the uploads from the parameter that the environment names", async () => {
    const name = `${PATH}/uploads/settings`;
    const uploads = { normalBucket: "normal" };
    const own = readConfig({ PARAMETER_PATH: PATH, UPLOADS_PARAMETER: name });
    const { ports } = written({ ...WRITTEN, [name]: JSON.stringify(uploads) });
    assert.deepEqual((await identitySource(own, ports)()).settings.uploads, uploads);
  });
});
