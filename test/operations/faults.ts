/** Which fault moves an alarm's figure or makes its event, how far, and how soon the alarm is there; by the alarm's name. */
export const FAULTS: Record<string, string> = {
  "account-certificate":
    "the domain's validation record is gone: an event at the renewal, then one at the expiry",
  "account-open": "a policy that admits another account: an event with each new finding",
  "backup-failed": "a job that fails, or does not start within its hour: an event when it ends",
  "database-archive":
    "the backup bucket refuses writes: rises by a second each second, so above it after 15 min, reported 10 min later",
  "database-backups": "no backup succeeds: rises by an hour each hour, reported on the third day",
  "database-busy": "queries that use a whole core: to 100, reported after 10 min",
  "database-candidates": "all nodes end, or fail EC2's checks: to 0 at the next minute's check",
  "database-down": "the instance or its zone fails: an event with the failure, another with the failover",
  "database-drill": "a backup that cannot be read: from 0 to 1 with the next drill's report",
  "database-full":
    "data, or a replication slot that holds back logs: falls as fast as data is written. RDS measures it per instance: a Multi-AZ cluster has one alarm for each of its three",
  "database-healthy":
    "PostgreSQL does not respond, or the function that checks it does not run: to 0, or missing, within 2 min",
  "database-nodes": "a node that ends, or whose agent stops: one less the next minute, reported after 15 min",
  "delivery-api-errors": "a function that throws or lacks a permission: one per request",
  "delivery-approval": "no fault: a run that reaches its approval",
  "delivery-deployment-failed":
    "a release whose health check fails, or that a person stops: an event when it ends",
  "delivery-run-failed": "an action of the pipeline fails: an event when it ends",
  "log-export-late":
    "the bucket or its key refuses writes: rises by a second each second while Firehose retries, reported after 30 min",
  "network-nat-ZONE-crowded": "too many connections to one address: one per connection without a port",
  "network-nat-ZONE-down": "the instance ends or fails EC2's checks: to 1, or missing, reported after 3 min",
  "projects-network-nat-ZONE-crowded":
    "too many connections to one address: one per connection without a port",
  "projects-network-nat-ZONE-down":
    "the instance ends or fails EC2's checks: to 1, or missing, reported after 3 min",
  "provisioner-api-errors": "a function that throws or lacks a permission: one per request",
  "provisioner-manual":
    "a compensation that fails: one message per project, which stays until it is received",
  "provisioner-request-lost": "the function throws at every try of a dropped request: one per request",
  "provisioner-domains-late": "the function throws every minute: to 5 in 5 min, reported after 30",
  "provisioner-pushes-lost": "the function throws, or lacks a permission: one per push",
  "provisioner-stands-still": "the function throws every minute: to 5 in 5 min, reported after 10",
  "release-unmarked": "the marker throws: one per try, reported within 5 min",
  "restore-failed": "a restore that fails or is stopped: an event when it ends",
  "uploads-dead-letters":
    "a file whose eight tries all fail: one message 21 min after the first try, which stays until redriven",
  "uploads-failing":
    "S3, the key or the mover's permissions refuse a move: the file's age at each try, which passes 600 at the seventh, after 10.5 min",
  "uploads-late":
    "the mover is not called, or is too slow for the load: rises by a second each second; messages received more than three times do not count, `uploads-failing` covers those",
  "uploads-malware": "a file with malware: an event with the verdict",
  "uploads-unscanned":
    "the scan's role lacks a permission, or GuardDuty fails: an event instead of the verdict",
  "uploads-untagged":
    "the scan's role may not tag, the file is gone, or has ten tags: an event after the verdict",
  "web-app-errors": "a bug in the app, or a database that is down: one per response, reported after 2 min",
  "web-balancer-errors":
    "no healthy server, or none that responds in time: one per request, reported after 2 min",
  "web-down": "the last server fails its checks, or ends: to 0, or missing, reported after 2 min",
  "web-few": "no capacity, or servers that do not come up: to the number left, reported after 15 min",
  "web-image-failed": "a step of the recipe fails: an event when it ends",
  "web-launch-failed":
    "no capacity, a quota, or a server whose launch hook is abandoned: an event with each try; a hook is abandoned after 10 min at the latest",
  "web-refresh-failed": "new servers do not become healthy: an event when the refresh ends",
  "web-slow":
    "a slow database, or servers at their limit: to the wait of the slowest in a hundred, reported after 5 min",
  "web-unhealthy": "a server fails its checks and is not replaced: to 1 or more, reported after 10 min",
};

