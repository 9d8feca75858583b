import { createHash } from "node:crypto";
import { Case, Ground, MANAGED, POLICY, zipped } from "./ground";

const TRUST = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: `${service}.amazonaws.com` } },
    ],
  });
const MACHINE = (state: string) =>
  JSON.stringify({ StartAt: state, States: { [state]: { Type: "Pass", End: true } } });
const open = (port: number, cidrBlocks: string[]) => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks,
});
const LAYER = "arn:aws:lambda:eu-west-1:123456789012:layer:reads:1";
const roleArn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64");
const FUNCTION = { runtime: "nodejs22.x", handler: "index.handler", s3Key: "one.zip" };

const retag =
  (tags: Record<string, string>) =>
  async ({ use }: Ground, id: string) =>
    (await use("ec2")).createTags({
      Resources: [id],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });

export const others: Record<string, Case> = {
  "aws:autoscaling/group:Group": {
    given: (on) => ({
      ...{ minSize: 0, maxSize: 1, healthCheckGracePeriod: 60, desiredCapacity: 0 },
      ...{ availabilityZones: ["eu-west-1a"], launchTemplate: { id: on.template, version: "1" } },
    }),
    byHand: async ({ use }, id) =>
      (await use("autoscaling")).updateAutoScalingGroup({
        ...{ AutoScalingGroupName: id, MinSize: 1, MaxSize: 4 },
        ...{ DesiredCapacity: 1, HealthCheckGracePeriod: 90 },
      }),
    found: () => ({ minSize: 1, maxSize: 4, desiredCapacity: 1, healthCheckGracePeriod: 90 }),
  },
  "aws:cloudwatch/eventRule:EventRule": {
    given: () => ({ eventPattern: JSON.stringify({ source: ["aws.ec2"] }) }),
    byHand: async ({ use }, id) => {
      const events = await use("events");
      await events.putRule({
        ...{ Name: id, Description: "by hand", ScheduleExpression: "rate(1 day)", State: "DISABLED" },
        EventPattern: '{"source": ["aws.s3"]}',
      });
    },
    found: () => ({
      ...{ description: "by hand", scheduleExpression: "rate(1 day)", state: "DISABLED" },
      eventPattern: '{"source": ["aws.s3"]}',
    }),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    given: () => ({ retentionInDays: 7 }),
    byHand: async ({ use }, id) => (await use("logs")).deleteRetentionPolicy({ logGroupName: id }),
    found: () => ({ retentionInDays: 0 }),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    given: () => ({
      ...{ namespace: "AWS/SQS", metricName: "NumberOfMessagesSent", statistic: "Sum", period: 60 },
      ...{ evaluationPeriods: 1, threshold: 5, comparisonOperator: "GreaterThanThreshold" },
    }),
    byHand: async ({ use, topic }, id) => {
      const cloudwatch = await use("cloudwatch");
      await cloudwatch.putMetricAlarm({
        ...{ AlarmName: id, Namespace: "AWS/SQS", MetricName: "NumberOfMessagesSent", Statistic: "Average" },
        ...{ Period: 300, EvaluationPeriods: 3, Threshold: 50, ComparisonOperator: "LessThanThreshold" },
        ...{ ActionsEnabled: false, AlarmActions: [topic], OKActions: [topic] },
        ...{ AlarmDescription: "by hand", TreatMissingData: "breaching" },
      });
    },
    found: ({ topic }) => ({
      ...{ statistic: "Average", period: 300, evaluationPeriods: 3, threshold: 50 },
      ...{ comparisonOperator: "LessThanThreshold", actionsEnabled: false, alarmActions: [topic] },
      ...{ okActions: [topic], alarmDescription: "by hand", treatMissingData: "breaching" },
    }),
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    given: ({ vpc }) => ({ vpcId: vpc }),
    async byHand({ use }, GroupId) {
      const ec2 = await use("ec2");
      const all = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "by hand" }] };
      await ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: [all] });
      await ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions: [all] });
    },
    found: () => {
      const all = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };
      const rule = { ...all, description: "by hand" };
      return { ingress: [rule], egress: [rule] };
    },
  },
  "aws:ec2/internetGateway:InternetGateway": {
    given: () => ({ tags: { is: "new" } }),
    byHand: retag({ is: "old" }),
    found: () => ({ tags: { is: "old" } }),
  },
  "aws:ec2/routeTable:RouteTable": {
    given: ({ vpc }) => ({ vpcId: vpc }),
    byHand: retag({ more: "by hand" }),
    found: () => ({ tags: { more: "by hand" } }),
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    given: ({ vpc }) => ({
      vpcId: vpc,
      // Two rules together, and one that is its own.
      ingress: [{ ...open(443, ["10.0.0.0/8", "192.168.0.0/16"]), self: true }],
      egress: [open(53, ["10.0.0.0/8"])],
    }),
    async byHand({ use }, GroupId) {
      const ec2 = await use("ec2");
      const at = (port: number, CidrIp: string) => ({
        GroupId,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp }] }],
      });
      await ec2.authorizeSecurityGroupIngress(at(22, "0.0.0.0/0"));
      await ec2.revokeSecurityGroupEgress(at(53, "10.0.0.0/8"));
    },
    found: () => ({
      ingress: [
        open(443, ["10.0.0.0/8"]),
        open(443, ["192.168.0.0/16"]),
        { protocol: "tcp", fromPort: 443, toPort: 443, self: true },
        open(22, ["0.0.0.0/0"]),
      ],
      egress: [],
    }),
  },
  "aws:ec2/subnet:Subnet": {
    given: ({ vpc }) => ({ vpcId: vpc, cidrBlock: "10.77.1.0/24" }),
    async byHand(on, SubnetId) {
      const ec2 = await on.use("ec2");
      await ec2.modifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch: { Value: true } });
      await retag({ is: "open" })(on, SubnetId);
    },
    found: () => ({ mapPublicIpOnLaunch: true, tags: { is: "open" } }),
  },
  "aws:ec2/vpc:Vpc": {
    given: () => ({ cidrBlock: "10.78.0.0/16", enableDnsSupport: true, enableDnsHostnames: true }),
    async byHand(on, VpcId) {
      const ec2 = await on.use("ec2");
      await ec2.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: false } });
      await ec2.modifyVpcAttribute({ VpcId, EnableDnsSupport: { Value: false } });
      await retag({ is: "odd" })(on, VpcId);
    },
    found: () => ({ enableDnsSupport: false, enableDnsHostnames: false, tags: { is: "odd" } }),
  },
  "aws:iam/policy:Policy": {
    given: () => ({ policy: POLICY("sqs:SendMessage") }),
    byHand: async ({ use }, PolicyArn) =>
      (await use("iam")).createPolicyVersion({
        ...{ PolicyArn, PolicyDocument: POLICY("sqs:*"), SetAsDefault: true },
      }),
    found: () => ({ policy: POLICY("sqs:*") }),
  },
  "aws:iam/role:Role": {
    given: () => ({ assumeRolePolicy: TRUST("lambda"), managedPolicyArns: [MANAGED] }),
    async byHand({ use }, RoleName) {
      const iam = await use("iam");
      await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: TRUST("ec2") });
      await iam.updateRole({ RoleName, MaxSessionDuration: 7200 });
      await iam.detachRolePolicy({ RoleName, PolicyArn: MANAGED });
    },
    found: () => ({
      ...{ assumeRolePolicy: TRUST("ec2"), maxSessionDuration: 7200 },
      managedPolicyArns: [],
    }),
  },
  "aws:iam/rolePolicy:RolePolicy": {
    // Of what MiniStack has to get in other words.
    given: ({ role }) => ({
      role,
      name: "own",
      policy: POLICY("cloudwatch:DescribeAlarms", { Resource: "arn:aws:cloudwatch:*:*:alarm:*" }),
    }),
    byHand: async ({ use, role }) =>
      (await use("iam")).putRolePolicy({
        ...{ RoleName: role, PolicyName: "own", PolicyDocument: POLICY("sqs:*") },
      }),
    found: () => ({ policy: POLICY("sqs:*") }),
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    given: ({ worker, queue }) => ({ functionName: worker, eventSourceArn: queue, batchSize: 5 }),
    byHand: async ({ use }, UUID) =>
      (await use("lambda")).updateEventSourceMapping({ UUID, BatchSize: 1, Enabled: false }),
    found: () => ({ batchSize: 1, enabled: false }),
  },
  "aws:lambda/function:Function": {
    given: ({ bucket, role }) => ({
      ...{ ...FUNCTION, s3Bucket: bucket, role: roleArn(role), timeout: 30 },
      environment: { variables: { MODE: "calm" } },
    }),
    async byHand({ use, bucket }, FunctionName) {
      const lambda = await use("lambda");
      await lambda.updateFunctionCode({ FunctionName, S3Bucket: bucket, S3Key: "two.zip" });
      await lambda.updateFunctionConfiguration({
        ...{ FunctionName, Timeout: 60, MemorySize: 512, Description: "by hand", Handler: "other.handler" },
        ...{ Runtime: "nodejs20.x", Role: roleArn("another"), TracingConfig: { Mode: "Active" } },
        ...{ Environment: { Variables: { MODE: "wild" } }, Layers: [LAYER] },
      });
      await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 2 });
    },
    found: () => ({
      ...{ timeout: 60, memorySize: 512, description: "by hand", handler: "other.handler" },
      ...{ runtime: "nodejs20.x", role: roleArn("another"), tracingConfig: { mode: "Active" } },
      ...{ environment: { variables: { MODE: "wild" } }, layers: [LAYER] },
      ...{ reservedConcurrentExecutions: 2, sourceCodeHash: sha256(zipped("2")) },
    }),
  },
  "aws:sfn/stateMachine:StateMachine": {
    given: ({ role }) => ({ definition: MACHINE("Begin"), roleArn: roleArn(role) }),
    byHand: async ({ use }, stateMachineArn) =>
      (await use("sfn")).updateStateMachine({
        ...{ stateMachineArn, definition: MACHINE("Hand"), roleArn: roleArn("another") },
      }),
    found: () => ({ definition: MACHINE("Hand"), roleArn: roleArn("another") }),
  },
};
