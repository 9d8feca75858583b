import assert from "node:assert/strict";
import * as path from "node:path";
import { strToU8, zipSync } from "fflate";
import { Deployment } from "../../sandbox/delivery/deployment";
import { Deployments, DeploymentsOptions } from "../../sandbox/delivery/deployments";
import type { Change } from "../../sandbox/engine/types";
import { Happening } from "../../sandbox/fleet/event-rules";
import { until } from "../../sandbox/problem";
import { CHANGES } from "../../sandbox/resources/changes";
import { newFolder } from "../folder";

const declared = (minutes: number, more: object = {}) => ({
  deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" as const },
  greenFleetProvisioningOption: { action: "COPY_AUTO_SCALING_GROUP" as const },
  terminateBlueInstancesOnDeploymentSuccess: {
    action: "TERMINATE" as const,
    terminationWaitTimeInMinutes: minutes,
  },
  ...more,
});

describe("a blue/green deployment in the sandbox", () => {
  const RELEASE = zipSync({
    "appspec.yml": strToU8("version: 0.0\nos: linux\nhooks:\n  ApplicationStart:\n    - location: start.sh"),
    "start.sh": strToU8(""),
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
      describeTargetGroups: async () => ({ TargetGroups: [{ TargetGroupArn: "tg" }] }),
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
      roleOf: () => ({ use: async () => client, must: async () => {} }),
      endpoints: { region: "eu-west-1" },
      fleet: () => ({
        held,
        get targets() {
          return [...targets.values()];
        },
        current: { groups, targetGroups: [] },
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

  it("gives a copy of the group the release, then the visitors, and deletes the old group after its wait", async () => {
    const { begin, ended, asked, told, groups, targets, held } = rig();
    const one = begin();
    const copy = `CodeDeploy_web_${one.id}`;
    assert.equal(await ended(one), "Succeeded");
    // Both at once, whichever is through first.
    assert.deepEqual(asked.splice(1, 2).sort(), ["release on i-3", "release on i-4"]);
    assert.deepEqual(asked, [
      ...["hook launch", `serves ${copy}`, "rests web"],
      ...[`alarm of ${copy} for arn:${copy}`, "gone web"],
    ]);
    assert.deepEqual(
      [groups.map(({ name }) => name), [...targets.keys()], [...held]],
      [[copy], ["i-3", "i-4"], []],
    );
    assert.deepEqual([one.group.autoScalingGroups, told], [[{ name: copy }], ["START", "SUCCESS"]]);
  });

  it("keeps the old group for the declared wait, until somebody ends it", async () => {
    const { begin, ended, asked, groups } = rig();
    const one = begin(declared(10));
    await until("The start of the wait", () => one.waitsSince);
    assert.deepEqual([one.status, groups.length, asked.includes("gone web")], ["InProgress", 2, false]);
    one.endsWait = true;
    assert.equal(await ended(one), "Succeeded");
    assert.equal(asked.at(-1), "gone web");
  });

  it("sends visitors back to the old group when it is stopped in that wait", async () => {
    const { begin, ended, groups, targets } = rig();
    const one = begin(declared(10));
    await until("The start of the wait", () => one.waitsSince);
    one.stops = { code: "ALARM_ACTIVE", message: "One or more alarms have been activated: errors" };
    assert.equal(await ended(one), "Stopped");
    assert.deepEqual([groups.map(({ name }) => name), [...targets.keys()]], [["web"], ["i-1", "i-2"]]);
    assert.deepEqual(one.group.autoScalingGroups, [{ name: "web" }]);
  });

  it("deletes the new group when the release fails there, and deploys nothing to the old one", async () => {
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
      "servers that somebody else creates",
      { greenFleetProvisioningOption: { action: "DISCOVER_EXISTING" } },
      /by COPY_AUTO_SCALING_GROUP alone, got DISCOVER_EXISTING/,
    ],
    [
      "a wait for approval before the traffic moves",
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

describe("an edit of the deployment type in the sandbox", () => {
  it("changes the deployment group in place, and keeps the servers that serve now", async () => {
    const asked: object[] = [];
    const client = { updateDeploymentGroup: async (input: object) => void asked.push(input) };
    const inputs = {
      ...{ appName: "app", deploymentGroupName: "web", autoscalingGroups: ["web-1"] },
      deploymentStyle: { deploymentType: "BLUE_GREEN" },
      blueGreenDeploymentConfig: declared(10),
    };
    const change = {
      inputs,
      changed: ["deploymentStyle", "blueGreenDeploymentConfig"],
      use: async () => client,
    } as unknown as Change;
    await CHANGES["codedeploy"]!["DeploymentGroup"]!.update!(change);
    assert.deepEqual(asked, [
      {
        ...{ applicationName: "app", currentDeploymentGroupName: "web" },
        deploymentStyle: { deploymentType: "BLUE_GREEN" },
        blueGreenDeploymentConfiguration: declared(10),
      },
    ]);
  });
});
