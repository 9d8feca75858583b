import * as pulumi from "@pulumi/pulumi";
import { AccessLogs } from "../../components/operations/access-logs";
import { AccountGuards } from "../../components/operations/account-guards";
import { AlarmTopic } from "../../components/operations/alarm-topic";
import { Alarms } from "../../components/operations/alarms";
import { AuditTrail } from "../../components/operations/audit-trail";
import { BackupPlan } from "../../components/operations/backup-plan";
import { Budget } from "../../components/operations/budget";
import { Dashboard } from "../../components/operations/dashboard";
import { LogExport } from "../../components/operations/log-export";
import { Watch } from "../../components/operations/watch";
import { watchAudit } from "../../components/operations/watches/audit";
import { watchLogExport } from "../../components/operations/watches/log-export";
import { WebFirewall } from "../../components/operations/web-firewall";
import { Settings } from "../settings";
import { Shown } from "./shown";

type OperationsSettings = NonNullable<Settings["operations"]>;

/** Made before the other areas, which raise alarms of their own and have buckets whose use is logged. */
export interface OperationsBase {
  topic: AlarmTopic;
  accessLogs?: AccessLogs;
}

export function operationsBase(settings: OperationsSettings, keepData: boolean): OperationsBase {
  return {
    topic: new AlarmTopic("alarms", { emails: settings.alarmEmails, keepData }),
    ...(settings.accessLogs && { accessLogs: new AccessLogs("access-logs", { keepData }) }),
  };
}

/** Made after the other areas, which it watches. Returns what the stack tells of it. */
export function operationsArea(
  settings: OperationsSettings,
  base: OperationsBase,
  keepData: boolean,
  shown: Shown,
): Record<string, pulumi.Output<string>> {
  const { topic, accessLogs } = base;
  const { dataArns, doors } = shown;
  const { logRetentionDays } = settings;
  const watches = [...shown.watches];
  const logGroups = { ...shown.logGroups };

  if (settings.accountGuards) {
    new AccountGuards("account");
    watches.push(AccountGuards.watch());
  }
  if (settings.auditTrail) {
    const { auditDays: bucketDays, auditObjects: objectEvents } = settings;
    const accessLogBucket = accessLogs?.under("audit");
    const trail = new AuditTrail(
      "audit",
      { keepData, bucketDays, objectEvents, accessLogBucket, logDays: logRetentionDays },
      { dependsOn: accessLogs?.ready },
    );
    watches.push(watchAudit("audit", trail.logGroup, { parent: trail }));
    logGroups.audit = trail.logGroupName;
  }
  if (settings.firewall && Object.keys(doors).length > 0) {
    const { requestsPerFiveMinutes } = settings;
    const firewall = new WebFirewall("firewall", {
      protects: doors,
      requestsPerFiveMinutes,
      logRetentionDays,
    });
    watches.push(WebFirewall.watch("firewall"));
    logGroups.firewall = firewall.logGroupName;
  }
  const backups = settings.backup && dataArns.length > 0 ? backupOf(settings, keepData, dataArns) : undefined;
  if (backups) watches.push(BackupPlan.watch());
  if (settings.logExport && Object.keys(logGroups).length > 0)
    watches.push(exportOf(settings, keepData, accessLogs, logGroups));
  if (settings.monthlyBudgetUsd !== undefined)
    new Budget("budget", { monthlyUsd: settings.monthlyBudgetUsd, topic });

  const { alarmArns } = new Alarms("alarms", { topic, watches });
  const dashboardName = `groundwork-${pulumi.getStack()}`;
  const dashboard = settings.dashboard && new Dashboard("dashboard", { dashboardName, alarmArns, watches });
  return {
    alarmTopicArn: topic.topicArn,
    ...(dashboard && { dashboardUrl: dashboard.url }),
    ...(backups && { backupVaultName: backups.vaultName, restoreRoleArn: backups.restoreRoleArn }),
  };
}

function backupOf(settings: OperationsSettings, keepData: boolean, resourceArns: pulumi.Input<string>[]) {
  const { backupDailyDays: dailyDays, backupMonthlyDays: monthlyDays } = settings;
  return new BackupPlan("backups", { resourceArns, keepData, dailyDays, monthlyDays });
}

function exportOf(
  settings: OperationsSettings,
  keepData: boolean,
  accessLogs: AccessLogs | undefined,
  logGroups: Record<string, pulumi.Input<string>>,
): Watch {
  const { siemUrl: url, siemSecretArn: secretArn, exportDays: expireDays, logRetentionDays } = settings;
  const endpoint = url && secretArn ? { url, secretArn } : undefined;
  const accessLogBucket = accessLogs?.under("log-export");
  const { streamName } = new LogExport(
    "log-export",
    { keepData, logGroups, endpoint, expireDays, accessLogBucket, logRetentionDays },
    { dependsOn: accessLogs?.ready },
  );
  return watchLogExport(streamName, endpoint ? "HttpEndpoint" : "S3");
}
