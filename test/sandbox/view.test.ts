import assert from "node:assert/strict";
import { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import { Instance } from "@aws-sdk/client-ec2";
import { profileOf, userDataOf } from "../../sandbox/fleet/machines";
import { Group, Machine, observe } from "../../sandbox/fleet/view";
import { standIns } from "./stand-ins";

type From = Record<string, string | undefined>;

describe("the fleet's view", () => {
  /** Each list in pages of one. */
  function declared({
    groups = [] as AutoScalingGroup[],
    instances = [] as Instance[],
    targets = {} as From,
  }) {
    const page = <T>(all: T[], token: string | undefined) => ({
      here: all.slice(Number(token ?? 0), Number(token ?? 0) + 1),
      next: Number(token ?? 0) + 1 < all.length ? String(Number(token ?? 0) + 1) : undefined,
    });
    return observe(
      standIns({
        autoscaling: {
          describeAutoScalingGroups: async ({ NextToken }: From) => {
            const { here, next } = page(groups, NextToken);
            return { AutoScalingGroups: here, NextToken: next };
          },
        },
        ec2: {
          describeInstances: async ({ NextToken }: From) => {
            const { here, next } = page(instances, NextToken);
            return { Reservations: [{ Instances: here }, {}], NextToken: next };
          },
        },
        elb: {
          describeTargetGroups: async ({ Marker }: From) => {
            const { here, next } = page(Object.keys(targets), Marker);
            return { TargetGroups: here.map((TargetGroupArn) => ({ TargetGroupArn })), NextMarker: next };
          },
          describeTargetHealth: async ({ TargetGroupArn }: From) =>
            targets[TargetGroupArn!]
              ? {
                  TargetHealthDescriptions: targets[TargetGroupArn!]!.split(" ").map((Id) => ({
                    Target: { Id },
                  })),
                }
              : {},
        },
      }),
    );
  }

  it("has each group as it is declared, with its members and those that wait for a launch hook", async () => {
    const LaunchTemplate = { LaunchTemplateId: "lt-1", Version: "2" };
    const { groups } = await declared({
      groups: [
        {
          AutoScalingGroupName: "web",
          HealthCheckType: "ELB",
          HealthCheckGracePeriod: 60,
          DefaultCooldown: 90,
          DefaultInstanceWarmup: 30,
          TargetGroupARNs: ["blue"],
          DesiredCapacity: 2,
          MinSize: 1,
          MaxSize: 4,
          LaunchTemplate,
          AvailabilityZones: ["a", "b"],
          Instances: [
            { InstanceId: "i-1", LifecycleState: "InService" },
            { InstanceId: "i-2", LifecycleState: "Pending:Wait" },
          ],
        } as AutoScalingGroup,
        { AutoScalingGroupName: "plain" } as AutoScalingGroup,
        { AutoScalingGroupName: "mixed", Instances: [{ LaunchTemplate }] } as AutoScalingGroup,
        { AutoScalingGroupName: "empty", Instances: [] as object[] } as AutoScalingGroup,
      ],
    });
    assert.deepEqual(groups.slice(0, 2), [
      {
        name: "web",
        healthCheckType: "ELB",
        graceSeconds: 60,
        cooldownSeconds: 90,
        warmUpSeconds: 30,
        targetGroupArns: ["blue"],
        desired: 2,
        minSize: 1,
        maxSize: 4,
        template: LaunchTemplate,
        zones: ["a", "b"],
        instanceIds: ["i-1", "i-2"],
        pending: ["i-2"],
      },
      {
        name: "plain",
        healthCheckType: "EC2",
        graceSeconds: 0,
        cooldownSeconds: 300,
        warmUpSeconds: undefined,
        targetGroupArns: [],
        desired: 0,
        minSize: 0,
        maxSize: 0,
        template: undefined,
        zones: [],
        instanceIds: [],
        pending: [],
      },
    ]);
    assert.deepEqual(groups[2]!.template, LaunchTemplate);
  });

  it("has each machine with its group, its place and its name", async () => {
    const LaunchTime = new Date(7);
    const { machines } = await declared({
      groups: [{ AutoScalingGroupName: "web", Instances: [{ InstanceId: "i-1" }] } as AutoScalingGroup],
      instances: [
        {
          InstanceId: "i-1",
          State: { Name: "running" },
          LaunchTime,
          PrivateIpAddress: "10.0.0.1",
          Placement: { AvailabilityZone: "a" },
          IamInstanceProfile: { Arn: "arn:aws:iam::123456789012:instance-profile/path/web" },
          Tags: [{ Key: "Name", Value: "first" }],
          NetworkInterfaces: [{ NetworkInterfaceId: "eni-1" }],
        },
        { InstanceId: "i-2", IamInstanceProfile: {} },
      ],
    });
    const { launchedAt, ...bare } = machines[1]!;
    assert.ok(Math.abs(launchedAt.getTime() - Date.now()) < 60_000);
    assert.deepEqual(
      [machines[0], bare],
      [
        {
          id: "i-1",
          state: "running",
          group: "web",
          launchedAt: LaunchTime,
          privateIp: "10.0.0.1",
          zone: "a",
          profile: "web",
          tags: { Name: "first" },
          networkInterfaceIds: ["eni-1"],
        },
        {
          id: "i-2",
          state: "unknown",
          group: undefined,
          privateIp: undefined,
          zone: undefined,
          profile: undefined,
          tags: {},
          networkInterfaceIds: [],
        },
      ],
    );
  });

  it("has who is registered with each target group", async () => {
    const { targetGroups, registered } = await declared({ targets: { blue: "i-1 i-2", green: undefined } });
    assert.deepEqual(targetGroups, [{ TargetGroupArn: "blue" }, { TargetGroupArn: "green" }]);
    assert.deepEqual(
      [...registered],
      [
        ["blue", ["i-1", "i-2"]],
        ["green", []],
      ],
    );
  });
});

describe("the fleet's machines", () => {
  it("have the user data that they were launched with", async () => {
    const asked: object[] = [];
    const of = (UserData?: object) => {
      const ec2 = {
        describeInstanceAttribute: async (input: object) => {
          asked.push(input);
          return { UserData };
        },
      };
      return userDataOf(standIns({ ec2 }), { id: "i-1" } as Machine);
    };
    const Value = Buffer.from("#cloud-config\n").toString("base64");
    assert.deepEqual([await of({ Value }), await of({}), await of()], ["#cloud-config\n", "", ""]);
    assert.deepEqual(asked[0], { InstanceId: "i-1", Attribute: "userData" });
  });

  it("have the profile of their group's launch template, in the version that it names", async () => {
    const asked: object[] = [];
    const profile = (template: Group["template"], versions?: object[]) => {
      const ec2 = {
        describeLaunchTemplateVersions: async (input: object) => {
          asked.push(input);
          return { LaunchTemplateVersions: versions };
        },
      };
      return profileOf(standIns({ ec2 }), { template } as Group);
    };
    const of = (IamInstanceProfile?: object) => [{ LaunchTemplateData: { IamInstanceProfile } }];
    const third = { LaunchTemplateId: "lt-1", Version: "3" };
    assert.equal(await profile(third, of({ Name: "web" })), "web");
    assert.equal(await profile(third, of({ Arn: "arn:aws:iam::1:instance-profile/path/db" })), "db");
    assert.equal(await profile({ LaunchTemplateId: "lt-1" }, of()), undefined);
    assert.equal(await profile(third, [{}]), undefined);
    assert.equal(await profile(third, []), undefined);
    assert.equal(await profile(third), undefined);
    assert.deepEqual(asked.slice(1, 3), [
      { LaunchTemplateId: "lt-1", Versions: ["3"] },
      { LaunchTemplateId: "lt-1", Versions: ["$Latest"] },
    ]);
  });

  it("have none of it where their group has no launch template, or they have no group", async () => {
    const use = standIns({});
    for (const group of [undefined, {} as Group, { template: {} } as Group])
      assert.equal(await profileOf(use, group), undefined);
  });
});
