import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { failover } from "../../../functions/database/failover";
import { muster } from "../../../functions/database/muster";
import { failoverPorts } from "../../../functions/database/failover-ports";
import { failingLine } from "../../../functions/uploads/failing";
import { WRITTEN } from "../../../policies/rules/figures";

const NAMESPACE = "Groundwork/Database";

/** What a run that finds neither a lease nor a node prints for CloudWatch. */
async function printed(): Promise<{ CloudWatchMetrics: unknown[] }[]> {
  const { metric } = failoverPorts({} as EC2Client, {} as DynamoDBClient, {
    table: "lease",
    key: "database",
    virtualIp: "10.0.0.1",
    vpc: "vpc-1",
    namespace: NAMESPACE,
  });
  const none = async () => [];
  const nothing = async () => undefined;
  const suspects = { fence: async () => false, clear: nothing };
  const ports = { lease: nothing, candidates: none, tables: none, point: nothing, ...suspects, now: () => 0 };
  const lines: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((line: string) => lines.push(line)) as never;
  try {
    await failover({ ...ports, sleep: nothing, log: () => undefined, metric }, "10.0.0.1");
    await muster({ running: none, isReady: suspects.fence, admit: nothing, metric });
  } finally {
    process.stdout.write = write;
  }
  return lines.map((line) => JSON.parse(line)._aws);
}

describe("the metrics that functions and nodes write", () => {
  const keeper = fs.readFileSync(require.resolve("../../../functions/database/backup/keeper"), "utf8");
  const reported = [...keeper.matchAll(/\b([A-Z][a-z]+[A-Z]\w+): (?:await ports|age|outcome)/g)].map(
    ([, name]) => name!,
  );

  it("include the failover's, with their dimension", async () => {
    assert.deepEqual(
      (await printed()).map(({ CloudWatchMetrics }) => CloudWatchMetrics),
      Object.entries(WRITTEN[NAMESPACE]!)
        .filter(([Name]) => !reported.includes(Name))
        .map(([Name, { by }]) => [{ Namespace: NAMESPACE, Dimensions: by, Metrics: [{ Name }] }]),
    );
  });

  it("include the mover's, with its dimension", () => {
    const { _aws, ...values } = JSON.parse(failingLine("Groundwork/Uploads", "mover", 630, 1));
    assert.deepEqual(values, { FunctionName: "mover", FailingSeconds: 630 });
    assert.deepEqual(
      _aws.CloudWatchMetrics,
      Object.entries(WRITTEN["Groundwork/Uploads"]!).map(([Name, { by }]) => ({
        Namespace: "Groundwork/Uploads",
        Dimensions: by,
        Metrics: [{ Name, Unit: "Seconds" }],
      })),
    );
  });

  it("include those that a node reports about its backups", () => {
    assert.deepEqual([...reported].sort(), ["BackupAgeHours", "DrillsFailed", "UnarchivedSeconds"]);
    assert.deepEqual(
      reported.filter((name) => !WRITTEN[NAMESPACE]![name]),
      [],
    );
  });
});
