import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { root } from "../../sandbox/paths";
import { messageOf, until } from "../../sandbox/problem";
import type { Report } from "../../scripts/load/report";
import type { Live } from "../../sandbox/page/live";
import { SharedSandbox, sharedSandbox } from "./shared";
import { addUser, userNames } from "./visitor";
import { some } from "../some";
import { newFolder } from "../folder";
import { leftToAll } from "../left-to-all";

const run = promisify(execFile);

describe("the sandbox", () => {
  let sandbox: SharedSandbox;
  before(async function () {
    sandbox = await sharedSandbox(this);
  });

  const get = (path: string) => fetch(sandbox.state.url + path, { headers: { connection: "close" } });
  const live = async () => (await (await fetch(`${sandbox.state.page}/sandbox/state.json`)).json()) as Live;
  const cli = (...args: string[]) =>
    run(process.execPath, ["scripts/with-install.cjs", "sandbox/cli.ts", ...args], {
      cwd: root,
      env: { ...process.env, GROUNDWORK_SANDBOX: sandbox.paths.run },
    });

  it("serves the site from every instance of the group in turn", async () => {
    const names = new Set<string>();
    for (let i = 0; i < 8; i++) names.add(((await (await get("/")).json()) as { hostname: string }).hostname);
    const autoscaling = await sandbox.use("autoscaling");
    const { AutoScalingGroups } = await autoscaling.describeAutoScalingGroups({});
    const web = AutoScalingGroups!.find(
      (group) => group.AutoScalingGroupName === sandbox.state.outputs["webGroupName"],
    );
    assert.deepEqual([...names].sort(), web!.Instances!.map((one) => one.InstanceId!).sort());
  });

  it("keeps users in a real PostgreSQL behind the load balancer", async () => {
    assert.equal(await addUser(sandbox.state, "ada"), 201);
    assert.deepEqual(
      (await userNames(sandbox.state)).filter((name) => name === "ada"),
      ["ada"],
    );
  });

  it("can be put under load, and draws it with the group's CPU, size and alarms", async function () {
    leftToAll(this);
    this.timeout(60_000);
    const out = path.join(newFolder("groundwork-load"), "load");
    const args = ["--stack", "sandbox", "--clients", "2", "--minutes", "0.4", "--then", "0", "--out", out];
    const { stdout } = await run(
      process.execPath,
      ["scripts/with-install.cjs", "scripts/load/run.ts", ...args],
      { cwd: root, env: { ...process.env, GROUNDWORK_SANDBOX: sandbox.paths.run } },
    );
    const report = JSON.parse(fs.readFileSync(`${out}.json`, "utf8")) as Report;
    const picture = fs.readFileSync(`${out}.svg`, "utf8");
    fs.rmSync(path.dirname(out), { recursive: true });
    assert.ok(report.served > 0, stdout);
    assert.equal(report.failed, 0, stdout);
    const { name, looks, cpu } = report.group!;
    assert.equal(name, sandbox.state.outputs["webGroupName"]);
    assert.deepEqual([looks[0]!.wanted, looks[0]!.inService], [2, 2]);
    assert.deepEqual(
      Object.keys(looks.at(-1)!.alarms).map((alarm) => /^web-cpu-(up|down)/.exec(alarm)?.[1]),
      ["down", "up"],
    );
    assert.ok(Math.max(...cpu.map(({ percent }) => percent)) > 0, "no server was busy");
    assert.match(picture, /data-line="average"/);
  });

  it("has a member and an admin in the program's own pool, who can sign in at once", async () => {
    const { people, outputs } = sandbox.state;
    const cognito = await sandbox.use("cognito");
    const pool = { UserPoolId: String(outputs["userPoolId"]) };
    const { Users } = await cognito.listUsers(pool);
    // Other files sign up people of their own.
    const ready = Users!.filter(({ Attributes }) =>
      people.some(({ email }) => Attributes!.some(({ Value }) => Value === email)),
    );
    assert.deepEqual(
      ready.map(({ UserStatus }) => UserStatus),
      ["CONFIRMED", "CONFIRMED"],
    );
    for (const { email, group } of some(people)) {
      const { Users: inGroup } = await cognito.listUsersInGroup({ ...pool, GroupName: group });
      assert.deepEqual(
        inGroup!.map(({ Attributes }) => Attributes!.find(({ Name }) => Name === "email")!.Value),
        [email],
      );
    }
    const page = await (await get("/login")).text();
    assert.match(page, /type="password"/); // the servers' role reads the pool's settings
  });

  it("keeps what was written when the active database node is killed, and replaces the node", async function () {
    this.timeout(90_000);
    assert.equal(await addUser(sandbox.state, "before"), 201);
    const { stdout } = await cli("kill", "database");
    const killed = /Killed (i-\w+)/.exec(stdout)![1]!;
    await until("A write through the other node", () => addUser(sandbox.state, "after").catch(messageOf), {
      wanted: (status) => status === 201,
      everyMs: 200,
      seconds: 60,
    });
    // The next request goes to the other server, whose connections may still lead to the killed node.
    await until("Both users in the list", () => userNames(sandbox.state).catch(() => [] as string[]), {
      wanted: (names) => ["before", "after"].every((name) => names.includes(name)),
      everyMs: 200,
    });
    await until(
      "The replacement of the node",
      async () => {
        const nodes = (await live()).servers.filter(({ role }) => role === "database");
        return nodes
          .map(({ id, health, alive }) => (id === killed ? "killed" : alive ? health : "dead"))
          .sort();
      },
      { wanted: (states) => states.join() === "active,passive", seconds: 60 },
    );
  });

  it("has a failover function that keeps the virtual IP's route and lets ready nodes into their group, with its own zip and role", async () => {
    const lambda = await sandbox.use("lambda");
    const { Functions } = await lambda.listFunctions({});
    const watch = Functions!.find(({ FunctionName }) => FunctionName!.startsWith("database-failover"))!;
    const { Payload } = await lambda.invoke({ FunctionName: watch.FunctionName });
    const { id: active } = (await live()).servers.find(({ health }) => health === "active")!;
    const result: unknown = JSON.parse(Buffer.from(Payload!).toString());
    assert.deepEqual(result, { because: "active", target: active, updated: [] });
    const autoscaling = await sandbox.use("autoscaling");
    await until(
      "Both nodes in service",
      async () => {
        await lambda.invoke({ FunctionName: watch.FunctionName }); // as each minute
        const { AutoScalingGroups: all } = await autoscaling.describeAutoScalingGroups({});
        const nodes = all!.find(({ AutoScalingGroupName: name }) => name!.startsWith("database"))!.Instances!;
        return nodes.map(({ LifecycleState }) => LifecycleState).join();
      },
      { wanted: (states) => states === "InService,InService", everyMs: 500 },
    );
  });

  it("has alarms that name the policies for growing and shrinking the servers' group", async () => {
    const [cloudwatch, autoscaling] = [await sandbox.use("cloudwatch"), await sandbox.use("autoscaling")];
    const { MetricAlarms } = await cloudwatch.describeAlarms({ AlarmNamePrefix: "web-cpu-" });
    const { ScalingPolicies } = await autoscaling.describePolicies({});
    assert.equal(ScalingPolicies!.length, 2);
    assert.deepEqual(
      MetricAlarms!.flatMap(({ AlarmActions }) => AlarmActions!).sort(),
      ScalingPolicies!.map(({ PolicyARN }) => PolicyARN!).sort(),
    );
  });

  it("replaces a killed server, and fails no request once the health check noticed", async function () {
    this.timeout(60_000);
    const [events, sqs] = [await sandbox.use("events"), await sandbox.use("sqs")];
    const Arn = `arn:aws:sqs:${sandbox.state.endpoints.region}:${sandbox.state.account}:state-changes`;
    const Principal = { Service: "events.amazonaws.com" };
    const may = { Effect: "Allow", Principal, Action: "sqs:SendMessage", Resource: Arn };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [may] });
    const { QueueUrl } = await sqs.createQueue({ QueueName: "state-changes", Attributes: { Policy } });
    const EventPattern = JSON.stringify({ source: [{ prefix: "aws.e" }], detail: { state: ["terminated"] } });
    await events.putRule({ Name: "terminated", EventPattern });
    await events.putTargets({ Rule: "terminated", Targets: [{ Id: "queue", Arn }] });

    const { stdout } = await cli("kill", "web");
    const killed = /Killed (i-\w+)/.exec(stdout)![1]!;
    await until("The health check's notice", async () => {
      const server = (await live()).servers.find(({ id }) => id === killed);
      return server?.health !== "healthy";
    });
    let failed = 0;
    await until("The replacement of the server", async () => {
      failed += (await get("/health")).ok ? 0 : 1;
      const { servers } = await live();
      const healthy = servers.filter(({ health, alive }) => health === "healthy" && alive);
      return healthy.length === 2 && !servers.some(({ id }) => id === killed);
    });
    assert.equal(failed, 0);

    const { Messages } = await sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 5 });
    const event = JSON.parse(Messages![0]!.Body!) as Record<string, unknown>;
    assert.equal(event["detail-type"], "EC2 Instance State-change Notification");
    assert.deepEqual(event["detail"], { "instance-id": killed, state: "terminated" });
  });

  it("mails when a launch hook abandons a new server, and starts another in its place", async function () {
    this.timeout(60_000);
    const autoscaling = await sandbox.use("autoscaling");
    const group = { AutoScalingGroupName: sandbox.state.outputs["webGroupName"] as string };
    const hook = { ...group, LifecycleHookName: "never" }; // beside its own, which its user data completes
    const fresh = async () => {
      const { AutoScalingGroups: all } = await autoscaling.describeAutoScalingGroups({
        AutoScalingGroupNames: [group.AutoScalingGroupName],
      });
      const seen = (await live()).servers.map(({ id }) => id);
      return all![0]!.Instances!.find(
        ({ InstanceId: id, LifecycleState }) => LifecycleState === "Pending:Wait" && seen.includes(id!),
      )?.InstanceId;
    };
    const LifecycleTransition = "autoscaling:EC2_INSTANCE_LAUNCHING";
    await autoscaling.putLifecycleHook({ ...hook, LifecycleTransition, DefaultResult: "ABANDON" });
    try {
      await autoscaling.setDesiredCapacity({ ...group, DesiredCapacity: 3 });
      const first = await until("A new server", fresh);
      await autoscaling.completeLifecycleAction({
        ...{ ...hook, InstanceId: first, LifecycleActionResult: "ABANDON" },
      });
      await until("The mail", async () =>
        (await live()).mails.some(({ text }) => /A web server could not be started/.test(text)),
      );
      const second = await until("Another server", fresh, {
        wanted: (id) => id !== undefined && id !== first,
      });
      await autoscaling.terminateInstanceInAutoScalingGroup({
        ...{ InstanceId: second, ShouldDecrementDesiredCapacity: true },
      });
    } finally {
      await autoscaling.deleteLifecycleHook(hook);
    }
  });

  it("prints its state on the command line", async () => {
    const { stdout } = await cli("status");
    assert.match(stdout, new RegExp(`site +${sandbox.state.url}`));
    assert.match(stdout, /^delivery API {3}http:/m);
    assert.match(stdout, /^projects API {3}http:/m);
    assert.match(
      stdout,
      /^API token {6}npm run --silent token -- --stack sandbox --email ada@example\.com$/m,
    );
    assert.equal(stdout.match(/^web .* healthy /gm)?.length, 2);
    assert.equal(stdout.match(/^database .* active /gm)?.length, 1);
    assert.equal(stdout.match(/^database .* passive /gm)?.length, 1);
  });

  it("prints the logs of whichever servers and functions a person names", async () => {
    const { stdout } = await cli("logs", "-n", "10000", "web");
    const servers = new Set(stdout.match(/i-[0-9a-f]{17}(?= +Server listening)/g));
    assert.ok(servers.size >= 2, stdout);
    assert.match((await cli("logs", "database-failover")).stdout, /^\d\d:\d\d:\d\d {2}database-failover {2}/);
    assert.equal((await cli("logs", "-n", "3", "servers")).stdout.trim().split("\n").length, 3);
    await assert.rejects(cli("logs", "moon"), /No log is called "moon"[^]*function +database-failover, /);
    await assert.rejects(
      cli("logs", "-n", "many"),
      /--lines must be a whole number from 0 to 10000, got many\./,
    );
  });

  it("follows the logs, and ends cleanly on Ctrl-C", async () => {
    const following = spawn(
      process.execPath,
      ["scripts/with-install.cjs", "sandbox/cli.ts", "logs", "-f", "-n", "0", "web"],
      { cwd: root, env: { ...process.env, GROUNDWORK_SANDBOX: sandbox.paths.run } },
    );
    let said = "";
    for (const stream of [following.stdout, following.stderr])
      stream.on("data", (part: Buffer) => (said += part.toString()));
    const ended = new Promise<unknown[]>((resolve) => following.once("exit", (...how) => resolve(how)));
    const mark = `marked-${process.pid}`;
    await until(
      "The line of a request",
      async () => {
        await get(`/${mark}`);
        return said.includes(mark);
      },
      { everyMs: 300 },
    );
    following.kill("SIGINT");
    assert.deepEqual(await ended, [0, null], said);
  });

  it("refuses an unknown command", async () => {
    await assert.rejects(cli("explode"), /There is no command "explode"\./);
  });

  it("refuses to kill what it does not run", async () => {
    await assert.rejects(cli("kill", "moon"), /kill takes web, database or zone, got moon\./);
    await assert.rejects(cli("kill", "zone", "moon"), /kill zone takes eu-west-1a or eu-west-1b, got moon\./);
    await assert.rejects(cli("throttle", "moon"), /throttle takes one of acm, .*, dynamodb, .*, got moon\./);
    await assert.rejects(
      cli("throttle", "sqs", "many"),
      /throttle takes whole seconds from 1 to 600, got many\./,
    );
  });

  it("refuses a second sandbox in the same folder", async () => {
    const second = run(process.execPath, ["scripts/with-install.cjs", "sandbox/start.ts", "--port", "0"], {
      cwd: root,
      env: { ...process.env, GROUNDWORK_SANDBOX: sandbox.paths.run },
    });
    await assert.rejects(second, /A sandbox is running already \(process \d+\)/);
  });

  it("shows mail of topics and of SES, on a page that loads only its own files", async () => {
    const [sns, ses] = [await sandbox.use("sns"), await sandbox.use("ses")];
    const { TopicArn } = await sns.createTopic({ Name: "approvals" });
    await sns.subscribe({ TopicArn, Protocol: "email", Endpoint: "boss@example.com" });
    await ses.createEmailIdentity({ EmailIdentity: "platform@example.com" });
    await ses.sendEmail({
      FromEmailAddress: "platform@example.com",
      Destination: { ToAddresses: ["eve@example.com"] },
      Content: { Simple: { Subject: { Data: "Your code" }, Body: { Text: { Data: "It is 42." } } } },
    });
    const mails = await until(
      "The mail",
      async () => {
        await sns.publish({ TopicArn, Subject: "Approve", Message: "http://127.0.0.1/yes" });
        const { mails } = await live();
        return mails.some(({ subject }) => subject === "Approve") ? mails : undefined;
      },
      { everyMs: 300 },
    );
    const topical = mails.find(({ subject }) => subject === "Approve")!;
    assert.deepEqual([topical.to, topical.text], [["boss@example.com"], "http://127.0.0.1/yes"]);
    const sent = mails.find(({ subject }) => subject === "Your code")!;
    assert.deepEqual([sent.to, sent.text], [["eve@example.com"], "It is 42."]);

    const page = await fetch(`${sandbox.state.page}/sandbox`);
    assert.equal(page.headers.get("content-security-policy"), "default-src 'self'");
    assert.match(await page.text(), /<title>Groundwork sandbox<\/title>/);
    assert.equal((await fetch(`${sandbox.state.page}/../state.json`)).status, 404);
  });
});
