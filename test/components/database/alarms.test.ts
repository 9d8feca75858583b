import { strict as assert } from "node:assert";
import { managedMonitoring, sharedStorageMonitoring } from "../../../components/database/alarms";
import { Alarms } from "../../../components/operations/alarms";
import { run } from "../../harness";
import { alarmLines, eventPatterns, graphLines } from "../monitoring-lines";
import { ACCOUNT, topic } from "../operations/fixtures";

describe("what a managed database is watched for", () => {
  const monitoring = managedMonitoring({
    identifier: "db-1",
    dimensions: [{ DBInstanceIdentifier: "db-1" }],
    storageIsBounded: true,
  });

  it("load, and room", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "database-busy: Average AWS/RDS CPUUtilization of DBInstanceIdentifier db-1 above 80, 2 x 300 s",
      "database-full: Minimum AWS/RDS FreeStorageSpace of DBInstanceIdentifier db-1 below 2147483648, 1 x 300 s",
    ]);
  });

  it("each machine of a Multi-AZ cluster, which has figures of machines alone", async () => {
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

  it("no room where storage grows by itself: nobody measures it", async () => {
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

  it("failures", async () => {
    assert.deepEqual(await eventPatterns(monitoring), {
      "database-down": {
        source: ["aws.rds"],
        "detail-type": ["RDS DB Instance Event", "RDS DB Cluster Event"],
        detail: { SourceIdentifier: ["db-1"], EventCategories: ["failure", "failover"] },
      },
    });
  });

  it("shows load, times and room", async () => {
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

describe("what the backups of a database on shared storage are watched for", () => {
  const monitoring = sharedStorageMonitoring("lease-1", 2, { archiveSeconds: 300 });

  it("age, changes that do not get there, and a restore that cannot be done", async () => {
    assert.deepEqual((await alarmLines(monitoring)).slice(3), [
      "database-backups: Maximum Groundwork/Database BackupAgeHours of Lease lease-1 above 50, 6 x 300 s, silence is alarm",
      "database-archive: Maximum Groundwork/Database UnarchivedSeconds of Lease lease-1 above 900, 2 x 300 s",
      "database-drill: Maximum Groundwork/Database DrillsFailed of Lease lease-1 above 0, 1 x 300 s",
    ]);
  });

  it("shows both ages", async () => {
    assert.deepEqual((await graphLines(monitoring)).slice(-3), [
      "Backups",
      "  hours since the last one: Maximum Groundwork/Database BackupAgeHours of Lease lease-1",
      "  seconds of changes not in them yet: Maximum Groundwork/Database UnarchivedSeconds of Lease lease-1",
    ]);
  });
});

describe("what a database on shared storage is watched for", () => {
  const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:alarms-1234567`;
  const monitoring = sharedStorageMonitoring("lease-1", 2);

  it("a database that does not answer, or that nobody looks at, no node that is there, and too few that are ready", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "database-healthy: Minimum Groundwork/Database DatabaseHealthy of Lease lease-1 below 1, 2 x 60 s, silence is alarm",
      "database-candidates: Minimum Groundwork/Database DatabaseCandidates of Lease lease-1 below 1, 2 x 60 s",
      "database-nodes: Minimum Groundwork/Database DatabaseReady of Lease lease-1 below 2, 15 x 60 s",
    ]);
  });

  it("raises an alarm on each, and tells the topic of it and of its end", async () => {
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

  it("shows the failover", async () => {
    assert.deepEqual(await graphLines(monitoring), [
      "Database",
      "Failover",
      "  an active node answers: Minimum Groundwork/Database DatabaseHealthy of Lease lease-1",
      "  nodes that could take over: Minimum Groundwork/Database DatabaseCandidates of Lease lease-1",
      "  nodes that say that they are ready: Minimum Groundwork/Database DatabaseReady of Lease lease-1",
    ]);
  });
});
