import * as aws from "@pulumi/aws";
import type { Violation } from "./violation";

const roleWithPolicy = () => {
  const role = new aws.iam.Role("bad", { assumeRolePolicy: "{}" });
  new aws.iam.RolePolicy("bad", { role: role.name, policy: "{}" });
  return role;
};

/** Of the rules about what must be there before: each program leaves it to chance. */
export const ORDER_VIOLATIONS: Record<string, Violation> = {
  "lets a role do its work before AWS tries it": {
    program: () =>
      new aws.guardduty.MalwareProtectionPlan("bad", {
        role: roleWithPolicy().arn,
        protectedResource: { s3Bucket: { bucketName: "bucket" } },
      }),
    problems: [
      "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan bad does not wait for aws:iam/rolePolicy:RolePolicy bad",
    ],
  },
  "lets AWS write into a bucket before it tries": {
    program: () => {
      const bucket = new aws.s3.Bucket("bad");
      new aws.s3.BucketPolicy("bad", { bucket: bucket.id, policy: "{}" });
      new aws.cloudtrail.Trail("bad", { s3BucketName: bucket.id });
    },
    problems: ["aws:cloudtrail/trail:Trail bad does not wait for aws:s3/bucketPolicy:BucketPolicy bad"],
  },
  "lets S3 tell of a bucket's events before it is asked to": {
    program: () => {
      const queue = new aws.sqs.Queue("bad");
      new aws.sqs.QueuePolicy("bad", { queueUrl: queue.id, policy: "{}" });
      new aws.s3.BucketNotification("bad", {
        bucket: "bucket",
        queues: [{ queueArn: queue.arn, events: ["s3:ObjectCreated:*"] }],
      });
    },
    problems: [
      "aws:s3/bucketNotification:BucketNotification bad does not wait for aws:sqs/queuePolicy:QueuePolicy bad",
    ],
  },
  "leads a network out before what stands in it": {
    program: () => {
      const subnet = new aws.ec2.Subnet("bad", { vpcId: "vpc" });
      new aws.ec2.InternetGateway("bad", { vpcId: "vpc" });
      new aws.lb.LoadBalancer("bad", { subnets: [subnet.id] });
    },
    problems: [
      "aws:lb/loadBalancer:LoadBalancer bad does not wait for aws:ec2/internetGateway:InternetGateway bad",
    ],
  },
  "lets packets through before what sends them starts": {
    program: () => {
      const group = new aws.ec2.SecurityGroup("bad", { vpcId: "vpc" });
      new aws.vpc.SecurityGroupEgressRule("bad", {
        securityGroupId: group.id,
        ipProtocol: "-1",
        cidrIpv4: "0.0.0.0/0",
      });
      new aws.ec2.Instance("bad", { vpcSecurityGroupIds: [group.id] });
    },
    problems: [
      "aws:ec2/instance:Instance bad does not wait for aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule bad",
    ],
  },
  "publishes an API when its methods are there": {
    program: () => {
      new aws.apigateway.Method("bad", {
        restApi: "api",
        resourceId: "/",
        httpMethod: "GET",
        authorization: "NONE",
      });
      new aws.apigateway.Deployment("bad", { restApi: "api" });
    },
    problems: ["aws:apigateway/deployment:Deployment bad does not wait for aws:apigateway/method:Method bad"],
  },
  "serves by a certificate when it is issued": {
    program: () => {
      const certificate = new aws.acm.Certificate("bad", { domainName: "example.org" });
      new aws.acm.CertificateValidation("bad", { certificateArn: certificate.arn });
      new aws.lb.Listener("bad", {
        loadBalancerArn: "lb",
        certificateArn: certificate.arn,
        defaultActions: [{ type: "forward" }],
      });
    },
    problems: [
      "aws:lb/listener:Listener bad does not wait for aws:acm/certificateValidation:CertificateValidation bad",
    ],
  },
};
