import { allows, Cases, named, refuses } from "./case";

const plan = (schedule: string, startWindow?: number) =>
  named("plan", "aws:backup/plan:Plan", { rules: [{ ruleName: "daily", schedule, startWindow }] });
const night = plan("cron(0 3 * * ? *)", 60);
const instance = (backupWindow?: string, maintenanceWindow?: string) =>
  named("it", "aws:rds/instance:Instance", { engine: "postgres", backupWindow, maintenanceWindow });
const cluster = (engine: string, preferredBackupWindow?: string) =>
  named("it", "aws:rds/cluster:Cluster", {
    engine,
    preferredBackupWindow,
    preferredMaintenanceWindow: "sun:10:00-sun:11:00",
  });
const [BEFORE, AFTER] = ["01:30-02:30", "sun:05:00-sun:05:30"] as const;

export const backupCases: Cases = {
  "starts no backup of an RDS database in its windows or the hour before": [
    refuses(
      "windows that AWS draws",
      [night, instance()],
      "choose its backupWindow",
      "its maintenanceWindow",
    ),
    refuses("a window that is open then", [night, instance("02:30-03:01", AFTER)], "backup daily"),
    refuses("a window that opens within the hour", [night, instance(BEFORE, "mon:04:59-mon:05:30")]),
    refuses("a window over midnight", [plan("cron(30 0 * * ? *)", 60), instance("23:45-00:45", AFTER)]),
    refuses(
      "a plan that may begin for hours",
      [plan("cron(0 21 * * ? *)"), instance(BEFORE, AFTER)],
      "01:30",
      "sun:05:00",
    ),
    refuses("a cluster of three", [night, cluster("postgres", "03:00-03:30")], "preferredBackupWindow"),
    allows("windows before and after", night, instance(BEFORE, AFTER)),
    allows("Aurora at any time", night, cluster("aurora-postgresql")),
    allows("a database that no plan backs up", instance()),
    allows("a plan that says no hour", plan("rate(1 day)"), instance()),
  ],
};
