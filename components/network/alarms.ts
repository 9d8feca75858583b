import type { Ways } from "./egress";
import { figuresOf, MetricAlarm, Monitoring } from "../shared/monitoring";

/** Alarms for the private subnets' egress. */
export function networkMonitoring(name: string, { gatewayIds, instanceIds }: Ways): Monitoring {
  const crowded = Object.entries(gatewayIds).map(([zone, id]): [string, MetricAlarm] => [
    `${name}-nat-${zone}-crowded`,
    {
      ...figuresOf("AWS/NATGateway", { NatGatewayId: id })("ErrorPortAllocation", "Sum"),
      description: `The NAT gateway of zone ${zone} has no ports left for more connections to one address: check the flow logs for who opens them`,
      comparison: "above",
      threshold: 0,
      periodSeconds: 300,
    },
  ]);
  const down = Object.entries(instanceIds).map(([zone, id]): [string, MetricAlarm] => [
    `${name}-nat-${zone}-down`,
    {
      ...figuresOf("AWS/EC2", { InstanceId: id })("StatusCheckFailed", "Maximum"),
      description:
        "The NAT instance is not running, and the private subnets cannot reach the internet: replace it with pulumi up --replace",
      comparison: "above",
      threshold: 0,
      periods: 3,
      silence: "alarm",
    },
  ]);
  return { alarms: Object.fromEntries([...crowded, ...down]) };
}
