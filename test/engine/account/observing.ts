import { mayDo, policyLetsIn, trusts } from "./rights";
import { inUse, needs, overwritten, Rule, taken } from "./rule";

const LOG_GROUP = "cloudwatch/logGroup:LogGroup";
const SUBSCRIPTION = "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter";
const TRAIL = "cloudtrail/trail:Trail";
const FLOW_LOG = "ec2/flowLog:FlowLog";
const STREAM = "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const ACL = "wafv2/webAcl:WebAcl";
const ACL_ASSOCIATION = "wafv2/webAclAssociation:WebAclAssociation";

const LOGS = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference";
const WATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference";
const TRAILS = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html";
const FIREWALL = "https://docs.aws.amazon.com/waf/latest/APIReference";
/** AWS takes no third subscription of a log group. */
const SUBSCRIPTIONS = 2;

export const observing: Rule[] = [
  taken(
    {
      name: "a log group's name is unique",
      code: "ResourceAlreadyExistsException",
      call: "CloudWatch Logs: CreateLogGroup",
      source: `${LOGS}/API_CreateLogGroup.html`,
    },
    [LOG_GROUP],
    ({ name }) => name as unknown,
    () => "The specified log group already exists",
  ),
  taken(
    {
      name: "a log stream's name is unique",
      code: "ResourceAlreadyExistsException",
      call: "CloudWatch Logs: CreateLogStream",
      source: `${LOGS}/API_CreateLogStream.html`,
    },
    ["cloudwatch/logStream:LogStream"],
    ({ logGroupName, name }) => `${String(logGroupName)} ${String(name)}`,
    () => "The specified log stream already exists",
  ),
  overwritten(
    {
      name: "a metric filter's name is unique",
      call: "CloudWatch Logs: PutMetricFilter",
      source: `${LOGS}/API_PutMetricFilter.html`,
    },
    ["cloudwatch/logMetricFilter:LogMetricFilter"],
    ({ logGroupName, name }) => `${String(logGroupName)} ${String(name)}`,
  ),
  needs(
    {
      name: "a log group has at most two subscriptions",
      code: "LimitExceededException",
      call: "CloudWatch Logs: PutSubscriptionFilter",
      source: `${LOGS}/API_PutSubscriptionFilter.html`,
    },
    [SUBSCRIPTION],
    ({ logGroup }, account) =>
      account.all(SUBSCRIPTION).filter(({ inputs }) => inputs.logGroup === logGroup).length < SUBSCRIPTIONS,
    () => "Resource limit exceeded.",
    { on: ["create"] },
  ),
  mayDo(
    {
      name: "a subscription's role may pass logs on",
      code: "InvalidParameterException",
      call: "CloudWatch Logs: PutSubscriptionFilter",
      source: `${LOGS}/API_PutSubscriptionFilter.html`,
      message:
        "Could not deliver test message to specified Firehose stream. Check if the given Firehose stream is in ACTIVE state and the role may write to it.",
    },
    SUBSCRIPTION,
    ({ roleArn }) => roleArn as unknown,
    ({ destinationArn, roleArn }) => (roleArn === undefined ? [] : [["firehose:PutRecord", destinationArn]]),
  ),
  trusts(
    {
      code: "InvalidParameterException",
      call: "CloudWatch Logs: PutSubscriptionFilter",
      source: `${LOGS}/API_PutSubscriptionFilter.html`,
      message: "Could not assume the role.",
    },
    SUBSCRIPTION,
    ({ roleArn }) => roleArn as unknown,
    "logs.amazonaws.com",
  ),
  overwritten(
    {
      name: "an alarm's name is unique",
      call: "CloudWatch: PutMetricAlarm",
      source: `${WATCH}/API_PutMetricAlarm.html`,
    },
    ["cloudwatch/metricAlarm:MetricAlarm"],
    ({ name }) => name as unknown,
  ),
  overwritten(
    {
      name: "a dashboard's name is unique",
      call: "CloudWatch: PutDashboard",
      source: `${WATCH}/API_PutDashboard.html`,
    },
    ["cloudwatch/dashboard:Dashboard"],
    ({ dashboardName }) => dashboardName as unknown,
  ),
  trusts(
    {
      code: "InvalidParameter",
      call: "EC2: CreateFlowLogs",
      source: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
      message: "Unable to assume given IAM role",
    },
    FLOW_LOG,
    ({ iamRoleArn }) => iamRoleArn as unknown,
    "vpc-flow-logs.amazonaws.com",
  ),
  {
    // Not refused: the flow log is there, says "Access error", and stays empty.
    ...mayDo(
      {
        name: "a flow log's role may write logs",
        code: "(taken by AWS, and empty)",
        call: "EC2: CreateFlowLogs",
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
        message:
          "Access error: the IAM role for your flow log does not have sufficient permissions to send flow log records to the CloudWatch log group",
      },
      FLOW_LOG,
      ({ iamRoleArn }) => iamRoleArn as unknown,
      ({ logDestination }) => [
        ["logs:CreateLogStream", `${String(logDestination)}:log-stream:x`],
        ["logs:PutLogEvents", `${String(logDestination)}:log-stream:x`],
      ],
    ),
  },
  taken(
    {
      name: "a trail's name is unique",
      code: "TrailAlreadyExistsException",
      call: "CloudTrail: CreateTrail",
      source: TRAILS,
    },
    [TRAIL],
    ({ name }) => name as unknown,
    (name) => `Trail ${name} already exists for customer: 123456789012`,
  ),
  needs(
    {
      name: "a trail may write to its bucket",
      code: "InsufficientS3BucketPolicyException",
      call: "CloudTrail: CreateTrail",
      source: TRAILS,
    },
    [TRAIL],
    ({ s3BucketName }, account) =>
      account
        .all("s3/bucketPolicy:BucketPolicy")
        .some(
          ({ inputs }) =>
            inputs.bucket === s3BucketName &&
            ["s3:GetBucketAcl", "s3:PutObject"].every((action) =>
              policyLetsIn(inputs.policy, "cloudtrail.amazonaws.com", action),
            ),
        ),
    ({ s3BucketName }) => `Incorrect S3 bucket policy is detected for bucket: ${String(s3BucketName)}`,
  ),
  trusts(
    {
      code: "InvalidCloudWatchLogsRoleArnException",
      call: "CloudTrail: CreateTrail",
      source: TRAILS,
      message: "Access denied. Check the trust relationships for your role.",
    },
    TRAIL,
    ({ cloudWatchLogsRoleArn }) => cloudWatchLogsRoleArn as unknown,
    "cloudtrail.amazonaws.com",
  ),
  mayDo(
    {
      name: "a trail's role may write logs",
      code: "InvalidCloudWatchLogsRoleArnException",
      call: "CloudTrail: CreateTrail",
      source: TRAILS,
      message: "Access denied. Check the permissions for your role.",
    },
    TRAIL,
    ({ cloudWatchLogsRoleArn }) => cloudWatchLogsRoleArn as unknown,
    ({ cloudWatchLogsRoleArn, cloudWatchLogsGroupArn }) => {
      const streams = String(cloudWatchLogsGroupArn).replace(
        /:\*$/,
        ":log-stream:123456789012_CloudTrail_eu-west-1",
      );
      return cloudWatchLogsRoleArn === undefined
        ? []
        : [
            ["logs:CreateLogStream", streams],
            ["logs:PutLogEvents", streams],
          ];
    },
  ),
  taken(
    {
      name: "a delivery stream's name is unique",
      code: "ResourceInUseException",
      call: "Firehose: CreateDeliveryStream",
      source: "https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html",
    },
    [STREAM],
    ({ name }) => name as unknown,
    (name) => `Firehose ${name} under accountId 123456789012 already exists`,
  ),
  trusts(
    {
      code: "InvalidArgumentException",
      call: "Firehose: CreateDeliveryStream",
      source: "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
      message: "Firehose is unable to assume role. Please check the role provided.",
    },
    STREAM,
    ({ extendedS3Configuration, httpEndpointConfiguration }) =>
      (extendedS3Configuration?.roleArn ?? httpEndpointConfiguration?.s3Configuration?.roleArn) as unknown,
    "firehose.amazonaws.com",
  ),
  taken(
    {
      name: "a firewall's name is unique",
      code: "WAFDuplicateItemException",
      call: "WAFV2: CreateWebACL",
      source: `${FIREWALL}/API_CreateWebACL.html`,
    },
    [ACL],
    ({ name, scope }) => `${String(scope)} ${String(name)}`,
    () =>
      "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.",
  ),
  inUse(
    {
      name: "a firewall in use stays",
      code: "WAFAssociatedItemException",
      call: "WAFV2: DeleteWebACL",
      source: `${FIREWALL}/API_DeleteWebACL.html`,
    },
    [ACL],
    ({ outputs }) => outputs.arn as unknown,
    [ACL_ASSOCIATION],
    () =>
      "AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.",
  ),
  overwritten(
    {
      name: "a resource has one firewall",
      call: "WAFV2: AssociateWebACL",
      source: `${FIREWALL}/API_AssociateWebACL.html`,
    },
    [ACL_ASSOCIATION],
    ({ resourceArn }) => resourceArn as unknown,
  ),
  overwritten(
    {
      name: "a firewall has one log",
      call: "WAFV2: PutLoggingConfiguration",
      source: `${FIREWALL}/API_PutLoggingConfiguration.html`,
    },
    ["wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"],
    ({ resourceArn }) => resourceArn as unknown,
  ),
];
