import type { Bound } from "./limit";

/** How we know a limit: AWS documents it, somebody was refused and wrote about it, or it is common knowledge. */
export type Basis = "documentation" | "thread" | "knowledge";

/** A limit that AWS documents in prose, but in no model. */
export interface Documented extends Bound {
  page: string;
  basis: Basis;
  /** The keys of a map. */
  keys?: Documented;
  properties?: Record<string, Documented>;
}

const DOCS = "https://docs.aws.amazon.com";
const EC2 = `${DOCS}/AWSEC2/latest/APIReference`;
const ELB = `${DOCS}/elasticloadbalancing/latest/APIReference`;
const API = `${DOCS}/apigateway/latest/api`;
const RDS = `${DOCS}/AmazonRDS/latest/APIReference`;

const from = (
  page: string,
  limit: Omit<Documented, "page" | "basis">,
  basis: Basis = "documentation",
): Documented => ({
  ...limit,
  page,
  basis,
});

/** An apostrophe is not allowed. */
const EC2_TEXT = "^[a-zA-Z0-9 ._\\-:/()#,@\\[\\]+=&;{}!$*]*$";
const ec2Text = (page: string) => from(`${EC2}/${page}.html`, { length: [null, 255], pattern: EC2_TEXT });
const hour = "([01]\\d|2[0-3]):[0-5]\\d";
const window = `${hour}-${hour}`;
const day = "(mon|tue|wed|thu|fri|sat|sun)";
const windows = (page: string) => ({
  daily: from(page, { pattern: `^${window}$` }),
  weekly: from(page, { pattern: `^${day}:${hour}-${day}:${hour}$` }),
});
const instance = windows(`${RDS}/API_CreateDBInstance.html`);
const cluster = windows(`${RDS}/API_CreateDBCluster.html`);
const monitoring = (page: string) => from(page, { values: ["0", "1", "5", "10", "15", "30", "60"] });
/** No prefix of AWS's own, and no suffix of names that S3 generates. */
const BUCKET_NAME =
  "^(?!xn--|sthree-|amzn-s3-demo-|\\d+\\.\\d+\\.\\d+\\.\\d+$)(?!.*(\\.\\.|-s3alias$|--ol-s3$|\\.mrap$|--x-s3$|--table-s3$))[a-z0-9][a-z0-9.-]*[a-z0-9]$";
const TABLE = `${DOCS}/amazondynamodb/latest/APIReference/API_CreateTable.html`;
const ATTRIBUTES = `${ELB}/API_LoadBalancerAttribute.html`;
const TARGET_ATTRIBUTES = `${ELB}/API_TargetGroupAttribute.html`;

