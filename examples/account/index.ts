// What an account needs once, whatever runs in it: guards, an audit trail with a copy for a SIEM, a budget, and GitHub's access for previews.
import {
  AccountGuards,
  Alarms,
  AlarmTopic,
  AuditTrail,
  Budget,
  GithubOidc,
  LogExport,
} from "@groundwork-platform/components";

const keepData = true;
const topic = new AlarmTopic("alarms", { emails: ["security@example.com"], keepData });

const guards = new AccountGuards("account");
const trail = new AuditTrail("audit", { bucketDays: 730, keepData });
const copies = new LogExport("log-export", {
  logGroups: trail.logGroups,
  siemUrl: "https://siem.example.com/firehose",
  siemSecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:siem-AbCdEf",
  keepData,
});
new Budget("budget", { monthlyUsd: 200, topic });
const github = new GithubOidc("github", { repository: "example/account" });

const monitoring = [guards, trail, copies].flatMap((each) => each.monitoring());
new Alarms("alarms", { topic, monitoring });

export const trailArn = trail.trailArn;
export const previewRoleArn = github.previewRoleArn;
