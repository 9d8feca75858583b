import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import { checkServerIdentity } from "node:tls";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Client } from "pg";
import { Aws } from "../rig/failover/aws";
import { virtualIp } from "../rig/failover/net";
import { DatabaseSecret } from "../rig/failover/secret";
import { agentFile } from "../../components/database/agent-file";
import { LeaseStore } from "../../functions/database/agent/lease-store";
import { LEASE_KEY, nodeScript } from "../../components/database/node-script";
import { sleep, until } from "../../sandbox/problem";
import { Emulated, skipWithoutEmulators, startEmulated } from "../emulated";
import { skip } from "../skip";
import { fileAt, forwardTo, REGION } from "./cloud";
import { databaseNode } from "./database-node";
import { Machine } from "./machine";
import { Site, skipWithoutMachines, startSite } from "./site";

const TABLE = "database-lease";
/** Long enough for a busy machine to start another agent meanwhile. */
const LEASE_MS = 5_000;
const POSTMASTER = "^/usr/bin/postgres -D";
const MAIN_PID = "systemctl show --property=MainPID --value groundwork-agent";

describe("a database node under systemd", function () {
  this.timeout(180_000);
  let emulated: Emulated;
  let aws: Aws;
  let site: Site;
  let node: Machine;
  let secret: DatabaseSecret;
  let lease: LeaseStore;

  before(async function () {
    skipWithoutMachines(this);
    await skipWithoutEmulators(this);
    this.timeout(900_000);
    // They are asked by AWS's own names.
    const hosts = ["ec2", "dynamodb", "secretsmanager"].map((name) => `${name}.${REGION}.amazonaws.com`);
    emulated = await startEmulated("machine", { hosts });
    const { client, environment } = emulated;
    secret = new DatabaseSecret(new SecretsManagerClient(client));
    await secret.create();
    lease = new LeaseStore(new DynamoDBClient(client), TABLE, LEASE_KEY, LEASE_MS);
    const endpoints = {
      ministack: client.endpoint,
      moto: environment["AWS_ENDPOINT_URL_EC2"]!,
      region: REGION,
    };
    const nothing = () => undefined;
    aws = new Aws(
      endpoints,
      { stopping: nothing, stopped: async () => undefined, routed: nothing },
      environment,
    );
    await aws.createTable(TABLE);
    const [instance] = await aws.createInstances(1);
    const agent = agentFile();
    site = await startSite(
      ["db1"],
      {
        ec2: forwardTo(endpoints.moto),
        dynamodb: forwardTo(endpoints.ministack),
        secretsmanager: forwardTo(endpoints.ministack),
        "agent-bucket.s3": fileAt("/agent.cjs", fs.readFileSync(agent.path)),
      },
      client.credentials,
    );
    node = databaseNode(site, "db1");
    const userData = nodeScript({
      region: REGION,
      vpcId: aws.vpc,
      clientCidr: "10.0.0.0/8",
      virtualIp,
      table: TABLE,
      secretArn: secret.arn,
      fileSystemId: "fs-0123456789abcdef0",
      accessPointId: "fsap-0123456789abcdef0",
      agentBucket: "agent-bucket",
      agentKey: "agent.cjs",
      agentSha256: agent.sha256,
      logGroup: "database-log",
      version: 17,
      leaseMs: LEASE_MS,
      passwordDays: 30,
    });
    site.cloud.launch(node, "db1", instance!, userData);
    await node.boot();
  });
  after(async () => {
    await site?.down();
    aws?.down();
    await emulated?.stop();
  });

  const failed = () => node.run("systemctl --failed --plain --no-legend");
  const mainPid = (unit: string) => node.run(`systemctl show --property=MainPID --value ${unit}`);
  const postmaster = () => node.run(`pgrep --oldest --full '${POSTMASTER}'`);
  const gone = (what: string) => node.until(what, `! pgrep --full '${POSTMASTER}'`);

  /** What carries a mount; the real helper's ends with its mount, or is left behind. */
  const tunnels = async () =>
    (await node.try("pgrep --full '^sleep infinity'")).output.split("\n").filter(Boolean);

  /** What the database answers to a client in the VPC that knows the secret. */
  async function ask(sql: string): Promise<unknown[][]> {
    const { username, password, dbname, ca } = await secret.read();
    const client = new Client({
      host: site.net.address("db1"),
      user: username,
      password,
      database: dbname,
      ssl: { ca, checkServerIdentity: (_, certificate) => checkServerIdentity(virtualIp, certificate) },
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return (await client.query({ text: sql, rowMode: "array" })).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  const answers = (what: string) =>
    until(what, () => ask("SELECT 1").catch(() => undefined), { seconds: 60, everyMs: 200 });

  it("is set up by cloud-init without an error", async () => {
    assert.equal(await node.setUp(), "status: done");
    assert.equal(await failed(), "");
    const units = "groundwork-vip groundwork-guard groundwork-agent";
    assert.equal(await node.run(`systemctl is-active ${units}`), "active\nactive\nactive");
    assert.match(await node.run("ip -4 -oneline addr show dev lo"), / inet 10\.10\.10\.10\/32 /);
    assert.equal(await node.run("stat --format '%A %U %G' /run/groundwork"), "drwxrwx--- root postgres");
  });

  it("accepts clients by TLS and password, with the data on its mount", async () => {
    await answers("the first answer");
    await ask("CREATE TABLE kept AS SELECT 'before' AS moment");
    assert.match(await node.run("mount"), / on \/srv\/database type /);
    const mounts = (await node.run("grep '^mount.efs.* /srv/database ' /var/log/stand-ins")).split("\n");
    assert.deepEqual(mounts, [
      "mount.efs fs-0123456789abcdef0:/ /srv/database -o rw,noatime,tls,iam,accesspoint=fsap-0123456789abcdef0",
    ]);
    assert.equal((await tunnels()).length, 1);
    assert.equal((await lease.read())?.phase, "active");
  });

  it("protects the postmaster when memory runs out, but no process that serves a client", async function () {
    if ((await node.try("echo -900 > /proc/self/oom_score_adj")).code !== 0)
      skip(this, "namespaces", "root may not spare a process here: it lacks CAP_SYS_RESOURCE");
    const of = (pids: string) => node.run(`cat /proc/$(${pids})/oom_score_adj`);
    assert.equal(await of(`pgrep --oldest --full '${POSTMASTER}'`), "-900");
    assert.equal(await of(`pgrep --newest --parent $(pgrep --oldest --full '${POSTMASTER}')`), "0");
  });

  it("keeps the password out of process lists and logs", async () => {
    const { password } = await secret.read();
    const seen = await node.run("ps axwwe; journalctl --no-pager; cat /var/log/*.log /run/cloud-init/*.log");
    assert.match(seen, /database system is ready to accept connections/);
    assert.ok(!seen.includes(password));
  });

  it("keeps PostgreSQL running when the agent is killed", async () => {
    const [before, agent] = [await postmaster(), await mainPid("groundwork-agent")];
    await node.run("systemctl kill --signal=KILL groundwork-agent");
    await node.until(
      "the restart of the agent",
      `pid=$(${MAIN_PID}) && [ "$pid" != ${agent} ] && [ "$pid" != 0 ]`,
    );
    await sleep(LEASE_MS + 2_000);
    assert.equal(await postmaster(), before);
    await answers("an answer");
  });

  it("has PostgreSQL killed when the agent hangs, and serves again when the agent continues", async () => {
    await node.run("systemctl kill --signal=STOP groundwork-agent");
    await gone("PostgreSQL's end");
    await node.run("grep 'the lease ends: PostgreSQL is killed' /var/log/groundwork-guard.log");
    await node.run("systemctl kill --signal=CONT groundwork-agent");
    await answers("an answer");
  });

  it("serves again when the guard and PostgreSQL are killed", async () => {
    const before = await postmaster();
    const tunnel = await tunnels();
    await node.run("systemctl kill --signal=KILL --kill-whom=main groundwork-guard");
    await node.until("PostgreSQL's end", `! kill -0 ${before}`);
    await answers("an answer");
    assert.deepEqual(await tunnels(), tunnel);
    assert.equal(await failed(), "");
  });

  it("changes the password on a reload, while it serves", async () => {
    const [old, before] = [await secret.read(), await postmaster()];
    await node.run("systemctl reload groundwork-agent");
    const changed = async () => ((await secret.read()).password === old.password ? undefined : true);
    await until("the change of the password", changed, { seconds: 60 });
    assert.deepEqual([old.username, (await secret.read()).username], ["app", "app_b"]);
    assert.deepEqual(await ask("SELECT moment FROM kept"), [["before"]]);
    assert.equal(await postmaster(), before);
  });

  it("writes to new logs once they are rotated", async () => {
    await node.run("logrotate --force /etc/logrotate.d/groundwork");
    await node.run("grep 'guard listens' /var/log/groundwork-guard.log.1");
    assert.equal(await node.run("cat /var/log/groundwork-guard.log"), "");
  });

  it("stops in order: PostgreSQL is down, the data detached, the lease released", async () => {
    await node.run("systemctl stop groundwork-agent");
    assert.equal((await node.try(`pgrep --full '${POSTMASTER}'`)).code, 1);
    assert.equal((await node.try("mountpoint --quiet /srv/database")).code, 32);
    assert.deepEqual(await tunnels(), []);
    const { holder, suspects } = (await lease.read())!;
    assert.deepEqual({ holder, suspects }, { holder: "", suspects: [] });
    assert.match(await node.run("cat /var/log/groundwork-guard.log"), /database system is shut down/);
    assert.equal(await failed(), "");
    await node.run("systemctl start groundwork-agent");
    await answers("an answer");
  });

  it("serves again after a reboot by itself, without a recovery", async () => {
    const { epoch } = (await lease.read())!;
    const logged = Number(await node.run("stat --format %s /var/log/groundwork-guard.log"));
    await node.reboot();
    await answers("an answer");
    assert.deepEqual(await ask("SELECT moment FROM kept"), [["before"]]);
    const log = await node.run(`tail --bytes=+${logged + 1} /var/log/groundwork-guard.log`);
    assert.match(log, /database system was shut down at/);
    assert.doesNotMatch(log, /not properly shut down/);
    assert.equal((await lease.read())!.epoch, epoch + 1);
    assert.equal(await node.setUp(), "status: done");
    assert.equal(await failed(), "");
  });
});
