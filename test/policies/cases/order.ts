import type { Declared } from "../../../policies/declared";
import { allows, Case, Cases, made, named, refuses } from "./case";

const ROLE = named("role", "aws:iam/role:Role");
const POLICY = named("policy", "aws:iam/rolePolicy:RolePolicy", { role: "role-id" });
const ATTACHED = named("attached", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "role-id" });
const FUNCTION = named("function", "aws:lambda/function:Function", { role: "role-id" });
const label = ({ type, name }: Declared) => `${type} ${name}`;
const needing = (resource: Declared, ...needs: Declared[]) => ({ ...resource, needs: needs.map(label) });

/** The same resources in two orders. */
const waits = (title: string, resource: Declared, wanted: Declared[], ...others: Declared[]): Case[] => [
  refuses(
    `${title} that does not wait`,
    [resource, ...wanted, ...others],
    `does not wait for ${wanted.map(label).join(", ")}`,
  ),
  allows(`${title} that waits`, needing(resource, ...wanted), ...wanted, ...others),
];

const tried: [string, string, object, ...Declared[]][] = [
  ["an account's log", "aws:apigateway/account:Account", { cloudwatchRoleArn: "role-id" }],
  ["a trail", "aws:cloudtrail/trail:Trail", { cloudWatchLogsRoleArn: "role-id" }],
  ["a subscription", "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", { roleArn: "role-id" }],
  ["a build in a VPC", "aws:codebuild/project:Project", { vpcConfig: {}, serviceRole: "role-id" }],
  ["a deployment group", "aws:codedeploy/deploymentGroup:DeploymentGroup", { serviceRoleArn: "role-id" }],
  ["a scan", "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan", { role: "role-id" }],
  [
    "a queue's reader",
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    { functionName: "function-id" },
    FUNCTION,
  ],
  ["a function in a VPC", "aws:lambda/function:Function", { vpcConfig: {}, role: "role-id" }],
  ["one with a dead letter queue", "aws:lambda/function:Function", { deadLetterConfig: {}, role: "role-id" }],
  ["a watched database", "aws:rds/instance:Instance", { monitoringRoleArn: "role-id" }],
  [
    "a state machine that logs",
    "aws:sfn/stateMachine:StateMachine",
    { loggingConfiguration: {}, roleArn: "role-id" },
  ],
];

const BUCKET = named("bucket", "aws:s3/bucket:Bucket");
const BUCKET_POLICY = named("writers", "aws:s3/bucketPolicy:BucketPolicy", { bucket: "bucket-id" });

const permission = (name: string, principal: string) =>
  named(name, "aws:lambda/permission:Permission", { function: "function-id", principal });
const QUEUE = named("queue", "aws:sqs/queue:Queue");
const QUEUE_POLICY = named("senders", "aws:sqs/queuePolicy:QueuePolicy", { queueUrl: "queue-id" });
const TOPIC = named("topic", "aws:sns/topic:Topic");
const TOPIC_POLICY = named("publishers", "aws:sns/topicPolicy:TopicPolicy", { arn: "topic-id" });
const notice = (inputs: object) => made("aws:s3/bucketNotification:BucketNotification", inputs);

const SUBNET = named("subnet", "aws:ec2/subnet:Subnet", { vpcId: "vpc" });
const PLACE = named("place", "aws:ec2/routeTableAssociation:RouteTableAssociation", {
  subnetId: "subnet-id",
  routeTableId: "table",
});
const ROUTE = named("route", "aws:ec2/route:Route", { routeTableId: "table" });
const GATEWAY = named("gateway", "aws:ec2/internetGateway:InternetGateway", { vpcId: "vpc" });
const OUT = [PLACE, ROUTE, GATEWAY];
const BALANCER = made("aws:lb/loadBalancer:LoadBalancer", { subnets: ["subnet-id"] });

const rule = (way: "Egress" | "Ingress", inputs: object) =>
  named(way, `aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`, inputs);
const OPENS = [
  rule("Egress", { securityGroupId: "group" }),
  rule("Ingress", { referencedSecurityGroupId: "group", securityGroupId: "other" }),
];
const TEMPLATE = named("template", "aws:ec2/launchTemplate:LaunchTemplate", {
  networkInterfaces: [{ securityGroups: ["another", "group"] }],
});
const LISTED = named("listed", "aws:ec2/launchTemplate:LaunchTemplate", { vpcSecurityGroupIds: ["group"] });
const INSIDE = named("function", "aws:lambda/function:Function", {
  vpcConfig: { securityGroupIds: ["group"] },
});
const startedFrom = (id: string) => made("aws:autoscaling/group:Group", { launchTemplate: { id } });
const called = made("aws:lambda/invocation:Invocation", { functionName: "function-id" });

const METHOD = named("get", "aws:apigateway/method:Method", { restApi: "api" });
const INTEGRATION = named("get", "aws:apigateway/integration:Integration", { restApi: "api" });
const CERTIFICATE = named("certificate", "aws:acm/certificate:Certificate");
const ISSUED = named("issued", "aws:acm/certificateValidation:CertificateValidation", {
  certificateArn: "certificate-id",
});

