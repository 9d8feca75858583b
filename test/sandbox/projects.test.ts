// A team's own project as a newcomer asks for it: on the running site, with the real functions, state machine and CloudFormation.
import assert from "node:assert/strict";
import { updateOf } from "../../functions/provisioner/aws/attributes";
import { keyOf } from "../../functions/provisioner/aws/table";
import { until } from "../../sandbox/problem";
import type { Live } from "../../sandbox/page/live";
import { leadsTo, machinesOf, partsOf } from "./project-parts";
import { visit } from "./project-visit";
import { SharedSandbox, sharedSandbox } from "./shared";
import { Answer, ask } from "./visitor";
import { leftToAll } from "../left-to-all";
import { starterOf } from "../../sandbox/state";

const DAY = 24 * 60 * 60 * 1000;

describe("the sandbox's projects", function () {
  this.timeout(60_000);
  let sandbox: SharedSandbox;
  before(async function () {
    sandbox = await sharedSandbox(this);
  });

  const wish = (
    name: string,
    environment: string,
    type: string,
    stack: string,
    starter = type === "static" ? "html" : "node",
  ) => ({
    name,
    environment,
    type,
    stack,
    repository: starterOf(sandbox.state, starter),
    email: "team@example.com",
  });
  const request = async (
    name: string,
    environment: string,
    type = "static",
    stack = "html",
    more: object = {},
  ): Promise<string> => {
    const { status, body } = await ask(sandbox.state, "POST", "/console/api/projects", {
      ...wish(name, environment, type, stack),
      ...more,
    });
    assert.equal(status, 202, JSON.stringify(body));
    return body.id;
  };
  const project = async (id: string): Promise<Answer["body"]> =>
    (await ask(sandbox.state, "GET", `/console/api/projects/${id}`)).body;
  /** The project as soon as it rests so. */
  const when = (id: string, state: string): Promise<Answer["body"]> =>
    until(
      `The project's becoming ${state}`,
      async () => {
        const now = await project(id);
        assert.ok(
          !["rolled-back", "needs-attention", "failed"].includes(now.state),
          JSON.stringify(now.failure),
        );
        return now;
      },
      { wanted: (now) => now.state === state, seconds: 60 },
    );
  const remove = async (id: string) => {
    assert.equal((await ask(sandbox.state, "DELETE", `/console/api/projects/${id}`)).status, 202);
    await when(id, "deleted");
  };
  /** Its group's machines go right after the group itself. */
  const nothingOf = (id: string) =>
    until("The end of all its parts", () => partsOf(sandbox, id), {
      wanted: (parts) => Object.values(parts).every((count) => count === 0),
    });
  const live = async () => (await (await fetch(`${sandbox.state.page}/sandbox/state.json`)).json()) as Live;
  const mailed = async (subject: string) => (await live()).mails.filter((mail) => mail.subject === subject);
  const idOf = (type: string, name: string) =>
    sandbox.state.resources.find((one) => one.type === type && one.name === name)!.id;

  /** Writes into the provisioner's table, past everybody. */
  const write = async (kind: string, id: string, changes: object) => {
    const client = await sandbox.use("dynamodb");
    const TableName = idOf("aws:dynamodb/table:Table", "provisioner");
    await client.updateItem({ TableName, Key: keyOf(kind, id), ...updateOf({ ...changes }) });
  };
  /** What the rule of each minute has a function do. */
  const minuteOf = async (name: string) => {
    const lambda = await sandbox.use("lambda");
    await lambda.invoke({
      FunctionName: idOf("aws:lambda/function:Function", name),
      Payload: JSON.stringify({ source: "aws.events", "detail-type": "Scheduled Event", detail: {} }),
    });
  };

  /** A name of the team's own, and the project that asks for it. */
  const OWN_NAME = "www.team.example";
  let named: { id: string; url: string } | undefined;

  it("become ready by themselves in dev, stage by stage, and the team is told", async () => {
    const id = await request("site", "dev", "static", "html", { domain: OWN_NAME });
    const { stages, url } = await when(id, "ready");
    named = { id, url };
    assert.deepEqual(
      Object.entries(stages as Record<string, { state: string }>).map(([name, { state }]) => [name, state]),
      ["reserve", "create", "deliver", "serve", "finish"].map((name) => [name, "done"]),
    );
    const [mail] = await mailed("site is ready");
    assert.deepEqual(mail!.to, ["team@example.com"]);
    assert.ok(mail!.text.includes(url) && mail!.text.includes(`${sandbox.state.url}/console?project=${id}`));
  });

  it("serve their page by a name of the team's own, once its certificate is there, and refuse it before", async () => {
    const { id, url } = named!;
    const byOwnName = () => visit(url, { headers: { host: `${OWN_NAME}:${new URL(url).port}` } });
    const early = await byOwnName();
    assert.deepEqual([early.status, early.text.includes(`got "${OWN_NAME}:`)], [403, true]);
    /** The looks of several minutes: at the certificate, and at what the stack has become. */
    await until(
      "The name's service",
      async () => {
        await write("domain", OWN_NAME, { due: "2000-01-01" });
        await minuteOf("provisioner-domains");
        return (await project(id)).domainState;
      },
      { wanted: (now) => now?.state === "serves", seconds: 60 },
    );
    const page = await until("The page by the team's own name", byOwnName, {
      wanted: ({ status }) => status === 200,
    });
    assert.equal(page.text, (await visit(url)).text);
    assert.match(page.text, /<h1>It works<\/h1>/);
    const other = await visit(url, { headers: { host: `other.example:${new URL(url).port}` } });
    assert.equal(other.status, 403);
    await remove(id);
    await until("The name's end", byOwnName, { wanted: ({ status }) => status === 403 });
  });

  it("wait for the admin elsewhere, who alone may decide, and leave no stack when they are deleted", async function () {
    leftToAll(this);
    const id = await request("shop", "stag");
    await until("The request for approval", async () => (await project(id)).step, {
      wanted: (step) => step === "approve",
    });
    const decision = { decision: "approve", comment: "go ahead" };
    const path = `/console/api/projects/${id}/decision`;
    assert.equal((await ask(sandbox.state, "POST", path, decision)).status, 403);
    const decided = await ask(sandbox.state, "POST", path, decision, "admin");
    assert.ok(decided.status < 300, JSON.stringify(decided));
    await when(id, "ready");
    assert.deepEqual(
      (await mailed("shop asks for approval")).map(({ to }) => to),
      [["admin@example.com"]],
    );
    await remove(id);
    const cloudformation = await sandbox.use("cloudformation");
    await assert.rejects(cloudformation.describeStacks({ StackName: `gwdev-${id}` }), /does not exist/);
  });

  it("have servers and a database in the program's own network, and leave nothing of them", async function () {
    leftToAll(this);
    const id = await request("shelf", "dev", "dynamic", "php");
    await when(id, "ready");
    assert.deepEqual(await partsOf(sandbox, id), {
      stacks: 2,
      databases: 1,
      subnets: 1,
      groups: 1,
      configurations: 1,
      machines: 1,
    });
    const status = "CREATE_COMPLETE";
    assert.deepEqual(
      (await live()).stacks.filter(({ project }) => project === "shelf"),
      [{ name: `gwdev-${id}`, project: "shelf", status, machines: 1 }],
    );
    await remove(id);
    await nothingOf(id);
  });

  it("follow a machine that is replaced, and have none while they are frozen", async function () {
    leftToAll(this);
    const id = await request("moving", "dev", "realtime", "node");
    await when(id, "ready");
    const [first] = await leadsTo(sandbox.use, "moving-dev");
    const ec2 = await sandbox.use("ec2");
    await ec2.stopInstances({ InstanceIds: await machinesOf(sandbox.use, id) });
    await until("The name's way to the next machine", async () => {
      const [now] = await leadsTo(sandbox.use, "moving-dev");
      return now !== undefined && now !== first;
    });
    assert.equal((await machinesOf(sandbox.use, id)).length, 1);

    const expiresAt = new Date(Date.now() - DAY).toISOString();
    await write("project", id, { expiresAt, due: "2000-01-01" });
    await minuteOf("provisioner-reconcile");
    await when(id, "frozen");
    assert.deepEqual(await leadsTo(sandbox.use, "moving-dev"), []);
    // As on AWS, the group is told its size first, and ends its machines then.
    await until("The end of its machines", () => machinesOf(sandbox.use, id), {
      wanted: (machines) => machines.length === 0,
    });

    const thawed = await ask(sandbox.state, "PATCH", `/console/api/projects/${id}`, { extend: true });
    assert.equal(thawed.status, 202, JSON.stringify(thawed.body));
    await when(id, "ready");
    const now = await Promise.all([machinesOf(sandbox.use, id), leadsTo(sandbox.use, "moving-dev")]);
    assert.deepEqual(
      now.map(({ length }) => length),
      [1, 1],
    );
    await remove(id);
    await nothingOf(id);
    assert.deepEqual(await leadsTo(sandbox.use, "moving-dev"), []);
  });
});
