/** Which fault moves an alarm's figure or makes its event, how far, and how soon the alarm is there; by the alarm's name. */
export const FAULTS: Record<string, string> = {
  "account-certificate":
    "the domain's validation record is gone: an event at the renewal, then at the expiry",
  "account-open": "a policy that lets another account in: an event with each new finding",
  "backup-failed": "a job that fails, or does not begin within its hour: an event at its end",
  "database-archive":
    "the backup bucket refuses writes: a second each second, so above it 15 min later, told 10 min after",
  "database-backups": "no backup succeeds: an hour each hour, told the third day",
  "database-busy": "queries that take a whole core: to 100, told after 10 min",
  "database-candidates": "all nodes end, or fail EC2's checks: to 0 with the next minute's look",
  "database-down": "the instance or its zone fails: an event with the failure, another with the failover",
  "database-drill": "a backup that cannot be read: from 0 to 1 with the next drill's report",
  "database-full":
    "data, or a replication slot that holds back logs: falls as fast as is written. RDS keeps it by machine: a Multi-AZ cluster has one alarm for each of its three",
  "database-healthy":
    "PostgreSQL does not answer, or the function that looks does not run: to 0, or silent, within 2 min",
  "database-nodes": "a node that ends, or whose agent stops: one less the next minute, told after 15 min",
  "delivery-api-errors": "a function that throws or is refused its rights: one each request",
  "delivery-approval": "no fault: a run that comes to its approval",
  "delivery-deployment-failed": "a release whose health check fails, or a person's stop: an event at its end",
  "delivery-run-failed": "an action of the pipeline fails: an event at its end",
  "log-export-late":
    "the bucket or its key refuses writes: a second each second while Firehose tries, told after 30 min",
  "network-nat-ZONE-crowded": "too many connections to one address: one each connection without a port",
  "network-nat-ZONE-down": "the machine ends or fails EC2's checks: to 1, or silent, told after 3 min",
  "projects-network-nat-ZONE-crowded":
    "too many connections to one address: one each connection without a port",
  "projects-network-nat-ZONE-down":
    "the machine ends or fails EC2's checks: to 1, or silent, told after 3 min",
  "provisioner-api-errors": "a function that throws or is refused its rights: one each request",
  "provisioner-manual": "a compensation that fails: one message each project, and it stays until taken",
  "provisioner-request-lost": "the function throws for all tries of a dropped request: one each request",
  "provisioner-domains-late": "the function throws each minute: to 5 in 5 min, told after 30",
  "provisioner-pushes-lost": "the function throws, or is refused its rights: one each push",
  "provisioner-stands-still": "the function throws each minute: to 5 in 5 min, told after 10",
  "release-unmarked": "the marker throws: one each try, told within 5 min",
  "restore-failed": "a restore that fails or is stopped: an event at its end",
  "uploads-dead-letters":
    "a file whose eight tries all fail: one message 21 min after the first, and it stays until redriven",
  "uploads-failing":
    "S3, the key or the mover's rights refuse a move: the age at each try, which passes 600 at the seventh, after 10.5 min",
  "uploads-late":
    "the mover is not called, or is too slow for what arrives: a second each second; what was received more than three times does not count, for which there is `uploads-failing`",
  "uploads-malware": "a file with malware: an event with the verdict",
  "uploads-unscanned": "the scan's role lacks a right, or GuardDuty fails: an event in the verdict's place",
  "uploads-untagged":
    "the scan's role may not tag, the file is gone, or has ten tags: an event after the verdict",
  "web-app-errors": "a fault in the app, or a database that is away: one each answer, told after 2 min",
  "web-balancer-errors":
    "no healthy server, or none that answers in time: one each request, told after 2 min",
  "web-down": "the last server fails its checks, or ends: to 0, or silent, told after 2 min",
  "web-few": "no capacity, or servers that do not come up: to what is left, told after 15 min",
  "web-image-failed": "a step of the recipe fails: an event at its end",
  "web-launch-failed":
    "no capacity, a quota, or a server whose launch hook is given up: an event with each try, one given up after 10 min at the latest",
  "web-refresh-failed": "new servers do not become healthy: an event at the refresh's end",
  "web-slow":
    "a slow database, or servers at their limit: to what the slowest of a hundred waits, told after 5 min",
  "web-unhealthy": "a server fails its checks and is not replaced: to 1 or more, told after 10 min",
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

const NO_BACKUPS = "the sandbox makes no backups; real ones are made in `test/database/backup.test.ts`";
const NO_RDS = "RDS is a record there";
const STANDS_IN =
  "a node that ends is replaced within seconds, before the function looks twice; nodes are struck for real in `npm run bench -- failover`";
const NO_PACKETS = "no packet passes a NAT there, and EC2's checks are not measured";

/** Why the others are not made there. */
export const NOT_MADE: Record<string, string> = {
  "account-certificate": "certificates are records there",
  "account-open": "Access Analyzer is a record there",
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
  "delivery-approval": "no fault, and its settings ask for no approval",
  "log-export-late": "Firehose delivers at once there",
  "network-nat-ZONE-crowded": NO_PACKETS,
  "network-nat-ZONE-down": NO_PACKETS,
  "projects-network-nat-ZONE-crowded": NO_PACKETS,
  "projects-network-nat-ZONE-down": NO_PACKETS,
  "provisioner-manual":
    "five tries of a compensation take minutes; that the queue is filled: `test/provisioner/faults.test.ts`",
  "provisioner-domains-late":
    "half an hour of failures; a function's errors ring in `provisioner-stands-still`",
  "provisioner-pushes-lost": "as `provisioner-stands-still`, which is made",
  "provisioner-request-lost": "no asynchronous call is ever given up there",
  "restore-failed": "AWS Backup has no jobs there",
  "uploads-dead-letters":
    "eight tries take two minutes at the least; the queues are real in `test/uploads/mover.test.ts`",
  "uploads-failing": "the figure counts real seconds, and no file is tried for ten minutes there",
  "uploads-late": "no emulator knows how old a queue's oldest message is",
  "uploads-malware": "GuardDuty is a record there",
  "uploads-unscanned": "GuardDuty is a record there",
  "uploads-untagged": "GuardDuty is a record there",
  "web-image-failed": "Image Builder is a record there",
  "web-refresh-failed": "a refresh there tells no events",
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
