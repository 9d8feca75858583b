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
  "asks for no roll-back of instances whose image AWS looks up": {
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
      "aws:autoscaling/group:Group bad asks for a roll-back of its instances, and its template's image is resolve:ssm",
    ],
  },
  "listens once at each port of a load balancer": {
    program: () => {
      for (const name of ["one", "two"])
        new aws.lb.Listener(name, {
          loadBalancerArn: "lb",
          port: 80,
          protocol: "HTTP",
          defaultActions: [{ type: "forward", targetGroupArn: "targets" }],
        });
    },
    problems: ["aws:lb/listener:Listener two is the second one at port 80"],
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
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule bad opens sg, which is no load balancer's, to the internet",
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
  "joins no two of its VPCs": {
    program: () => {
      const [one, other] = ["one", "other"].map(
        (name) => new aws.ec2.Vpc(name, { cidrBlock: "10.0.0.0/16" }),
      );
      new aws.ec2.VpcPeeringConnection("bad", { vpcId: one!.id, peerVpcId: other!.id });
    },
    problems: ["aws:ec2/vpcPeeringConnection:VpcPeeringConnection bad joins one-id and other-id"],
  },
  "hands out public addresses by no subnet": {
    program: () => new aws.ec2.Subnet("bad", { vpcId: "vpc", mapPublicIpOnLaunch: true }),
    problems: ["aws:ec2/subnet:Subnet bad gives a public address to whatever starts in it"],
  },
  "gives instance metadata for session tokens only": {
    program: template,
    problems: ["aws:ec2/launchTemplate:LaunchTemplate bad takes metadata requests without a token"],
  },
  "starts groups from a numbered version of a launch template": {
    program: scaling,
    problems: ["aws:autoscaling/group:Group bad does not see when its launch template changes"],
  },
  "renews a group's instances when their template changes": {
    program: scaling,
    problems: ["aws:autoscaling/group:Group bad keeps old instances: it has no instance refresh"],
  },
  "uses no launch configuration, which AWS has closed": {
    program: () => new aws.ec2.LaunchConfiguration("bad", { imageId: "ami", instanceType: "t4g.nano" }),
    problems: ["aws:ec2/launchConfiguration:LaunchConfiguration bad"],
  },
  "speaks TLS 1.2 or newer at each HTTPS listener": {
    program: () => listener("HTTPS"),
    problems: ["aws:lb/listener:Listener bad-HTTPS speaks AWS's oldest policy"],
  },
  "sends plain HTTP on to HTTPS where there is HTTPS": {
    program: () => [listener("HTTPS"), listener("HTTP")],
    problems: ["aws:lb/listener:Listener bad-HTTP answers in plain HTTP"],
  },
  "encrypts whatever holds data": {
    program: template,
    problems: ["aws:ec2/launchTemplate:LaunchTemplate bad is not encrypted"],
  },
  "turns each KMS key over by itself": {
    program: () => new aws.kms.Key("bad", {}),
    problems: ["aws:kms/key:Key bad keeps its material for ever"],
  },
  "blocks the public from each bucket": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad is not closed to the public"],
  },
  "gives no bucket access lists": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad still takes access lists"],
  },
  "keeps versions in each bucket": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad keeps no versions"],
  },
  "encrypts each bucket": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad says nothing of encryption"],
  },
  "clears half-done uploads out of each bucket": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad keeps, and pays for, half-done uploads"],
  },
  "lets nobody reach a bucket without TLS": {
    program: bucket,
    problems: ["aws:s3/bucket:Bucket bad can be reached in plain HTTP"],
  },
  "keeps whatever holds data where the stack says so, and only there": {
    program: () => new aws.s3.Bucket("bad", { forceDestroy: true }),
    problems: [
      "aws:s3/bucket:Bucket bad has forceDestroy true where false is due",
      "aws:s3/bucket:Bucket bad has protect false where true is due",
    ],
  },
  "writes down what happens wherever AWS does so only on request": {
    program: code,
    problems: ["aws:lambda/function:Function bad keeps no log"],
  },
  "keeps each log for a known time": {
    program: () => new aws.cloudwatch.LogGroup("bad", {}),
    problems: ["aws:cloudwatch/logGroup:LogGroup bad keeps its log for ever"],
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
  "gives each function its time and memory": {
    program: code,
    problems: ["aws:lambda/function:Function bad runs with AWS's own limits"],
  },
  "looks only at figures that somebody measures": {
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
      "aws:cloudwatch/metricAlarm:MetricAlarm bad looks at the FunctionName mover, which the stack does not have",
    ],
  },
};
