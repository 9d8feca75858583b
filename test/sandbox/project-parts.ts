// What there is of a project, on either emulator.
import { rootClientsOfBoth } from "../../sandbox/engine/clients";
import { PROJECTS_DOMAIN } from "../../sandbox/program";
import { SharedSandbox } from "./shared";

export async function partsOf({ state, use }: SharedSandbox, id: string): Promise<Record<string, number>> {
  const { ministack } = rootClientsOfBoth(state.endpoints);
  const [cloudformation, rds] = [await ministack("cloudformation"), await ministack("rds")];
  const autoscaling = await use("autoscaling");
  const mine = (names: (string | undefined)[]) => names.filter((name) => name!.includes(`-${id}`)).length;
  const [stacks, databases, subnets, groups, configurations, machines] = await Promise.all([
    cloudformation.describeStacks({}),
    rds.describeDBInstances({}),
    rds.describeDBSubnetGroups({}),
    autoscaling.describeAutoScalingGroups({}),
    autoscaling.describeLaunchConfigurations({}),
    machinesOf(use, id),
  ]);
  return {
    stacks: mine(stacks.Stacks!.map((one) => one.StackName)),
    databases: mine(databases.DBInstances!.map((one) => one.DBInstanceIdentifier)),
    subnets: mine(subnets.DBSubnetGroups!.map((one) => one.DBSubnetGroupName)),
    groups: mine(groups.AutoScalingGroups!.map((one) => one.AutoScalingGroupName)),
    configurations: mine(configurations.LaunchConfigurations!.map((one) => one.LaunchConfigurationName)),
    machines: machines.length,
  };
}

/** The running machines of its groups. */
export async function machinesOf(use: SharedSandbox["use"], id: string): Promise<string[]> {
  const ec2 = await use("ec2");
  const { Reservations } = await ec2.describeInstances({
    Filters: [
      { Name: "tag:groundwork:stack", Values: [`gwdev-${id}`] },
      { Name: "instance-state-name", Values: ["running"] },
    ],
  });
  return Reservations!.flatMap(({ Instances }) => Instances!.map(({ InstanceId }) => InstanceId!));
}

/** The addresses that a project's name leads to. */
export async function leadsTo(use: SharedSandbox["use"], host: string): Promise<string[]> {
  const route53 = await use("route53");
  const { HostedZones } = await route53.listHostedZonesByName({ DNSName: "localhost" });
  const HostedZoneId = HostedZones![0]!.Id;
  const { ResourceRecordSets } = await route53.listResourceRecordSets({ HostedZoneId });
  const mine = ResourceRecordSets!.filter(({ Name }) => Name === `${host}.${PROJECTS_DOMAIN}.`);
  return mine.flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value }) => Value!));
}
