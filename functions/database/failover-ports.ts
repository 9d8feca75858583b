import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateRouteCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  DescribeRouteTablesCommand,
  EC2Client,
  ReplaceRouteCommand,
} from "@aws-sdk/client-ec2";
import type { DatabaseLease, FailoverPorts, VirtualIpTable } from "./failover";

export interface FailoverSettings {
  table: string;
  key: string;
  virtualIp: string;
  /** The VPC to look in: another stack in the same account has the same tags. */
  vpc: string;
  /** The namespace of the metrics. */
  namespace: string;
}

const tagged = (vpc: string) => [
  { Name: "tag:database", Values: ["true"] },
  { Name: "vpc-id", Values: [vpc] },
];

/** EC2 and DynamoDB as the failover function uses them. The clients retry what is throttled. */
export function failoverPorts(
  ec2: Pick<EC2Client, "send">,
  dynamo: Pick<DynamoDBClient, "send">,
  settings: FailoverSettings,
): FailoverPorts {
  const route = (table: string, instance: string) => ({
    RouteTableId: table,
    DestinationCidrBlock: `${settings.virtualIp}/32`,
    InstanceId: instance,
  });
  return {
    lease: () => readLease(dynamo, settings),
    candidates: () => candidates(ec2, settings.vpc),
    tables: () => tables(ec2, settings.vpc, `${settings.virtualIp}/32`),
    async replace(table, instance) {
      await ec2.send(new ReplaceRouteCommand(route(table, instance)));
    },
    async add(table, instance) {
      try {
        await ec2.send(new CreateRouteCommand(route(table, instance)));
      } catch (error) {
        if ((error as Error).name !== "RouteAlreadyExists") throw error;
        await ec2.send(new ReplaceRouteCommand(route(table, instance)));
      }
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    log: (line) => console.log(line),
    // Straight to stdout: the JSON log format would wrap it, and CloudWatch would not see a metric in it.
    metric: (name, value) => {
      process.stdout.write(`${JSON.stringify(embedded(settings, name, value, Date.now()))}\n`);
    },
  };
}

async function readLease(
  dynamo: Pick<DynamoDBClient, "send">,
  settings: FailoverSettings,
): Promise<DatabaseLease | undefined> {
  const { Item: item } = await dynamo.send(
    new GetItemCommand({ TableName: settings.table, Key: { pk: { S: settings.key } }, ConsistentRead: true }),
  );
  if (!item) return undefined;
  return {
    holder: item.holder?.S ?? "",
    epoch: Number(item.epoch?.N),
    beat: Number(item.beat?.N),
    leaseMs: Number(item.leaseMs?.N),
    phase: item.phase?.S ?? "",
    healthy: item.healthy?.BOOL ?? false,
  };
}

async function candidates(ec2: Pick<EC2Client, "send">, vpc: string): Promise<string[]> {
  const running: string[] = [];
  let token: string | undefined;
  do {
    const page = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [...tagged(vpc), { Name: "instance-state-name", Values: ["running"] }],
        NextToken: token,
      }),
    );
    for (const reservation of page.Reservations ?? [])
      running.push(...(reservation.Instances ?? []).map((instance) => instance.InstanceId!));
    token = page.NextToken;
  } while (token);

  const inOrder: string[] = [];
  // The call takes a hundred names at most.
  for (let from = 0; from < running.length; from += 100) {
    const page = await ec2.send(
      new DescribeInstanceStatusCommand({ InstanceIds: running.slice(from, from + 100) }),
    );
    for (const status of page.InstanceStatuses ?? [])
      if (status.InstanceStatus?.Status === "ok" && status.SystemStatus?.Status === "ok")
        inOrder.push(status.InstanceId!);
  }
  return inOrder;
}

async function tables(
  ec2: Pick<EC2Client, "send">,
  vpc: string,
  destination: string,
): Promise<VirtualIpTable[]> {
  const found: VirtualIpTable[] = [];
  let token: string | undefined;
  do {
    const page = await ec2.send(new DescribeRouteTablesCommand({ Filters: tagged(vpc), NextToken: token }));
    for (const table of page.RouteTables ?? []) {
      const route = table.Routes?.find((r) => r.DestinationCidrBlock === destination);
      // A route without an instance leads into the void, and still has to be replaced, not added.
      found.push({ id: table.RouteTableId!, target: route && (route.InstanceId ?? "") });
    }
    token = page.NextToken;
  } while (token);
  return found;
}

/** A metric as CloudWatch reads it out of a log line. */
function embedded({ namespace, table }: FailoverSettings, name: string, value: number, timestamp: number) {
  return {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [["Lease"]], Metrics: [{ Name: name }] }],
    },
    Lease: table,
    [name]: value,
  };
}
