import * as aws from "@pulumi/aws";
import type { Violation } from "./violation";

const roleWithPolicy = () => {
  const role = new aws.iam.Role("bad", { assumeRolePolicy: "{}" });
  new aws.iam.RolePolicy("bad", { role: role.name, policy: "{}" });
  return role;
};

/** Of the rules about what must be there before: each program leaves it to chance. */
export const ORDER_VIOLATIONS: Record<string, Violation> = {
  "gives a role its permissions before AWS tries them": {
    program: () =>
      new aws.guardduty.MalwareProtectionPlan("bad", {
        role: roleWithPolicy().arn,
        protectedResource: { s3Bucket: { bucketName: "bucket" } },
      }),
    problems: [
      "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan bad does not wait for aws:iam/rolePolicy:RolePolicy bad",
    ],
  },
  "lets AWS write to a bucket before it tries to": {
    program: () => {
      const bucket = new aws.s3.Bucket("bad");
      new aws.s3.BucketPolicy("bad", { bucket: bucket.id, policy: "{}" });
      new aws.cloudtrail.Trail("bad", { s3BucketName: bucket.id });
    },
    problems: ["aws:cloudtrail/trail:Trail bad does not wait for aws:s3/bucketPolicy:BucketPolicy bad"],
  },
  "lets S3 send a bucket's events before it is told to": {
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
  "opens a network's way out before anything that needs it starts": {
    program: () => {
      const subnet = new aws.ec2.Subnet("bad", { vpcId: "vpc" });
      new aws.ec2.InternetGateway("bad", { vpcId: "vpc" });
      new aws.lb.LoadBalancer("bad", { subnets: [subnet.id] });
    },
    problems: [
      "aws:lb/loadBalancer:LoadBalancer bad does not wait for aws:ec2/internetGateway:InternetGateway bad",
    ],
  },
  "opens security groups before anything that sends through them starts": {
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
  "publishes an API only once its methods exist": {
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
  "uses a certificate only once it is issued": {
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
