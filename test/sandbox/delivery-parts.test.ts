import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { strToU8, unzipSync, zipSync } from "fflate";
import { hooksIn } from "../../sandbox/delivery/appspec";
import { pack, unpack } from "../../sandbox/delivery/archives";
import { Action, filledIn, inTurn } from "../../sandbox/delivery/declaration";
import { Deployment } from "../../sandbox/delivery/deployment";
import { Deployments, DeploymentsOptions } from "../../sandbox/delivery/deployments";
import { ActionRun, Execution } from "../../sandbox/delivery/execution";
import { ApiError, jsonApi } from "../../sandbox/delivery/json-api";
import { Happening } from "../../sandbox/fleet/event-rules";
import { until } from "../../sandbox/problem";
import { newFolder } from "../folder";

const action = (name: string, more: Partial<Action> = {}): Action => ({
  name,
  actionTypeId: { category: "Invoke", owner: "AWS", provider: "Lambda", version: "1" },
  ...more,
});

describe("a pipeline's execution in the sandbox", () => {
  const run = (
    stages: { name: string; actions: Action[] }[],
    perform: (one: ActionRun) => Promise<Record<string, string>>,
  ) => {
    const told: string[] = [];
    const pipeline = { name: "delivery", roleArn: "", version: 1, stages };
    const execution = new Execution(pipeline, "test", {
      perform,
      changed: async (one, { stage, run: of }) =>
        void told.push(`${of?.action.name ?? stage?.name ?? "all"} ${(of ?? stage ?? one).status}`),
    });
    return { execution, told, done: execution.carryOut() };
  };

  it("runs a stage's actions in the order of their numbers, and gives later ones the variables of earlier ones", async () => {
    const begun: string[] = [];
    const stages = [
      { name: "Source", actions: [action("fetch", { namespace: "Source" })] },
      { name: "Release", actions: [action("second", { runOrder: 2 }), action("first", { runOrder: 1 })] },
    ];
    const { execution, done } = run(stages, async ({ action: { name } }) => {
      begun.push(name!);
      return { CommitId: "abc" };
    });
    await done;
    assert.deepEqual([begun, execution.status], [["fetch", "first", "second"], "Succeeded"]);
    const asks = action("x", {
      configuration: { Words: "#{Source.CommitId} of #{codepipeline.PipelineExecutionId}" },
    });
    assert.deepEqual(filledIn(asks, execution.variables), { Words: `abc of ${execution.id}` });
    assert.throws(
      () => filledIn(action("x", { configuration: { Words: "#{Image.DIGEST}" } }), execution.variables),
      /The action x asks for #\{Image\.DIGEST\}, which no action told\./,
    );
  });

  it("ends with the first stage that fails", async () => {
    const stages = [
      { name: "Build", actions: [action("broken")] },
      { name: "Release", actions: [action("never")] },
    ];
    const { execution, told, done } = run(stages, () => Promise.reject(new Error("no")));
    await done;
    assert.deepEqual(told, [
      ...["all InProgress", "Build InProgress", "broken InProgress"],
      ...["broken Failed", "Build Failed", "all Failed"],
    ]);
    assert.equal(execution.stages[0]!.actions[0]!.error, "no");
  });

  it("stops waiting when it is abandoned", async () => {
    const { execution, told, done } = run(
      [{ name: "Approve", actions: [action("waits")] }],
      () => new Promise(() => {}),
    );
    await until("The start of the wait", () => told.includes("waits InProgress"));
    await execution.stop(true, "Rolled back");
    await done;
    assert.deepEqual(told.slice(-3), ["waits Abandoned", "Approve Stopped", "all Stopped"]);
  });

  it("runs an action without a number first, and those with the same number at once", () => {
    const names = inTurn([action("c", { runOrder: 2 }), action("a"), action("b", { runOrder: 1 })]);
    assert.deepEqual(
      names.map((turn) => turn.map(({ name }) => name)),
      [["a", "b"], ["c"]],
    );
  });
});

