import type { Inputs } from "../account/rule";

/** Things are refused when they come a second time, with the same arguments. */
export const TWICE: Record<string, [type: string, inputs: Inputs]> = {
  "an address belongs to one resource": ["ec2/eipAssociation:EipAssociation", { allocationId: "eipalloc-a" }],
  "a machine has one address": ["ec2/eipAssociation:EipAssociation", { instanceId: "i-a" }],
  "a route table has each route once": [
    "ec2/route:Route",
    { routeTableId: "rtb-a", destinationCidrBlock: "0.0.0.0/0" },
  ],
  "a subnet has one route table": [
    "ec2/routeTableAssociation:RouteTableAssociation",
    { subnetId: "subnet-a" },
  ],
  "blocks of subnets do not overlap": ["ec2/subnet:Subnet", { vpcId: "vpc-a", cidrBlock: "10.0.0.0/24" }],
  "a VPC has one internet gateway": ["ec2/internetGateway:InternetGateway", { vpcId: "vpc-a" }],
  "a VPC has one gateway endpoint for each service": [
    "ec2/vpcEndpoint:VpcEndpoint",
    { vpcId: "vpc-a", vpcEndpointType: "Gateway", serviceName: "s3" },
  ],
  "a VPC has one private name for each service": [
    "ec2/vpcEndpoint:VpcEndpoint",
    { vpcId: "vpc-a", vpcEndpointType: "Interface", privateDnsEnabled: true, serviceName: "ssm" },
  ],
  "a security group's name is unique": ["ec2/securityGroup:SecurityGroup", { vpcId: "vpc-a", name: "web" }],
  "a security group has each rule once: SecurityGroupIngressRule": [
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    { securityGroupId: "sg-a", ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv4: "0.0.0.0/0" },
  ],
  "a security group has each rule once: SecurityGroupEgressRule": [
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    { securityGroupId: "sg-a", ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv4: "0.0.0.0/0" },
  ],
  "a load balancer's name is unique": ["lb/loadBalancer:LoadBalancer", { name: "web" }],
  "a load balancer's port has one listener": [
    "lb/listener:Listener",
    { loadBalancerArn: "arn:lb", port: 80 },
  ],
  "a listener's priority has one rule": [
    "lb/listenerRule:ListenerRule",
    { listenerArn: "arn:listener", priority: 1 },
  ],
  "a target group's name is unique": ["lb/targetGroup:TargetGroup", { name: "web" }],
  "a name has one record": ["route53/record:Record", { zoneId: "Z", name: "www.acme.dev", type: "A" }],
  "a launch template's name is unique": ["ec2/launchTemplate:LaunchTemplate", { name: "web" }],
  "a scaling group's name is unique": ["autoscaling/group:Group", { name: "web" }],
  "a name is unique in IAM: Role": ["iam/role:Role", { name: "web" }],
  "a name is unique in IAM: A policy": ["iam/policy:Policy", { name: "web" }],
  "a name is unique in IAM: Instance Profile": ["iam/instanceProfile:InstanceProfile", { name: "web" }],
  "an account has one identity provider for each address": [
    "iam/openIdConnectProvider:OpenIdConnectProvider",
    { url: "https://token.actions.githubusercontent.com" },
  ],
  "a bucket's name is unique": ["s3/bucket:Bucket", { bucket: "files" }],
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
  "a file system's token is unique": ["efs/fileSystem:FileSystem", { creationToken: "data" }],
  "a zone mounts a file system once": [
    "efs/mountTarget:MountTarget",
    { fileSystemId: "fs-a", subnetId: "subnet-a" },
  ],
  "a table's name is unique": ["dynamodb/table:Table", { name: "lease" }],
  "a database's identifier is unique": ["rds/instance:Instance", { identifier: "database" }],
  "a parameter group's name is unique: ParameterGroup": [
    "rds/parameterGroup:ParameterGroup",
    { name: "database" },
  ],
  "a parameter group's name is unique: ClusterParameterGroup": [
    "rds/clusterParameterGroup:ClusterParameterGroup",
    { name: "database" },
  ],
  "a subnet group's name is unique": ["rds/subnetGroup:SubnetGroup", { name: "database" }],
  "a function's name is unique": ["lambda/function:Function", { name: "mover" }],
  "a permission's name is unique": ["lambda/permission:Permission", { function: "mover", statementId: "a" }],
  "a function polls a source once": [
    "lambda/eventSourceMapping:EventSourceMapping",
    { functionName: "mover", eventSourceArn: "arn:aws:sqs:eu-west-1:123456789012:events" },
  ],
  "a queue's name is unique": ["sqs/queue:Queue", { name: "events" }],
  "a queue has one policy": ["sqs/queuePolicy:QueuePolicy", { queueUrl: "https://events" }],
  "a topic's name is unique": ["sns/topic:Topic", { name: "alarms" }],
  "a topic has one policy": ["sns/topicPolicy:TopicPolicy", { arn: "arn:alarms" }],
  "a rule's name is unique": ["cloudwatch/eventRule:EventRule", { name: "minute" }],
  "a target's name is unique": ["cloudwatch/eventTarget:EventTarget", { rule: "minute", targetId: "a" }],
  "a state machine's name is unique": ["sfn/stateMachine:StateMachine", { name: "projects" }],
  "an API's path has one resource": [
    "apigateway/resource:Resource",
    { restApi: "api", parentId: "root", pathPart: "projects" },
  ],
  "an API's resource has each method once": [
    "apigateway/method:Method",
    { restApi: "api", resourceId: "projects", httpMethod: "GET" },
  ],
  "a model's name is unique": ["apigateway/model:Model", { restApi: "api", name: "project" }],
  "an API has each stage once": ["apigateway/stage:Stage", { restApi: "api", stageName: "v1" }],
  "a log group's name is unique": ["cloudwatch/logGroup:LogGroup", { name: "web" }],
  "a log stream's name is unique": ["cloudwatch/logStream:LogStream", { logGroupName: "web", name: "a" }],
  "a metric filter's name is unique": [
    "cloudwatch/logMetricFilter:LogMetricFilter",
    { logGroupName: "web", name: "a" },
  ],
  "an alarm's name is unique": ["cloudwatch/metricAlarm:MetricAlarm", { name: "web-down" }],
  "a dashboard's name is unique": ["cloudwatch/dashboard:Dashboard", { dashboardName: "dev" }],
  "a trail's name is unique": ["cloudtrail/trail:Trail", { name: "audit" }],
  "a delivery stream's name is unique": [
    "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    { name: "log-export" },
  ],
  "a firewall's name is unique": ["wafv2/webAcl:WebAcl", { name: "firewall", scope: "REGIONAL" }],
  "a resource has one firewall": ["wafv2/webAclAssociation:WebAclAssociation", { resourceArn: "arn:lb" }],
  "a firewall has one log": [
    "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    { resourceArn: "arn:acl" },
  ],
  "a secret's name is unique": ["secretsmanager/secret:Secret", { name: "database" }],
  "a key alias is unique": ["kms/alias:Alias", { name: "alias/data" }],
  "a parameter's name is unique": ["ssm/parameter:Parameter", { name: "/groundwork/dev/a" }],
  "a document's name is unique": ["ssm/document:Document", { name: "restart" }],
  "a vault's name is unique": ["backup/vault:Vault", { name: "backups" }],
  "a user group's name is unique": ["cognito/userGroup:UserGroup", { userPoolId: "people", name: "admin" }],
  "a bucket is scanned once": [
    "guardduty/malwareProtectionPlan:MalwareProtectionPlan",
    { protectedResource: { s3Bucket: { bucketName: "files" } } },
  ],
  "a repository's name is unique": ["ecr/repository:Repository", { name: "web" }],
  "a build project's name is unique": ["codebuild/project:Project", { name: "test" }],
  "a pipeline's name is unique": ["codepipeline/pipeline:Pipeline", { name: "delivery" }],
  "an application's name is unique": ["codedeploy/application:Application", { name: "web" }],
  "a deployment group's name is unique": [
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
      return [
        `a name is unique in Image Builder: ${type}`,
        [`imagebuilder/${kind}:${type}`, { name: "web" }],
      ];
    }),
  ),
  "an account has one access analyzer": ["accessanalyzer/analyzer:Analyzer", { type: "ACCOUNT" }],
  "a budget's name is unique": ["budgets/budget:Budget", { name: "budget" }],
};
