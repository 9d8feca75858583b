import { strict as assert } from "node:assert";
import { until } from "../../sandbox/problem";
import {
  ADMIN,
  Answer,
  approve,
  ask,
  call,
  executionOf,
  launchMachine,
  registerServer,
  logLines,
  MEMBER,
  NOTHING,
  outboxOf,
  remains,
  settledProject,
  wish,
} from "./driver";
import { DOMAIN, PREFIX, Rig } from "./rig";
import { itemsOf } from "./records";
import { sharedRig } from "./shared-rig";
import { leftToAll } from "../left-to-all";

/** Each template in each environment, with each engine; what differs only in its build stands once. */
const KINDS: [
  label: string,
  wish: { type: string; [field: string]: string },
  host: string,
  scheme?: "http",
][] = [
  ["a static site in dev", { type: "static" }, "static-dev"],
  ["a static site in stag", { type: "static", environment: "stag" }, "static-stag"],
  ["a static site in prod", { type: "static", environment: "prod" }, "static"],
  ["a single-page app in stag", { type: "spa", stack: "react", environment: "stag" }, "spa-stag"],
  ["a dapp in prod", { type: "dapp", stack: "vue", environment: "prod" }, "dapp"],
  ["real-time in dev", { type: "realtime", stack: "node" }, "realtime-dev", "http"],
  ["real-time in stag", { type: "realtime", stack: "socketio", environment: "stag" }, "realtime-stag"],
  ["real-time in prod", { type: "realtime", stack: "node", environment: "prod" }, "realtime"],
  ["Django on PostgreSQL in dev", { type: "dynamic", stack: "django" }, "dynamic-dev", "http"],
  ["Django on PostgreSQL in stag", { type: "dynamic", stack: "django", environment: "stag" }, "dynamic-stag"],
  ["Django on PostgreSQL in prod", { type: "dynamic", stack: "django", environment: "prod" }, "dynamic"],
  ["WordPress on MySQL in dev", { type: "cms", stack: "wordpress" }, "cms-dev", "http"],
  ["WordPress on MySQL in stag", { type: "cms", stack: "wordpress", environment: "stag" }, "cms-stag"],
  ["WordPress on MySQL in prod", { type: "cms", stack: "wordpress", environment: "prod" }, "cms"],
];
/** Each kind of machine and of database once, and both ways to a page. */
const IN_SHORT = /^(a static site in dev|real-time in prod|Django.* in dev|WordPress.* in prod)/;