describe("an artifact of a pipeline", () => {
  let folder: string;
  beforeEach(() => (folder = newFolder("hand")));

  it("contains the plain files that the patterns name, and no link", () => {
    fs.mkdirSync(path.join(folder, "hooks/deep"), { recursive: true });
    for (const name of ["appspec.yml", "hooks/start.sh", "hooks/deep/x", "other"])
      fs.writeFileSync(path.join(folder, name), name);
    fs.symlinkSync("/etc/passwd", path.join(folder, "hooks/link"));
    const names = (...patterns: string[]) => Object.keys(unzipSync(pack(folder, patterns)));
    assert.deepEqual(names("appspec.yml", "hooks/*"), ["appspec.yml", "hooks/start.sh"]);
    assert.deepEqual(names("**/*"), ["appspec.yml", "hooks/deep/x", "hooks/start.sh", "other"]);
    assert.throws(() => names("nothing"), /The build has left none of nothing\./);
  });

  it("is unpacked only below its folder", async () => {
    await unpack(zipSync({ "a/b": strToU8("text") }), folder);
    assert.equal(fs.readFileSync(path.join(folder, "a/b"), "utf8"), "text");
    await assert.rejects(
      unpack(zipSync({ "../beside": strToU8("x") }), folder),
      /outside of itself: \.\.\/beside/,
    );
    assert.equal(fs.existsSync(path.join(folder, "../beside")), false);
  });
});

describe("an AppSpec file", () => {
  const hooks = (text: string) => hooksIn(`version: 0.0\nos: linux\nhooks:\n${text}`);

  it("names the scripts of each event, with their timeouts", () => {
    assert.deepEqual(
      hooks("  ApplicationStop:\n    - location: stop.sh\n      timeout: 60\n      runas: root"),
      {
        ApplicationStop: [{ location: "stop.sh", timeout: 60 }],
      },
    );
  });

  for (const [what, text, says] of [
    [
      "an event that it does not carry",
      "  BeforeAllowTraffic:\n    - location: a.sh",
      /names the event BeforeAllowTraffic; the sandbox carries ApplicationStop, BeforeInstall, AfterInstall/,
    ],
    [
      "a script outside of the bundle",
      "  ApplicationStop:\n    - location: ../a.sh",
      /of the bundle, got \.\.\/a\.sh/,
    ],
    ["files to copy", "files: []", /is not YAML|carries no files/],
  ] as const)
    it(`refuses ${what}`, () => assert.throws(() => hooks(text), says));
});

describe("a service in front of an emulator", () => {
  const headers = { "x-amz-target": "Service.Ask" };
  const around = jsonApi({
    Ask: ({ name }) => {
      if (name === "nobody") throw new ApiError("NotFoundException", "There is nobody.");
      return { name };
    },
  });
  const answer = async (call: object, more: object = {}) => {
    const refused = async () => undefined;
    const pass = async () => ({ status: 200, headers: {}, body: Buffer.from('{"passed":true}') });
    const { status, body } = await around(JSON.stringify(call), { headers, refused, pass, ...more });
    return [status, JSON.parse(body.toString())];
  };

  it("answers its own operations, names its errors, and passes the others on", async () => {
    assert.deepEqual(await answer({ name: "ada" }), [200, { name: "ada" }]);
    assert.deepEqual(await answer({ name: "nobody" }), [
      400,
      { __type: "NotFoundException", message: "There is nobody." },
    ]);
    assert.deepEqual(await answer({}, { headers: { "x-amz-target": "Service.toString" } }), [
      200,
      { passed: true },
    ]);
  });

  it("refuses whoever the emulator refuses", async () => {
    const refusal = { status: 403, headers: {}, body: Buffer.from('{"no":true}') };
    assert.deepEqual(await answer({ name: "ada" }, { refused: async () => refusal }), [403, { no: true }]);
  });
});

