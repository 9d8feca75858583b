import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  DescribeAutoScalingInstancesCommand,
} from "@aws-sdk/client-auto-scaling";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeInstancesCommand, DescribeInstanceStatusCommand, EC2Client } from "@aws-sdk/client-ec2";
import { LeaseStore } from "./agent/lease-store";
import type { FailoverPorts } from "./failover";
import { fence } from "./fencing";
import type { MusterPorts } from "./muster";
import { isReady } from "./node-report";
import { LeaseLocation, readLease } from "./lease-item";
import { databaseIn, virtualIpRoutes } from "./routes";
import { embeddedMetric } from "../shared/embedded-metric";

export interface FailoverSettings extends LeaseLocation {
  virtualIp: string;
  vpc: string;
  /** The namespace of the metrics. */
  namespace: string;
}

/** EC2 and DynamoDB as the failover function uses them. The clients retry throttled calls. */
export function failoverPorts(
  ec2: Pick<EC2Client, "send">,
  dynamo: Pick<DynamoDBClient, "send">,
  settings: FailoverSettings,
): FailoverPorts {
  return {
    lease: () => readLease(dynamo, settings),
    candidates: () => candidates(ec2, settings.vpc),
    ...virtualIpRoutes(ec2, settings),
    fence: (node) => fence(ec2, node),
    clear: (suspect, epoch) =>
      new LeaseStore(dynamo, settings.table, settings.key, 5000).clear(suspect, epoch),
    now: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    log: (line) => console.log(line),
    metric: (name, value) => report(settings, name, value),
  };
}

/** The nodes' own reports, and their group. */
export function musterPorts(
  ec2: Pick<EC2Client, "send">,
  dynamo: Pick<DynamoDBClient, "send">,
  autoscaling: Pick<AutoScalingClient, "send">,
  settings: FailoverSettings & { launchHook: string },
): MusterPorts {
  return {
    running: () => running(ec2, settings.vpc),
    isReady: (node) => isReady(dynamo, settings.table, node, Date.now()),
    async admit(InstanceIds) {
      const { AutoScalingInstances = [] } = await autoscaling.send(
        new DescribeAutoScalingInstancesCommand({ InstanceIds }),
      );
      for (const { InstanceId, AutoScalingGroupName, LifecycleState } of AutoScalingInstances)
        if (LifecycleState === "Pending:Wait")
          await autoscaling.send(
            new CompleteLifecycleActionCommand({
              AutoScalingGroupName,
              InstanceId,
              LifecycleHookName: settings.launchHook,
              LifecycleActionResult: "CONTINUE",
            }),
          );
    },
    metric: (name, value) => report(settings, name, value),
  };
}

async function running(ec2: Pick<EC2Client, "send">, vpc: string): Promise<string[]> {
  const running: string[] = [];
  let token: string | undefined;
  do {
    const page = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [...databaseIn(vpc), { Name: "instance-state-name", Values: ["running"] }],
        NextToken: token,
      }),
    );
    for (const reservation of page.Reservations ?? [])
      running.push(...(reservation.Instances ?? []).map((instance) => instance.InstanceId!));
    token = page.NextToken;
  } while (token);
  return running;
}

async function candidates(ec2: Pick<EC2Client, "send">, vpc: string): Promise<string[]> {
  const all = await running(ec2, vpc);
  const inOrder: string[] = [];
  // The call takes at most a hundred names.
  for (let from = 0; from < all.length; from += 100) {
    const page = await ec2.send(
      new DescribeInstanceStatusCommand({ InstanceIds: all.slice(from, from + 100) }),
    );
    for (const status of page.InstanceStatuses ?? [])
      if (status.InstanceStatus?.Status === "ok" && status.SystemStatus?.Status === "ok")
        inOrder.push(status.InstanceId!);
  }
  return inOrder;
}

/** Straight to stdout: the JSON log format would wrap it, and CloudWatch would not find the metric in it. */
function report({ namespace, table }: FailoverSettings, name: string, value: number): void {
  const line = embeddedMetric({ namespace, by: ["Lease", table], name, value, at: Date.now() });
  process.stdout.write(`${line}\n`);
}
