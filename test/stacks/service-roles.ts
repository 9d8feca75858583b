// What AWS writes down for the role that one of its services takes, and what ours leave out of it, each with its reason.

export interface ServiceRole {
  /** The page, or the managed policy with the version that was read. */
  source: string;
  actions: string[];
  /** By action, or by all of a service's. */
  without?: Record<string, string>;
}

const DOCS = "https://docs.aws.amazon.com";
const managed = (name: string, version: string) =>
  `${DOCS}/aws-managed-policy/latest/reference/${name}.html ${version}`;
const of = (service: string, ...actions: string[]) => actions.map((one) => `${service}:${one}`);

const WRITES_LOG = of("logs", "CreateLogGroup", "CreateLogStream", "PutLogEvents");
const ITS_LOG_IS_THERE = { "logs:CreateLogGroup": "its log group is made by the stack" };

/** Roles of functions that stand in a VPC, or are called by a queue: by what else their policy must hold. */
export const FUNCTIONS: Record<"vpc" | "queue", ServiceRole> = {
  vpc: {
    source: managed("AWSLambdaVPCAccessExecutionRole", "v3"),
    actions: [
      ...WRITES_LOG,
      ...of(
        "ec2",
        ...[
          "CreateNetworkInterface",
          "DescribeNetworkInterfaces",
          "DescribeSubnets",
          "DeleteNetworkInterface",
        ],
        ...["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses"],
      ),
    ],
    without: ITS_LOG_IS_THERE,
  },
  queue: {
    source: managed("AWSLambdaSQSQueueExecutionRole", "v1"),
    actions: [...WRITES_LOG, ...of("sqs", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes")],
    without: ITS_LOG_IS_THERE,
  },
};

/** By the service that takes the role. */
export const SERVICES: Record<string, ServiceRole> = {
  "cloudtrail.amazonaws.com": {
    source: `${DOCS}/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html`,
    actions: of("logs", "CreateLogStream", "PutLogEvents"),
  },
  "codebuild.amazonaws.com": {
    source: `${DOCS}/codebuild/latest/userguide/setting-up-service-role.html`,
    actions: [
      ...WRITES_LOG,
      ...of("s3", "PutObject", "GetObject", "GetObjectVersion", "GetBucketAcl", "GetBucketLocation"),
      ...of("codebuild", "CreateReportGroup", "CreateReport", "UpdateReport", "BatchPutTestCases"),
      ...of("codebuild", "BatchPutCodeCoverages"),
    ],
    without: {
      ...ITS_LOG_IS_THERE,
      "s3:PutObject": "what builds the image for `up` leaves no artifacts",
      "codebuild:*": "no buildspec of ours has reports",
    },
  },
  "firehose.amazonaws.com": {
    source: `${DOCS}/firehose/latest/dev/controlling-access.html#using-iam-s3`,
    actions: [
      ...of("s3", "AbortMultipartUpload", "GetBucketLocation", "GetObject", "ListBucket"),
      ...of("s3", "ListBucketMultipartUploads", "PutObject"),
      ...of("kinesis", "DescribeStream", "GetShardIterator", "GetRecords", "ListShards"),
      ...of("kms", "Decrypt", "GenerateDataKey"),
      ...of("lambda", "InvokeFunction", "GetFunctionConfiguration"),
      "logs:PutLogEvents",
    ],
    without: {
      "kinesis:*": "records are put into it, not read from a stream",
      "lambda:*": "no function changes the records",
    },
  },
  "logs.amazonaws.com": {
    source: `${DOCS}/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#FirehoseExample`,
    actions: of("firehose", "PutRecord", "PutRecordBatch"),
  },
  "malware-protection-plan.guardduty.amazonaws.com": {
    source: `${DOCS}/guardduty/latest/ug/malware-protection-s3-iam-policy-prerequisite.html`,
    actions: [
      ...of("events", "PutRule", "DeleteRule", "PutTargets", "RemoveTargets", "DescribeRule"),
      "events:ListTargetsByRule",
      ...of(
        "s3",
        "PutObjectTagging",
        "GetObjectTagging",
        "PutObjectVersionTagging",
        "GetObjectVersionTagging",
      ),
      ...of("s3", "PutBucketNotification", "GetBucketNotification", "PutObject", "ListBucket"),
      ...of("s3", "GetObject", "GetObjectVersion"),
      ...of("kms", "GenerateDataKey", "Decrypt"),
    ],
  },
  "monitoring.rds.amazonaws.com": {
    source: managed("AmazonRDSEnhancedMonitoringRole", "v1"),
    actions: of(
      "logs",
      ...["CreateLogGroup", "PutRetentionPolicy", "CreateLogStream", "PutLogEvents", "DescribeLogStreams"],
      "GetLogEvents",
    ),
  },
  "states.amazonaws.com": {
    source: `${DOCS}/step-functions/latest/dg/cw-logs.html`,
    actions: [
      ...of("logs", "CreateLogDelivery", "CreateLogStream", "GetLogDelivery", "UpdateLogDelivery"),
      ...of("logs", "DeleteLogDelivery", "ListLogDeliveries", "PutLogEvents", "PutResourcePolicy"),
      ...of("logs", "DescribeResourcePolicies", "DescribeLogGroups"),
    ],
    without: {
      "logs:CreateLogStream": "the delivery writes as delivery.logs.amazonaws.com",
      "logs:PutLogEvents": "the delivery writes as delivery.logs.amazonaws.com",
    },
  },
  "vpc-flow-logs.amazonaws.com": {
    source: `${DOCS}/vpc/latest/userguide/flow-logs-iam-role.html`,
    actions: [...WRITES_LOG, ...of("logs", "DescribeLogGroups", "DescribeLogStreams")],
  },
};

/** Of the machine of a stack that traces. */
export const TRACED_MACHINE: ServiceRole = {
  source: `${DOCS}/step-functions/latest/dg/xray-iam.html`,
  actions: of("xray", "PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"),
};

/** Of these there is no list of AWS's: what their roles may do is what the program itself asks them to. */
export const ASKED_BY_US: Record<string, string> = {
  "apigateway.amazonaws.com": "has AWS's own policy, AmazonAPIGatewayPushToCloudWatchLogs",
  "backup.amazonaws.com":
    "takes the parts of AWS's policies for what is backed up: backup-permissions.ts names them",
  "cloudformation.amazonaws.com": "makes what the projects' templates name",
  "codedeploy.amazonaws.com": "is compared with AWSCodeDeployRole by the tests of the delivery",
  "codepipeline.amazonaws.com": "calls what its stages name: the tests of the delivery list it",
  "ec2.amazonaws.com": "runs our own code, beside Session Manager's agent",
  "events.amazonaws.com": "calls its one target",
  "lambda.amazonaws.com": "runs our own code; what a VPC and a queue take besides is in FUNCTIONS",
  "ssm.amazonaws.com": "runs the steps of our own documents",
};