const ALARMS = "test/sandbox/alarms.test.ts";
const DELIVERY = "test/sandbox/delivery.test.ts";

/** Which of them are made in a running sandbox, where the alarm is seen and its mail read; by which test. */
export const MADE: Record<string, string> = {
  "delivery-api-errors": ALARMS,
  "delivery-deployment-failed": DELIVERY,
  "delivery-run-failed": DELIVERY,
  "provisioner-api-errors": ALARMS,
  "provisioner-stands-still": ALARMS,
  "release-unmarked": ALARMS,
  "web-app-errors": ALARMS,
  "web-balancer-errors": ALARMS,
  "web-down": ALARMS,
  "web-few": ALARMS,
  "web-launch-failed": "test/sandbox/up.test.ts",
  "web-slow": ALARMS,
};

const NO_BACKUPS = "the sandbox makes no backups; `test/database/backup.test.ts` makes real ones";
const NO_RDS = "RDS is only a record there";
const STANDS_IN =
  "a node that ends is replaced within seconds, before the function checks twice; `npm run bench -- failover` really strikes nodes";
const NO_PACKETS = "no packets pass through a NAT there, and EC2's checks are not measured";

/** Why the others are not made there. */
export const NOT_MADE: Record<string, string> = {
  "account-certificate": "certificates are only records there",
  "account-open": "Access Analyzer is only a record there",
  "backup-failed": "AWS Backup has no jobs there",
  "database-archive": NO_BACKUPS,
  "database-backups": NO_BACKUPS,
  "database-busy": NO_RDS,
  "database-candidates": STANDS_IN,
  "database-down": NO_RDS,
  "database-drill": NO_BACKUPS,
  "database-full": NO_RDS,
  "database-healthy": STANDS_IN,
  "database-nodes": STANDS_IN,
  "delivery-approval": "not a fault, and the sandbox's settings require no approval",
  "log-export-late": "Firehose delivers immediately there",
  "network-nat-ZONE-crowded": NO_PACKETS,
  "network-nat-ZONE-down": NO_PACKETS,
  "projects-network-nat-ZONE-crowded": NO_PACKETS,
  "projects-network-nat-ZONE-down": NO_PACKETS,
  "provisioner-manual":
    "five tries of a compensation take minutes; `test/provisioner/faults.test.ts` checks that the queue is filled",
  "provisioner-domains-late":
    "it takes half an hour of failures; `provisioner-stands-still` covers a function's errors",
  "provisioner-pushes-lost": "the same as `provisioner-stands-still`, which is produced",
  "provisioner-request-lost": "no asynchronous call is ever abandoned there",
  "restore-failed": "AWS Backup has no jobs there",
  "uploads-dead-letters":
    "eight tries take at least two minutes; `test/uploads/mover.test.ts` uses real queues",
  "uploads-failing": "the metric counts real seconds, and no file is retried for ten minutes there",
  "uploads-late": "no emulator measures the age of a queue's oldest message",
  "uploads-malware": "GuardDuty is only a record there",
  "uploads-unscanned": "GuardDuty is only a record there",
  "uploads-untagged": "GuardDuty is only a record there",
  "web-image-failed": "Image Builder is only a record there",
  "web-refresh-failed": "a refresh sends no events there",
  "web-unhealthy": "the group replaces such a server within seconds, as it should",
};

const DOCS = "https://docs.aws.amazon.com";

/** Where it is said what a figure counts; ours are said by the decisions and docs of this repository. */
export const PAGES: Record<string, string> = {
  "AWS/ApplicationELB": `${DOCS}/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html`,
  "AWS/EC2": `${DOCS}/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html`,
  "AWS/RDS": `${DOCS}/AmazonRDS/latest/UserGuide/rds-metrics.html`,
  "AWS/Lambda": `${DOCS}/lambda/latest/dg/monitoring-metrics-types.html`,
  "AWS/SQS": `${DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html`,
  "AWS/ApiGateway": `${DOCS}/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html`,
  "AWS/Firehose": `${DOCS}/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html`,
  "AWS/NATGateway": `${DOCS}/vpc/latest/userguide/metrics-dimensions-nat-gateway.html`,
  "Groundwork/Database": "database-failures.md",
  "Groundwork/Uploads": "uploads.md",
};
