import assert from "node:assert/strict";
import { Use } from "../../sandbox/engine/clients";
import { MirrorGroups } from "../../sandbox/mirror/groups";
import { MirrorNetwork } from "../../sandbox/mirror/network";

const VPC = "vpc-0123456789abcdef0";
const A = "subnet-0000000000000000a";
const B = "subnet-0000000000000000b";
const FOREIGN = "subnet-0000000000000000f";

const always = (client: object) => (async () => client) as unknown as Use;

interface Filtered {
  Filters: { Values: string[] }[];
}

/** moto with the VPC and two subnets, and MiniStack, which counts what it makes. */
function emulators() {
  const made: object[] = [];
  const among = (ids: string[], { Filters }: Filtered) =>
    ids.filter((id) => Filters[0]!.Values.includes(id)).map((id) => ({ VpcId: VPC, CidrBlock: `of ${id}` }));
  const moto = {
    describeVpcs: async (input: Filtered) => ({ Vpcs: among([VPC], input) }),
    describeSubnets: async (input: Filtered) => ({ Subnets: among([A, B], input) }),
  };
  const ministack = {
    createVpc: async (input: object) => ({ Vpc: { VpcId: `vpc-${made.push(input)}` } }),
    createSubnet: async (input: object) => ({ Subnet: { SubnetId: `subnet-${made.push(input)}` } }),
  };
  return { both: { moto: always(moto), ministack: always(ministack) }, made };
}

describe("the sandbox's mirrored network", () => {
  it("is created once, VPC before subnets, for what a form names", async () => {
    const { both, made } = emulators();
    const network = new MirrorNetwork(both);
    const form = new URLSearchParams({ vpc: VPC, both: `${A},${B}`, again: A }).toString();
    const wanted = "vpc=vpc-1&both=subnet-2%2Csubnet-3&again=subnet-2";
    assert.equal(await network.translate(form), wanted);
    assert.equal(await network.translate(form), wanted);
    assert.deepEqual(made, [
      { CidrBlock: `of ${VPC}` },
      { VpcId: "vpc-1", CidrBlock: `of ${A}`, AvailabilityZone: undefined },
      { VpcId: "vpc-1", CidrBlock: `of ${B}`, AvailabilityZone: undefined },
    ]);
    assert.deepEqual([network.originalOf("subnet-3"), network.originalOf(FOREIGN)], [B, undefined]);
  });

  it("leaves what moto does not know unchanged", async () => {
    const { both, made } = emulators();
    assert.equal(await new MirrorNetwork(both).translate(`subnets=${FOREIGN}`), `subnets=${FOREIGN}`);
    assert.deepEqual(made, []);
  });
});

describe("the sandbox's mirrored groups", () => {
  it("are created with their machine in the program's own subnets, follow each change of size once, and are deleted", async () => {
    const { both } = emulators();
    const network = new MirrorNetwork(both);
    await network.translate(A);
    const group = {
      AutoScalingGroupName: "site",
      VPCZoneIdentifier: "subnet-2",
      LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" },
      TargetGroupARNs: ["arn:targets"],
      Tags: [{ Key: "groundwork:stack", Value: "site", PropagateAtLaunch: true, ResourceId: "site" }],
    };
    const size = (count: number) => ({ MinSize: count, MaxSize: count, DesiredCapacity: count });
    const machine = { ImageId: "ami-1", InstanceType: "t4g.small" };
    const LaunchTemplateData = { ...machine, NetworkInterfaces: [{ AssociatePublicIpAddress: true }] };
    let present: object[] = [];
    const enrolled: object[] = [];
    const ministack = {
      describeAutoScalingGroups: async () => ({ AutoScalingGroups: present }),
      registerTargets: async (input: object) => void enrolled.push(input),
      describeLaunchTemplateVersions: async () => ({ LaunchTemplateVersions: [{ LaunchTemplateData }] }),
    };
    const asked: [string, object][] = [];
    const heard = (call: string) => async (input: object) => void asked.push([call, input]);
    const Targets = [{ Id: "i-1" }];
    const moto = {
      describeAutoScalingGroups: async () => ({
        AutoScalingGroups: [{ Instances: Targets.map(({ Id }) => ({ InstanceId: Id })) }],
      }),
      createLaunchConfiguration: heard("make its machine"),
      createAutoScalingGroup: heard("make"),
      updateAutoScalingGroup: heard("resize"),
      deleteAutoScalingGroup: heard("end"),
      deleteLaunchConfiguration: heard("end its machine"),
    };
    const groups = new MirrorGroups({ ministack: always(ministack), moto: always(moto) }, network);
    for (present of [[{ ...group, ...size(1) }], [{ ...group, ...size(0) }], []]) {
      await groups.follow();
      await groups.follow();
    }
    const all = { TargetGroupArn: "arn:targets", Targets };
    assert.deepEqual(enrolled, [all, all]);
    const mirrored = { AutoScalingGroupName: "site", LaunchConfigurationName: "site" };
    const Tags = [{ Key: "groundwork:stack", Value: "site", PropagateAtLaunch: true }];
    assert.deepEqual(asked, [
      ["make its machine", { LaunchConfigurationName: "site", ...machine, AssociatePublicIpAddress: true }],
      ["make", { ...mirrored, ...size(1), VPCZoneIdentifier: A, Tags }],
      ["resize", { AutoScalingGroupName: "site", ...size(0) }],
      ["end", { AutoScalingGroupName: "site", ForceDelete: true }],
      ["end its machine", { LaunchConfigurationName: "site" }],
    ]);
  });
});
