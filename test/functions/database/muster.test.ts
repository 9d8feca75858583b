import { strict as assert } from "node:assert";
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { musterPorts } from "../../../functions/database/failover-ports";
import { muster } from "../../../functions/database/muster";
import { isReady, REPORT_MS, writeReport } from "../../../functions/database/node-report";

const SETTINGS = {
  ...{ table: "lease-1", key: "database", virtualIp: "10.0.0.9", vpc: "vpc-1" },
  ...{ namespace: "Groundwork/Database", launchHook: "node-ready" },
};

/** Nodes as AWS knows them: their reports, and where their group has them. */
function world(nodes: Record<string, { ready?: boolean; ageMs?: number; state?: string }>) {
  const asked: [string, Record<string, unknown>][] = [];
  const client = {
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const operation = command.constructor.name.replace(/Command$/, "");
      const input = JSON.parse(JSON.stringify(command.input)) as Record<string, unknown>;
      asked.push([operation, input]);
      if (operation === "DescribeInstances")
        return { Reservations: Object.keys(nodes).map((InstanceId) => ({ Instances: [{ InstanceId }] })) };
      if (operation === "GetItem") {
        const { pk } = input["Key"] as { pk: { S: string } };
        const { ready, ageMs = 0 } = nodes[pk.S.replace("node/", "")]!;
        if (ready === undefined) return {};
        return { Item: { ready: { BOOL: ready }, saidAt: { N: String(Date.now() - ageMs) } } };
      }
      if (operation === "DescribeAutoScalingInstances")
        return {
          AutoScalingInstances: (input["InstanceIds"] as string[]).map((InstanceId) => ({
            InstanceId,
            AutoScalingGroupName: "db-1",
            LifecycleState: nodes[InstanceId]!.state ?? "InService",
          })),
        };
      return {};
    },
  };
  const metrics: Record<string, number> = {};
  const of = client as unknown as EC2Client & DynamoDBClient & AutoScalingClient;
  const ports = musterPorts(of, of, of, SETTINGS);
  return { ports: { ...ports, metric: (name: string, n: number) => (metrics[name] = n) }, metrics, asked };
}

const admitted = (asked: [string, Record<string, unknown>][]) =>
  asked.filter(([operation]) => operation === "CompleteLifecycleAction").map(([, input]) => input);

describe("The count of the database's nodes", () => {
  it("includes those that have recently reported ready", async () => {
    const { ports, metrics } = world({
      "i-a": { ready: true },
      "i-b": { ready: false },
      "i-c": {},
      "i-d": { ready: true, ageMs: 4 * REPORT_MS + 1000 },
      "i-e": { ready: true, ageMs: 3 * REPORT_MS },
    });
    assert.deepEqual(await muster(ports), ["i-a", "i-e"]);
    assert.deepEqual(metrics, { DatabaseReady: 2 });
  });

  it("admits to the group those that wait and are ready, and no other", async () => {
    const { ports, asked } = world({
      "i-a": { ready: true },
      "i-b": { ready: true, state: "Pending:Wait" },
      "i-c": { ready: false, state: "Pending:Wait" },
      "i-d": { ready: true, state: "Terminating:Wait" },
    });
    await muster(ports);
    assert.deepEqual(admitted(asked), [
      {
        AutoScalingGroupName: "db-1",
        InstanceId: "i-b",
        LifecycleHookName: "node-ready",
        LifecycleActionResult: "CONTINUE",
      },
    ]);
  });

  it("does not query the group while nobody is ready", async () => {
    const { ports, asked, metrics } = world({ "i-a": {} });
    assert.deepEqual(await muster(ports), []);
    assert.deepEqual(metrics, { DatabaseReady: 0 });
    assert.ok(!asked.some(([operation]) => operation === "DescribeAutoScalingInstances"));
  });

  it("ignores a report that is incomplete or too old", async () => {
    const now = Date.now();
    const said = (Item?: object) => {
      const client = { send: async () => ({ Item }) } as unknown as DynamoDBClient;
      return isReady(client, "lease-1", "i-a", now);
    };
    const [ready, saidAt] = [{ BOOL: true }, (ageMs: number) => ({ N: String(now - ageMs) })];
    assert.equal(await said({ ready, saidAt: saidAt(4 * REPORT_MS - 1) }), true);
    for (const Item of [
      undefined,
      {},
      { ready },
      { saidAt: saidAt(0) },
      { ready, saidAt: saidAt(4 * REPORT_MS) },
    ])
      assert.equal(await said(Item), false, JSON.stringify(Item));
  });

  it("uses what a node writes beside the lease", async () => {
    const asked: object[] = [];
    const limits: (AbortSignal | undefined)[] = [];
    const send = async ({ input }: { input: object }, options?: { abortSignal?: AbortSignal }) => {
      asked.push(input);
      limits.push(options?.abortSignal);
    };
    const of = { send } as unknown as DynamoDBClient;
    await writeReport(of, "lease-1", "i-a", { ready: true, at: 7 });
    assert.ok(limits[0] instanceof AbortSignal, "it may wait for ever");
    assert.deepEqual(asked, [
      {
        TableName: "lease-1",
        Key: { pk: { S: "node/i-a" } },
        UpdateExpression: "SET ready = :ready, saidAt = :at",
        ExpressionAttributeValues: { ":ready": { BOOL: true }, ":at": { N: "7" } },
      },
    ]);
  });
});
