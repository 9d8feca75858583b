export { AccessLogs } from "./access-logs";
export { AccountGuards } from "./account-guards";
export { AlarmTopic } from "./alarm-topic";
export { Alarms } from "./alarms";
export { AuditTrail } from "./audit-trail";
export { BackupPlan } from "./backup-plan";
export { Budget } from "./budget";
export { Dashboard } from "./dashboard";
export { LogExport } from "./log-export";
export { WebFirewall } from "./web-firewall";
export type {
  AccessLogsArgs,
  AlarmsArgs,
  AlarmTopicArgs,
  AlarmTopicLike,
  AuditTrailArgs,
  BackupPlanArgs,
  BudgetArgs,
  DashboardArgs,
  LogExportArgs,
  WebFirewallArgs,
} from "./args";
