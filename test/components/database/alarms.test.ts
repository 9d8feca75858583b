import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { managedMonitoring, sharedStorageMonitoring } from "../../../components/database/alarms";
import { Alarms } from "../../../components/operations/alarms";
import { run, valueOf } from "../../harness";
import { alarmLines, graphLines } from "../monitoring-lines";
import { ACCOUNT, topic } from "../operations/fixtures";

describe("what a managed database is watched for", () => {
  const monitoring = managedMonitoring({
    identifier: "db-1",
    dimensions: [{ DBInstanceIdentifier: "db-1" }],
    storageIsBounded: true,
  });

  it("load, and room", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "database-busy: Average CPUUtilization of db-1 above 80, 2 x 300 s",
      "database-full: Minimum FreeStorageSpace of db-1 below 2147483648, 1 x 300 s",
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
      "database-1-busy: Average CPUUtilization of db-instance-1 above 80, 2 x 300 s",
      "database-1-full: Minimum FreeStorageSpace of db-instance-1 below 2147483648, 1 x 300 s",
      "database-2-busy: Average CPUUtilization of db-instance-2 above 80, 2 x 300 s",
      "database-2-full: Minimum FreeStorageSpace of db-instance-2 below 2147483648, 1 x 300 s",
    ]);
    assert.deepEqual(graphLines(cluster).slice(1, 2), [
      "Load: CPU % 1, connections 1, CPU % 2, connections 2",
    ]);
  });

  it("no room where storage grows by itself: nobody measures it", async () => {
    const aurora = managedMonitoring({
      identifier: "db-1",
      dimensions: [{ DBClusterIdentifier: "db-1" }],
      storageIsBounded: false,
    });
    assert.deepEqual(Object.keys(aurora.alarms!), ["database-busy"]);
    assert.deepEqual(graphLines(aurora), [
      "Database",
      "Load: CPU %, connections",
      "Seconds of a read and a write: read, write",
    ]);
  });

  it("failures", async () => {
    const {
      source,
      "detail-type": types,
      detail,
    } = await valueOf(pulumi.output(monitoring.events!["database-down"]!.pattern));
    assert.deepEqual(source, ["aws.rds"]);
    assert.deepEqual(types, ["RDS DB Instance Event", "RDS DB Cluster Event"]);
    assert.deepEqual(detail, { SourceIdentifier: ["db-1"], EventCategories: ["failure", "failover"] });
  });

  it("shows load, times and room", () => {
    assert.deepEqual(graphLines(monitoring), [
      "Database",
      "Load: CPU %, connections",
      "Seconds of a read and a write: read, write",
      "Bytes free: storage",
    ]);
  });
});

describe("what the backups of a database on shared storage are watched for", () => {
  const monitoring = sharedStorageMonitoring("lease-1", 2, { archiveSeconds: 300 });

  it("age, changes that do not get there, and a restore that cannot be done", async () => {
    assert.deepEqual((await alarmLines(monitoring)).slice(3), [
      "database-backups: Maximum BackupAgeHours of lease-1 above 50, 6 x 300 s, silence is alarm",
      "database-archive: Maximum UnarchivedSeconds of lease-1 above 900, 2 x 300 s",
      "database-drill: Maximum DrillsFailed of lease-1 above 0, 1 x 300 s",
    ]);
  });

  it("shows both ages", () => {
    assert.equal(
      graphLines(monitoring).at(-1),
      "Backups: hours since the last one, seconds of changes not in them yet",
    );
  });
});

describe("what a database on shared storage is watched for", () => {
  const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:alarms-1234567`;
  const monitoring = sharedStorageMonitoring("lease-1", 2);

  it("a database that does not answer, or that nobody looks at, no node that is there, and too few that are ready", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "database-healthy: Minimum DatabaseHealthy of lease-1 below 1, 2 x 60 s, silence is alarm",
      "database-candidates: Minimum DatabaseCandidates of lease-1 below 1, 2 x 60 s",
      "database-nodes: Minimum DatabaseReady of lease-1 below 2, 15 x 60 s",
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

  it("shows the failover", () => {
    assert.deepEqual(graphLines(monitoring), [
      "Database",
      "Failover: an active node answers, nodes that could take over, nodes that say that they are ready",
    ]);
  });
});
