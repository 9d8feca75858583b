import * as pulumi from "@pulumi/pulumi";
import type { Watched } from "../../database/managed-engines";
import { figuresOf, MetricAlarm, Watch } from "../watch";

const GIB = 1024 ** 3;

/** What RDS tells of a managed database. */
export function watchManagedDatabase({ dimensions, readerIdentifier }: Watched): Watch {
  const identifiers = [...Object.values(dimensions), ...(readerIdentifier ? [readerIdentifier] : [])];
  const of = figuresOf("AWS/RDS", dimensions);
  const cpu = of("CPUUtilization", "Average");
  const storage = of("FreeStorageSpace", "Minimum");
  return {
    alarms: {
      "database-busy": {
        ...cpu,
        description: "The database's CPU has been above 80 % for ten minutes: look at Performance Insights",
        comparison: "above",
        threshold: 80,
        periodSeconds: 300,
        periods: 2,
      },
      // Aurora has no such figure, which is no alarm.
      "database-full": {
        ...storage,
        description: "The database has less than 2 GiB of storage left: give it more",
        comparison: "below",
        threshold: 2 * GIB,
        periodSeconds: 300,
      },
      ...(readerIdentifier && { "database-reader-late": readerLate(readerIdentifier) }),
    },
    events: {
      "database-down": {
        description:
          "The database has failed, or its standby has taken over: see its events in the RDS console",
        pattern: {
          source: ["aws.rds"],
          "detail-type": ["RDS DB Instance Event", "RDS DB Cluster Event"],
          detail: { SourceIdentifier: identifiers, EventCategories: ["failure", "failover"] },
        },
      },
    },
    section: {
      title: "Database",
      graphs: [
        {
          title: "Load",
          lines: [
            { ...cpu, label: "CPU %" },
            { ...of("DatabaseConnections", "Maximum"), label: "connections" },
          ],
        },
        {
          title: "Seconds of a read and a write",
          lines: [
            { ...of("ReadLatency", "Average"), label: "read" },
            { ...of("WriteLatency", "Average"), label: "write" },
          ],
        },
        { title: "Bytes free", lines: [{ ...storage, label: "storage" }] },
      ],
    },
  };
}

const readerLate = (identifier: pulumi.Input<string>): MetricAlarm => ({
  ...figuresOf("AWS/RDS", { DBInstanceIdentifier: identifier })("ReplicaLag", "Minimum"),
  description:
    "The replica is a quarter of an hour behind: the web app shows old data; see its events in the RDS console",
  comparison: "above",
  // A database to which nobody writes looks up to five minutes old.
  threshold: 900,
  periodSeconds: 300,
});

/** What the failover of a database on shared storage shows; its alarms are its own. */
export function watchSharedStorage(leaseTableName: pulumi.Input<string>): Watch {
  const of = figuresOf("Groundwork/Database", { Lease: leaseTableName });
  return {
    section: {
      title: "Database",
      graphs: [
        {
          title: "Failover",
          lines: [
            { ...of("DatabaseHealthy", "Minimum"), label: "an active node answers" },
            { ...of("DatabaseCandidates", "Minimum"), label: "nodes that could take over" },
          ],
        },
      ],
    },
  };
}
