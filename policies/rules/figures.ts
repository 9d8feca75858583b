/** A CloudWatch metric: the sets of dimensions it is kept by, and the statistics that are meaningful for it. */
export interface Figure {
  by: string[][];
  statistics: string[];
}

const SPREAD = ["Average", "Minimum", "Maximum"];
const figures = (names: string[], by: string[][], statistics: string[]): Record<string, Figure> =>
  Object.fromEntries(names.map((name) => [name, { by, statistics }]));

const BALANCER = ["LoadBalancer"];
const TARGETS = ["LoadBalancer", "TargetGroup"];
const INSTANCE_OR_GROUP = [["InstanceId"], ["AutoScalingGroupName"]];
const DATABASE = [["DBInstanceIdentifier"], ["DBClusterIdentifier"]];

/** The metrics that stacks use, as AWS documents them; the page is named above each namespace. */
export const FIGURES: Record<string, Record<string, Figure>> = {
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
  "AWS/ApplicationELB": {
    ...figures(["HTTPCode_ELB_5XX_Count"], [BALANCER], ["Sum"]),
    ...figures(
      ["RequestCount", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count"],
      [BALANCER, TARGETS],
      ["Sum"],
    ),
    ...figures(["HealthyHostCount", "UnHealthyHostCount"], [TARGETS], SPREAD),
    ...figures(["TargetResponseTime"], [BALANCER, TARGETS], ["Average", "p"]),
  },
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
  "AWS/EC2": figures(["CPUUtilization", "StatusCheckFailed"], INSTANCE_OR_GROUP, SPREAD),
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
  "AWS/RDS": {
    ...figures(["CPUUtilization", "DatabaseConnections", "ReadLatency", "WriteLatency"], DATABASE, SPREAD),
    ...figures(["FreeStorageSpace"], [["DBInstanceIdentifier"]], SPREAD),
  },
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  "AWS/Lambda": {
    ...figures(["Invocations", "Errors", "AsyncEventsDropped"], [["FunctionName"]], ["Sum"]),
    ...figures(["Duration"], [["FunctionName"]], [...SPREAD, "p"]),
  },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  "AWS/SQS": figures(
    ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"],
    [["QueueName"]],
    SPREAD,
  ),
  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  "AWS/States": figures(
    ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"],
    [["StateMachineArn"]],
    ["Sum"],
  ),
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
  "AWS/ApiGateway": {
    ...figures(["4XXError", "5XXError"], [["ApiName"], ["ApiName", "Stage"]], ["Sum", "Average"]),
    ...figures(["Count"], [["ApiName"], ["ApiName", "Stage"]], ["Sum"]),
    ...figures(["Latency"], [["ApiName"], ["ApiName", "Stage"]], [...SPREAD, "p"]),
  },
  // https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
  "AWS/Firehose": {
    // Do not alarm on the age of records that wait for an HTTP endpoint: a record that Firehose gives up counts as gone.
    ...figures(["DeliveryToS3.DataFreshness", "BackupToS3.DataFreshness"], [["DeliveryStreamName"]], SPREAD),
    ...figures(["DeliveryToHttpEndpoint.Success"], [["DeliveryStreamName"]], ["Sum"]),
  },
  // https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html
  "AWS/NATGateway": figures(["ErrorPortAllocation"], [["NatGatewayId"]], ["Sum"]),
  // https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
  "AWS/WAFV2": figures(["BlockedRequests"], [["Region", "Rule", "WebACL"]], ["Sum"]),
};

/**
 * Metrics of our own functions and servers. A function is known by its METRICS_NAMESPACE, a server by the namespace in its user data.
 * The agent's names: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/metrics-collected-by-CloudWatch-agent.html
 */
export const WRITTEN: Record<string, Record<string, Figure>> = {
  "Groundwork/Database": {
    ...figures(["DatabaseHealthy", "DatabaseCandidates", "DatabaseReady"], [["Lease"]], ["Minimum"]),
    ...figures(["BackupAgeHours", "UnarchivedSeconds", "DrillsFailed"], [["Lease"]], ["Maximum"]),
  },
  "Groundwork/Web": {
    ...figures(["mem_used_percent", "cpu_usage_iowait"], [["AutoScalingGroupName"]], SPREAD),
    ...figures(["Latency", "EventLoopDelay"], [["Service"]], [...SPREAD, "p"]),
  },
  "Groundwork/Uploads": figures(["FailingSeconds"], [["FunctionName"]], ["Maximum"]),
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a resource's outputs have no common type
type Outputs = Record<string, any>;

/** The resource type that a dimension names, and the outputs by which CloudWatch knows it. */
export const KNOWN_BY: Record<string, [type: string | string[], names: (outputs: Outputs) => unknown[]]> = {
  LoadBalancer: ["aws:lb/loadBalancer:LoadBalancer", ({ arnSuffix }) => [arnSuffix]],
  TargetGroup: ["aws:lb/targetGroup:TargetGroup", ({ arnSuffix }) => [arnSuffix]],
  AutoScalingGroupName: ["aws:autoscaling/group:Group", ({ name }) => [name]],
  InstanceId: ["aws:ec2/instance:Instance", ({ id }) => [id]],
  DBInstanceIdentifier: [
    ["aws:rds/instance:Instance", "aws:rds/cluster:Cluster"],
    ({ identifier, clusterMembers }) => clusterMembers ?? [identifier],
  ],
  DBClusterIdentifier: [
    "aws:rds/cluster:Cluster", // RDS's own clusters have metrics of their instances only.
    ({ engine, clusterIdentifier }) => (engine?.startsWith("aurora") ? [clusterIdentifier] : []),
  ],
  FunctionName: ["aws:lambda/function:Function", ({ name }) => [name]],
  QueueName: ["aws:sqs/queue:Queue", ({ name }) => [name]],
  StateMachineArn: ["aws:sfn/stateMachine:StateMachine", ({ arn }) => [arn]],
  ApiName: ["aws:apigateway/restApi:RestApi", ({ name }) => [name]],
  Stage: ["aws:apigateway/stage:Stage", ({ stageName }) => [stageName]],
  DeliveryStreamName: ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", ({ name }) => [name]],
  NatGatewayId: ["aws:ec2/natGateway:NatGateway", ({ id }) => [id]],
  WebACL: ["aws:wafv2/webAcl:WebAcl", ({ visibilityConfig }) => [visibilityConfig.metricName]],
  Rule: [
    "aws:wafv2/webAcl:WebAcl",
    ({ rules }) => rules.map((rule: Outputs) => rule.visibilityConfig.metricName),
  ],
  Region: ["aws:wafv2/webAcl:WebAcl", ({ arn }) => [arn.split(":")[3]]],
  // The name that the app gives itself.
  Service: ["aws:ec2/launchTemplate:LaunchTemplate", () => ["web"]],
  Lease: ["aws:dynamodb/table:Table", ({ name }) => [name]],
};
