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

  it("runs the actions of a stage in the order of their numbers, and tells later ones what earlier ones told", async () => {
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

  it("leaves what it waits for when it is abandoned", async () => {
    const { execution, told, done } = run(
      [{ name: "Approve", actions: [action("waits")] }],
      () => new Promise(() => {}),
    );
    await until("The wait", () => told.includes("waits InProgress"));
    await execution.stop(true, "Rolled back");
    await done;
    assert.deepEqual(told.slice(-3), ["waits Abandoned", "Approve Stopped", "all Stopped"]);
  });

  it("runs what has no number first, and what has the same at once", () => {
    const names = inTurn([action("c", { runOrder: 2 }), action("a"), action("b", { runOrder: 1 })]);
    assert.deepEqual(
      names.map((turn) => turn.map(({ name }) => name)),
      [["a", "b"], ["c"]],
    );
  });
});

describe("what a pipeline hands on", () => {
  let folder: string;
  beforeEach(() => (folder = newFolder("hand")));

  it("is the plain files that the patterns name, and no link", () => {
    fs.mkdirSync(path.join(folder, "hooks/deep"), { recursive: true });
    for (const name of ["appspec.yml", "hooks/start.sh", "hooks/deep/x", "other"])
      fs.writeFileSync(path.join(folder, name), name);
    fs.symlinkSync("/etc/passwd", path.join(folder, "hooks/link"));
    const names = (...patterns: string[]) => Object.keys(unzipSync(pack(folder, patterns)));
    assert.deepEqual(names("appspec.yml", "hooks/*"), ["appspec.yml", "hooks/start.sh"]);
    assert.deepEqual(names("**/*"), ["appspec.yml", "hooks/deep/x", "hooks/start.sh", "other"]);
    assert.throws(() => names("nothing"), /The build has left none of nothing\./);
  });

  it("is unpacked below its folder only", () => {
    unpack(zipSync({ "a/b": strToU8("text") }), folder);
    assert.equal(fs.readFileSync(path.join(folder, "a/b"), "utf8"), "text");
    assert.throws(
      () => unpack(zipSync({ "../beside": strToU8("x") }), folder),
      /outside of itself: \.\.\/beside/,
    );
    assert.equal(fs.existsSync(path.join(folder, "../beside")), false);
  });
});

