import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { nodesOf, withoutNodes } from "../database-nodes";
import { Broken, needs, NotAsked, Promised } from "../promised";

/** As in components/database/metrics.ts. */
const NAMESPACE = "Groundwork/Database";
/** A drill may run as rarely as every ninety days. */
const DAYS = 91;
/** Two days' backups have failed: the alarm's own threshold. */
const OLD_HOURS = 50;

export const drill: Promised = {
  name: "a backup was restored by a drill",
  expected: `the nodes' last drill (database.drillDays) ended well, and the last backup is at most ${OLD_HOURS} hours old`,
  takes: { sandbox: 0, AWS: 3 },
  usd: 0,
  missing: (stage) =>
    withoutNodes(stage) ??
    needs("databaseBackupBucket")(stage) ??
    (stage.target === "sandbox" ? "the sandbox's nodes make no backups" : undefined),
  async run({ stage }) {
    const { table } = await nodesOf(stage);
    const cloudwatch = new CloudWatch({ region: stage.region });
    const last = async (MetricName: string, days: number) => {
      const EndTime = new Date();
      const { Datapoints = [] } = await cloudwatch.getMetricStatistics({
        ...{ Namespace: NAMESPACE, MetricName, Dimensions: [{ Name: "Lease", Value: table }] },
        ...{ StartTime: new Date(EndTime.getTime() - days * 86_400_000), EndTime },
        ...{ Period: 3_600 * Math.ceil(days / 60), Statistics: ["Maximum"] },
      });
      return Datapoints.sort((a, b) => b.Timestamp!.getTime() - a.Timestamp!.getTime())[0];
    };
    const backup = await last("BackupAgeHours", 1);
    if (!backup) throw new Broken("no node has reported in a day how old the last backup is");
    if (backup.Maximum! > OLD_HOURS)
      throw new Broken(`the last backup is ${backup.Maximum!.toFixed(0)} hours old`);
    const failed = await last("DrillsFailed", DAYS);
    const age = `the last backup is ${backup.Maximum!.toFixed(1)} hours old`;
    if (!failed)
      throw new NotAsked(
        `${age}, and no drill was reported in ${DAYS} days: database.drillDays makes the nodes run drills`,
      );
    const day = failed.Timestamp!.toISOString().slice(0, 10);
    if (failed.Maximum !== 0) throw new Broken(`the drill of ${day} failed; ${age}`);
    return `the drill of ${day} ended well; ${age}`;
  },
};
