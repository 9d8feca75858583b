import { skip } from "../skip";
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import { IAM } from "@aws-sdk/client-iam";
import { until } from "../../sandbox/problem";
import { type FaultProxy, faultProxy } from "./fault-proxy";
import { redrive } from "./redrive";
import type { Rig } from "./rig";
import { needsRig, sharedRig } from "./shared-rig";
import { each, messagesIn, versionsIn } from "./waiting";

/** 3,000 take some minutes, and were moved once for docs/uploads.md. */
const objects = Number(process.env.FAULTY_OBJECTS ?? 120);

describe("the mover's own zip, under faults,", function () {
  this.timeout(180_000);
  let rig: Rig;
  let proxy: FaultProxy;
  let variables: Record<string, string>;
  let hidden: string;
  before(needsRig);
  before(async () => {
    rig = await sharedRig();
    proxy = await faultProxy(rig.endpoint);
    variables = await variablesOf(rig);
    hidden = await hiddenFor(rig);
    await setVariables(rig, { ...variables, AWS_ENDPOINT_URL_S3: proxy.url, RETRY_SECONDS: "0" });
  });
  after(async () => {
    if (!proxy) return;
    await setVariables(rig, variables);
    await hideFor(rig, hidden);
    await proxy.close();
  });
  afterEach(() => {
    proxy.decide = () => "through";
  });

  const put = (key: string) =>
    rig.s3.putObject({
      Bucket: rig.outputs.normal,
      Key: key,
      Body: `body of ${key}`,
      Tagging: "sensitive=yes",
    });
  const gone = (prefix: string, seconds = 60) =>
    until(`The move of ${prefix}`, () => versionsIn(rig.s3, rig.outputs.normal, prefix), {
      wanted: (versions) => versions.length === 0,
      everyMs: 100,
      seconds,
    });
  const isWhole = async (key: string) => {
    const { Body } = await rig.s3.getObject({ Bucket: rig.outputs.sensitive, Key: key });
    assert.equal(await Body!.transformToString(), `body of ${key}`);
  };

  it(`loses none of ${objects} objects under throttles, errors and lost answers`, async function () {
    this.timeout(180_000 + objects * 500);
    const keys = Array.from({ length: objects }, (_, index) => `faults/${index}`);
    let count = 0;
    const fates = ["throttle", "error", "lose-answer"] as const;
    // One request in seven fails, so that every kind of call meets every kind of fault.
    proxy.decide = () => (++count % 7 === 0 ? fates[(count / 7) % 3]! : "through");
    await each(keys, put);
    await gone("faults/", 120 + objects / 3);
    await each(keys, isWhole);
    assert.equal(await messagesIn(rig.sqs, rig.outputs.deadLetterUrl), 0);
    for (const fate of fates) assert.ok(proxy.counts[fate] > 20, `${fate}: ${proxy.counts[fate]}`);
  });

  it("finishes a move whose mover was killed between copy and delete", async function () {
    if (process.platform !== "linux")
      skip(this, "Linux", "a mover's process is found by /proc, which only Linux has");
    // The message of a killed mover stays hidden for as long, and so does one that was handed to a process just killed.
    await hideFor(rig, "10");
    let held = false;
    proxy.decide = ({ method, url }) => {
      if (method !== "DELETE" || !url?.includes("killed") || held) return "through";
      held = true;
      return "hang";
    };
    await put("killed/a");
    await until("The delete", () => held);
    assert.equal((await versionsIn(rig.s3, rig.outputs.normal, "killed/")).length, 1);
    await isWhole("killed/a");
    assert.ok(killWorkers(rig.folder) > 0);
    await gone("killed/", 120);
    await isWhole("killed/a");
    await hideFor(rig, hidden);
  });

  it("keeps files that cannot be moved in the dead-letter queue, and moves them after a redrive", async () => {
    const iam = new IAM({ region: "eu-west-1", endpoint: rig.endpoint, credentials: rig.credentials });
    const denial = { RoleName: rig.outputs.moverRoleName, PolicyName: "outage" };
    const deny = { Effect: "Deny", Action: "kms:*", Resource: "*" };
    const noPut = { Effect: "Deny", Action: "s3:PutObject", Resource: "*" };
    await iam.putRolePolicy({
      ...denial,
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [deny, noPut] }),
    });
    const keys = ["stuck/1", "stuck/2", "stuck/3"];
    await each(keys, put);
    const dead = () => messagesIn(rig.sqs, rig.outputs.deadLetterUrl);
    await until("The dead letters' arrival", dead, {
      wanted: (count) => count === keys.length,
      everyMs: 100,
      seconds: 60,
    });
    assert.equal((await versionsIn(rig.s3, rig.outputs.normal, "stuck/")).length, keys.length);
    assert.deepEqual(await versionsIn(rig.s3, rig.outputs.sensitive, "stuck/"), []);

    await iam.deleteRolePolicy(denial);
    assert.equal(await redrive(rig.sqs, rig.outputs.deadLetterUrl, rig.outputs.queueUrl), keys.length);
    await gone("stuck/");
    await each(keys, isWhole);
    assert.equal(await dead(), 0);
  });
});

async function variablesOf({ lambda, outputs }: Rig): Promise<Record<string, string>> {
  const { Environment } = await lambda.getFunctionConfiguration({ FunctionName: outputs.moverName });
  return Environment!.Variables!;
}

async function setVariables({ lambda, outputs }: Rig, Variables: Record<string, string>): Promise<void> {
  await lambda.updateFunctionConfiguration({ FunctionName: outputs.moverName, Environment: { Variables } });
}

/** For how many seconds the queue hides a message that was handed out. */
async function hiddenFor({ sqs, outputs }: Rig): Promise<string> {
  const wanted = { QueueUrl: outputs.queueUrl, AttributeNames: ["VisibilityTimeout" as const] };
  const { Attributes } = await sqs.getQueueAttributes(wanted);
  return Attributes!.VisibilityTimeout!;
}

async function hideFor({ sqs, outputs }: Rig, VisibilityTimeout: string): Promise<void> {
  await sqs.setQueueAttributes({ QueueUrl: outputs.queueUrl, Attributes: { VisibilityTimeout } });
}

/** Kills the processes that the rig's functions run in; says how many. */
function killWorkers(folder: string): number {
  const workers = fs
    .readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(folder));
  for (const pid of workers) process.kill(Number(pid), "SIGKILL");
  return workers.length;
}

function commandOf(pid: string): string {
  try {
    const command = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return command.startsWith("node") || command.includes("/node\0") ? command : "";
  } catch {
    return ""; // gone meanwhile
  }
}
