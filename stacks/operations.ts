import * as pulumi from "@pulumi/pulumi";
import { AccessLogs } from "../components/operations/access-logs";
import type { AccountGuards } from "../components/operations/account-guards";
import { AlarmTopic } from "../components/operations/alarm-topic";
import { Alarms } from "../components/operations/alarms";
import type { AuditTrail } from "../components/operations/audit-trail";
import { BackupPlan } from "../components/operations/backup-plan";
import { Budget } from "../components/operations/budget";
import { Dashboard } from "../components/operations/dashboard";
import { LogExport } from "../components/operations/log-export";
import { WebFirewall } from "../components/operations/web-firewall";
import { Operated } from "../components/shared/monitoring";
import { Settings } from "./schema";

interface Surroundings {
  keepData: boolean;
  alarmTopic: AlarmTopic;
  accessLogs?: AccessLogs;
  /** The account's singletons, if this stack has them. */
  account: { guards?: AccountGuards; audit?: AuditTrail };
  /** The areas to operate, in the order of the dashboard. */
  areas: Operated[];
}

/** Monitors, protects, records and backs up what the other areas have created. Returns the stack's outputs for it. */
export function operate(
  settings: NonNullable<Settings["operations"]>,
  { keepData, alarmTopic: topic, accessLogs, account, areas }: Surroundings,
): Record<string, unknown> {
  const { logRetentionDays, requestsPerFiveMinutes, siemUrl, siemSecretArn, monthlyBudgetUsd } = settings;
  const publicArns = all(areas, ({ publicArns }) => publicArns);
  const dataArns = areas.flatMap(({ dataArns = [] }) => dataArns);

  const { guards, audit } = account;
  const firewall =
    settings.firewall && Object.keys(publicArns).length > 0
      ? new WebFirewall("firewall", { protects: publicArns, requestsPerFiveMinutes, logRetentionDays })
      : undefined;
  const backups =
    settings.backup && dataArns.length > 0
      ? new BackupPlan("backups", {
          ...{ resourceArns: dataArns, keepData },
          hour: settings.backupHour,
          dailyDays: settings.backupDailyDays,
          monthlyDays: settings.backupMonthlyDays,
        })
      : undefined;
  const logGroups = all([...areas, audit, firewall].filter(present), ({ logGroups }) => logGroups);
  const logExport =
    settings.logExport && Object.keys(logGroups).length > 0
      ? new LogExport("log-export", {
          ...{ keepData, logGroups, accessLogs, logRetentionDays, siemUrl, siemSecretArn },
          expireDays: settings.exportDays,
        })
      : undefined;
  if (monthlyBudgetUsd !== undefined) new Budget("budget", { monthlyUsd: monthlyBudgetUsd, topic });

  const operated: Operated[] = [...areas, guards, audit, firewall, backups, logExport].filter(present);
  const monitoring = operated.flatMap((one) => one.monitoring?.() ?? []);
  const { alarmArns } = new Alarms("alarms", { topic, monitoring });
  const dashboardName = `groundwork-${pulumi.getStack()}`;
  const dashboard = settings.dashboard
    ? new Dashboard("dashboard", { dashboardName, alarmArns, monitoring })
    : undefined;
  return {
    alarmTopicArn: topic.topicArn,
    ...(dashboard && { dashboardUrl: dashboard.url }),
    ...(backups && { backupVaultName: backups.vaultName, restoreRoleArn: backups.restoreRoleArn }),
  };
}

const present = <T>(one: T | undefined): one is T => one !== undefined;

/** Merges the records of all areas into one. */
const all = <T>(
  areas: Operated[],
  of: (area: Operated) => Record<string, T> | undefined,
): Record<string, T> => Object.assign({}, ...areas.map(of)) as Record<string, T>;
