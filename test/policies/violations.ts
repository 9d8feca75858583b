import * as aws from "@pulumi/aws";
import type { Violation } from "./violation";
import { AWS_VIOLATIONS } from "./violations-aws";
import { ACCOUNT_VIOLATIONS } from "./violations-of-account";
import { IAM_VIOLATIONS } from "./violations-iam";
import { ORDER_VIOLATIONS } from "./violations-order";
import { DELIVERY_VIOLATIONS } from "./violations-delivery";
import { PEOPLE_VIOLATIONS } from "./violations-people";
import { limitViolations } from "./violations-limits";

const group = (args: Partial<aws.ec2.SecurityGroupArgs> = {}) =>
  new aws.ec2.SecurityGroup("bad", { vpcId: "vpc", description: "Bad", ...args });
const opening = (args: Partial<aws.vpc.SecurityGroupIngressRuleArgs>) =>
  new aws.vpc.SecurityGroupIngressRule("bad", {
    securityGroupId: "sg",
    description: "Bad",
    ipProtocol: "tcp",
    cidrIpv4: "0.0.0.0/0",
    ...args,
  });
const bucket = () => new aws.s3.Bucket("bad", {});
const vpc = () => new aws.ec2.Vpc("bad", { cidrBlock: "10.0.0.0/16" });
const template = () => new aws.ec2.LaunchTemplate("bad", {});
const scaling = () =>
  new aws.autoscaling.Group("bad", { minSize: 1, maxSize: 1, launchTemplate: { version: "$Latest" } });
const listener = (protocol: string) =>
  new aws.lb.Listener(`bad-${protocol}`, {
    loadBalancerArn: "lb",
    protocol,
    defaultActions: [{ type: "forward", targetGroupArn: "targets" }],
  });
const code = (name = "bad") =>
  new aws.lambda.Function(name, {
    role: "bad",
    runtime: "nodejs18.x",
    handler: "index.handler",
    packageType: "Zip",
    s3Bucket: "bucket",
    s3Key: "key",
  });