describe("a deployment in the sandbox", () => {
  const group = (more: object = {}) => ({
    deploymentGroupName: "web",
    autoScalingGroups: [{ name: "web" }],
    deploymentConfigName: "CodeDeployDefault.OneAtATime",
    ...more,
  });
  const asked: Deployment["asked"] = {
    creator: "user",
    alarms: [],
    ignoreStopFailures: true,
    rollbackOn: [],
  };

  /** Deployments on servers whose hooks end as told. */
  const rig = (servers: string[], fails: (id: string) => boolean, ringing: string[] = []) => {
    const told: string[] = [];
    const installed: string[] = [];
    const bundle = zipSync({
      "appspec.yml": strToU8(
        "version: 0.0\nos: linux\nhooks:\n  ApplicationStart:\n    - location: start.sh",
      ),
      "start.sh": strToU8(""),
    });
    const folder = newFolder("deploy");
    const client = {
      describeAutoScalingGroups: async () => ({
        AutoScalingGroups: [{ Instances: servers.map((InstanceId) => ({ InstanceId })) }],
      }),
      describeAlarms: async ({ AlarmNames }: { AlarmNames: string[] }) => ({
        MetricAlarms: ringing.filter((one) => AlarmNames.includes(one)).map((AlarmName) => ({ AlarmName })),
      }),
    };
    const options = {
      use: async () => client,
      roleOf: () => ({ use: async () => client, must: async () => {} }),
      endpoints: { region: "eu-west-1" },
      fleet: () => ({
        held: new Set(),
        targets: [],
        current: { groups: [{ name: "web", instanceIds: servers }], targetGroups: [] },
        web: { webOf: () => ({}) },
      }),
      servers: {
        releaseOf: () => undefined,
        folderFor: (id: string, deployment: string) => path.join(folder, id, deployment),
        keep: (id: string) => void installed.push(id),
        run: async (id: string) => (fails(id) ? 1 : 0),
      },
      rules: { tell: async ({ detail }: Happening) => void told.push((detail as { state: string }).state) },
      arnOf: () => "arn",
      note: (line: string) => assert.fail(line),
    } as unknown as DeploymentsOptions;
    const deployments = new Deployments(options);
    Object.assign(deployments["installer"], { fetch: async () => bundle });
    const deploy = async (more: Partial<Deployment["asked"]> = {}, of: object = {}) => {
      const one = deployments.begin("app", group(of), {}, { ...asked, ...more });
      await until("The deployment's end", () => one.isOver);
      return one;
    };
    return { deployments, deploy, told, installed };
  };

  it("ends with the first server that fails, and skips the others", async () => {
    const { deploy, told, installed } = rig(["i-1", "i-2"], (id) => id === "i-1");
    const { status, error } = await deploy();
    assert.deepEqual([status, error?.message], ["Failed", "i-1 ApplicationStart: start.sh ended with 1"]);
    assert.deepEqual([told, installed], [["START", "FAILURE"], []]);
  });

  it("fails without a server when its group names none", async () => {
    const { deploy, installed } = rig(["i-1"], () => false);
    const { status, error } = await deploy({}, { autoScalingGroups: [] });
    assert.deepEqual(
      [status, error?.message, installed],
      ["Failed", "The deployment group has no servers.", []],
    );
  });

  it("succeeds when only the last of several servers failed, as CodeDeploy has it", async () => {
    const { deploy, installed } = rig(["i-1", "i-2"], (id) => id === "i-2");
    assert.deepEqual([(await deploy()).status, installed], ["Succeeded", ["i-1"]]);
    assert.equal((await rig(["i-1"], () => true).deploy()).status, "Failed");
  });

  it("is rolled back to the last one that succeeded", async () => {
    let broken = false;
    const { deployments, deploy, told } = rig(["i-1", "i-2"], () => broken);
    const good = await deploy();
    broken = true;
    const bad = await deploy({ rollbackOn: ["DEPLOYMENT_FAILURE"] });
    broken = false;
    const back = await until("The rollback", () => deployments.get(bad.rollbackId ?? ""));
    assert.deepEqual([back.asked.creator, back.bundle], ["codeDeployRollback", good.bundle]);
    await until("The rollback's end", () => back.isOver);
    assert.deepEqual(told.filter((state) => state !== "START"), ["SUCCESS", "FAILURE", back.status === "Succeeded" ? "SUCCESS" : "FAILURE"]); // prettier-ignore
  });

  it("is stopped by an alarm of its group, and by no other", async () => {
    const ringing = rig(["i-1", "i-2"], () => false, ["errors"]);
    const { status, error } = await ringing.deploy({ alarms: ["errors", "others"] });
    assert.deepEqual([status, error?.code, ringing.told], ["Stopped", "ALARM_ACTIVE", ["START", "STOP"]]);
    assert.match(error!.message, /activated: errors$/);
    assert.equal((await ringing.deploy({ alarms: ["others"] })).status, "Succeeded");
  });
});
