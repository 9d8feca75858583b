// Servers of projects on the running sandbox: what they keep in a database of their own, and how several of them meet their visitors.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { SSM } from "@aws-sdk/client-ssm";
import { Client } from "pg";
import { buildProject } from "../../sandbox/builds/project";
import { judgeBy } from "../../sandbox/delivery/rights";
import { answers } from "../../sandbox/database";
import { EmulatorProxy } from "../../sandbox/emulator-proxy";
import { rootClientsOfBoth } from "../../sandbox/engine/clients";
import { until } from "../../sandbox/problem";
import { runCommand } from "../../sandbox/sites/run-command";
import { skip } from "../skip";
import { some } from "../some";
import { machinesOf } from "./project-parts";
import { visit } from "./project-visit";
import { readyProject } from "./ready-project";
import { SharedSandbox, sharedSandbox } from "./shared";
import { Answer, ask } from "./visitor";
import { leftToAll } from "../left-to-all";

describe("the sandbox's servers of projects", function () {
  this.timeout(300_000);
  let sandbox: SharedSandbox;
  before(async function () {
    leftToAll(this);
    sandbox = await sharedSandbox(this);
  });

  const serving = (url: string) =>
    until("The server's page", () => visit(url), { wanted: ({ status }) => status === 200 });
  const logOf = async (id: string): Promise<string> => {
    const logs = await sandbox.use("logs");
    const { events = [] } = await logs.filterLogEvents({ logGroupName: `/groundwork/gwdev-${id}/app` });
    return events.map(({ message }) => message).join("\n");
  };
  /** Another machine takes the place of the project's own. */
  async function replaceMachine(id: string): Promise<void> {
    const before = await machinesOf(sandbox.use, id);
    const ec2 = await sandbox.use("ec2");
    await ec2.stopInstances({ InstanceIds: before });
    await until("Another machine", () => machinesOf(sandbox.use, id), {
      wanted: (now) => now.length === before.length && now.every((one) => !before.includes(one)),
    });
  }

  const KINDS = [
    ["node", "express"],
    ["flask", "flask"],
    ["django", "django"],
    ["fastapi", "fastapi"],
  ] as const;
  /** Notes in the project's own database that it ran. */
  const MIGRATE =
    `node -e "const { Client } = require('pg'); const database = new Client(process.env.DATABASE_URL); ` +
    `(async () => { await database.connect(); await database.query('CREATE TABLE IF NOT EXISTS migrations (at timestamptz)'); ` +
    `await database.query('INSERT INTO migrations VALUES (now())'); await database.end(); })()"`;
  const wanted = (starter: string) => ["express", "flask"].includes(starter) || Boolean(process.env["KINDS"]);
  const asked = new Map<string, ReturnType<typeof readyProject>>();
  before(() => {
    // All at once: most of it is waiting.
    for (const [framework, starter] of KINDS)
      if (wanted(starter))
        asked.set(
          starter,
          readyProject(sandbox, {
            ...{ name: `notes-${starter}`, type: "dynamic", stack: framework, starter },
            ...(starter === "express" && { releaseCommand: MIGRATE }),
          }),
        );
    for (const one of asked.values()) one.catch(() => {});
  });

  for (const [, starter] of some(KINDS))
    it(`serve ${starter}, and keep its rows in a database that takes TLS only when the server is replaced`, async function () {
      if (!wanted(starter)) skip(this, "asked for", "set KINDS=1 to run every starter");
      const { id, url } = await asked.get(starter)!;
      assert.match((await serving(url)).text, /<h1>It works<\/h1><p>Notes: 0<\/p>/, await logOf(id));
      assert.equal((await visit(`${url}/notes`, { method: "POST", body: "First's" })).status, 201);
      await replaceMachine(id);
      const { text } = await until("The next server's page", () => visit(`${url}/notes`), {
        wanted: ({ status }) => status === 200,
      });
      assert.deepEqual(JSON.parse(text), ["First's"]);
    });

  it("run a release command in the new image before it serves, and keep the one before where it fails", async () => {
    const { id, url } = await asked.get("express")!;
    const migrations = async () => {
      const database = new Client({ ...(await loginOf(id)), ssl: { rejectUnauthorized: false } });
      await database.connect();
      const { rows } = await database.query("SELECT at FROM migrations");
      await database.end();
      return rows.length;
    };
    assert.equal(await migrations(), 1);
    const address = `/console/api/projects/${id}`;
    const { releases } = (await ask(sandbox.state, "GET", address)).body;
    const change = { releaseCommand: "echo No such column; exit 3", rebuild: true };
    const { status, body } = await ask(sandbox.state, "PATCH", address, change);
    assert.equal(status, 202, JSON.stringify(body));
    const after: Answer["body"] = await until(
      "The end of the update",
      async () => (await ask(sandbox.state, "GET", address)).body,
      { wanted: ({ moving }) => !moving, seconds: 200 },
    );
    assert.deepEqual([after.state, after.failure.step, after.releases], ["ready", "deliver", releases]);
    assert.match(
      after.logTail,
      /^No such column\n(.*\n)*The release command did not come through \(Failed\): what served before stays\.$/m,
    );
    assert.match((await serving(url)).text, /<h1>It works<\/h1>/);
    assert.equal(await migrations(), 1);
  });

  it("take a release command from their own project's build alone, which the tags of machines tell", async () => {
    const [{ id }, { id: other }] = [await asked.get("express")!, await asked.get("flask")!];
    const { endpoints } = sandbox.state;
    const { ministack, moto } = rootClientsOfBoth(endpoints);
    const carryingOutNothing = {
      builds: { get: () => undefined },
      images: { buildOf: async () => undefined },
      servers: { stackOf: async (stack: string) => ({ stack, repository: "none" }), release: async () => 0 },
    };
    const judge = judgeBy(endpoints);
    const around = runCommand({ ...carryingOutNothing, moto, endpoints, judge });
    const commands = new EmulatorProxy(endpoints.ministack, around, () => {});
    const { role: RoleArn } = await buildProject(ministack, `gwdev-${id}`);
    const { Credentials: given } = await (
      await sandbox.use("sts")
    ).assumeRole({ RoleArn, RoleSessionName: "build" });
    const credentials = {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    };
    const ssm = new SSM({ region: endpoints.region, credentials, endpoint: await commands.start() });
    const { Stacks } = await (await ministack("cloudformation")).describeStacks({ StackName: `gwdev-${id}` });
    const { ParameterValue: DocumentName } = Stacks![0]!.Parameters!.find(
      ({ ParameterKey }) => ParameterKey === "ReleaseDocument",
    )!;
    const send = (machine: string) =>
      ssm.sendCommand({
        ...{ DocumentName, InstanceIds: [machine] },
        Parameters: { Digest: [`sha256:${"0".repeat(64)}`] },
      });
    try {
      const [own] = await machinesOf(sandbox.use, id);
      assert.equal((await send(own!)).Command!.Status, "Pending");
      for (const machine of some([...(await machinesOf(sandbox.use, other)), "i-00000000000000000"]))
        await assert.rejects(send(machine), ({ name, message }: Error) => {
          assert.equal(name, "AccessDeniedException");
          assert.match(
            message,
            new RegExp(`ssm:SendCommand on resource: arn:aws:ec2:.*:instance/${machine} `),
          );
          return true;
        });
    } finally {
      ssm.destroy();
      await commands.stop();
    }
  });

  it("take no connection without TLS, and none of another project's login", async () => {
    const { id } = await asked.get("express")!;
    const { id: other } = await asked.get("flask")!;
    const own = await loginOf(id);
    const open = { ...own, ssl: { rejectUnauthorized: false } };
    assert.equal(await answers(open), true);
    assert.equal(await answers({ ...own, ssl: false }), false);
    assert.equal(await answers({ ...open, password: (await loginOf(other)).password }), false);
    assert.equal(await answers({ ...open, database: "postgres" }), false);
  });

  /** What CloudFormation made for a project's database, and where this sandbox runs it. */
  async function loginOf(id: string) {
    const secrets = await rootClientsOfBoth(sandbox.state.endpoints).ministack("secretsmanager");
    const { SecretList } = await secrets.listSecrets({
      Filters: [{ Key: "name", Values: [`gwdev-${id}-Database`] }],
    });
    const { SecretString } = await secrets.getSecretValue({ SecretId: SecretList![0]!.ARN });
    const { username: user, password } = JSON.parse(SecretString!) as { username: string; password: string };
    const log = fs.readFileSync(path.join(sandbox.paths.logs, `database-gwdev-${id}.log`), "utf8");
    const port = Number(/listening on IPv4 address "127\.0\.0\.1", port (\d+)/.exec(log)![1]);
    return { host: "127.0.0.1", port, user, password, database: "project" };
  }
});
