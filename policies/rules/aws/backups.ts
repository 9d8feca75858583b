import type { Declared, StackView } from "../../declared";
import { label, list, ofType, Rules } from "../rule";

const DAY = 24 * 60;
/** RDS starts no backup in its windows or in the hour before. Aurora has no such hours. */
const APART = 60;
const SOURCE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html";

/** When a plan's rules may start, in minutes of the day. Skips a rule that names no hour, because nothing can be checked. */
function beginnings(view: StackView): { name: string; from: number; to: number }[] {
  return ofType(view, "aws:backup/plan:Plan").flatMap(({ inputs }) =>
    list<Declared["inputs"]>(inputs.rules).flatMap(({ ruleName, schedule, startWindow }) => {
      const [, minute, hour] = /^cron\((\d+) (\d+) /.exec(String(schedule)) ?? [];
      if (hour === undefined) return [];
      const from = Number(hour) * 60 + Number(minute);
      return [{ name: String(ruleName), from, to: from + Number(startWindow ?? 8 * 60) }];
    }),
  );
}

/** A window's start and end within a day, on whichever day it is. */
function timesOf(window: unknown): { from: number; to: number } | undefined {
  const [, h1, m1, h2, m2] = /^(?:\w{3}:)?(\d\d):(\d\d)-(?:\w{3}:)?(\d\d):(\d\d)$/.exec(String(window)) ?? [];
  if (h1 === undefined) return undefined;
  const [from, to] = [Number(h1) * 60 + Number(m1), Number(h2) * 60 + Number(m2)];
  return { from, to: to <= from ? to + DAY : to };
}

const WINDOWS: Record<string, [backup: string, maintenance: string]> = {
  "aws:rds/instance:Instance": ["backupWindow", "maintenanceWindow"],
  "aws:rds/cluster:Cluster": ["preferredBackupWindow", "preferredMaintenanceWindow"],
};

/** Backups that AWS Backup cannot run at their scheduled hour. */
export const backupRules: Rules = {
  "starts no backup of an RDS database in its windows or the hour before": (view) => {
    const plans = beginnings(view);
    if (plans.length === 0) return [];
    return ofType(view, ...Object.keys(WINDOWS))
      .filter(({ inputs }) => !String(inputs.engine).startsWith("aurora"))
      .flatMap((database) =>
        WINDOWS[database.type]!.flatMap((window) => {
          const times = timesOf(database.inputs[window]);
          if (!times) return [`${label(database)} lets AWS choose its ${window} (${SOURCE})`];
          return plans
            .filter(({ from, to }) =>
              [-DAY, 0, DAY].some((shift) => times.from - APART < to + shift && from + shift < times.to),
            )
            .map(
              ({ name }) =>
                `${label(database)} has its ${window} ${database.inputs[window]}, which conflicts with the backup ${name} (${SOURCE})`,
            );
        }),
      );
  },
};
