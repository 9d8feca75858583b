// The sandbox's tables behind Pulumi's protocol, asked as the engine asks them; what the engine makes of it: test/engine/sandbox.test.ts.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as net from "node:net";
import * as path from "node:path";
import { awsEnvironment } from "../../sandbox/emulators/endpoints";
import { root } from "../../sandbox/paths";
import { userOf } from "../../sandbox/provider/caller";
import { Providers, startProviders } from "../../sandbox/provider/process";
import { until } from "../../sandbox/problem";
import { skip } from "../skip";
import { listeningEngine, ProviderClient, URN, Values } from "./provider-client";
import { SharedSandbox, sharedSandbox } from "./shared";

const BUCKET = "aws:s3/bucket:Bucket";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("the provider of the emulators", () => {
  let sandbox: SharedSandbox;
  let providers: Providers;
  let client: ProviderClient;
  before(async function () {
    sandbox = await sharedSandbox(this);
    providers = await startProviders({ ...process.env, ...awsEnvironment(sandbox.state.endpoints) });
    client = new ProviderClient(`127.0.0.1:${providers.aws}`);
    assert.deepEqual(
      await client.configure({
        region: "eu-west-1",
        defaultTags: JSON.stringify({ tags: { team: "engines" } }),
      }),
      { preview: true, secrets: false },
    );
  });
  after(() => {
    client?.close();
    providers?.close();
  });

  const tagsOf = async (bucket: string) => {
    const s3 = await sandbox.use("s3");
    const { TagSet } = await s3.getBucketTagging({ Bucket: bucket });
    return Object.fromEntries(TagSet!.map(({ Key, Value }) => [Key, Value]));
  };
  const stands = async (bucket: string) => {
    const s3 = await sandbox.use("s3");
    return s3.headBucket({ Bucket: bucket }).then(
      () => true,
      () => false,
    );
  };
  /** A bucket as the engine makes it. */
  const made = async (name: string, given: Values = {}) => {
    const urn = URN(BUCKET, name);
    const inputs = await client.check(urn, given);
    return { urn, inputs, ...(await client.create(urn, inputs)) };
  };

  it("refuses a type that it cannot create, and names it", async () => {
    await assert.rejects(
      client.check(URN("aws:chime/voiceConnector:VoiceConnector", "calls"), {}),
      /the sandbox does not make the type aws:chime\/voiceConnector:VoiceConnector/,
    );
  });

  it("generates a name for what the program leaves unnamed, once", async () => {
    const urn = URN(BUCKET, "unnamed");
    const first = await client.check(urn, {});
    assert.match(String(first["bucket"]), /^unnamed-[0-9a-f]{7}$/);
    assert.equal((await client.check(urn, {}, first))["bucket"], first["bucket"]);
    assert.notEqual((await client.check(urn, {}))["bucket"], first["bucket"]);
    assert.equal((await client.check(urn, { bucket: "given" }))["bucket"], "given");
  });

  it("creates nothing in a preview, and keeps unknown values unknown", async () => {
    const urn = URN(BUCKET, "previewed");
    const inputs = await client.check(urn, { tags: { made: UNKNOWN } });
    const { id, outputs } = await client.create(urn, inputs, true);
    assert.equal(id, "");
    assert.equal(outputs["arn"], undefined);
    assert.deepEqual(outputs["tagsAll"], { team: "engines", made: UNKNOWN });
    assert.equal(await stands(String(inputs["bucket"])), false);
  });

  it("creates a resource, finds nothing to change, changes it in place and deletes it", async () => {
    const { urn, inputs, id, outputs } = await made("lived", { tags: { is: "new" } });
    assert.equal(outputs["arn"], `arn:aws:s3:::${id}`);
    assert.equal(outputs["id"], id);
    assert.deepEqual(await tagsOf(id), { team: "engines", is: "new" });
    const same = await client.check(urn, { tags: { is: "new" } }, inputs);
    assert.deepEqual(await client.diff(urn, id, inputs, outputs, same), {
      changed: [],
      replaces: [],
      deleteFirst: false,
    });
    const other = await client.check(urn, { tags: { is: "old" } }, inputs);
    assert.deepEqual(await client.diff(urn, id, inputs, outputs, other), {
      changed: ["tags"],
      replaces: [],
      deleteFirst: false,
    });
    await client.update(urn, id, inputs, outputs, other, true);
    assert.equal((await tagsOf(id))["is"], "new", "a preview changed something");
    const changed = await client.update(urn, id, inputs, outputs, other);
    assert.deepEqual(await tagsOf(id), { team: "engines", is: "old" });
    assert.equal(changed["arn"], outputs["arn"]);
    assert.equal(changed["id"], id);
    assert.deepEqual(changed["tags"], { is: "old" });
    await client.delete(urn, id, other, changed);
    assert.equal(await stands(id), false);
  });

  it("reports what needs a replacement, and that the old one goes first when both have one name", async () => {
    const { urn, inputs, id, outputs } = await made("moved", { bucket: "moved-a", objectLockEnabled: false });
    const renamed = await client.check(urn, { bucket: "moved-b", objectLockEnabled: false }, inputs);
    assert.deepEqual(await client.diff(urn, id, inputs, outputs, renamed), {
      changed: ["bucket"],
      replaces: ["bucket"],
      deleteFirst: false,
    });
    const locked = await client.check(urn, { bucket: "moved-a", objectLockEnabled: true }, inputs);
    assert.deepEqual(await client.diff(urn, id, inputs, outputs, locked), {
      changed: ["objectLockEnabled"],
      replaces: ["objectLockEnabled"],
      deleteFirst: true,
    });
    await client.delete(urn, id, inputs, outputs);
  });

  it("drops an output once its argument is removed", async () => {
    const type = "aws:sns/topic:Topic";
    const urn = URN(type, "described");
    const inputs = await client.check(urn, { displayName: "Alarms" });
    const { id, outputs } = await client.create(urn, inputs);
    const without = await client.check(urn, {}, inputs);
    const changed = await client.update(urn, id, inputs, outputs, without);
    assert.equal(changed["displayName"], undefined);
    assert.equal(changed["arn"], outputs["arn"]);
    await client.delete(urn, id, without, changed);
  });

  it("notices at a refresh what somebody has deleted, and deletes it again without an error", async () => {
    const { urn, inputs, id, outputs } = await made("by-hand");
    assert.deepEqual(await client.read(urn, id, inputs, outputs), { id, inputs, outputs });
    await (await sandbox.use("s3")).deleteBucket({ Bucket: id });
    assert.equal((await client.read(urn, id, inputs, outputs)).id, "");
    await client.delete(urn, id, inputs, outputs);
  });

  it("reports when only a part of a resource could be deleted", async () => {
    const urn = URN("aws:iam/role:Role", "attached");
    const policy = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs";
    const trust = { Version: "2012-10-17", Statement: [] };
    const inputs = await client.check(urn, {
      assumeRolePolicy: JSON.stringify(trust),
      managedPolicyArns: [policy],
    });
    const { id, outputs } = await client.create(urn, inputs);
    const iam = await sandbox.use("iam");
    await iam.detachRolePolicy({ RoleName: id, PolicyArn: policy });
    await assert.rejects(client.delete(urn, id, inputs, outputs), /NoSuchEntity/);
    await client.delete(urn, id, { ...inputs, managedPolicyArns: [] }, outputs);
    assert.equal((await client.read(urn, id, inputs, outputs)).id, "");
  });

  it("refuses to import what others created, because it reads only some arguments", async () => {
    await assert.rejects(
      client.read(URN(BUCKET, "theirs"), "their-bucket", {}, {}),
      /aws:s3\/bucket:Bucket their-bucket cannot be taken in/,
    );
  });

  it("keeps a program's providers apart", async () => {
    const other = new ProviderClient(`127.0.0.1:${providers.aws}`);
    try {
      await assert.rejects(other.create(URN(BUCKET, "early"), { bucket: "early" }), /must be configured/);
      await other.configure({ region: "us-east-1" });
      const asked = "aws:index/getRegion:getRegion";
      assert.equal((await other.invoke(asked, {}))["name"], "us-east-1");
      assert.equal((await client.invoke(asked, {}))["name"], "eu-west-1");
    } finally {
      other.close();
    }
  });

  it("tells the engine, to show below its plan, what AWS would do differently", async () => {
    const told: string[] = [];
    const engine = await listeningEngine((urn, message) => told.push(`${urn.split("::").at(-1)} ${message}`));
    const other = new ProviderClient(`127.0.0.1:${providers.aws}`);
    try {
      await other.configure({ region: "eu-west-1" });
      const differing = async (type: string, name: string, before: Values, now: Values) =>
        other.diff(URN(type, name), "id", before, { tagsAll: before["tags"] ?? {} }, now);
      const tags = { tags: { is: "new" } };
      await differing("aws:sns/topic:Topic", "unheard", {}, { displayName: "Alarms" });
      await other.attach(engine.address);
      await differing("aws:sns/topic:Topic", "carried", {}, { displayName: "Alarms" });
      await differing("aws:kms/key:Key", "tagged", {}, tags);
      await differing(
        "aws:lambda/permission:Permission",
        "anew",
        { eventSourceToken: "a" },
        { eventSourceToken: "b" },
      );
      await differing("aws:backup/plan:Plan", "plan", {}, { advancedBackupSettings: [{}] });
      assert.deepEqual(told, [
        "tagged tags: only recorded here",
        "plan advancedBackupSettings: made anew here, changed in place on AWS",
      ]);
    } finally {
      other.close();
      engine.close();
    }
  });

  it("reports an emulator's refusal in the emulator's words", async () => {
    const urn = URN("aws:sns/topicPolicy:TopicPolicy", "lost");
    const arn = "arn:aws:sns:eu-west-1:123456789012:nowhere";
    await assert.rejects(
      client.create(urn, { arn, policy: "{}" }),
      /UNKNOWN: NotFound(Exception)?: .*nowhere|UNKNOWN: NotFound(Exception)?: .*not.*exist/i,
    );
  });

  describe("on its port", () => {
    it("listens on 127.0.0.1 alone", async () => {
      const socket = net.connect(Number(providers.aws), "127.0.0.2");
      const [error] = (await new Promise((resolve) => {
        socket.once("error", (one) => resolve([one]));
        socket.once("connect", () => resolve([undefined]));
      })) as [NodeJS.ErrnoException | undefined];
      socket.destroy();
      assert.equal(error?.code, "ECONNREFUSED");
    });

    it("serves processes of its own user only", function () {
      if (process.platform !== "linux" || process.getuid!() !== 0)
        skip(this, "Linux", "only root on Linux can call as another user");
      const call = (uid: number) =>
        spawnSync(
          process.execPath,
          [
            ...["-r", path.join(root, "scripts/loader.cjs"), "-e"],
            `const { ProviderClient } = require(${JSON.stringify(path.join(__dirname, "provider-client.ts"))});
            process.setuid(${uid});
            new ProviderClient("127.0.0.1:${providers.aws}").configure({}).then(() => console.log("in"), (error) => console.log(error.message)).finally(() => process.exit());`,
          ],
          { encoding: "utf8" },
        ).stdout.trim();
      assert.equal(call(0), "in");
      assert.match(call(65534), /PERMISSION_DENIED: this provider serves its own user alone/);
    });

    it("finds a socket's user in the system's list", () => {
      const list = [
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
        "   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 1",
        // What is over and waits, and what leads elsewhere, from the same port.
        "   1: 0100007F:C350 0100007F:1F90 06 00000000:00000000 03:00000F1F 00000000     0        0 0",
        "   1: 0100007F:C350 0100007F:1F91 01 00000000:00000000 00:00000000 00000000     0        0 3",
        "   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2",
      ].join("\n");
      assert.equal(userOf("127.0.0.1:50000", 8080, list), 1001);
      assert.equal(userOf("127.0.0.1:50000", 8082, list), undefined);
      assert.equal(userOf("127.0.0.1:50001", 8080, list), undefined);
      assert.equal(userOf("unix:/somewhere", 8080, list), undefined);
    });

    it("stops when whoever started it ends", async () => {
      const { status, stdout } = spawnSync(
        process.execPath,
        [
          ...["-r", path.join(root, "scripts/loader.cjs"), "-e"],
          `const { startProviders } = require(${JSON.stringify(path.join(root, "sandbox/provider/process.ts"))});
          startProviders(process.env).then(({ aws }) => { console.log(aws); process.kill(process.pid, "SIGKILL"); });`,
        ],
        { encoding: "utf8", env: { ...process.env, ...awsEnvironment(sandbox.state.endpoints) } },
      );
      assert.equal(status, null);
      const port = Number(stdout.trim());
      assert.ok(port > 0);
      const answers = () =>
        new Promise<boolean>((resolve) => {
          const socket = net.connect(port, "127.0.0.1", () => resolve(true));
          socket.once("error", () => resolve(false)).once("close", () => socket.destroy());
        });
      await until("the end of the provider", answers, { wanted: (one) => !one });
    });
  });
});