/** By type and property. These apply in addition to the models' limits. */
export const DOCUMENTED: Record<string, Record<string, Documented>> = {
  "aws:ec2/securityGroup:SecurityGroup": {
    description: ec2Text("API_CreateSecurityGroup"),
    name: from(`${EC2}/API_CreateSecurityGroup.html`, {
      length: [null, 255],
      pattern: EC2_TEXT.replace("^", "^(?!sg-)"),
    }),
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": { description: ec2Text("API_IpRange") },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": { description: ec2Text("API_IpRange") },
  "aws:lb/loadBalancer:LoadBalancer": {
    name: from(`${ELB}/API_CreateLoadBalancer.html`, {
      length: [null, 32],
      pattern: "^(?!internal-)(?!-)[a-zA-Z0-9-]+(?<!-)$",
    }),
    idleTimeout: from(ATTRIBUTES, { range: [1, 4_000] }),
    clientKeepAlive: from(ATTRIBUTES, { range: [60, 604_800] }),
    desyncMitigationMode: from(ATTRIBUTES, { values: ["monitor", "defensive", "strictest"] }),
  },
  "aws:lb/targetGroup:TargetGroup": {
    name: from(`${ELB}/API_CreateTargetGroup.html`, {
      length: [null, 32],
      pattern: "^(?!-)[a-zA-Z0-9-]+(?<!-)$",
    }),
    deregistrationDelay: from(TARGET_ATTRIBUTES, { range: [0, 3_600] }),
    slowStart: from(TARGET_ATTRIBUTES, { pattern: "^(0|[3-9]\\d|[1-8]\\d\\d|900)$" }),
    loadBalancingAlgorithmType: from(TARGET_ATTRIBUTES, {
      values: ["round_robin", "least_outstanding_requests", "weighted_random"],
    }),
    stickiness: from(TARGET_ATTRIBUTES, {
      properties: { cookieDuration: from(TARGET_ATTRIBUTES, { range: [1, 604_800] }) },
    }),
  },
  "aws:s3/bucket:Bucket": {
    bucket: from(
      `${DOCS}/AmazonS3/latest/userguide/bucketnamingrules.html`,
      { length: [3, 63], pattern: BUCKET_NAME },
      "knowledge",
    ),
  },
  "aws:apigateway/stage:Stage": {
    stageName: from(`${API}/API_CreateStage.html`, { length: [1, 128], pattern: "^[a-zA-Z0-9_-]+$" }),
  },
  "aws:apigateway/model:Model": { name: from(`${API}/API_CreateModel.html`, { pattern: "^[a-zA-Z0-9]+$" }) },
  "aws:apigateway/resource:Resource": {
    pathPart: from(
      `${API}/API_CreateResource.html`,
      { pattern: "^([a-zA-Z0-9._\\-:~$*,'!@()&=;%]+|\\{[a-zA-Z0-9._\\-:]+\\+?\\})$" },
      "knowledge",
    ),
  },
  // More than 29 seconds requires a raised quota, and more than five minutes a streamed answer.
  "aws:apigateway/integration:Integration": {
    timeoutMilliseconds: from(`${API}/API_PutIntegration.html`, { range: [50, 900_000] }),
  },
  "aws:sqs/queue:Queue": {
    name: from(`${DOCS}/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html`, {
      length: [1, 80],
      pattern: "^[a-zA-Z0-9_-]+(\\.fifo)?$",
    }),
  },
  "aws:sns/topic:Topic": {
    name: from(`${DOCS}/sns/latest/api/API_CreateTopic.html`, {
      length: [1, 256],
      pattern: "^[a-zA-Z0-9_-]+(\\.fifo)?$",
    }),
  },
  "aws:kms/key:Key": {
    deletionWindowInDays: from(`${DOCS}/kms/latest/APIReference/API_ScheduleKeyDeletion.html`, {
      range: [7, 30],
    }),
  },
  "aws:dynamodb/table:Table": {
    globalSecondaryIndexes: from(TABLE, { count: [null, 20] }),
    localSecondaryIndexes: from(TABLE, { count: [null, 5] }),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    metricQueries: from(
      `${DOCS}/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html`,
      { count: [null, 10] },
      "knowledge",
    ),
    dimensions: from(`${DOCS}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`, {
      count: [null, 30],
    }),
  },
  "aws:rds/instance:Instance": {
    password: from(`${RDS}/API_CreateDBInstance.html`, {
      length: [8, null],
      pattern: '^[^/"@\\x00-\\x1f\\x7f-\\u{10ffff}]*$',
      secret: true,
    }),
    backupRetentionPeriod: from(`${RDS}/API_CreateDBInstance.html`, { range: [0, 35] }),
    monitoringInterval: monitoring(`${RDS}/API_CreateDBInstance.html`),
    backupWindow: instance.daily,
    maintenanceWindow: instance.weekly,
  },
  "aws:rds/clusterInstance:ClusterInstance": {
    monitoringInterval: monitoring(`${RDS}/API_CreateDBInstance.html`),
    preferredMaintenanceWindow: instance.weekly,
  },
  "aws:rds/cluster:Cluster": {
    monitoringInterval: monitoring(`${RDS}/API_CreateDBCluster.html`),
    preferredBackupWindow: cluster.daily,
    preferredMaintenanceWindow: cluster.weekly,
    serverlessv2ScalingConfiguration: from(`${RDS}/API_ServerlessV2ScalingConfiguration.html`, {
      properties: {
        minCapacity: from(`${RDS}/API_ServerlessV2ScalingConfiguration.html`, {
          range: [0, 256],
          pattern: "^\\d+(\\.[05])?$",
        }),
        maxCapacity: from(`${RDS}/API_ServerlessV2ScalingConfiguration.html`, {
          range: [1, 256],
          pattern: "^\\d+(\\.[05])?$",
        }),
        secondsUntilAutoPause: from(`${RDS}/API_ServerlessV2ScalingConfiguration.html`, {
          range: [300, 86_400],
        }),
      },
    }),
  },
};

const TAGS = `${DOCS}/tag-editor/latest/userguide/best-practices-and-strats.html`;

/** For every resource. EC2 allows other characters than the rest, but no service lets anybody use AWS's own prefix. */
export const OF_TAGS: Documented = from(TAGS, {
  count: [null, 50],
  length: [null, 256],
  keys: from(TAGS, { length: [1, 128], pattern: "^(?![aA][wW][sS]:)" }),
});