/** For each rule one program that breaks it. */
export const VIOLATIONS: Record<string, Violation> = {
  ...ACCOUNT_VIOLATIONS,
  ...IAM_VIOLATIONS,
  ...ORDER_VIOLATIONS,
  ...AWS_VIOLATIONS,
  ...limitViolations,
  "asks for no rollback of instances whose image AWS resolves": {
    program: () => {
      const { id } = new aws.ec2.LaunchTemplate("bad", { imageId: "resolve:ssm:/image" });
      new aws.autoscaling.Group("bad", {
        minSize: 1,
        maxSize: 1,
        launchTemplate: { id, version: "1" },
        instanceRefresh: { strategy: "Rolling", preferences: { autoRollback: true } },
      });
    },
    problems: [
      "aws:autoscaling/group:Group bad asks for a rollback of its instances, but its template's image is resolve:ssm",
    ],
  },
  "has one listener for each port of a load balancer": {
    program: () => {
      for (const name of ["one", "two"])
        new aws.lb.Listener(name, {
          loadBalancerArn: "lb",
          port: 80,
          protocol: "HTTP",
          defaultActions: [{ type: "forward", targetGroupArn: "targets" }],
        });
    },
    problems: ["aws:lb/listener:Listener two is the second listener at port 80"],
  },
  ...PEOPLE_VIOLATIONS,
  ...DELIVERY_VIOLATIONS,
  "opens no administration port to the internet": {
    program: () => opening({ fromPort: 20, toPort: 25, cidrIpv4: "0.0.0.0/1" }),
    problems: [
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule bad lets the internet administer instances",
    ],
  },
  "lets the internet reach nothing but load balancers": {
    program: () => opening({ fromPort: 8080, toPort: 8080 }),
    problems: [
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule bad opens sg, which does not belong to a load balancer, to the internet",
    ],
  },
  "says why each security group and each rule is there": {
    program: () => opening({ description: "" }),
    problems: ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule bad has no description"],
  },
  "keeps each rule of a security group as a resource of its own": {
    program: () =>
      group({ ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/16"] }] }),
    problems: ["aws:ec2/securityGroup:SecurityGroup bad holds rules itself"],
  },
  "closes the default security group of each VPC": {
    program: vpc,
    problems: ["aws:ec2/vpc:Vpc bad leaves its default security group open"],
  },
  "logs the flows of each VPC": {
    program: vpc,
    problems: ["aws:ec2/vpc:Vpc bad has no flow log of all traffic"],
  },
  "connects no two of its VPCs": {
    program: () => {
      const [one, other] = ["one", "other"].map(
        (name) => new aws.ec2.Vpc(name, { cidrBlock: "10.0.0.0/16" }),
      );
      new aws.ec2.VpcPeeringConnection("bad", { vpcId: one!.id, peerVpcId: other!.id });
    },
    problems: ["aws:ec2/vpcPeeringConnection:VpcPeeringConnection bad connects one-id and other-id"],
  },
  "lets no subnet assign public addresses": {
    program: () => new aws.ec2.Subnet("bad", { vpcId: "vpc", mapPublicIpOnLaunch: true }),
    problems: ["aws:ec2/subnet:Subnet bad assigns a public address to whatever starts in it"],
  },
  "requires a session token for instance metadata": {
    program: template,
    problems: ["aws:ec2/launchTemplate:LaunchTemplate bad accepts metadata requests without a token"],
  },
  "starts groups from a numbered version of a launch template": {
    program: scaling,
    problems: ["aws:autoscaling/group:Group bad does not notice when its launch template changes"],
  },
  "replaces a group's instances when their template changes": {
    program: scaling,
    problems: ["aws:autoscaling/group:Group bad keeps old instances, because it has no instance refresh"],
  },
  "uses no launch configuration, which AWS has closed": {
    program: () => new aws.ec2.LaunchConfiguration("bad", { imageId: "ami", instanceType: "t4g.nano" }),
    problems: ["aws:ec2/launchConfiguration:LaunchConfiguration bad"],
  },
  "requires TLS 1.2 or newer at each HTTPS listener": {
    program: () => listener("HTTPS"),
    problems: ["aws:lb/listener:Listener bad-HTTPS speaks AWS's oldest policy"],
  },
  "redirects plain HTTP to HTTPS where there is HTTPS": {
    program: () => [listener("HTTPS"), listener("HTTP")],
    problems: ["aws:lb/listener:Listener bad-HTTP answers over plain HTTP"],
  },
  "encrypts whatever holds data": {
    program: template,
    problems: ["aws:ec2/launchTemplate:LaunchTemplate bad is not encrypted"],
  },
  "rotates each KMS key automatically": {
    program: () => new aws.kms.Key("bad", {}),
    problems: ["aws:kms/key:Key bad never rotates its key material"],
  },
  "blocks public access to each bucket": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad does not block public access"],
  },
  "uses no access control lists on buckets": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad still accepts access control lists"],
  },
  "keeps versions in each bucket": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad keeps no versions"],
  },
  "encrypts each bucket": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad sets no encryption"],
  },
  "removes incomplete uploads from each bucket": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad keeps incomplete uploads, which cost money"],
  },
  "lets nobody reach a bucket without TLS": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad can be reached by plain HTTP"],
  },
  "protects what holds data in a stack that keeps its data, and only there": {
    program: () => new aws.s3.Bucket("bad", { forceDestroy: true }),
    problems: [
      "aws:s3/bucket:Bucket bad has forceDestroy true where false is required",
      "aws:s3/bucket:Bucket bad has protect false where true is required",
    ],
  },
  "turns on logs wherever AWS writes them only on request": {
    program: code,
    problems: ["aws:lambda/function:Function bad keeps no log"],
  },
  "sets how long each log is kept": {
    program: () => new aws.cloudwatch.LogGroup("bad", {}),
    problems: ["aws:cloudwatch/logGroup:LogGroup bad keeps its log forever"],
  },
  "sets no physical name": {
    program: () => new aws.sqs.Queue("bad", { name: "mine" }),
    problems: ['aws:sqs/queue:Queue bad sets name to "mine"'],
  },
  "runs each function on Node 22 and arm64": {
    program: code,
    problems: ["aws:lambda/function:Function bad runs on nodejs18.x and x86_64"],
  },
  "gives each function a JSON log of its own": {
    program: code,
    problems: ["aws:lambda/function:Function bad has no JSON log of its own"],
  },
  "gives each function a role of its own": {
    program: () => [code("bad"), code("worse")],
    problems: [
      "aws:lambda/function:Function bad shares its role with 1 other",
      "aws:lambda/function:Function worse shares its role with 1 other",
    ],
  },
  "sets each function's timeout and memory": {
    program: code,
    problems: ["aws:lambda/function:Function bad sets no timeout or no memory"],
  },
  "watches only metrics that something reports": {
    program: () =>
      new aws.cloudwatch.MetricAlarm("bad", {
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: "mover" },
        statistic: "Sum",
        period: 60,
        comparisonOperator: "GreaterThanThreshold",
        evaluationPeriods: 1,
      }),
    problems: [
      "aws:cloudwatch/metricAlarm:MetricAlarm bad watches the FunctionName mover, which the stack does not have",
    ],
  },
};
