// A program that breaks each rule of the strict account, and one that keeps it: what stands in the account, and what is asked of it.
import type { Account } from "./account/account";
import type { Inputs, Thing } from "./account/rule";

/** Arguments that may depend on what was put into the account before. */
type Late = Inputs | ((account: Account) => Inputs);
export const now = (inputs: Late, account: Account): Inputs =>
  typeof inputs === "function" ? inputs(account) : inputs;

/** Things are refused when they come a second time, with the same arguments. */
export const TWICE: Record<string, [type: string, inputs: Inputs]> = {
  "an address is of one": ["ec2/eipAssociation:EipAssociation", { allocationId: "eipalloc-a" }],
  "a machine has one address": ["ec2/eipAssociation:EipAssociation", { instanceId: "i-a" }],
  "a table has a route once": [
    "ec2/route:Route",
    { routeTableId: "rtb-a", destinationCidrBlock: "0.0.0.0/0" },
  ],
  "a subnet has one table": ["ec2/routeTableAssociation:RouteTableAssociation", { subnetId: "subnet-a" }],
  "blocks of subnets do not overlap": ["ec2/subnet:Subnet", { vpcId: "vpc-a", cidrBlock: "10.0.0.0/24" }],
  "a VPC has one internet gateway": ["ec2/internetGateway:InternetGateway", { vpcId: "vpc-a" }],
  "a service's gateway is in a table once": [
    "ec2/vpcEndpoint:VpcEndpoint",
    { vpcId: "vpc-a", vpcEndpointType: "Gateway", serviceName: "s3" },
  ],
  "a service's private name is in a VPC once": [
    "ec2/vpcEndpoint:VpcEndpoint",
    { vpcId: "vpc-a", vpcEndpointType: "Interface", privateDnsEnabled: true, serviceName: "ssm" },
  ],
  "a security group has a name": ["ec2/securityGroup:SecurityGroup", { vpcId: "vpc-a", name: "web" }],
  "a group has a rule once: SecurityGroupIngressRule": [
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    { securityGroupId: "sg-a", ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv4: "0.0.0.0/0" },
  ],
  "a group has a rule once: SecurityGroupEgressRule": [
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    { securityGroupId: "sg-a", ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv4: "0.0.0.0/0" },
  ],
  "a load balancer has a name": ["lb/loadBalancer:LoadBalancer", { name: "web" }],
  "a port has one listener": ["lb/listener:Listener", { loadBalancerArn: "arn:lb", port: 80 }],
  "a priority has one rule": ["lb/listenerRule:ListenerRule", { listenerArn: "arn:listener", priority: 1 }],
  "a target group has a name": ["lb/targetGroup:TargetGroup", { name: "web" }],
  "a name has one record": ["route53/record:Record", { zoneId: "Z", name: "www.acme.dev", type: "A" }],
  "a launch template has a name": ["ec2/launchTemplate:LaunchTemplate", { name: "web" }],
  "a scaling group has a name": ["autoscaling/group:Group", { name: "web" }],
  "Role has a name": ["iam/role:Role", { name: "web" }],
  "A policy has a name": ["iam/policy:Policy", { name: "web" }],
  "Instance Profile has a name": ["iam/instanceProfile:InstanceProfile", { name: "web" }],
  "an account has a provider of identities once": [
    "iam/openIdConnectProvider:OpenIdConnectProvider",
    { url: "https://token.actions.githubusercontent.com" },
  ],
  "a bucket has a name": ["s3/bucket:Bucket", { bucket: "files" }],
  ...Object.fromEntries(
    [
      "BucketCorsConfiguration",
      "BucketLifecycleConfiguration",
      "BucketLogging",
      "BucketNotification",
      "BucketOwnershipControls",
      "BucketPolicy",
      "BucketPublicAccessBlock",
      "BucketServerSideEncryptionConfiguration",
      "BucketVersioning",
    ].map((kind) => [
      `a bucket has one ${kind}`,
      [`s3/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`, { bucket: "files" }],
    ]),
  ),
  "a key has one object": ["s3/bucketObjectv2:BucketObjectv2", { bucket: "files", key: "a" }],
  "a file system has a token": ["efs/fileSystem:FileSystem", { creationToken: "data" }],
  "a zone mounts a file system once": [
    "efs/mountTarget:MountTarget",
    { fileSystemId: "fs-a", subnetId: "subnet-a" },
  ],
  "a table has a name": ["dynamodb/table:Table", { name: "lease" }],
  "a database has an identifier": ["rds/instance:Instance", { identifier: "database" }],
  "parameters have a name: ParameterGroup": ["rds/parameterGroup:ParameterGroup", { name: "database" }],
  "parameters have a name: ClusterParameterGroup": [
    "rds/clusterParameterGroup:ClusterParameterGroup",
    { name: "database" },
  ],
  "a subnet group has a name": ["rds/subnetGroup:SubnetGroup", { name: "database" }],
  "a function has a name": ["lambda/function:Function", { name: "mover" }],
  "a permission has a name": ["lambda/permission:Permission", { function: "mover", statementId: "a" }],
  "a source is polled by a function once": [
    "lambda/eventSourceMapping:EventSourceMapping",
    { functionName: "mover", eventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:events" },
  ],
  "a queue has a name": ["sqs/queue:Queue", { name: "events" }],
  "a queue has one policy": ["sqs/queuePolicy:QueuePolicy", { queueUrl: "https://events" }],
  "a topic has a name": ["sns/topic:Topic", { name: "alarms" }],
  "a topic has one policy": ["sns/topicPolicy:TopicPolicy", { arn: "arn:alarms" }],
  "a rule has a name": ["cloudwatch/eventRule:EventRule", { name: "minute" }],
  "a target has a name": ["cloudwatch/eventTarget:EventTarget", { rule: "minute", targetId: "a" }],
  "a state machine has a name": ["sfn/stateMachine:StateMachine", { name: "projects" }],
  "a path has one resource": [
    "apigateway/resource:Resource",
    { restApi: "api", parentId: "root", pathPart: "projects" },
  ],
  "a resource has a method once": [
    "apigateway/method:Method",
    { restApi: "api", resourceId: "projects", httpMethod: "GET" },
  ],
  "a model has a name": ["apigateway/model:Model", { restApi: "api", name: "project" }],
  "an API has a stage once": ["apigateway/stage:Stage", { restApi: "api", stageName: "v1" }],
  "a log group has a name": ["cloudwatch/logGroup:LogGroup", { name: "web" }],
  "a log stream has a name": ["cloudwatch/logStream:LogStream", { logGroupName: "web", name: "a" }],
  "a metric filter has a name": [
    "cloudwatch/logMetricFilter:LogMetricFilter",
    { logGroupName: "web", name: "a" },
  ],
  "an alarm has a name": ["cloudwatch/metricAlarm:MetricAlarm", { name: "web-down" }],
  "a dashboard has a name": ["cloudwatch/dashboard:Dashboard", { dashboardName: "dev" }],
  "a trail has a name": ["cloudtrail/trail:Trail", { name: "audit" }],
  "a delivery stream has a name": [
    "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    { name: "log-export" },
  ],
  "a firewall has a name": ["wafv2/webAcl:WebAcl", { name: "firewall", scope: "REGIONAL" }],
  "what is guarded has one firewall": [
    "wafv2/webAclAssociation:WebAclAssociation",
    { resourceArn: "arn:lb" },
  ],
  "a firewall has one log": [
    "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    { resourceArn: "arn:acl" },
  ],
  "a secret has a name": ["secretsmanager/secret:Secret", { name: "database" }],
  "a key's alias is its own": ["kms/alias:Alias", { name: "alias/data" }],
  "a parameter has a name": ["ssm/parameter:Parameter", { name: "/groundwork/dev/a" }],
  "a document has a name": ["ssm/document:Document", { name: "restart" }],
  "a vault has a name": ["backup/vault:Vault", { name: "backups" }],
  "a group of people has a name": ["cognito/userGroup:UserGroup", { userPoolId: "people", name: "admin" }],
  "a bucket is scanned once": [
    "guardduty/malwareProtectionPlan:MalwareProtectionPlan",
    { protectedResource: { s3Bucket: { bucketName: "files" } } },
  ],
  "a repository has a name": ["ecr/repository:Repository", { name: "web" }],
  "a build project has a name": ["codebuild/project:Project", { name: "test" }],
  "a pipeline has a name": ["codepipeline/pipeline:Pipeline", { name: "delivery" }],
  "an application has a name": ["codedeploy/application:Application", { name: "web" }],
  "a deployment group has a name": [
    "codedeploy/deploymentGroup:DeploymentGroup",
    { appName: "web", deploymentGroupName: "web" },
  ],
  ...Object.fromEntries(
    [
      "component",
      "imageRecipe",
      "imagePipeline",
      "infrastructureConfiguration",
      "distributionConfiguration",
    ].map((kind) => {
      const type = kind[0]!.toUpperCase() + kind.slice(1);
      return [`Image Builder knows it by a name: ${type}`, [`imagebuilder/${kind}:${type}`, { name: "web" }]];
    }),
  ),
  "an account has one Account": ["apigateway/account:Account", {}],
  "an account has one EncryptionByDefault": ["ebs/encryptionByDefault:EncryptionByDefault", {}],
  "an account has one SnapshotBlockPublicAccess": [
    "ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
    {},
  ],
  "an account has one InstanceMetadataDefaults": [
    "ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    {},
  ],
  "an account has one AccountPasswordPolicy": ["iam/accountPasswordPolicy:AccountPasswordPolicy", {}],
  "an account has one AccountPublicAccessBlock": ["s3/accountPublicAccessBlock:AccountPublicAccessBlock", {}],
  "an account analyzes its access once": ["accessanalyzer/analyzer:Analyzer", { type: "ACCOUNT" }],
  "a budget has a name": ["budgets/budget:Budget", { name: "budget" }],
};

/** Things are not deleted while a user of theirs stands. */
export const HELD: Record<
  string,
  [type: string, inputs: Inputs, user: string, of: (thing: Thing) => Inputs]
> = {
  "an address in use stays": [
    "ec2/eip:Eip",
    {},
    "ec2/natGateway:NatGateway",
    ({ outputs }) => ({ allocationId: outputs.allocationId as string }),
  ],
  "a group in use stays": [
    "ec2/securityGroup:SecurityGroup",
    {},
    "lb/loadBalancer:LoadBalancer",
    ({ id }) => ({ securityGroups: [id] }),
  ],
  "a group that others' rules name stays": [
    "ec2/securityGroup:SecurityGroup",
    {},
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ({ id }) => ({ securityGroupId: "sg-other", referencedSecurityGroupId: id }),
  ],
  "a subnet in use stays": [
    "ec2/subnet:Subnet",
    {},
    "autoscaling/group:Group",
    ({ id }) => ({ vpcZoneIdentifiers: [id] }),
  ],
  "a VPC in use stays": ["ec2/vpc:Vpc", {}, "ec2/subnet:Subnet", ({ id }) => ({ vpcId: id })],
  "the way in stays while there are addresses": [
    "ec2/internetGateway:InternetGateway",
    { vpcId: "vpc-a" },
    "ec2/eipAssociation:EipAssociation",
    () => ({ allocationId: "eipalloc-a" }),
  ],
  "an interface in use stays": [
    "ec2/networkInterface:NetworkInterface",
    {},
    "ec2/instance:Instance",
    ({ id }) => ({ networkInterfaces: [{ networkInterfaceId: id }] }),
  ],
  "a target group in use stays": [
    "lb/targetGroup:TargetGroup",
    {},
    "lb/listener:Listener",
    ({ outputs }) => ({ defaultActions: [{ targetGroupArn: outputs.arn as string }] }),
  ],
  "a certificate in use stays": [
    "acm/certificate:Certificate",
    {},
    "lb/listener:Listener",
    ({ outputs }) => ({ certificateArn: outputs.arn as string }),
  ],
  "a role with policies stays": [
    "iam/role:Role",
    { name: "web" },
    "iam/rolePolicy:RolePolicy",
    () => ({ role: "web" }),
  ],
  "an attached policy stays": [
    "iam/policy:Policy",
    {},
    "iam/rolePolicyAttachment:RolePolicyAttachment",
    ({ outputs }) => ({ policyArn: outputs.arn as string }),
  ],
  "a mounted file system stays": [
    "efs/fileSystem:FileSystem",
    {},
    "efs/mountTarget:MountTarget",
    ({ id }) => ({ fileSystemId: id }),
  ],
  "parameters in use stay: ParameterGroup": [
    "rds/parameterGroup:ParameterGroup",
    { name: "pg17" },
    "rds/instance:Instance",
    () => ({ parameterGroupName: "pg17" }),
  ],
  "parameters in use stay: ClusterParameterGroup": [
    "rds/clusterParameterGroup:ClusterParameterGroup",
    { name: "pg17" },
    "rds/cluster:Cluster",
    () => ({ dbClusterParameterGroupName: "pg17" }),
  ],
  "a subnet group in use stays": [
    "rds/subnetGroup:SubnetGroup",
    { name: "database" },
    "rds/instance:Instance",
    () => ({ dbSubnetGroupName: "database" }),
  ],
  "a rule with targets stays": [
    "cloudwatch/eventRule:EventRule",
    { name: "minute" },
    "cloudwatch/eventTarget:EventTarget",
    () => ({ rule: "minute" }),
  ],
  "a served deployment stays": [
    "apigateway/deployment:Deployment",
    {},
    "apigateway/stage:Stage",
    ({ id }) => ({ deployment: id }),
  ],
  "what a method uses stays: Authorizer": [
    "apigateway/authorizer:Authorizer",
    {},
    "apigateway/method:Method",
    ({ id }) => ({ authorizerId: id }),
  ],
  "what a method uses stays: RequestValidator": [
    "apigateway/requestValidator:RequestValidator",
    {},
    "apigateway/method:Method",
    ({ id }) => ({ requestValidatorId: id }),
  ],
  "the account's role stays while stages log by it": [
    "apigateway/account:Account",
    {},
    "apigateway/stage:Stage",
    () => ({ accessLogSettings: {} }),
  ],
  "a firewall in use stays": [
    "wafv2/webAcl:WebAcl",
    {},
    "wafv2/webAclAssociation:WebAclAssociation",
    ({ outputs }) => ({ webAclArn: outputs.arn as string }),
  ],
  "a key stays while data is under it": [
    "kms/key:Key",
    {},
    "rds/instance:Instance",
    ({ outputs }) => ({ kmsKeyId: outputs.arn as string }),
  ],
  "a plan with selections stays": [
    "backup/plan:Plan",
    {},
    "backup/selection:Selection",
    ({ id }) => ({ planId: id }),
  ],
  "what an image is made of stays: Component": [
    "imagebuilder/component:Component",
    {},
    "imagebuilder/imageRecipe:ImageRecipe",
    ({ outputs }) => ({ components: [{ componentArn: outputs.arn as string }] }),
  ],
  ...Object.fromEntries(
    ["imageRecipe", "infrastructureConfiguration", "distributionConfiguration"].map((kind) => {
      const type = kind[0]!.toUpperCase() + kind.slice(1);
      return [
        `what an image is made of stays: ${type}`,
        [
          `imagebuilder/${kind}:${type}`,
          {},
          "imagebuilder/imagePipeline:ImagePipeline",
          ({ outputs }: Thing) => ({ [`${kind}Arn`]: outputs.arn as string }),
        ],
      ];
    }),
  ),
};

/** Things are not deleted as they are, and are with other arguments. */
export const GUARDED: Record<string, [type: string, guarded: Inputs, free: Inputs]> = {
  "a guarded load balancer stays": [
    "lb/loadBalancer:LoadBalancer",
    { enableDeletionProtection: true },
    { enableDeletionProtection: false },
  ],
  "a guarded machine stays": ["ec2/instance:Instance", { disableApiTermination: true }, {}],
  "a bucket with objects stays": ["s3/bucket:Bucket", { forceDestroy: false }, { forceDestroy: true }],
  "a guarded table stays": ["dynamodb/table:Table", { deletionProtectionEnabled: true }, {}],
  "a guarded database stays": ["rds/instance:Instance", { deletionProtection: true }, {}],
  "a guarded cluster stays": ["rds/cluster:Cluster", { deletionProtection: true }, {}],
  "a vault with backups stays": ["backup/vault:Vault", {}, { forceDestroy: true }],
  "a guarded user pool stays": [
    "cognito/userPool:UserPool",
    { deletionProtection: "ACTIVE" },
    { deletionProtection: "INACTIVE" },
  ],
  "a repository with images stays": ["ecr/repository:Repository", {}, { forceDelete: true }],
};

interface Need {
  type: string;
  inputs: Late;
  /** What stands in the account in both cases. */
  there?: [type: string, inputs: Late][];
  /** What has to be there. */
  needed: [type: string, inputs: Late][];
}

const VPC = "vpc-0000001-id";
const document = (...statements: object[]) => JSON.stringify({ Statement: statements });
const trust = (service: string) =>
  document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } });
