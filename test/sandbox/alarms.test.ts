// Real faults in a running sandbox, and the alarms that they ring, mail included. A minute of an alarm lasts three seconds here, so that
// one that wants a quarter of an hour of it takes 45 seconds; figures, periods and thresholds are the declared ones.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { Client } from "pg";
import { rootClients, Use } from "../../sandbox/engine/clients";
import { variablesIn } from "../../sandbox/fleet/user-data";
import type { Live } from "../../sandbox/page/live";
import { home } from "../../sandbox/paths";
import { until } from "../../sandbox/problem";
import { OUTPUTS } from "../../sandbox/program";
import { readState, State } from "../../sandbox/state";
import { skipWithoutEmulators } from "../emulated";
import { skip } from "../skip";
import { MADE } from "../operations/faults";
import { tokenOf } from "./api-token";
import { RunningSandbox, startSandbox } from "./launch";
import { some } from "../some";
import { ask } from "./visitor";

const MINUTE_SECONDS = 3;

describe("a fault in the sandbox", function () {
  this.timeout(360_000);
  const folder = path.join(home, `test-${process.pid}-alarms`);
  const rung = new Set<string>();
  let running: RunningSandbox | undefined;
  let state: State;
  let use: Use;
  before(async function () {
    if (!process.env["ALARMS"])
      skip(this, "asked for", "set ALARMS=1 to have every fault made that rings an alarm");
    await skipWithoutEmulators(this);
    running = await startSandbox(folder, undefined, { GROUNDWORK_ALARM_MINUTE: String(MINUTE_SECONDS) });
    state = readState(running.paths);
    use = rootClients(state.endpoints);
  });
  after(async function () {
    this.timeout(30_000);
    await running?.stop();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const live = async () => (await (await fetch(`${state.page}/sandbox/state.json`)).json()) as Live;
  const stateOf = async (alarm: string) => {
    const cloudwatch = await use("cloudwatch");
    const { MetricAlarms } = await cloudwatch.describeAlarms({ AlarmNamePrefix: `alarms-${alarm}-` });
    const own = MetricAlarms!.filter(({ AlarmName }) =>
      /^-\w+$/.test(AlarmName!.slice(`alarms-${alarm}`.length)),
    );
    assert.equal(own.length, 1, `there must be one alarm ${alarm}, got ${own.length}`);
    return own[0]!.StateValue!;
  };
  const quiet = async (...alarms: string[]) => {
    for (const alarm of some(alarms))
      assert.notEqual(await stateOf(alarm), "ALARM", `${alarm} rings before its fault`);
  };
  /** The alarm is there, and so is its mail. */
  const rings = async (alarm: string, seconds = 60) => {
    await until(`The alarm ${alarm}`, () => stateOf(alarm), { wanted: (now) => now === "ALARM", seconds });
    const subject = `ALARM: "alarms-${alarm}-`;
    await until(`The mail of ${alarm}`, async () =>
      (await live()).mails.some((mail) => mail.subject.startsWith(subject)),
    );
    rung.add(alarm);
  };

  const nameOf = (type: string, name: string) =>
    state.resources.find((one) => one.type === `aws:${type}` && one.name === name)!.id;
  /** A function that has lost its settings throws at whatever it is asked; answers what mends it. */
  const breakFunction = async (name: string) => {
    const lambda = await use("lambda");
    const FunctionName = nameOf("lambda/function:Function", name);
    const { Environment } = await lambda.getFunctionConfiguration({ FunctionName });
    await lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables: {} } });
    return () =>
      lambda.updateFunctionConfiguration({
        FunctionName,
        Environment: { Variables: Environment!.Variables },
      });
  };
  const call = async (name: string) => {
    const lambda = await use("lambda");
    const { FunctionError } = await lambda.invoke({
      FunctionName: nameOf("lambda/function:Function", name),
      Payload: Buffer.from("{}"),
    });
    assert.ok(FunctionError, `${name} must fail`);
  };
  /** As the web servers sign in, where they find it. */
  const databaseClient = async () => {
    const { pid } = (await live()).servers.find(({ role, alive }) => role === "web" && alive)!;
    const variables = variablesIn(fs.readFileSync(`/proc/${pid}/environ`, "utf8").replaceAll("\0", "\n"));
    const secrets = await use("secretsmanager");
    const { SecretString } = await secrets.getSecretValue({ SecretId: variables["DATABASE_SECRET_ARN"] });
    const { username: user, password, dbname } = JSON.parse(SecretString!) as Record<string, string>;
    const client = new Client({
      ...{ user, password, host: variables["DATABASE_HOST"], port: Number(variables["DATABASE_PORT"]) },
      database: dbname,
      // The certificate is the node's own, and the connection does not leave this machine.
      ssl: { rejectUnauthorized: false },
    });
    await client.connect();
    return client;
  };
  /** Does something again and again until what it is for has happened. */
  const meanwhile = async (again: () => Promise<unknown>, everyMs: number, work: Promise<unknown>) => {
    let over = false;
    const ended = work.finally(() => (over = true));
    ended.catch(() => {});
    while (!over) {
      await again();
      await passed(everyMs);
    }
    await ended;
  };

  it("of the projects' API is told by its 5xx", async () => {
    await quiet("provisioner-api-errors");
    const mend = await breakFunction("provisioner-api");
    await ask(state, "GET", "/console/api/quota");
    await rings("provisioner-api-errors");
    await mend();
  });

  it("of the pipeline's API is told by its 5xx", async () => {
    await quiet("delivery-api-errors");
    const mend = await breakFunction("delivery-api-state");
    const headers = { authorization: await tokenOf({ state, use }) };
    const { status } = await fetch(`${String(state.outputs[OUTPUTS.delivery])}/pipeline`, { headers });
    assert.ok(status >= 500, `it answers ${status}`);
    await rings("delivery-api-errors");
    await mend();
  });

  it("of the function that carries projects on is told once it has failed twice in a row", async () => {
    await quiet("provisioner-stands-still");
    const mend = await breakFunction("provisioner-reconcile");
    await meanwhile(() => call("provisioner-reconcile"), 2_000, rings("provisioner-stands-still"));
    await mend();
  });

  it("of the function that marks a release is told", async () => {
    await quiet("release-unmarked");
    const mend = await breakFunction("delivery-releases-deployed");
    await call("delivery-releases-deployed");
    await rings("release-unmarked");
    await mend();
  });

  it("of a table that stays locked is told by the slowest of a hundred, and by the app's 5xx", async () => {
    await quiet("web-slow", "web-app-errors");
    assert.equal((await ask(state, "GET", "/users")).status, 200);
    const client = await databaseClient();
    try {
      await client.query("BEGIN");
      await client.query("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
      const asked: Promise<unknown>[] = [];
      const askOn = async () => void asked.push(ask(state, "GET", "/users"));
      await meanwhile(askOn, 300, Promise.all([rings("web-slow"), rings("web-app-errors")]));
      await Promise.all(asked);
    } finally {
      await client.end();
    }
  });

  /** Kills the web servers that run, except one, while somebody visits the site. */
  const killServers = async (spared?: string) => {
    for (const { id, role, alive, pid } of (await live()).servers)
      if (role === "web" && alive && id !== spared) process.kill(pid, "SIGKILL");
    await Promise.all(
      Array.from({ length: 6 }, () => fetch(`${state.url}/health`).then((one) => one.text())),
    );
  };

  it("that leaves a single server raises the alarm of too few", async () => {
    await quiet("web-few");
    const healthy = async () =>
      (await live()).servers.find(({ role, health }) => role === "web" && health === "healthy")?.id;
    const spared = await until("A healthy server", healthy, { seconds: 60 });
    await meanwhile(() => killServers(spared), 500, rings("web-few", 120));
  });

  it("that stops every new server raises the load balancer's alarm and the one of a site that is down", async () => {
    await quiet("web-balancer-errors", "web-down");
    const both = Promise.all([rings("web-balancer-errors", 90), rings("web-down", 90)]);
    await meanwhile(() => killServers(), 500, both);
  });

  it("is gone from the alarms once it is mended", async () => {
    const well = async () => (await Promise.all(["web-down", "web-balancer-errors"].map(stateOf))).join();
    // A server that was killed before it was in service is given up by its launch hook, after four minutes.
    await until("The alarms' end", well, { wanted: (now) => now === "OK,OK", seconds: 330 });
    assert.deepEqual(
      [...rung].sort(),
      Object.keys(MADE)
        .filter((alarm) => MADE[alarm] === "test/sandbox/alarms.test.ts")
        .sort(),
    );
  });
});
