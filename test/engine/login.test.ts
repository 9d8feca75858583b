// The two commands that npm run bootstrap prints, by the official CLI against the emulators: the state lies in the bucket that it made, and
// the stack's secrets are sealed by its key. AWS's hosts are stood in for by one address; all else is as it was printed.
import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";
import { Emulated, REGION, skipWithoutEmulators, startEmulated } from "../emulated";
import { ServiceQuotas, startServiceQuotas } from "../bootstrap/service-quotas";
import { newFolder } from "../folder";
import { cliFor } from "./stack";

const ROOT = path.join(__dirname, "../..");

describe("the commands that npm run bootstrap prints", function () {
  this.timeout(180_000);
  let emulated: Emulated;
  let quotas: ServiceQuotas;
  let cli: string;
  let folder: string;
  let printed: string;
  before(async function () {
    cli = cliFor(this);
    await skipWithoutEmulators(this);
    emulated = await startEmulated("login");
    quotas = await startServiceQuotas();
    folder = newFolder("groundwork-login");
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: groundwork\nruntime: nodejs\n");
    const args = ["--stack", "first", "--region", REGION, "--yes"];
    ({ stdout: printed } = await promisify(execFile)(
      process.execPath,
      ["scripts/with-install.cjs", "scripts/bootstrap/run.ts", ...args],
      {
        cwd: ROOT,
        env: {
          PATH: process.env.PATH,
          HOME: emulated.folder,
          ...emulated.environment,
          ...quotas.environment,
        },
      },
    ));
  });
  after(async () => {
    await quotas?.close();
    await emulated?.stop();
  });

  const pulumi = async (home: string, ...args: string[]) => {
    const { stdout } = await promisify(execFile)(path.join(cli, "pulumi"), [...args, "--non-interactive"], {
      cwd: folder,
      env: {
        ...process.env,
        ...emulated.environment,
        PULUMI_HOME: path.join(folder, home),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PATH: `${cli}${path.delimiter}${process.env.PATH}`,
      },
    });
    return stdout.trim();
  };
  const quoted = (before: string) => new RegExp(`${before} '([^']+)'`).exec(printed)![1]!;

  it("log in to the bucket, and create a stack whose secrets only its own key decrypts", async () => {
    const [backend, key] = [quoted("pulumi login"), quoted("--secrets-provider")];
    const login = (home: string) => pulumi(home, "login", `${backend}&use_path_style=true`);
    const of = ["--stack", "first"];
    await login("one");
    await pulumi("one", "stack", "init", "first", "--secrets-provider", key);
    await pulumi("one", "config", "set", ...of, "--secret", "word", "kept by KMS");
    const settings = fs.readFileSync(path.join(folder, "Pulumi.first.yaml"), "utf8");
    assert.ok(settings.startsWith(`secretsprovider: ${key}\nencryptedkey: `), settings);
    assert.doesNotMatch(settings, /kept by KMS/);

    const s3 = new S3({ ...emulated.client, forcePathStyle: true });
    const state = { Bucket: new URL(backend).host, Key: ".pulumi/stacks/groundwork/first.json" };
    assert.ok((await s3.headObject(state)).ContentLength);

    await login("another");
    assert.equal(await pulumi("another", "config", "get", ...of, "word"), "kept by KMS");
    const kms = new KMS(emulated.client);
    const { KeyMetadata } = await kms.describeKey({ KeyId: "alias/groundwork-first-secrets" });
    await kms.disableKey({ KeyId: KeyMetadata!.KeyId });
    await assert.rejects(pulumi("another", "config", "get", ...of, "word"), /DisabledException/);
  });
});
