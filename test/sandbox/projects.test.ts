// A team's own project as a newcomer asks for it: on the running site, with the real functions, state machine and CloudFormation.
import assert from "node:assert/strict";
import { until } from "../../sandbox/problem";
import type { Live } from "../../sandbox/page/page";
import { SharedSandbox, sharedSandbox } from "./shared";
import { Answer, ask } from "./visitor";

describe("the sandbox's projects", function () {
  this.timeout(60_000);
  let sandbox: SharedSandbox;
  before(async function () {
    sandbox = await sharedSandbox(this);
  });

  const wish = (name: string, environment: string) => ({
    name,
    environment,
    type: "static",
    stack: "html",
    repository: "https://github.com/example/site",
    email: "team@example.com",
  });
  const request = async (name: string, environment: string): Promise<string> => {
    const { status, body } = await ask(
      sandbox.state,
      "POST",
      "/console/api/projects",
      wish(name, environment),
    );
    assert.equal(status, 202, JSON.stringify(body));
    return body.id;
  };
  const project = async (id: string): Promise<Answer["body"]> =>
    (await ask(sandbox.state, "GET", `/console/api/projects/${id}`)).body;
  /** The project as soon as it rests so. */
  const when = (id: string, state: string): Promise<Answer["body"]> =>
    until(`The project's becoming ${state}`, async () => {
      const now = await project(id);
      return now.state === state ? now : undefined;
    });
  const mailed = async (subject: string) => {
    const live = (await (await fetch(`${sandbox.state.page}/sandbox/state.json`)).json()) as Live;
    return live.mails.filter((mail) => mail.subject === subject);
  };

  it("become ready by themselves in dev, stage by stage, and the team is told", async () => {
    const id = await request("site", "dev");
    const { stages, url } = await when(id, "ready");
    assert.deepEqual(
      Object.entries(stages as Record<string, { state: string }>).map(([name, { state }]) => [name, state]),
      ["reserve", "create", "deliver", "finish"].map((name) => [name, "done"]),
    );
    const [mail] = await mailed("site is ready");
    assert.deepEqual(mail!.to, ["team@example.com"]);
    assert.ok(mail!.text.includes(url) && mail!.text.includes(`${sandbox.state.url}/console?project=${id}`));
    const cloudformation = await sandbox.use("cloudformation");
    const { Stacks } = await cloudformation.describeStacks({ StackName: `gwdev-${id}` });
    assert.equal(Stacks![0]!.StackStatus, "CREATE_COMPLETE");
  });

  it("wait for the admin elsewhere, who alone may decide, and leave no stack when they are deleted", async () => {
    const id = await request("shop", "stag");
    await until("The request for approval", async () => (await project(id)).step === "approve" || undefined);
    const decision = { decision: "approve", comment: "go ahead" };
    const path = `/console/api/projects/${id}`;
    assert.equal((await ask(sandbox.state, "POST", `${path}/decision`, decision)).status, 403);
    const decided = await ask(sandbox.state, "POST", `${path}/decision`, decision, "admin");
    assert.ok(decided.status < 300, JSON.stringify(decided));
    await when(id, "ready");
    assert.deepEqual(
      (await mailed("shop asks for approval")).map(({ to }) => to),
      [["admin@example.com"]],
    );
    assert.equal((await ask(sandbox.state, "DELETE", path)).status, 202);
    await when(id, "deleted");
    const cloudformation = await sandbox.use("cloudformation");
    await assert.rejects(cloudformation.describeStacks({ StackName: `gwdev-${id}` }), /does not exist/);
  });
});
