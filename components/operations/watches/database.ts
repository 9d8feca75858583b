import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Watch } from "../watch";

const GIB = 1024 ** 3;

/** What RDS tells of a managed database, by the dimensions of its figures. */
export function watchManagedDatabase(dimensions: Record<string, pulumi.Input<string>>): Watch {
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
    },
    events: {
      "database-down": {
        description:
          "The database has failed, or its standby has taken over: see its events in the RDS console",
        pattern: {
          source: ["aws.rds"],
          "detail-type": ["RDS DB Instance Event", "RDS DB Cluster Event"],
          detail: { SourceIdentifier: Object.values(dimensions), EventCategories: ["failure", "failover"] },
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
