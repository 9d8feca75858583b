import { strict as assert } from "node:assert";
import { managedMonitoring, sharedStorageMonitoring } from "../../../components/database/alarms";
import { Alarms } from "../../../components/operations/alarms";
import { run } from "../../harness";
import { alarmLines, eventPatterns, graphLines } from "../monitoring-lines";
import { ACCOUNT, topic } from "../operations/fixtures";

describe("the alarms and graphs of a managed database", () => {
  const monitoring = managedMonitoring({
    identifier: "db-1",
    dimensions: [{ DBInstanceIdentifier: "db-1" }],
    storageIsBounded: true,
  });

  it("report load, and too little storage", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "database-busy: Average AWS/RDS CPUUtilization of DBInstanceIdentifier db-1 above 80, 2 x 300 s",
      "database-full: Minimum AWS/RDS FreeStorageSpace of DBInstanceIdentifier db-1 below 2147483648, 1 x 300 s",
    ]);
  });

  it("report each machine of a Multi-AZ cluster, which has metrics per machine only", async () => {
    const cluster = managedMonitoring({
      identifier: "db",
      dimensions: ["db-instance-1", "db-instance-2"].map((DBInstanceIdentifier) => ({
        DBInstanceIdentifier,
      })),
      storageIsBounded: true,
    });
    assert.deepEqual(await alarmLines(cluster), [
      "database-1-busy: Average AWS/RDS CPUUtilization of DBInstanceIdentifier db-instance-1 above 80, 2 x 300 s",
      "database-1-full: Minimum AWS/RDS FreeStorageSpace of DBInstanceIdentifier db-instance-1 below 2147483648, 1 x 300 s",
      "database-2-busy: Average AWS/RDS CPUUtilization of DBInstanceIdentifier db-instance-2 above 80, 2 x 300 s",
      "database-2-full: Minimum AWS/RDS FreeStorageSpace of DBInstanceIdentifier db-instance-2 below 2147483648, 1 x 300 s",
    ]);
    const rds = (figure: string, number: number) =>
      `  ${figure} of DBInstanceIdentifier db-instance-${number}`;
    assert.deepEqual(await graphLines(cluster), [
      "Database",
      "Load",
      rds("CPU % 1: Average AWS/RDS CPUUtilization", 1),
      rds("connections 1: Maximum AWS/RDS DatabaseConnections", 1),
      rds("CPU % 2: Average AWS/RDS CPUUtilization", 2),
      rds("connections 2: Maximum AWS/RDS DatabaseConnections", 2),
      "Seconds of a read and a write",
      rds("read 1: Average AWS/RDS ReadLatency", 1),
      rds("write 1: Average AWS/RDS WriteLatency", 1),
      rds("read 2: Average AWS/RDS ReadLatency", 2),
      rds("write 2: Average AWS/RDS WriteLatency", 2),
      "Bytes free",
      rds("storage 1: Minimum AWS/RDS FreeStorageSpace", 1),
      rds("storage 2: Minimum AWS/RDS FreeStorageSpace", 2),
    ]);
  });

  it("report no storage if it grows by itself, because nothing measures it", async () => {
    const aurora = managedMonitoring({
      identifier: "db-1",
      dimensions: [{ DBClusterIdentifier: "db-1" }],
      storageIsBounded: false,
    });
    assert.deepEqual(Object.keys(aurora.alarms!), ["database-busy"]);
    assert.deepEqual(await graphLines(aurora), [
      "Database",
      "Load",
      "  CPU %: Average AWS/RDS CPUUtilization of DBClusterIdentifier db-1",
      "  connections: Maximum AWS/RDS DatabaseConnections of DBClusterIdentifier db-1",
      "Seconds of a read and a write",
      "  read: Average AWS/RDS ReadLatency of DBClusterIdentifier db-1",
      "  write: Average AWS/RDS WriteLatency of DBClusterIdentifier db-1",
    ]);
  });

  it("report failures", async () => {
    assert.deepEqual(await eventPatterns(monitoring), {
      "database-down": {
        source: ["aws.rds"],
        "detail-type": ["RDS DB Instance Event", "RDS DB Cluster Event"],
        detail: { SourceIdentifier: ["db-1"], EventCategories: ["failure", "failover"] },
      },
    });
  });

  it("show load, latencies and storage", async () => {
    assert.deepEqual(await graphLines(monitoring), [
      "Database",
      "Load",
      "  CPU %: Average AWS/RDS CPUUtilization of DBInstanceIdentifier db-1",
      "  connections: Maximum AWS/RDS DatabaseConnections of DBInstanceIdentifier db-1",
      "Seconds of a read and a write",
      "  read: Average AWS/RDS ReadLatency of DBInstanceIdentifier db-1",
      "  write: Average AWS/RDS WriteLatency of DBInstanceIdentifier db-1",
      "Bytes free",
      "  storage: Minimum AWS/RDS FreeStorageSpace of DBInstanceIdentifier db-1",
    ]);
  });
});

