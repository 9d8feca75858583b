import type { Inputs } from "../account/rule";

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
  "an account analyzes its access once": ["accessanalyzer/analyzer:Analyzer", { type: "ACCOUNT" }],
  "a budget has a name": ["budgets/budget:Budget", { name: "budget" }],
};