export const orderCases: Cases = {
  "gives a role its permissions before AWS tries them": [
    ...tried.flatMap(([title, type, inputs, ...others]) =>
      waits(title, made(type, inputs), [POLICY], ROLE, ...others),
    ),
    ...waits("a role with a policy of AWS's", made(tried[1]![1], tried[1]![2]), [POLICY, ATTACHED], ROLE),
    allows("a function that nobody tries", FUNCTION, ROLE, POLICY),
    allows("a role of another stack", made(tried[1]![1], { cloudWatchLogsRoleArn: "arn:other" }), POLICY),
    allows(
      "one that waits by another one",
      needing(made(tried[1]![1], tried[1]![2]), BUCKET),
      needing(BUCKET, POLICY),
      ROLE,
      POLICY,
    ),
    allows(
      "what needs each other, which no engine makes",
      needing(made(tried[1]![1], tried[1]![2]), needing(BUCKET), POLICY),
      needing(BUCKET, POLICY),
      needing(POLICY, BUCKET),
      ROLE,
    ),
  ],
  "lets AWS write to a bucket before it tries to": [
    ...waits(
      "a trail",
      made("aws:cloudtrail/trail:Trail", { s3BucketName: "bucket-id" }),
      [BUCKET_POLICY],
      BUCKET,
    ),
    ...waits(
      "a load balancer",
      made("aws:lb/loadBalancer:LoadBalancer", { accessLogs: { bucket: "bucket-id" } }),
      [BUCKET_POLICY],
      BUCKET,
    ),
    allows("one that writes no log", made("aws:lb/loadBalancer:LoadBalancer"), BUCKET, BUCKET_POLICY),
  ],
  "lets S3 send a bucket's events before it is told to": [
    ...waits(
      "a call of a function",
      notice({ lambdaFunctions: [{ lambdaFunctionArn: "function-id" }] }),
      [permission("s3", "s3.amazonaws.com")],
      FUNCTION,
      permission("api", "apigateway.amazonaws.com"),
    ),
    ...waits("a message to a queue", notice({ queues: [{ queueArn: "queue-id" }] }), [QUEUE_POLICY], QUEUE),
    ...waits("a word to a topic", notice({ topics: [{ topicArn: "topic-id" }] }), [TOPIC_POLICY], TOPIC),
    allows("events for EventBridge", notice({ eventbridge: true }), QUEUE, QUEUE_POLICY),
  ],
  "opens a network's way out before anything that needs it starts": [
    ...waits("a load balancer", BALANCER, OUT, SUBNET),
    ...waits(
      "servers",
      made("aws:autoscaling/group:Group", { vpcZoneIdentifiers: ["subnet-id"] }),
      OUT,
      SUBNET,
    ),
    ...waits("a NAT gateway", made("aws:ec2/natGateway:NatGateway", { subnetId: "subnet-id" }), OUT, SUBNET),
    ...waits("a machine", made("aws:ec2/instance:Instance", { subnetId: "subnet-id" }), OUT, SUBNET),
    allows(
      "a load balancer inside",
      { ...BALANCER, inputs: { ...BALANCER.inputs, internal: true } },
      SUBNET,
      ...OUT,
    ),
    allows("a subnet of another stack", made("aws:ec2/instance:Instance", { subnetId: "subnet-1" }), ...OUT),
  ],
  "opens security groups before anything that sends through them starts": [
    ...waits("a machine", made("aws:ec2/instance:Instance", { vpcSecurityGroupIds: ["group"] }), OPENS),
    ...waits("servers", startedFrom("template-id"), OPENS, TEMPLATE),
    ...waits("servers of a plain template", startedFrom("listed-id"), OPENS, LISTED),
    ...waits("a call of a function in a VPC", called, OPENS, INSIDE),
    allows("a call of one outside", called, FUNCTION, ...OPENS),
    allows(
      "a machine of another group",
      made("aws:ec2/instance:Instance", { vpcSecurityGroupIds: ["b"] }),
      ...OPENS,
    ),
    allows(
      "a bastion, by which people reach others later",
      made("aws:ec2/instance:Instance", { vpcSecurityGroupIds: ["group"] }),
      rule("Ingress", { referencedSecurityGroupId: "group", fromPort: 22 }),
    ),
    allows(
      "what others may ask of it",
      made("aws:ec2/instance:Instance", { vpcSecurityGroupIds: ["group"] }),
      rule("Ingress", { securityGroupId: "group", referencedSecurityGroupId: "other" }),
      rule("Egress", { securityGroupId: "other", referencedSecurityGroupId: "group" }),
    ),
  ],
  "publishes an API only once its methods exist": [
    ...waits("an API", made("aws:apigateway/deployment:Deployment", { restApi: "api" }), [
      METHOD,
      INTEGRATION,
    ]),
    allows("another API", made("aws:apigateway/deployment:Deployment", { restApi: "other" }), METHOD),
  ],
  "uses a certificate only once it is issued": [
    ...waits(
      "a listener",
      made("aws:lb/listener:Listener", { certificateArn: "certificate-id" }),
      [ISSUED],
      CERTIFICATE,
    ),
    allows("one without a certificate", made("aws:lb/listener:Listener"), CERTIFICATE, ISSUED),
  ],
};
