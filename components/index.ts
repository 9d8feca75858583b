// The library's public face: everything that another Pulumi program may build with, an area a paragraph.
export { Network, type NetworkArgs } from "./network/network";
export { Bastion, type BastionArgs } from "./network/bastion";
export { type Egress } from "./network/egress";

export { WebTier, type WebTierArgs } from "./web/web-tier";
export { LoadBalancer, type LoadBalancerArgs } from "./web/load-balancer";
export { WebImage, type WebImageArgs } from "./web/image";

export { UserPool, type UserPoolArgs } from "./identity/user-pool";
export { FileUploads, type FileUploadsArgs } from "./uploads/file-uploads";
export { Mover, type MoverArgs } from "./uploads/mover";

export { AccessLogs, type AccessLogsArgs } from "./operations/access-logs";
export { AccountGuards } from "./operations/account-guards";
export { AlarmTopic, type AlarmTopicArgs } from "./operations/alarm-topic";
export { Alarms, type AlarmsArgs } from "./operations/alarms";
export { AuditTrail, type AuditTrailArgs } from "./operations/audit-trail";
export { BackupPlan, type BackupPlanArgs } from "./operations/backup-plan";
export { Budget, type BudgetArgs } from "./operations/budget";
export { Dashboard, type DashboardArgs } from "./operations/dashboard";
export { LogExport, type LogExportArgs } from "./operations/log-export";
export { type Watch } from "./operations/watch";
export { WebFirewall, type WebFirewallArgs } from "./operations/web-firewall";

export { Lambda, type LambdaArgs } from "./shared/lambda";
export { PrivateBucket, type PrivateBucketArgs } from "./shared/private-bucket";
export { allow, denyPlainHttp, policyDocument, serviceRole, type Statement } from "./shared/permissions";
