import assert from "node:assert/strict";
import { ChildProcess, fork } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Deployed } from "../../sandbox/engine";
import type { Message } from "../../sandbox/engine/main";
import { root } from "../../sandbox/paths";
import { SharedSandbox, sharedSandbox } from "./shared";

interface Answered {
  plan: string[];
  deployed: Deployed;
}

describe("a second run of a program on the emulators", () => {
  let sandbox: SharedSandbox;
  let child: ChildProcess;
  let file: string;
  let log: number;
  let first: Deployed;
  let second: Answered;

  /** The next answer, with the plan that was told before it. */
  const answer = () =>
    new Promise<Answered>((resolve, reject) => {
      const plan: string[] = [];
      const hear = (message: Message) => {
        if (message.kind === "plan") plan.push(...message.lines);
        if (message.kind !== "done" && message.kind !== "failed") return;
        child.off("message", hear);
        if (message.kind === "done") resolve({ plan, deployed: message.deployment });
        else reject(new Error(message.message));
      };
      child.on("message", hear);
      child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
    });
  const rerun = (state: string) => {
    fs.writeFileSync(file, state);
    child.send("program");
    return answer();
  };
  const invoked = async (name: string) => {
    const { Payload } = await (await sandbox.use("lambda")).invoke({ FunctionName: name });
    return JSON.parse(Buffer.from(Payload!).toString()) as unknown;
  };

  before(async function () {
    this.timeout(180_000);
    sandbox = await sharedSandbox(this);
    file = path.join(sandbox.paths.run, "changing");
    log = fs.openSync(path.join(sandbox.paths.logs, "changing.log"), "w");
    fs.writeFileSync(file, "first");
    const program = path.join(__dirname, "programs", "changing.ts");
    child = fork(path.join(root, "sandbox/engine/main.ts"), ["sandbox", program, "--watched"], {
      execArgv: ["-r", path.join(root, "scripts/loader.cjs")],
      env: { ...process.env, ...sandbox.state.environment, CHANGING: file },
      stdio: ["ignore", log, log, "ipc"],
    });
    child.send("ready");
    first = (await answer()).deployed;
    await (await sandbox.use("s3")).putObject({ Bucket: first.outputs["bucket"], Key: "data", Body: "kept" });
    second = await rerun("second");
  });
  after(() => {
    child?.kill();
    if (log !== undefined) fs.closeSync(log);
  });

  it("shows its plan first, with replacements, and with deletions last", () => {
    assert.deepEqual([...second.plan].sort(), [
      "+  aws:sqs/queue:Queue  fresh",
      "+- aws:dynamodb/table:Table  changing  attributes, hashKey",
      "+- aws:lambda/permission:Permission  speaker  principal",
      "-  aws:sqs/queue:Queue  gone",
      "~  aws:cloudwatch/logGroup:LogGroup  changing  retentionInDays",
      "~  aws:cloudwatch/metricAlarm:MetricAlarm  changing  threshold",
      "~  aws:ec2/launchTemplate:LaunchTemplate  changing  instanceType",
      "~  aws:iam/role:Role  changing  inlinePolicies",
      "~  aws:lambda/function:Function  reader  environment",
      "~  aws:lambda/function:Function  speaker  code, environment",
      "~  aws:s3/bucketObjectv2:BucketObjectv2  changing  content",
      "~  aws:sfn/stateMachine:StateMachine  changing  definition",
      "~  aws:sns/topic:Topic  changing  displayName",
      "~  aws:sqs/queue:Queue  changing  visibilityTimeoutSeconds",
      "~  aws:ssm/parameter:Parameter  changing  value",
    ]);
    assert.equal(second.plan.at(-1), "-  aws:sqs/queue:Queue  gone");
  });

  it("changes in place what it can, and leaves the rest and all data unchanged", async () => {
    const { outputs } = second.deployed;
    for (const name of ["speaker", "queue", "bucket", "topic", "kept"])
      assert.equal(outputs[name], first.outputs[name], name);
    assert.deepEqual(await invoked(outputs["speaker"]), { says: "two", told: "late" });
    const attribute = async (name: "VisibilityTimeout") =>
      (
        await (
          await sandbox.use("sqs")
        ).getQueueAttributes({ QueueUrl: outputs["queue"], AttributeNames: [name] })
      ).Attributes![name];
    assert.equal(await attribute("VisibilityTimeout"), "45");
    const s3 = await sandbox.use("s3");
    const text = async (Key: string) =>
      (await s3.getObject({ Bucket: outputs["bucket"], Key })).Body!.transformToString();
    assert.deepEqual([await text("text"), await text("data")], ["b", "kept"]);
    const { Attributes } = await (
      await sandbox.use("sns")
    ).getTopicAttributes({ TopicArn: outputs["topic"] });
    assert.equal(Attributes!["DisplayName"], "After");
    assert.deepEqual([first.outputs["template"], outputs["template"]], [1, 2]);
    const roleName = second.deployed.resources.find(({ type }) => type === "aws:iam/role:Role")!.id;
    const { PolicyNames } = await (await sandbox.use("iam")).listRolePolicies({ RoleName: roleName });
    assert.deepEqual(PolicyNames, ["after"]);
  });

  it("replaces what the provider replaces, points others to the new one, and deletes the old one", async () => {
    const [old, table] = [first.outputs["table"], second.deployed.outputs["table"]] as string[];
    assert.notEqual(table, old);
    const dynamodb = await sandbox.use("dynamodb");
    const { Table } = await dynamodb.describeTable({ TableName: table });
    assert.deepEqual(Table!.KeySchema, [{ AttributeName: "id", KeyType: "HASH" }]);
    await assert.rejects(dynamodb.describeTable({ TableName: old }), /ResourceNotFound|not found/i);
    const reader = second.deployed.resources.find(({ name }) => name === "reader")!;
    assert.deepEqual(await invoked(reader.id), { says: "read", told: table });
  });

  it("deletes what is no longer declared, and creates what is new", async () => {
    const sqs = await sandbox.use("sqs");
    const asked = (QueueUrl: string) => sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["QueueArn"] });
    await assert.rejects(asked(first.outputs["gone"]), { name: "QueueDoesNotExist" });
    assert.ok((await asked(second.deployed.outputs["fresh"])).Attributes!["QueueArn"]);
    const names = second.deployed.resources.map(({ name }) => name);
    assert.deepEqual([names.includes("gone"), names.includes("fresh")], [false, true]);
  });

  it("has nothing to do when nothing was edited", async () => {
    const { plan, deployed } = await rerun("second");
    assert.deepEqual([plan, deployed.steps], [[], []]);
    assert.deepEqual(deployed.outputs, second.deployed.outputs);
  });

  it("refuses a program that fails, says where, and leaves everything unchanged", async () => {
    await assert.rejects(
      rerun("broken"),
      /the settings are wrong \(test\/sandbox\/programs\/changing\.ts:\d+\)/,
    );
    assert.deepEqual(await invoked(second.deployed.outputs["speaker"]), { says: "two", told: "late" });
    assert.deepEqual((await rerun("second")).plan, []);
  });

  it("refuses to delete what is protected, before it deletes anything else", async () => {
    await assert.rejects(
      rerun("unprotected"),
      /aws:s3\/bucket:Bucket "kept" is protected and cannot be deleted: take its protection first/,
    );
    assert.deepEqual((await rerun("second")).plan, []);
  });
});
