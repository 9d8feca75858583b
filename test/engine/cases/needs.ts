import type { Account } from "../account/account";
import type { Inputs } from "../account/rule";
import { Late, QUEUE, VPC } from "./late";
import { document, policy, role } from "./roles";

interface Need {
  type: string;
  inputs: Late;
  /** What stands in the account in both cases. */
  there?: [type: string, inputs: Late][];
  /** What has to be there. */
  needed: [type: string, inputs: Late][];
}

const roleArn = (account: Account) => account.all("iam/role:Role")[0]!.outputs.arn as string;
const rights = (...actions: string[]): [string, Inputs] => [
  "iam/rolePolicy:RolePolicy",
  { role: "r", policy: policy(...actions) },
];
const arnOf = (account: Account, type: string) => account.all(type)[0]!.outputs.arn as string;

/** Things are refused as long as something else is not there. */
export const NEEDS: Record<string, Need> = {
  "a NAT gateway's VPC has an internet gateway": {
    type: "ec2/natGateway:NatGateway",
    there: [
      ["ec2/vpc:Vpc", {}],
      ["ec2/subnet:Subnet", (account) => ({ vpcId: account.all("ec2/vpc:Vpc")[0]!.id })],
    ],
    inputs: (account) => ({ subnetId: account.all("ec2/subnet:Subnet")[0]!.id }),
    needed: [
      ["ec2/internetGateway:InternetGateway", (account) => ({ vpcId: account.all("ec2/vpc:Vpc")[0]!.id })],
    ],
  },
  "an address's VPC has an internet gateway": {
    type: "ec2/eipAssociation:EipAssociation",
    there: [
      ["ec2/vpc:Vpc", {}],
      ["ec2/subnet:Subnet", (account) => ({ vpcId: account.all("ec2/vpc:Vpc")[0]!.id })],
      ["ec2/instance:Instance", (account) => ({ subnetId: account.all("ec2/subnet:Subnet")[0]!.id })],
      ["ec2/eip:Eip", {}],
    ],
    inputs: (account) => ({
      instanceId: account.all("ec2/instance:Instance")[0]!.id,
      allocationId: account.all("ec2/eip:Eip")[0]!.outputs.allocationId as string,
    }),
    needed: [
      ["ec2/internetGateway:InternetGateway", (account) => ({ vpcId: account.all("ec2/vpc:Vpc")[0]!.id })],
    ],
  },
  "a load balancer's VPC has an internet gateway": {
    type: "lb/loadBalancer:LoadBalancer",
    there: [["ec2/subnet:Subnet", { vpcId: VPC }]],
    inputs: (account) => ({ subnets: [account.all("ec2/subnet:Subnet")[0]!.id] }),
    needed: [["ec2/internetGateway:InternetGateway", { vpcId: VPC }]],
  },
  "a load balancer may write its log": {
    type: "lb/loadBalancer:LoadBalancer",
    inputs: { accessLogs: { enabled: true, bucket: "logs" } },
    needed: [
      [
        "s3/bucketPolicy:BucketPolicy",
        {
          bucket: "logs",
          policy: document({
            Effect: "Allow",
            Action: "s3:PutObject",
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          }),
        },
      ],
    ],
  },
  "a listener's certificate is issued": {
    type: "lb/listener:Listener",
    there: [["acm/certificate:Certificate", {}]],
    inputs: (account) => ({ certificateArn: arnOf(account, "acm/certificate:Certificate") }),
    needed: [
      [
        "acm/certificateValidation:CertificateValidation",
        (account) => ({ certificateArn: arnOf(account, "acm/certificate:Certificate") }),
      ],
    ],
  },
  "a machine's profile holds its role": {
    type: "ec2/instance:Instance",
    inputs: { iamInstanceProfile: "web" },
    needed: [["iam/instanceProfile:InstanceProfile", { name: "web" }]],
  },
  "the target of a notification allows S3": {
    type: "s3/bucketNotification:BucketNotification",
    there: [["sqs/queue:Queue", { name: "q" }]],
    inputs: { queues: [{ queueArn: QUEUE }] },
    needed: [
      [
        "sqs/queuePolicy:QueuePolicy",
        (account) => ({
          queueUrl: account.all("sqs/queue:Queue")[0]!.id,
          policy: document({
            Effect: "Allow",
            Action: "sqs:SendMessage",
            Principal: { Service: "s3.amazonaws.com" },
          }),
        }),
      ],
    ],
  },
  "a function's role may create network interfaces": {
    type: "lambda/function:Function",
    there: [role()],
    inputs: (account) => ({ role: roleArn(account), vpcConfig: {} }),
    needed: [rights("ec2:CreateNetworkInterface")],
  },
  "a traced function's role may write traces": {
    type: "lambda/function:Function",
    there: [role()],
    inputs: (account) => ({ role: roleArn(account), tracingConfig: { mode: "Active" } }),
    needed: [rights("xray:Put*")],
  },
  "a permission belongs to a function": {
    type: "lambda/permission:Permission",
    inputs: { function: "mover" },
    needed: [["lambda/function:Function", { name: "mover" }]],
  },
  "a function may read what it polls": {
    type: "lambda/eventSourceMapping:EventSourceMapping",
    there: [role(), ["lambda/function:Function", (account) => ({ name: "mover", role: roleArn(account) })]],
    inputs: { functionName: "mover", eventSourceArn: QUEUE },
    needed: [rights("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")],
  },
  "a logged state machine's role may deliver logs": {
    type: "sfn/stateMachine:StateMachine",
    there: [role()],
    inputs: (account) => ({ roleArn: roleArn(account), loggingConfiguration: { level: "ALL" } }),
    needed: [rights("logs:*")],
  },
  "an integration belongs to a method": {
    type: "apigateway/integration:Integration",
    inputs: { restApi: "api", resourceId: "a", httpMethod: "GET" },
    needed: [["apigateway/method:Method", { restApi: "api", resourceId: "a", httpMethod: "GET" }]],
  },
  "a deployment's methods have integrations": {
    type: "apigateway/deployment:Deployment",
    there: [["apigateway/method:Method", { restApi: "api", resourceId: "a", httpMethod: "GET" }]],
    inputs: { restApi: "api" },
    needed: [["apigateway/integration:Integration", { restApi: "api", resourceId: "a", httpMethod: "GET" }]],
  },
  "a stage logs with the account's role": {
    type: "apigateway/stage:Stage",
    inputs: { accessLogSettings: {} },
    needed: [["apigateway/account:Account", { cloudwatchRoleArn: "arn:role" }]],
  },
  "methods log with the account's role": {
    type: "apigateway/methodSettings:MethodSettings",
    inputs: { settings: { loggingLevel: "ERROR" } },
    needed: [["apigateway/account:Account", { cloudwatchRoleArn: "arn:role" }]],
  },
  "a subscription's role may pass logs on": {
    type: "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    there: [role()],
    inputs: (account) => ({ roleArn: roleArn(account), destinationArn: "arn:stream" }),
    needed: [rights("firehose:PutRecord")],
  },
  "a flow log's role may write logs": {
    type: "ec2/flowLog:FlowLog",
    there: [role()],
    inputs: (account) => ({ iamRoleArn: roleArn(account), logDestination: "arn:log" }),
    needed: [rights("logs:CreateLogStream", "logs:PutLogEvents")],
  },
  "a trail may write to its bucket": {
    type: "cloudtrail/trail:Trail",
    inputs: { s3BucketName: "audit" },
    needed: [
      [
        "s3/bucketPolicy:BucketPolicy",
        {
          bucket: "audit",
          policy: document({
            Effect: "Allow",
            Action: ["s3:GetBucketAcl", "s3:PutObject"],
            Principal: { Service: "cloudtrail.amazonaws.com" },
          }),
        },
      ],
    ],
  },
  "a trail's role may write logs": {
    type: "cloudtrail/trail:Trail",
    there: [role()],
    inputs: (account) => ({ cloudWatchLogsRoleArn: roleArn(account), cloudWatchLogsGroupArn: "arn:log:*" }),
    needed: [rights("logs:CreateLogStream", "logs:PutLogEvents")],
  },
  "a deployment group's role may add hooks to its servers' group": {
    type: "codedeploy/deploymentGroup:DeploymentGroup",
    there: [role()],
    inputs: (account) => ({ serviceRoleArn: roleArn(account), autoscalingGroups: ["web"] }),
    needed: [rights("autoscaling:*")],
  },
};
