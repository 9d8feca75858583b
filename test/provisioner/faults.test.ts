// Every step is made to fail on the emulators; afterwards nothing of the project is left but its note.
import { strict as assert } from "node:assert";
import { sleep, until } from "../../sandbox/problem";
import {
  ADMIN,
  ask,
  call,
  currentImage,
  failBuild,
  logOf,
  keptImages,
  launchMachine,
  MEMBER,
  NOTHING,
  outboxOf,
  pushImage,
  remains,
  sendMinute,
  settledProject,
  stackDone,
  takeReports,
  wish,
} from "./driver";
import { change, templateBucket } from "./records";
import { DOMAIN, grant, PREFIX, revoke, Rig } from "./rig";
import { sharedRig } from "./shared-rig";
import { leftToAll } from "../left-to-all";

describe("a project that fails", function () {
  this.timeout(120_000);
  let rig: Rig;
  before(async function () {
    rig = await sharedRig(this);
    await rig.token(ADMIN);
  });

  let count = 0;
  const create = (more?: object) => ask(rig, `fault-${++count}`, more);
  const deny = async (role: string, Action: string, work: () => Promise<void>) => {
    await grant(rig.aws, role, { Effect: "Deny", Action, Resource: "*" }, "fault");
    await work().finally(() => revoke(rig.aws, role, "fault"));
  };

  const FAULTS: [string, string, string][] = [
    ["nobody can be asked for approval", "cognito-idp:ListUsersInGroup", "approve"],
    ["the stack cannot be created", "cloudformation:CreateStack", "create"],
  ];
  for (const [label, action, step] of FAULTS)
    it(`is rolled back when ${label}`, async () => {
      await deny("steps", action, async () => {
        const id = await create(step === "approve" ? { environment: "prod" } : {});
        const project = await settledProject(rig, id);
        assert.equal(project.state, "rolled-back", JSON.stringify(project));
        assert.equal(project.stages[step].state, "failed");
      });
      assert.deepEqual(await remains(rig), NOTHING);
    });

  /** Nothing has been asked for half an hour, as far as the project knows. */
  const waitedInVain = async (id: string) => {
    const at = new Date(Date.now() - 31 * 60_000).toISOString();
    await change(rig, id, { "stages.serve.at": at, due: "2000-01-01" });
    await sendMinute(rig);
  };
  /** Why nobody was told, which is noted right after the project's state. */
  const refusalOf = async (id: string): Promise<string> => {
    const noted = async () => (await call(rig, MEMBER, "GET", `/projects/${id}`)).body.notified;
    return (await until("The note about the refused e-mail", noted, { everyMs: 100 })).refused;
  };
  const removed = async (id: string) => {
    assert.equal((await call(rig, MEMBER, "DELETE", `/projects/${id}`)).status, 202);
    assert.equal((await settledProject(rig, id, { skip: "failed" })).state, "deleted");
    assert.deepEqual(await remains(rig), NOTHING);
  };

  it("keeps its resources when its build cannot be started", async () => {
    await deny("steps", "codebuild:StartBuild", async () => {
      const id = await create();
      const { state, quota, cloudFormation } = await settledProject(rig, id);
      assert.deepEqual([state, quota, cloudFormation.status], ["failed", "reserved", "CREATE_COMPLETE"]);
      await removed(id);
    });
  });

  it("keeps its resources when its build fails, shows and mails the log's end, and is ready after a correction", async () => {
    const id = await create({ branch: "mian" });
    await settledProject(rig, id, { step: "deliver", only: "stack" });
    const said = "fatal: Remote branch mian not found in upstream origin";
    await failBuild(rig, id, `${said}\n`, "password=hunter22\n");
    const project = await settledProject(rig, id);
    assert.deepEqual([project.state, project.quota, project.moving], ["failed", "reserved", false]);
    assert.equal(project.logTail, `${said}\npassword=***`);
    assert.equal(project.failure.step, "deliver");
    assert.deepEqual(await logOf(rig, id, "build"), project.logTail.split("\n"));
    const text = await until("The e-mail about the failed build", () => outboxOf(rig), {
      wanted: (outbox) => outbox.includes(`fault-${count} did not get ready`),
      everyMs: 100,
    });
    assert.match(text, /Remote branch mian not found/);
    assert.doesNotMatch(text, /hunter22/);
    assert.equal((await call(rig, MEMBER, "PATCH", `/projects/${id}`, { branch: "main" })).status, 202);
    const mended = await settledProject(rig, id, { skip: "failed" });
    assert.deepEqual([mended.state, mended.quota, mended.branch], ["ready", "committed", "main"]);
    assert.equal(mended.logTail, undefined);
    await removed(id);
  });

  it("keeps its resources when its address does not answer for half an hour, and is deleted a day later", async () => {
    rig.sites.status = 503;
    try {
      const id = await create({ healthPath: "/health" });
      await settledProject(rig, id, { step: "serve" });
      await waitedInVain(id);
      const { state, failure, url } = await settledProject(rig, id);
      assert.deepEqual([state, failure.code], ["failed", "serve"]);
      assert.ok(failure.reason.includes(`${url}/health answers 503`), failure.reason);
      await change(rig, id, { expiresAt: "2000-01-01T00:00:00.000Z", due: "2000-01-01" });
      await sendMinute(rig);
      assert.equal((await settledProject(rig, id, { skip: "failed" })).state, "deleted");
    } finally {
      rig.sites.status = 200;
    }
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("returns to the previous release by itself when the new one does not serve, and on request", async () => {
    const id = await create({ type: "realtime", stack: "node" });
    await settledProject(rig, id, { step: "deliver", only: "stack" });
    await launchMachine(rig, id);
    const first = await pushImage(rig, id, "first");
    assert.deepEqual((await settledProject(rig, id)).releases, [first]);
    const update = async (image: string) => {
      // Before the build could end, which MiniStack's does at once.
      const digest = await pushImage(rig, id, image);
      assert.equal((await call(rig, MEMBER, "PATCH", `/projects/${id}`, { rebuild: true })).status, 202);
      return digest;
    };
    rig.sites.status = 500;
    let second = "";
    try {
      second = await update("second");
      await settledProject(rig, id, { step: "serve" });
      await waitedInVain(id);
      const gone = async () => (await call(rig, MEMBER, "GET", `/projects/${id}`)).body;
      await until("The return", gone, { wanted: ({ failure }) => failure?.reason.includes("is restored") });
    } finally {
      rig.sites.status = 200;
    }
    assert.equal(await currentImage(rig, id), second);
    await sendMinute(rig);
    const project = await settledProject(rig, id);
    assert.deepEqual(
      [project.state, project.releases, await currentImage(rig, id)],
      ["ready", [first], first],
    );
    assert.match(project.failure.reason, /answers 500.* The previous release is restored\./);

    const third = await update("third");
    assert.deepEqual((await settledProject(rig, id)).releases, [third, first]);
    assert.deepEqual(await keptImages(rig, id), [first, third], "an image of the second release was kept");
    assert.equal((await call(rig, MEMBER, "POST", `/projects/${id}/rollback`)).status, 202);
    await until("The first image", () => currentImage(rig, id), { wanted: (image) => image === first });
    assert.deepEqual((await settledProject(rig, id)).releases, [first]);
    assert.equal((await call(rig, MEMBER, "POST", `/projects/${id}/rollback`)).status, 409);
    assert.equal((await call(rig, MEMBER, "DELETE", `/projects/${id}`)).status, 202);
    assert.equal((await settledProject(rig, id, { skip: "ready" })).state, "deleted");
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("waits while its DNS name cannot be written, and fails after half an hour", async () => {
    let id = "";
    await deny("steps", "route53:ChangeResourceRecordSets", () =>
      deny("reconcile", "route53:ChangeResourceRecordSets", async () => {
        id = await create();
        await settledProject(rig, id, { step: "serve" });
        await waitedInVain(id);
        assert.equal((await settledProject(rig, id)).state, "failed");
      }),
    );
    await removed(id);
  });

  it("becomes ready, and says that nobody was notified, when its e-mail cannot be sent", async () => {
    let id = "";
    await deny("steps", "ses:SendEmail", async () => {
      id = await create();
      const { state } = await settledProject(rig, id);
      assert.equal(state, "ready");
      assert.equal(await refusalOf(id), "The e-mail to team@example.org could not be sent.");
    });
    await removed(id);
  });

  it("waits for a decision, and says that no admin was notified, when its e-mail cannot be sent", async () => {
    await deny("steps", "ses:SendEmail", async () => {
      const id = await create({ environment: "prod" });
      await settledProject(rig, id, { step: "approve" });
      assert.match(await refusalOf(id), /^The e-mail to .* could not be sent\.$/);
      const waiting = (await call(rig, ADMIN, "GET", "/projects?waiting=1")).body.projects;
      assert.ok(waiting.find((each: { id: string }) => each.id === id).notified, "no admin sees it");
      await call(rig, MEMBER, "DELETE", `/projects/${id}`);
      await settledProject(rig, id);
    });
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("is refused, and leaves no secret, when it cannot be recorded", async () => {
    await deny("api", "dynamodb:PutItem", async () => {
      const { status, body } = await call(rig, MEMBER, "POST", "/projects", wish("unrecorded"));
      assert.deepEqual([status, body.code], [503, "unavailable"]);
    });
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("waits for a person when its build cannot be stopped, and is resumed by DELETE", async function () {
    leftToAll(this);
    const id = await create();
    await settledProject(rig, id, { step: "deliver", only: "stack" });
    await deny("steps", "codebuild:StopBuild", async () => {
      assert.equal((await call(rig, MEMBER, "DELETE", `/projects/${id}`)).status, 202);
      assert.equal((await settledProject(rig, id, { only: "stack" })).state, "needs-attention");
    });
    assert.deepEqual(await takeReports(rig), [id]);
    await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    assert.equal((await settledProject(rig, id, { skip: "needs-attention" })).state, "deleted");
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("is rolled back with the reason of the failed resource", async () => {
    const { Stacks } = { Stacks: await templateBucket(rig) };
    const { Body } = await rig.aws.s3.getObject(Stacks);
    const good = await Body!.transformToString();
    const bad = good.replace(
      "  Bucket:\n",
      "  Never: { Type: AWS::SNS::Topic, Properties: { TopicName: 'not valid!' } }\n  Stuck:\n    Type: AWS::CloudFormation::WaitCondition\n    DependsOn: Distribution\n    Properties: { Timeout: '1', Handle: !Ref Handle }\n  Handle: { Type: AWS::CloudFormation::WaitConditionHandle }\n  Bucket:\n",
    );
    await rig.aws.s3.putObject({ ...Stacks, Body: bad });
    try {
      const project = await settledProject(rig, await create());
      assert.equal(project.state, "rolled-back");
      assert.match(project.failure.reason, /Stuck|Never/);
    } finally {
      await rig.aws.s3.putObject({ ...Stacks, Body: good });
    }
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("can be rejected by an admin, but not by its requester", async () => {
    const id = await create({ environment: "prod" });
    await settledProject(rig, id, { step: "approve" });
    const decision = { decision: "reject", comment: "too early" };
    assert.equal((await call(rig, MEMBER, "POST", `/projects/${id}/decision`, decision)).status, 403);
    assert.equal((await call(rig, ADMIN, "POST", `/projects/${id}/decision`, decision)).status, 200);
    assert.equal((await call(rig, ADMIN, "POST", `/projects/${id}/decision`, decision)).status, 409);
    const project = await settledProject(rig, id);
    assert.equal(project.state, "rejected");
    assert.equal(project.failure.reason, "Rejected: too early");
    assert.deepEqual(await remains(rig), NOTHING);
  });

  for (const step of ["approve", "create", "deliver"])
    it(`is rolled back when it is cancelled at ${step}`, async () => {
      const id = await create(step === "approve" ? { environment: "stag" } : {});
      if (step === "deliver") {
        await settledProject(rig, id, { step: "create", events: false });
        await sleep(500);
        await sendMinute(rig);
        await stackDone(rig, id);
      }
      await settledProject(rig, id, { step, events: false });
      assert.equal((await call(rig, MEMBER, "DELETE", `/projects/${id}`)).status, 202);
      const project = await settledProject(rig, id);
      assert.equal(project.state, "rolled-back");
      assert.equal(project.failure.code, "cancelled");
      assert.deepEqual(await remains(rig), NOTHING);
    });

  it("is rolled back when it is cancelled before it serves", async () => {
    rig.sites.status = 503;
    try {
      const id = await create();
      await settledProject(rig, id, { step: "serve" });
      assert.equal((await call(rig, MEMBER, "DELETE", `/projects/${id}`)).status, 202);
      const project = await settledProject(rig, id);
      assert.deepEqual([project.state, project.failure.code], ["rolled-back", "cancelled"]);
    } finally {
      rig.sites.status = 200;
    }
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("waits for a person when a compensation fails five times, and is resumed by DELETE", async function () {
    leftToAll(this);
    // All three at once: each failing compensation takes its tries' time.
    const ids = [await create(), await create(), await create()];
    for (const id of ids) await settledProject(rig, id);
    const [named, stacked, vaulted] = ids as [string, string, string];
    const faults = [
      {
        Action: "cloudformation:DeleteStack",
        Resource: `arn:aws:cloudformation:*:*:stack/${PREFIX}-${stacked}/*`,
      },
      {
        Action: "secretsmanager:DeleteSecret",
        Resource: `arn:aws:secretsmanager:*:*:secret:${PREFIX}/${vaulted}/*`,
      },
    ];
    const remove = (id: string) => call(rig, MEMBER, "DELETE", `/projects/${id}`);
    for (const [index, fault] of faults.entries())
      await grant(rig.aws, "steps", { Effect: "Deny", ...fault }, `fault-${index}`);
    await Promise.all([remove(stacked), remove(vaulted)]);
    for (const id of [stacked, vaulted])
      await settledProject(rig, id, { step: id === stacked ? "undo create" : "undo reserve" });
    // Their names are gone by now: this one stops the third alone.
    await grant(rig.aws, "steps", { Effect: "Deny", Action: "route53:*", Resource: "*" }, "fault-2");
    await remove(named);
    for (const id of ids)
      assert.equal((await settledProject(rig, id, { skip: "ready" })).state, "needs-attention");
    for (const index of [0, 1, 2]) await revoke(rig.aws, "steps", `fault-${index}`);
    assert.deepEqual((await takeReports(rig)).sort(), [...ids].sort());
    for (const id of ids) {
      await remove(id);
      assert.equal((await settledProject(rig, id, { skip: "needs-attention" })).state, "deleted");
    }
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("hears every event twice, and nothing happens twice", async () => {
    const id = await create();
    const state = async () => {
      const project = (await call(rig, MEMBER, "GET", `/projects/${id}`)).body;
      await Promise.all([stackDone(rig, id), stackDone(rig, id), sendMinute(rig)]);
      return project.state as string;
    };
    await until("The end of the project's run", state, { wanted: (now) => now !== "running", everyMs: 100 });
    const project = await settledProject(rig, id);
    assert.equal(project.state, "ready");
    const host = `${project.host}.${DOMAIN}.`;
    assert.deepEqual((await remains(rig))["records"], [`_project.${host}`, host]);
    await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    await settledProject(rig, id);
    assert.deepEqual(await remains(rig), NOTHING);
  });
});