describe("the provisioner on the emulators", function () {
  this.timeout(120_000);
  let rig: Rig;
  before(async function () {
    rig = await sharedRig(this);
    await rig.token(ADMIN);
  });

  const remove = async (id: string, { environment, resources }: Partial<Answer["body"]> = {}) => {
    assert.equal((await call(rig, MEMBER, "DELETE", `/projects/${id}`)).status, 202);
    if (environment === "prod" && resources["RDS::DBInstance"]) {
      await settledProject(rig, id, { step: "approve" });
      assert.equal((await approve(rig, id)).status, 200);
    }
    return settledProject(rig, id);
  };

  const SERVERS = ["realtime", "dynamic", "cms"];
  for (const [label, more, host, scheme = "https"] of KINDS)
    it(`creates exactly what the plan says for ${label}, deletes it, and leaves nothing`, async function () {
      if (!IN_SHORT.test(label)) leftToAll(this);
      const { type } = more;
      const id = await ask(rig, host.split("-")[0]!, more);
      if (!host.endsWith("-dev")) {
        await settledProject(rig, id, { step: "approve" });
        assert.equal((await approve(rig, id)).status, 200);
      }
      await settledProject(rig, id, { step: "deliver", only: "stack" });
      if (scheme === "http") await launchMachine(rig, id);
      else if (SERVERS.includes(type)) await registerServer(rig, id);
      const project = await settledProject(rig, id);
      assert.equal(project.state, "ready", JSON.stringify(project));
      assert.equal(project.url, `${scheme}://${host}.${DOMAIN}`);
      assert.ok(
        rig.sites.asked.includes(`${host}.${DOMAIN}/`),
        "the project's own address was not requested",
      );
      assert.equal(project.cloudFormation.status, "CREATE_COMPLETE");
      assert.deepEqual(await resourcesOf(rig, id), sorted(project.resources));
      assert.deepEqual((await remains(rig))["records"], [
        `_project.${host}.${DOMAIN}.`,
        `${host}.${DOMAIN}.`,
      ]);
      assert.equal((await remove(id, project)).state, "deleted");
      assert.deepEqual(await remains(rig), NOTHING);
    });

  it("takes ten states and four function calls from start to ready", async () => {
    const id = await ask(rig, "counted");
    await settledProject(rig, id);
    const executionArn = executionOf(rig, id);
    const { events = [] } = await rig.aws.sfn.getExecutionHistory({ executionArn, maxResults: 1000 });
    const entered = events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
    assert.deepEqual(entered, [
      "Start",
      "Create",
      "Created?",
      "Deliver",
      "Delivered?",
      "Serve",
      "Serves?",
      "Finish",
      "Finished?",
      "Ready",
    ]);
    assert.equal(events.filter((event) => event.type === "TaskScheduled").length, 4);
    await remove(id);
  });

  /** What the vault keeps under this name. */
  const keptAs = async (begin: string) => {
    const { SecretList = [] } = await rig.aws.secrets.listSecrets({});
    const mine = SecretList.find((secret) => secret.Name!.startsWith(begin))!;
    return JSON.parse((await rig.aws.secrets.getSecretValue({ SecretId: mine.ARN! })).SecretString!);
  };

  it("keeps every secret out of records, executions, logs, mails and answers", async () => {
    const heard = await listen(rig);
    const more = { type: "realtime", stack: "node", variables: { MODE: "OPENWORD" } };
    const id = await ask(rig, "discreet", {
      ...more,
      secrets: { KEY: "SECRETWORD 'a' \"b\"\n$c", OLD: "SECRETWORD" },
    });
    await settledProject(rig, id, { step: "deliver", only: "stack" });
    await launchMachine(rig, id);
    await settledProject(rig, id);
    assert.deepEqual(await keptAs(`${PREFIX}/${id}/`), {
      accessToken: wish("").accessToken,
      privateKey: wish("").privateKey,
    });
    const change = { variables: { SIZE: "2" }, secrets: { NEW: "SECRETWORD-2", OLD: null } };
    assert.ok(await buildOf(rig, id));
    assert.equal((await call(rig, MEMBER, "PATCH", `/projects/${id}`, change)).status, 202);
    const ready = await settledProject(rig, id);
    assert.deepEqual(
      [ready.state, ready.variables, ready.secrets],
      ["ready", { MODE: "OPENWORD", SIZE: "2" }, ["KEY", "NEW"]],
      JSON.stringify(ready),
    );
    assert.deepEqual(await keptAs(`${PREFIX}-${id}/values-`), {
      made: {},
      variables: ready.variables,
      secrets: { KEY: "SECRETWORD 'a' \"b\"\n$c", NEW: "SECRETWORD-2" },
    });
    assert.equal(await buildOf(rig, id), undefined);
    assert.equal(((await remains(rig))["secrets"] as string[]).length, 2);
    const executionArn = executionOf(rig, id);
    const { input } = await rig.aws.sfn.describeExecution({ executionArn });
    const sinks = {
      answer: ready,
      input: { executionArn, input },
      events: await heard(),
      table: await itemsOf(rig),
      history: (await rig.aws.sfn.getExecutionHistory({ executionArn, maxResults: 1000 })).events,
      stacks: (await rig.aws.cloudformation.describeStacks({})).Stacks,
      logs: await logLines(rig),
      mails: await outboxOf(rig),
    };
    for (const [sink, content] of Object.entries(sinks)) {
      const text = JSON.stringify(content);
      assert.ok(text.length > 100, `${sink} was not read`);
      assert.ok(!/SECRETTOKEN|SECRETKEY|SECRETWORD/.test(text), `${sink} holds a secret`);
    }
    await remove(id);
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("exports the logs of the provisioner and of each project to the one stream for the SIEM", async () => {
    const id = await ask(rig, "exported", { type: "realtime", stack: "node" });
    await settledProject(rig, id, { step: "deliver", only: "stack" });
    const { DeliveryStreamNames } = await rig.aws.firehose.listDeliveryStreams({});
    const [DeliveryStreamName] = DeliveryStreamNames!;
    const { DeliveryStreamDescription } = await rig.aws.firehose.describeDeliveryStream({
      DeliveryStreamName,
    });
    const { DeliveryStreamARN, Destinations } = DeliveryStreamDescription!;
    const { Url } = Destinations![0]!.HttpEndpointDestinationDescription!.EndpointConfiguration!;
    assert.equal(Url, "https://siem.example.org");
    const { logGroups = [] } = await rig.aws.logs.describeLogGroups({});
    const fed = await Promise.all(
      logGroups.map(async ({ logGroupName }) => {
        const { subscriptionFilters } = await rig.aws.logs.describeSubscriptionFilters({ logGroupName });
        const streams = subscriptionFilters!.map(({ destinationArn }) => destinationArn);
        return streams.includes(DeliveryStreamARN) ? logGroupName!.replace(/-[0-9a-f]{7}(?=$|[/_])/, "") : "";
      }),
    );
    assert.deepEqual(fed.filter(Boolean).sort(), [
      ...["app", "build"].map((log) => `/groundwork/${PREFIX}-${id}/${log}`),
      ...[
        "provisioner",
        "provisioner-api",
        "provisioner-domains",
        "provisioner-machine",
        "provisioner-pushes",
        "provisioner-reading",
        "provisioner-reconcile",
        "provisioner-steps",
      ],
    ]);
    await remove(id);
  });

  it("updates the content, and replaces the old secrets with the new ones", async () => {
    const id = await ask(rig, "changing");
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

  /** Drops a file as a ticket says; the bucket that it went to. */
  async function drop(content: object): Promise<string> {
    const { status, body } = await call(rig, MEMBER, "POST", "/uploads");
    assert.equal(status, 201);
    const form = new FormData();
    for (const [field, value] of Object.entries(body.fields as Record<string, string>))
      form.set(field, value);
    form.set("file", new Blob([JSON.stringify(content)]));
    const posted = await fetch(body.url, { method: "POST", body: form });
    assert.equal(posted.status, 204, await posted.text());
    return new URL(body.url).pathname.split("/")[1] || new URL(body.url).hostname.split(".")[0]!;
  }

  const versionsIn = async (bucket: string) =>
    (await rig.aws.s3.listObjectVersions({ Bucket: bucket })).Versions ?? [];

  it("empties a site's buckets, earlier versions included, before it deletes the stack", async () => {
    const id = await ask(rig, "full");
    await settledProject(rig, id);
    const { Stacks = [] } = await rig.aws.cloudformation.describeStacks({ StackName: `${PREFIX}-${id}` });
    const named = (name: string) =>
      Stacks[0]!.Outputs!.find(({ OutputKey }) => OutputKey === name)!.OutputValue!;
    const buckets = [named("Bucket"), named("Releases")];
    for (const Bucket of buckets) {
      for (const Body of ["first", "second"]) await rig.aws.s3.putObject({ Bucket, Key: "index.html", Body });
      await rig.aws.s3.deleteObject({ Bucket, Key: "index.html" });
    }
    assert.equal((await remove(id)).state, "deleted");
    assert.deepEqual(await remains(rig), NOTHING);
    for (const Bucket of buckets)
      await assert.rejects(rig.aws.s3.headBucket({ Bucket }), { name: "NotFound" });
  });

  it("mails whoever uploaded a refused file, and deletes the file", async () => {
    const bucket = await drop({ ...wish("refused"), type: "nothing" });
    await until("The e-mail about the refusal", () => outboxOf(rig), {
      wanted: (outbox) => outbox.includes("Your project was not accepted"),
      everyMs: 100,
    });
    await until("The deletion of the file", () => versionsIn(bucket), {
      wanted: ({ length }) => length === 0,
      everyMs: 100,
    });
  });

  it("starts the same flow from an uploaded file, and deletes the file", async () => {
    const bucket = await drop(wish("dropped"));
    const projects = async (): Promise<{ id: string; name: string }[]> =>
      (await call(rig, MEMBER, "GET", "/projects")).body.projects;
    const { id } = await until("The project of the uploaded file", async () =>
      (await projects()).find(({ name }) => name === "dropped"),
    );
    assert.equal((await settledProject(rig, id)).state, "ready");
    assert.deepEqual(await versionsIn(bucket), []);
    await remove(id);
  });
});

/** The build that a project's latest run has begun, if it did. */
const buildOf = async (rig: Rig, id: string) =>
  (await itemsOf(rig)).find(({ pk }) => pk!.S === `project#${id}`)!["buildId"]?.S;

const sorted = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What CloudFormation has made of a project, its database's stack as well, by type; what exports its logs is the platform's. */
async function resourcesOf(rig: Rig, id: string): Promise<Record<string, number>> {
  const { Stacks = [] } = await rig.aws.cloudformation.describeStacks({});
  const mine = Stacks.filter(({ StackName }) => StackName!.startsWith(`${PREFIX}-${id}`));
  const counts: Record<string, number> = {};
  for (const { StackName } of mine) {
    const { StackResources = [] } = await rig.aws.cloudformation.describeStackResources({ StackName });
    for (const type of StackResources.map(({ ResourceType }) => ResourceType!.slice("AWS::".length)))
      if (!["CloudFormation::Stack", "Logs::SubscriptionFilter"].includes(type))
        counts[type] = (counts[type] ?? 0) + 1;
  }
  return sorted(counts);
}

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