const policy = (...Action: string[]) => document({ Effect: "Allow", Action, Resource: "*" });
const role = (assumeRolePolicy = "{}"): [string, Inputs] => [
  "iam/role:Role",
  { name: "r", assumeRolePolicy },
];
const roleArn = (account: Account) => account.all("iam/role:Role")[0]!.outputs.arn as string;
const rights = (...actions: string[]): [string, Inputs] => [
  "iam/rolePolicy:RolePolicy",
  { role: "r", policy: policy(...actions) },
];
const arnOf = (account: Account, type: string) => account.all(type)[0]!.outputs.arn as string;
const QUEUE = "arn:aws:sqs:eu-west-1:123456789012:q";

/** Things are refused as long as something else is not there. */
export const NEEDS: Record<string, Need> = {
  "a NAT gateway has a way out": {
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
  "an address has a way in": {
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
  "a load balancer has a way in": {
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
  "who is notified lets S3 in": {
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
  "a function's role may make interfaces": {
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
  "a permission is of a function": {
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
  "an integration is of a method": {
    type: "apigateway/integration:Integration",
    inputs: { restApi: "api", resourceId: "a", httpMethod: "GET" },
    needed: [["apigateway/method:Method", { restApi: "api", resourceId: "a", httpMethod: "GET" }]],
  },
  "a deployment's methods lead somewhere": {
    type: "apigateway/deployment:Deployment",
    there: [["apigateway/method:Method", { restApi: "api", resourceId: "a", httpMethod: "GET" }]],
    inputs: { restApi: "api" },
    needed: [["apigateway/integration:Integration", { restApi: "api", resourceId: "a", httpMethod: "GET" }]],
  },
  "a stage is logged by the account's role": {
    type: "apigateway/stage:Stage",
    inputs: { accessLogSettings: {} },
    needed: [["apigateway/account:Account", { cloudwatchRoleArn: "arn:role" }]],
  },
  "methods are logged by the account's role": {
    type: "apigateway/methodSettings:MethodSettings",
    inputs: { settings: { loggingLevel: "ERROR" } },
    needed: [["apigateway/account:Account", { cloudwatchRoleArn: "arn:role" }]],
  },
  "a subscription's role may hand on": {
    type: "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    there: [role()],
    inputs: (account) => ({ roleArn: roleArn(account), destinationArn: "arn:stream" }),
    needed: [rights("firehose:PutRecord")],
  },
  "a flow log's role may write": {
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
  "a deployment group's role may hook into its servers' group": {
    type: "codedeploy/deploymentGroup:DeploymentGroup",
    there: [role()],
    inputs: (account) => ({ serviceRoleArn: roleArn(account), autoscalingGroups: ["web"] }),
    needed: [rights("autoscaling:*")],
  },
};

/** A service is refused a role that does not trust it, and takes one that does. */
export const TRUSTS: Record<string, [type: string, service: string, inputs: (role: string) => Inputs]> = {
  "function: a role that trusts lambda.amazonaws.com": [
    "lambda/function:Function",
    "lambda.amazonaws.com",
    (role) => ({ role }),
  ],
  "eventTarget: a role that trusts events.amazonaws.com": [
    "cloudwatch/eventTarget:EventTarget",
    "events.amazonaws.com",
    (roleArn) => ({ roleArn }),
  ],
  "stateMachine: a role that trusts states.amazonaws.com": [
    "sfn/stateMachine:StateMachine",
    "states.amazonaws.com",
    (roleArn) => ({ roleArn }),
  ],
  "the account's role trusts API Gateway": [
    "apigateway/account:Account",
    "apigateway.amazonaws.com",
    (cloudwatchRoleArn) => ({ cloudwatchRoleArn }),
  ],
  "logSubscriptionFilter: a role that trusts logs.amazonaws.com": [
    "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    "logs.amazonaws.com",
    (roleArn) => ({ roleArn }),
  ],
  "flowLog: a role that trusts vpc-flow-logs.amazonaws.com": [
    "ec2/flowLog:FlowLog",
    "vpc-flow-logs.amazonaws.com",
    (iamRoleArn) => ({ iamRoleArn }),
  ],
  "trail: a role that trusts cloudtrail.amazonaws.com": [
    "cloudtrail/trail:Trail",
    "cloudtrail.amazonaws.com",
    (cloudWatchLogsRoleArn) => ({ cloudWatchLogsRoleArn }),
  ],
  "firehoseDeliveryStream: a role that trusts firehose.amazonaws.com": [
    "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    "firehose.amazonaws.com",
    (roleArn) => ({ extendedS3Configuration: { roleArn } }),
  ],
  "selection: a role that trusts backup.amazonaws.com": [
    "backup/selection:Selection",
    "backup.amazonaws.com",
    (iamRoleArn) => ({ iamRoleArn }),
  ],
  "project: a role that trusts codebuild.amazonaws.com": [
    "codebuild/project:Project",
    "codebuild.amazonaws.com",
    (serviceRole) => ({ serviceRole }),
  ],
  "pipeline: a role that trusts codepipeline.amazonaws.com": [
    "codepipeline/pipeline:Pipeline",
    "codepipeline.amazonaws.com",
    (roleArn) => ({ roleArn }),
  ],
  "deploymentGroup: a role that trusts codedeploy.amazonaws.com": [
    "codedeploy/deploymentGroup:DeploymentGroup",
    "codedeploy.amazonaws.com",
    (serviceRoleArn) => ({ serviceRoleArn }),
  ],
};
export { role, trust };

const zones = (...letters: string[]): [type: string, inputs: Inputs][] =>
  letters.map((letter) => ["ec2/subnet:Subnet", { vpcId: VPC, availabilityZone: letter }]);
const subnets = (account: Account) => account.all("ec2/subnet:Subnet").map(({ id }) => id);

interface Other {
  type: string;
  there?: [type: string, inputs: Late][];
  /** What stands, where a change is asked for. */
  before?: Inputs;
  refused: Late;
  taken: Late;
  /** What else stands when it is refused. */
  meanwhile?: [type: string, inputs: Late][];
}

/** Things are refused with some arguments, and taken with others. */
export const VALUES: Record<string, Other> = {
  "five addresses": {
    type: "ec2/eip:Eip",
    meanwhile: Array.from({ length: 5 }, (): [string, Inputs] => ["ec2/eip:Eip", {}]),
    refused: {},
    taken: {},
  },
  "five VPCs": {
    type: "ec2/vpc:Vpc",
    meanwhile: Array.from({ length: 5 }, (): [string, Inputs] => ["ec2/vpc:Vpc", {}]),
    refused: {},
    taken: {},
  },
  "a log group has two subscriptions": {
    type: "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    meanwhile: Array.from({ length: 2 }, (): [string, Inputs] => [
      "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
      { logGroup: "web" },
    ]),
    refused: { logGroup: "web" },
    taken: { logGroup: "web" },
  },
  "a load balancer stands in two zones": {
    type: "lb/loadBalancer:LoadBalancer",
    there: zones("a", "b"),
    refused: (account) => ({ subnets: subnets(account).slice(0, 1) }),
    taken: (account) => ({ subnets: subnets(account) }),
  },
  "a load balancer stands in a zone once": {
    type: "lb/loadBalancer:LoadBalancer",
    there: zones("a", "b", "b"),
    refused: (account) => ({ subnets: subnets(account) }),
    taken: (account) => ({ subnets: subnets(account).slice(0, 2) }),
  },
  "a subnet group spans two zones": {
    type: "rds/subnetGroup:SubnetGroup",
    there: zones("a", "b"),
    refused: (account) => ({ subnetIds: subnets(account).slice(0, 1) }),
    taken: (account) => ({ subnetIds: subnets(account) }),
  },
  "a target group is of one load balancer": {
    type: "lb/listener:Listener",
    there: [
      ["lb/listener:Listener", { loadBalancerArn: "arn:a", defaultActions: [{ targetGroupArn: "arn:t" }] }],
    ],
    refused: { loadBalancerArn: "arn:b", defaultActions: [{ targetGroupArn: "arn:t" }] },
    taken: { loadBalancerArn: "arn:a", defaultActions: [{ targetGroupArn: "arn:t" }] },
  },
  "a launch template's group is in its subnets' VPC": {
    type: "autoscaling/group:Group",
    there: [
      ["ec2/securityGroup:SecurityGroup", { vpcId: "vpc-b" }],
      ...zones("a"),
      ["ec2/subnet:Subnet", { vpcId: "vpc-b" }],
      [
        "ec2/launchTemplate:LaunchTemplate",
        (account) => ({
          networkInterfaces: [{ securityGroups: [account.all("ec2/securityGroup:SecurityGroup")[0]!.id] }],
        }),
      ],
    ],
    refused: (account) => ({
      launchTemplate: { id: account.all("ec2/launchTemplate:LaunchTemplate")[0]!.id },
      vpcZoneIdentifiers: [subnets(account)[0]!],
    }),
    taken: (account) => ({
      launchTemplate: { id: account.all("ec2/launchTemplate:LaunchTemplate")[0]!.id },
      vpcZoneIdentifiers: [subnets(account)[1]!],
    }),
  },
  "a refresh rolls back only to an image's id": {
    type: "autoscaling/group:Group",
    there: [["ec2/launchTemplate:LaunchTemplate", { imageId: "resolve:ssm:/image" }]],
    before: {},
    refused: (account) => ({
      launchTemplate: { id: account.all("ec2/launchTemplate:LaunchTemplate")[0]!.id },
      instanceRefresh: { preferences: { autoRollback: true } },
    }),
    taken: (account) => ({
      launchTemplate: { id: account.all("ec2/launchTemplate:LaunchTemplate")[0]!.id },
      instanceRefresh: { preferences: {} },
    }),
  },
  "a new major version is said twice": {
    type: "rds/instance:Instance",
    before: { engine: "postgres", engineVersion: "17" },
    refused: { engine: "postgres", engineVersion: "18" },
    taken: { engine: "postgres", engineVersion: "18", allowMajorVersionUpgrade: true },
  },
  "parameters are of the version's family": {
    type: "rds/instance:Instance",
    there: [["rds/parameterGroup:ParameterGroup", { name: "p", family: "postgres17" }]],
    refused: { engine: "postgres", engineVersion: "18", parameterGroupName: "p" },
    taken: { engine: "postgres", engineVersion: "17", parameterGroupName: "p" },
  },
  "storage only grows": {
    type: "rds/instance:Instance",
    before: { allocatedStorage: 20 },
    refused: { allocatedStorage: 10 },
    taken: { allocatedStorage: 30 },
  },
  "a database's subnets stay in its group": {
    type: "rds/subnetGroup:SubnetGroup",
    there: [["rds/instance:Instance", { dbSubnetGroupName: "g" }]],
    before: { name: "g", subnetIds: ["a", "b", "c"] },
    refused: { name: "g", subnetIds: ["b", "c"] },
    taken: { name: "g", subnetIds: ["a", "b"] },
  },
  "a queue waits for its function": {
    type: "lambda/eventSourceMapping:EventSourceMapping",
    there: [
      ["sqs/queue:Queue", { name: "q", visibilityTimeoutSeconds: 60 }],
      ["lambda/function:Function", { name: "slow", timeout: 90 }],
      ["lambda/function:Function", { name: "quick", timeout: 60 }],
    ],
    refused: { functionName: "slow", eventSourceArn: QUEUE },
    taken: { functionName: "quick", eventSourceArn: QUEUE },
  },
  "people's attributes stay": {
    type: "cognito/userPool:UserPool",
    before: { schemas: [{ name: "Quota" }] },
    refused: { schemas: [] },
    taken: { schemas: [{ name: "Quota" }, { name: "Unit" }] },
  },
};
