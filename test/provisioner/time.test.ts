// What a minute, a day or a month brings to projects on the emulators.
import { strict as assert } from "node:assert";
import {
  ADMIN,
  ask,
  call,
  executionOf,
  launchMachine,
  MEMBER,
  NOTHING,
  outboxOf,
  remains,
  sendMinute,
  settledProject,
  takeReports,
} from "./driver";
import { change, leadsTo, overdue, record } from "./records";
import { grant, PREFIX, revoke, Rig } from "./rig";
import { sharedRig } from "./shared-rig";
import { leftToAll } from "../left-to-all";

const DAY = 24 * 60 * 60 * 1000;

describe("the provisioner, as time passes,", function () {
  this.timeout(240_000);
  let rig: Rig;
  before(async function () {
    rig = await sharedRig(this);
    await rig.token(ADMIN);
  });
  const remove = async (id: string) => {
    await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    await settledProject(rig, id);
  };

  /** It expires in so many days, and the minute's look finds that. */
  const expires = async (id: string, days: number) => {
    const expiresAt = new Date(Date.now() + days * DAY).toISOString();
    await change(rig, id, { expiresAt, due: "2000-01-01" });
    await sendMinute(rig);
  };

  it("warns about a dev project, freezes it, and finally deletes it; an extension thaws it", async () => {
    const id = await ask(rig, "aging");
    await settledProject(rig, id);
    const subjects = async () => {
      const text = await outboxOf(rig);
      return [/aging expires on/, /aging is frozen/].map((one) => one.test(text));
    };
    await expires(id, 2);
    assert.deepEqual(await subjects(), [true, false]);
    await expires(id, -1);
    assert.equal((await settledProject(rig, id, { skip: "ready" })).state, "frozen");
    assert.deepEqual(await subjects(), [true, true]);
    assert.equal((await call(rig, MEMBER, "PATCH", `/projects/${id}`, { extend: true })).status, 202);
    const thawed = await settledProject(rig, id, { skip: "frozen" });
    assert.equal(thawed.state, "ready");
    assert.ok(Date.parse(thawed.expiresAt) > Date.now() + 29 * DAY);
    await expires(id, -1);
    await settledProject(rig, id, { skip: "ready" });
    await expires(id, -8);
    assert.equal((await settledProject(rig, id, { skip: "frozen" })).state, "deleted");
  });

  it("retries a failed freeze a day later", async function () {
    leftToAll(this);
    const id = await ask(rig, "stuck");
    await settledProject(rig, id);
    const deny = { Effect: "Deny", Action: "cloudformation:CreateChangeSet", Resource: "*" };
    await grant(rig.aws, "steps", deny, "fault");
    try {
      await expires(id, -1);
      assert.equal((await settledProject(rig, id)).state, "ready");
    } finally {
      await revoke(rig.aws, "steps", "fault");
    }
    const { failure, due } = await record(rig, id);
    assert.equal(failure!.step, "update");
    assert.ok(Date.parse(due!) > Date.now() + 0.9 * DAY, due);
    await remove(id);
  });

  it("points a dev server's name to the newest machine, and to none while it is frozen", async function () {
    leftToAll(this);
    const id = await ask(rig, "moving", { type: "dynamic", stack: "node" });
    await settledProject(rig, id, { step: "deliver", only: "stack" });
    const first = await launchMachine(rig, id);
    await settledProject(rig, id);
    assert.deepEqual(await leadsTo(rig, "moving-dev"), [first]);
    const second = await launchMachine(rig, id);
    assert.notEqual(second, first);
    assert.deepEqual(await leadsTo(rig, "moving-dev"), [second]);

    await expires(id, -1);
    assert.equal((await settledProject(rig, id, { skip: "ready" })).state, "frozen");
    assert.deepEqual(await leadsTo(rig, "moving-dev"), []);

    assert.equal((await call(rig, MEMBER, "PATCH", `/projects/${id}`, { extend: true })).status, 202);
    await settledProject(rig, id, { step: "update", events: false });
    const third = await launchMachine(rig, id);
    assert.equal((await settledProject(rig, id, { skip: "frozen" })).state, "ready");
    assert.deepEqual(await leadsTo(rig, "moving-dev"), [third]);
    await remove(id);
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("detects a manual change a day later", async function () {
    leftToAll(this);
    const id = await ask(rig, "drifting");
    await settledProject(rig, id);
    const look = async () => {
      await change(rig, id, { due: "2000-01-01" });
      await sendMinute(rig);
      return (await call(rig, MEMBER, "GET", `/projects/${id}`)).body.cloudFormation;
    };
    assert.equal((await look()).drift, "IN_SYNC");
    const StackName = `${PREFIX}-${id}`;
    const { StackResources } = await rig.aws.cloudformation.describeStackResources({ StackName });
    const Bucket = StackResources!.find(
      ({ ResourceType }) => ResourceType === "AWS::S3::Bucket",
    )!.PhysicalResourceId!;
    await rig.aws.s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Suspended" } });
    const { drift, driftCheckedAt } = await look();
    assert.equal(drift, "DRIFTED");
    assert.ok(Date.now() - Date.parse(driftCheckedAt) < 60_000, driftCheckedAt);
    await remove(id);
  });

  it("rejects a project that nobody decided on in time, after a reminder", async () => {
    const id = await ask(rig, "forgotten", { environment: "stag" });
    await settledProject(rig, id, { step: "approve" });
    const asked = async (hours: number) => {
      const at = new Date(Date.now() - hours * 3_600_000).toISOString();
      await change(rig, id, { "stages.approve.at": at, due: "2000-01-01" });
      await sendMinute(rig);
    };
    await asked(25);
    const text = await outboxOf(rig);
    assert.match(text, /Reminder: forgotten asks for approval/);
    await asked(73);
    assert.equal((await settledProject(rig, id)).state, "rejected");
  });

  it("starts an accepted project whose start was lost", async () => {
    await grant(rig.aws, "api", { Effect: "Deny", Action: "states:StartExecution", Resource: "*" }, "fault");
    const id = await ask(rig, "lost").finally(() => revoke(rig.aws, "api", "fault"));
    const before = (await call(rig, MEMBER, "GET", `/projects/${id}`)).body;
    assert.deepEqual(Object.keys(before.stages), ["reserve"]);
    await overdue(rig);
    await sendMinute(rig);
    assert.equal((await settledProject(rig, id)).state, "ready");
    await remove(id);
  });

  it("calls a person when an execution broke, and resumes on DELETE", async function () {
    leftToAll(this);
    const id = await ask(rig, "broken");
    await settledProject(rig, id, { step: "create", events: false });
    await rig.aws.sfn.stopExecution({ executionArn: executionOf(rig, id) });
    await overdue(rig);
    await sendMinute(rig);
    assert.equal((await settledProject(rig, id)).state, "needs-attention");
    assert.deepEqual(await takeReports(rig), [id]);
    await remove(id);
    assert.deepEqual(await remains(rig), NOTHING);
  });
});