describe("the alarms and graphs of the backups of a database on shared storage", () => {
  const monitoring = sharedStorageMonitoring("lease-1", 2, { archiveSeconds: 300 });

  it("report old backups, changes that do not reach them, and a failed restore", async () => {
    assert.deepEqual((await alarmLines(monitoring)).slice(3), [
      "database-backups: Maximum Groundwork/Database BackupAgeHours of Lease lease-1 above 50, 6 x 300 s, silence is alarm",
      "database-archive: Maximum Groundwork/Database UnarchivedSeconds of Lease lease-1 above 900, 2 x 300 s",
      "database-drill: Maximum Groundwork/Database DrillsFailed of Lease lease-1 above 0, 1 x 300 s",
    ]);
  });

  it("show both ages", async () => {
    assert.deepEqual((await graphLines(monitoring)).slice(-3), [
      "Backups",
      "  hours since the last one: Maximum Groundwork/Database BackupAgeHours of Lease lease-1",
      "  seconds of changes not in them yet: Maximum Groundwork/Database UnarchivedSeconds of Lease lease-1",
    ]);
  });
});

describe("the alarms and graphs of a database on shared storage", () => {
  const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:alarms-1234567`;
  const monitoring = sharedStorageMonitoring("lease-1", 2);

  it("report a database that does not answer or is not checked, no node, and too few ready nodes", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "database-healthy: Minimum Groundwork/Database DatabaseHealthy of Lease lease-1 below 1, 2 x 60 s, silence is alarm",
      "database-candidates: Minimum Groundwork/Database DatabaseCandidates of Lease lease-1 below 1, 2 x 60 s",
      "database-nodes: Minimum Groundwork/Database DatabaseReady of Lease lease-1 below 2, 15 x 60 s",
    ]);
  });

  it("notify the topic when they begin and end", async () => {
    const { all } = await run(() => new Alarms("alarms", { topic: topic(), monitoring: [monitoring] }));
    assert.deepEqual(
      all("cloudwatch/metricAlarm:MetricAlarm").map(({ inputs: a }) => [
        `${a.namespace} ${a.metricName} of ${a.dimensions.Lease}`,
        `${a.statistic} ${a.comparisonOperator} ${a.threshold}, ${a.evaluationPeriods} x ${a.period} s`,
        a.treatMissingData,
        [a.alarmActions, a.okActions],
      ]),
      [
        [
          "Groundwork/Database DatabaseHealthy of lease-1",
          "Minimum LessThanThreshold 1, 2 x 60 s",
          "breaching",
          [[TOPIC], [TOPIC]],
        ],
        [
          "Groundwork/Database DatabaseCandidates of lease-1",
          "Minimum LessThanThreshold 1, 2 x 60 s",
          "notBreaching",
          [[TOPIC], [TOPIC]],
        ],
        [
          "Groundwork/Database DatabaseReady of lease-1",
          "Minimum LessThanThreshold 2, 15 x 60 s",
          "notBreaching",
          [[TOPIC], [TOPIC]],
        ],
      ],
    );
  });

  it("show the failover", async () => {
    assert.deepEqual(await graphLines(monitoring), [
      "Database",
      "Failover",
      "  an active node answers: Minimum Groundwork/Database DatabaseHealthy of Lease lease-1",
      "  nodes that could take over: Minimum Groundwork/Database DatabaseCandidates of Lease lease-1",
      "  nodes that say that they are ready: Minimum Groundwork/Database DatabaseReady of Lease lease-1",
    ]);
  });
});
