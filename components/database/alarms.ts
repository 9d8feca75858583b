import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Metric, Monitoring } from "../shared/monitoring";
import { NAMESPACE } from "./metrics";

const GIB = 1024 ** 3;

export interface WatchedManaged {
  /** The identifier in RDS's events. */
  identifier: pulumi.Input<string>;
  /** The CloudWatch dimensions of its metrics, one set for each instance that has metrics of its own. */
  dimensions: Record<string, pulumi.Input<string>>[];
  /** Aurora's storage grows by itself and has no metric for free space: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html */
  storageIsBounded: boolean;
}

/** What RDS reports about a managed database, for each instance where there are several. */
export function managedMonitoring({ identifier, dimensions, storageIsBounded }: WatchedManaged): Monitoring {
  const machines = dimensions.map((by, index) => {
    const of = figuresOf("AWS/RDS", by);
    const number = dimensions.length > 1 ? String(index + 1) : "";
    return {
      key: number && `${number}-`,
      label: (text: string) => (number ? `${text} ${number}` : text),
      of,
      cpu: of("CPUUtilization", "Average"),
      storage: of("FreeStorageSpace", "Minimum"),
    };
  });
  return {
    alarms: Object.assign({}, ...machines.map((one) => machineAlarms(one, storageIsBounded))) as NonNullable<
      Monitoring["alarms"]
    >,
    events: {
      "database-down": {
        description:
          "The database has failed, or its standby has taken over: see its events in the RDS console",
        pattern: {
          source: ["aws.rds"],
          "detail-type": ["RDS DB Instance Event", "RDS DB Cluster Event"],
          detail: { SourceIdentifier: [identifier], EventCategories: ["failure", "failover"] },
        },
      },
    },
    dashboard: {
      title: "Database",
      graphs: [
        {
          title: "Load",
          lines: machines.flatMap(({ of, cpu, label }) => [
            { ...cpu, label: label("CPU %") },
            { ...of("DatabaseConnections", "Maximum"), label: label("connections") },
          ]),
        },
        {
          title: "Seconds of a read and a write",
          lines: machines.flatMap(({ of, label }) => [
            { ...of("ReadLatency", "Average"), label: label("read") },
            { ...of("WriteLatency", "Average"), label: label("write") },
          ]),
        },
        ...(storageIsBounded
          ? [
              {
                title: "Bytes free",
                lines: machines.flatMap(({ storage, label }) => [{ ...storage, label: label("storage") }]),
              },
            ]
          : []),
      ],
    },
  };
}

function machineAlarms(
  { key, cpu, storage }: { key: string; cpu: Metric; storage: Metric },
  storageIsBounded: boolean,
): NonNullable<Monitoring["alarms"]> {
  return {
    [`database-${key}busy`]: {
      ...cpu,
      description: "The database's CPU has been above 80 % for ten minutes: look at Performance Insights",
      comparison: "above",
      threshold: 80,
      periodSeconds: 300,
      periods: 2,
    },
    ...(storageIsBounded && {
      [`database-${key}full`]: {
        ...storage,
        description: "The database has less than 2 GiB of storage left: increase its storage",
        comparison: "below" as const,
        threshold: 2 * GIB,
        periodSeconds: 300,
      },
    }),
  };
}

/** Two days' backups have failed. */
const OLD_HOURS = 50;

/** What a database on shared storage reports about its failover, and about its backups if it makes any. */
export function sharedStorageMonitoring(
  leaseTableName: pulumi.Input<string>,
  nodes: number,
  backups?: { archiveSeconds: number },
): Monitoring {
  const of = figuresOf(NAMESPACE, { Lease: leaseTableName });
  const healthy = of("DatabaseHealthy", "Minimum");
  const candidates = of("DatabaseCandidates", "Minimum");
  const ready = of("DatabaseReady", "Minimum");
  return {
    alarms: {
      "database-healthy": {
        ...healthy,
        description:
          "No active node reports that PostgreSQL responds, or the check does not run: see docs/database.md",
        comparison: "below",
        threshold: 1,
        periods: 2,
        silence: "alarm",
      },
      "database-candidates": {
        ...candidates,
        description: "No database node is running and healthy: see docs/database.md",
        comparison: "below",
        threshold: 1,
        periods: 2,
      },
      // Longer than it takes to replace a node, for example during an update.
      "database-nodes": {
        ...ready,
        description:
          "A database node has not reported ready for a quarter of an hour: see docs/database-failures.md",
        comparison: "below",
        threshold: nodes,
        periods: 15,
      },
      ...(backups && backupAlarms(of, backups.archiveSeconds)),
    },
    dashboard: {
      title: "Database",
      graphs: [
        {
          title: "Failover",
          lines: [
            { ...healthy, label: "an active node answers" },
            { ...candidates, label: "nodes that could take over" },
            { ...ready, label: "nodes that say that they are ready" },
          ],
        },
        ...(backups
          ? [
              {
                title: "Backups",
                lines: [
                  { ...of("BackupAgeHours", "Maximum"), label: "hours since the last one" },
                  { ...of("UnarchivedSeconds", "Maximum"), label: "seconds of changes not in them yet" },
                ],
              },
            ]
          : []),
      ],
    },
  };
}

/** The nodes check every five minutes. */
function backupAlarms(
  of: ReturnType<typeof figuresOf>,
  archiveSeconds: number,
): NonNullable<Monitoring["alarms"]> {
  return {
    "database-backups": {
      ...of("BackupAgeHours", "Maximum"),
      description:
        "The database's last good backup is more than two days old, or there is none: see docs/database-failures.md",
      comparison: "above",
      threshold: OLD_HOURS,
      periodSeconds: 300,
      periods: 6,
      silence: "alarm",
    },
    "database-archive": {
      ...of("UnarchivedSeconds", "Maximum"),
      description:
        "Changes to the database do not reach its backups; until they do, they stay on its storage: see docs/database-failures.md",
      comparison: "above",
      threshold: archiveSeconds + 600,
      periodSeconds: 300,
      periods: 2,
    },
    "database-drill": {
      ...of("DrillsFailed", "Maximum"),
      description: "The newest backup of the database could not be restored: see docs/database-failures.md",
      comparison: "above",
      threshold: 0,
      periodSeconds: 300,
    },
  };
}
