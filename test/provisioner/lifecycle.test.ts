import { strict as assert } from "node:assert";
import { ADMIN, call, logLines, MEMBER, NOTHING, remains, settledProject, wish } from "./driver";
import { DOMAIN, PREFIX, Rig } from "./rig";
import { sharedRig } from "./shared-rig";

const KINDS: [string, object, string][] = [
  ["a static site in dev", { type: "static" }, "https"],
  ["a single-page app in stag", { type: "spa", stack: "react", environment: "stag" }, "https"],
  ["a dapp in prod", { type: "dapp", stack: "vue", environment: "prod" }, "https"],
  ["real-time in prod", { type: "realtime", stack: "node", environment: "prod" }, "https"],
  ["real-time in stag", { type: "realtime", stack: "socketio", environment: "stag" }, "https"],
  ["Django with its database in stag", { type: "dynamic", stack: "django", environment: "stag" }, "https"],
  ["WordPress with its database in prod", { type: "cms", stack: "wordpress", environment: "prod" }, "https"],
];

describe("the provisioner on the emulators", function () {
  this.timeout(120_000);
  let rig: Rig;
  before(async function () {
    rig = await sharedRig(this);
    await rig.token(ADMIN);
  });

  const create = async (name: string, more: object = {}) => {
    const { status, body } = await call(rig, MEMBER, "POST", "/projects", wish(name, more));
    assert.equal(status, 202, JSON.stringify(body));
    return body.id as string;
  };
  const remove = async (id: string) => {
    assert.equal((await call(rig, MEMBER, "DELETE", `/projects/${id}`)).status, 202);
    return settledProject(rig, id);
  };
  const approve = (id: string) =>
    call(rig, ADMIN, "POST", `/projects/${id}/decision`, { decision: "approve" });

  for (const [index, [label, more, scheme]] of KINDS.entries())
    it(`makes and deletes ${label}, and leaves nothing`, async () => {
      const name = `kind-${index}`;
      const id = await create(name, more);
      const environment = (more as { environment?: string }).environment ?? "dev";
      if (environment !== "dev") {
        await settledProject(rig, id, { step: "approve" });
        assert.equal((await approve(id)).status, 200);
      }
      const project = await settledProject(rig, id);
      assert.equal(project.state, "ready", JSON.stringify(project));
      const host = environment === "prod" ? name : `${name}-${environment}`;
      assert.equal(project.url, `${scheme}://${host}.${DOMAIN}`);
      assert.equal(project.cloudFormation.status, "CREATE_COMPLETE");
      assert.deepEqual((await remains(rig))["records"], [`${host}.${DOMAIN}.`]);
      assert.equal((await remove(id)).state, "deleted");
      assert.deepEqual(await remains(rig), NOTHING);
    });

  it("takes eight states and three function calls from start to ready", async () => {
    const id = await create("counted");
    await settledProject(rig, id);
    const executionArn = `${rig.outputs.stateMachineArn.replace(":stateMachine:", ":execution:")}:${id}-create`;
    const { events = [] } = await rig.aws.sfn.getExecutionHistory({ executionArn, maxResults: 1000 });
    const entered = events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
    assert.deepEqual(entered, [
      "Start",
      "Create",
      "Created?",
      "Deliver",
      "Delivered?",
      "Finish",
      "Finished?",
      "Ready",
    ]);
    assert.equal(events.filter((event) => event.type === "TaskScheduled").length, 3);
    await remove(id);
  });

  it("keeps both secrets out of records, executions, logs, mails and answers", async () => {
    const heard = await listen(rig);
    const id = await create("discreet");
    const ready = await settledProject(rig, id);
    const { SecretList = [] } = await rig.aws.secrets.listSecrets({});
    const mine = SecretList.find((secret) => secret.Name!.startsWith(`${PREFIX}/${id}/`))!;
    const { SecretString } = await rig.aws.secrets.getSecretValue({ SecretId: mine.ARN! });
    assert.deepEqual(JSON.parse(SecretString!), {
      accessToken: wish("").accessToken,
      privateKey: wish("").privateKey,
    });
    const executionArn = `${rig.outputs.stateMachineArn.replace(":stateMachine:", ":execution:")}:${id}-create`;
    const { input } = await rig.aws.sfn.describeExecution({ executionArn });
    const sinks = {
      answer: ready,
      input: { executionArn, input },
      events: await heard(),
      table: (await rig.aws.dynamodb.scan({ TableName: rig.outputs.tableName })).Items,
      history: (await rig.aws.sfn.getExecutionHistory({ executionArn, maxResults: 1000 })).events,
      stacks: (await rig.aws.cloudformation.describeStacks({})).Stacks,
      logs: await logLines(rig),
      mails: await (await fetch(`${rig.endpoint}/_ministack/ses/messages`)).json(),
    };
    for (const [sink, content] of Object.entries(sinks)) {
      const text = JSON.stringify(content);
      assert.ok(text.length > 100, `${sink} was read`);
      assert.ok(!/SECRETTOKEN|SECRETKEY/.test(text), `${sink} holds a secret`);
    }
    await remove(id);
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("updates the content, and gives the new secrets the place of the old ones", async () => {
    const id = await create("changing");
    await settledProject(rig, id);
    const change = { repository: "https://github.com/example/other", accessToken: "ghp_SECRETTOKEN-2" };
    assert.equal((await call(rig, MEMBER, "PATCH", `/projects/${id}`, change)).status, 202);
    const project = await settledProject(rig, id);
    assert.equal(project.state, "ready", JSON.stringify(project));
    assert.equal(project.repository, change.repository);
    assert.equal(project.cloudFormation.status, "UPDATE_COMPLETE");
    assert.equal(((await remains(rig))["secrets"] as string[]).length, 1);
    await remove(id);
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("starts the same flow from a dropped file, and keeps no file", async () => {
    const { status, body } = await call(rig, MEMBER, "POST", "/uploads");
    assert.equal(status, 201);
    const form = new FormData();
    for (const [field, value] of Object.entries(body.fields as Record<string, string>))
      form.set(field, value);
    form.set("file", new Blob([JSON.stringify(wish("dropped"))]));
    const posted = await fetch(body.url, { method: "POST", body: form });
    assert.equal(posted.status, 204, await posted.text());
    const named = async () =>
      (await call(rig, MEMBER, "GET", "/projects")).body.projects.find(
        (one: { name: string }) => one.name === "dropped",
      );
    let found: { id: string } | undefined;
    for (let i = 0; i < 100 && !found; i++) found = await named();
    assert.equal((await settledProject(rig, found!.id)).state, "ready");
    const bucket = new URL(body.url).pathname.split("/")[1] || new URL(body.url).hostname.split(".")[0]!;
    const { Versions = [] } = await rig.aws.s3.listObjectVersions({ Bucket: bucket });
    assert.deepEqual(Versions, []);
    await remove(found!.id);
  });
});

/** Hears every event that is published from now on. */
async function listen(rig: Rig): Promise<() => Promise<string[]>> {
  const { QueueUrl } = await rig.aws.sqs.createQueue({ QueueName: "stages" });
  const { Attributes } = await rig.aws.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["QueueArn"] });
  const Arn = Attributes!["QueueArn"]!;
  await rig.aws.sqs.setQueueAttributes({
    QueueUrl,
    Attributes: {
      Policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: Arn,
          },
        ],
      }),
    },
  });
  await rig.aws.events.putRule({
    Name: "stages",
    EventPattern: JSON.stringify({ source: [{ prefix: "" }] }),
  });
  await rig.aws.events.putTargets({ Rule: "stages", Targets: [{ Id: "queue", Arn }] });
  return async () => {
    const heard: string[] = [];
    for (;;) {
      const { Messages = [] } = await rig.aws.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      if (Messages.length === 0) break;
      for (const { Body, ReceiptHandle } of Messages) {
        heard.push(Body!);
        await rig.aws.sqs.deleteMessage({ QueueUrl, ReceiptHandle });
      }
    }
    await rig.aws.events.removeTargets({ Rule: "stages", Ids: ["queue"] });
    return heard;
  };
}