describe("an AppSpec file", () => {
  const hooks = (text: string) => hooksIn(`version: 0.0\nos: linux\nhooks:\n${text}`);

  it("names the scripts of each event, with their time", () => {
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

describe("a service before an emulator", () => {
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

  it("answers its own operations, its errors by their names, and passes the others on", async () => {
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

  it("lets nobody in whom the emulator refuses", async () => {
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
    const options = {
      use: async () => ({
        describeAlarms: async ({ AlarmNames }: { AlarmNames: string[] }) => ({
          MetricAlarms: ringing.filter((one) => AlarmNames.includes(one)).map((AlarmName) => ({ AlarmName })),
        }),
      }),
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

  it("ends with the first server that fails, and goes on to no other", async () => {
    const { deploy, told, installed } = rig(["i-1", "i-2"], (id) => id === "i-1");
    const { status, error } = await deploy();
    assert.deepEqual([status, error?.message], ["Failed", "i-1 ApplicationStart: start.sh ended with 1"]);
    assert.deepEqual([told, installed], [["START", "FAILURE"], []]);
  });

  it("counts as a success where only the last of several servers failed, as CodeDeploy has it", async () => {
    const { deploy, installed } = rig(["i-1", "i-2"], (id) => id === "i-2");
    assert.deepEqual([(await deploy()).status, installed], ["Succeeded", ["i-1"]]);
    assert.equal((await rig(["i-1"], () => true).deploy()).status, "Failed");
  });

  it("brings back what the last good one brought", async () => {
    let broken = false;
    const { deployments, deploy, told } = rig(["i-1", "i-2"], () => broken);
    const good = await deploy();
    broken = true;
    const bad = await deploy({ rollbackOn: ["DEPLOYMENT_FAILURE"] });
    broken = false;
    const back = await until("The way back", () => deployments.get(bad.rollbackId ?? ""));
    assert.deepEqual([back.asked.creator, back.bundle], ["codeDeployRollback", good.bundle]);
    await until("Its end", () => back.isOver);
    assert.deepEqual(told.filter((state) => state !== "START"), ["SUCCESS", "FAILURE", back.status === "Succeeded" ? "SUCCESS" : "FAILURE"]); // prettier-ignore
  });

  it("is stopped by an alarm of its group that rings, and by no other", async () => {
    const ringing = rig(["i-1", "i-2"], () => false, ["errors"]);
    const { status, error } = await ringing.deploy({ alarms: ["errors", "others"] });
    assert.deepEqual([status, error?.code, ringing.told], ["Stopped", "ALARM_ACTIVE", ["START", "STOP"]]);
    assert.match(error!.message, /activated: errors$/);
    assert.equal((await ringing.deploy({ alarms: ["others"] })).status, "Succeeded");
  });
});

describe("a blue/green deployment in the sandbox", () => {
  const RELEASE = zipSync({
    "appspec.yml": strToU8("version: 0.0\nos: linux\nhooks:\n  ApplicationStart:\n    - location: start.sh"),
    "start.sh": strToU8(""),
  });
  const declared = (minutes: number, more: object = {}) => ({
    deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" as const },
    greenFleetProvisioningOption: { action: "COPY_AUTO_SCALING_GROUP" as const },
    terminateBlueInstancesOnDeploymentSuccess: {
      action: "TERMINATE" as const,
      terminationWaitTimeInMinutes: minutes,
    },
    ...more,
  });

  /** Auto Scaling and a load balancer in memory: a group of two servers that serve, and those that a deployment makes of it. */
  const rig = (fails: (id: string) => boolean = () => false) => {
    const asked: string[] = [];
    const groups = [{ name: "web", instanceIds: ["i-1", "i-2"], desired: 2, pending: [] as string[] }];
    const targets = new Map(["i-1", "i-2"].map((id) => [id, { group: "tg", id, health: "healthy" }]));
    const held = new Set<string>();
    const named = (name: string) => groups.find((one) => one.name === name)!;
    const policy = { PolicyName: "up", PolicyARN: "arn:up", PolicyType: "SimpleScaling" };
    const policies = new Map([["web", [policy]]]);
    const client = {
      describeAutoScalingGroups: async () => ({
        AutoScalingGroups: [
          { MinSize: 2, MaxSize: 3, DesiredCapacity: 2, LaunchTemplate: { LaunchTemplateId: "lt" } },
        ],
      }),
      createAutoScalingGroup: async ({ AutoScalingGroupName: name }: Record<string, string>) =>
        void groups.push({ name: name!, instanceIds: [], desired: 0, pending: [] }),
      describeLifecycleHooks: async () => ({ LifecycleHooks: [{ LifecycleHookName: "launch" }] }),
      putLifecycleHook: async (hook: Record<string, string>) =>
        void asked.push(`hook ${hook["LifecycleHookName"]}`),
      updateAutoScalingGroup: async ({ AutoScalingGroupName: name }: Record<string, string>) => {
        Object.assign(named(name!), { instanceIds: ["i-3", "i-4"], desired: 2 });
        for (const id of ["i-3", "i-4"]) deployments.launched(id, name);
        assert.deepEqual([...held], ["i-3", "i-4"]);
      },
      describePolicies: async ({ AutoScalingGroupName: name }: Record<string, string>) => ({
        ScalingPolicies: policies.get(name!) ?? [],
      }),
      putScalingPolicy: async ({ AutoScalingGroupName: name, PolicyName }: Record<string, string>) =>
        void policies.set(name!, [{ ...policy, PolicyName: PolicyName!, PolicyARN: `arn:${name}` }]),
      deletePolicy: async ({ AutoScalingGroupName: name }: Record<string, string>) =>
        void policies.delete(name!),
      attachLoadBalancerTargetGroups: async ({ AutoScalingGroupName: name }: Record<string, string>) =>
        void asked.push(`serves ${name}`),
      detachLoadBalancerTargetGroups: async ({ AutoScalingGroupName: name }: Record<string, string>) =>
        void asked.push(`rests ${name}`),
      deleteAutoScalingGroup: async ({ AutoScalingGroupName: name }: Record<string, string>) => {
        asked.push(`gone ${name}`);
        groups.splice(groups.indexOf(named(name!)), 1);
      },
      registerTargets: async ({ Targets: [{ Id }] }: { Targets: [{ Id: string }] }) =>
        void targets.set(Id, { group: "tg", id: Id, health: "healthy" }),
      deregisterTargets: async ({ Targets: [{ Id }] }: { Targets: [{ Id: string }] }) =>
        void targets.delete(Id),
      describeAlarms: async () => ({
        MetricAlarms: [
          {
            AlarmName: "cpu",
            AlarmActions: ["arn:up"],
            Dimensions: [{ Name: "AutoScalingGroupName", Value: "web" }],
          },
        ],
      }),
      putMetricAlarm: async ({
        Dimensions: [{ Value }],
        AlarmActions,
      }: {
        Dimensions: [{ Value: string }];
        AlarmActions: string[];
      }) => void asked.push(`alarm of ${Value} for ${AlarmActions.join()}`),
      deleteAlarms: async () => {},
    };
    const told: string[] = [];
    const folder = newFolder("deploy");
    const deployments: Deployments = new Deployments({
      use: async () => client,
      endpoints: { region: "eu-west-1" },
      fleet: () => ({
        held,
        get targets() {
          return [...targets.values()];
        },
        current: { groups, targetGroups: [{ TargetGroupArn: "tg", TargetGroupName: "web" }] },
        web: { webOf: () => ({}) },
      }),
      servers: {
        releaseOf: () => undefined,
        folderFor: (id: string, of: string) => path.join(folder, id, of),
        keep: (id: string) => void asked.push(`release on ${id}`),
        run: async (id: string) => (fails(id) ? 1 : 0),
      },
      rules: { tell: async ({ detail }: Happening) => void told.push((detail as { state: string }).state) },
      arnOf: () => "arn",
      note: (line: string) => assert.fail(line),
    } as unknown as DeploymentsOptions);
    Object.assign(deployments["installer"], { fetch: async () => RELEASE });
    const begin = (blueGreenDeploymentConfiguration: object = declared(0)) => {
      const group = {
        deploymentGroupName: "web",
        autoScalingGroups: [{ name: "web" }],
        deploymentConfigName: "CodeDeployDefault.AllAtOnce",
        deploymentStyle: { deploymentType: "BLUE_GREEN" as const },
        loadBalancerInfo: { targetGroupInfoList: [{ name: "web" }] },
        blueGreenDeploymentConfiguration,
      };
      const asks = { creator: "user" as const, alarms: [], ignoreStopFailures: true };
      return deployments.begin("app", group, {}, { ...asks, rollbackOn: ["DEPLOYMENT_FAILURE"] });
    };
    const ended = async (one: Deployment) => {
      await until("The deployment's end", () => one.isOver);
      return one.status;
    };
    return { deployments, begin, ended, asked, told, groups, targets, held };
  };

  it("gives a copy of the group the release, then the visitors, and takes the old group away when its wait is over", async () => {
    const { begin, ended, asked, told, groups, targets, held } = rig();
    const one = begin();
    const copy = `CodeDeploy_web_${one.id}`;
    assert.equal(await ended(one), "Succeeded");
    assert.deepEqual(asked, [
      ...["hook launch", "release on i-3", "release on i-4", `serves ${copy}`, "rests web"],
      ...[`alarm of ${copy} for arn:${copy}`, "gone web"],
    ]);
    assert.deepEqual(
      [groups.map(({ name }) => name), [...targets.keys()], [...held]],
      [[copy], ["i-3", "i-4"], []],
    );
    assert.deepEqual([one.group.autoScalingGroups, told], [[{ name: copy }], ["START", "SUCCESS"]]);
  });

  it("keeps the old group for the wait that is declared, until somebody wants no more of it", async () => {
    const { begin, ended, asked, groups } = rig();
    const one = begin(declared(10));
    await until("The wait", () => one.waitsSince);
    assert.deepEqual([one.status, groups.length, asked.includes("gone web")], ["InProgress", 2, false]);
    one.endsWait = true;
    assert.equal(await ended(one), "Succeeded");
    assert.equal(asked.at(-1), "gone web");
  });

  it("sends the visitors back to the old group when it is stopped in that wait", async () => {
    const { begin, ended, groups, targets } = rig();
    const one = begin(declared(10));
    await until("The wait", () => one.waitsSince);
    one.stops = { code: "ALARM_ACTIVE", message: "One or more alarms have been activated: errors" };
    assert.equal(await ended(one), "Stopped");
    assert.deepEqual([groups.map(({ name }) => name), [...targets.keys()]], [["web"], ["i-1", "i-2"]]);
    assert.deepEqual(one.group.autoScalingGroups, [{ name: "web" }]);
  });

  it("takes the new group away when the release fails there, and deploys nothing to the old one", async () => {
    const { deployments, begin, ended, asked, told, groups, targets, held } = rig((id) => id === "i-4");
    const one = begin();
    assert.equal(await ended(one), "Failed");
    assert.equal(one.error?.message, "i-4 ApplicationStart: start.sh ended with 1");
    assert.deepEqual(asked.slice(-2), ["release on i-3", `gone CodeDeploy_web_${one.id}`]);
    assert.deepEqual(
      [groups.map(({ name }) => name), [...targets.keys()], [...held]],
      [["web"], ["i-1", "i-2"], []],
    );
    assert.deepEqual([told, deployments.list().length], [["START", "FAILURE"], 1]);
  });

  for (const [what, more, says] of [
    [
      "servers that somebody else makes",
      { greenFleetProvisioningOption: { action: "DISCOVER_EXISTING" } },
      /by COPY_AUTO_SCALING_GROUP alone, got DISCOVER_EXISTING/,
    ],
    [
      "a wait for somebody's word before the traffic",
      { deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT" } },
      /by CONTINUE_DEPLOYMENT alone, got STOP_DEPLOYMENT/,
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      const { begin, ended, asked } = rig();
      const one = begin(declared(0, more));
      assert.equal(await ended(one), "Failed");
      assert.match(one.error!.message, says);
      assert.deepEqual(asked, []);
    });
});
