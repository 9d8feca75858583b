import * as aws from "@pulumi/aws";
import type { Violation } from "./violation";

const group = (args: Partial<aws.autoscaling.GroupArgs>) =>
  new aws.autoscaling.Group("bad", { minSize: 1, maxSize: 1, launchTemplate: { version: "1" }, ...args });
const route = (name: string) =>
  new aws.ec2.Route(name, { routeTableId: "table", destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw" });
const opening = (name: string, args: Partial<aws.vpc.SecurityGroupIngressRuleArgs> = {}) =>
  new aws.vpc.SecurityGroupIngressRule(name, {
    securityGroupId: "sg",
    description: "Bad",
    ipProtocol: "tcp",
    fromPort: 80,
    toPort: 80,
    cidrIpv4: "10.0.0.0/8",
    ...args,
  });
const listener = (args: Partial<aws.lb.ListenerArgs>) =>
  new aws.lb.Listener("bad", { loadBalancerArn: "lb", defaultActions: [{ type: "forward" }], ...args });
const serviceRole = (service: string) =>
  new aws.iam.Role("bad", {
    assumeRolePolicy: JSON.stringify({
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
    }),
  });
const allowed = (role: aws.iam.Role, ...actions: string[]) =>
  new aws.iam.RolePolicy("bad", {
    role: role.name,
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] }),
  });

/** A place where images are baked, on a machine that may do this. */
function baking(instanceType: string, ...actions: string[]) {
  const role = serviceRole("ec2.amazonaws.com");
  allowed(role, "imagebuilder:GetComponent", ...actions);
  const { name } = new aws.iam.InstanceProfile("bad", { role: role.name });
  return new aws.imagebuilder.InfrastructureConfiguration("bad", {
    instanceProfileName: name,
    instanceTypes: [instanceType],
  });
}
const pipeline = (args: Partial<aws.imagebuilder.ImagePipelineArgs>) =>
  new aws.imagebuilder.ImagePipeline("bad", { infrastructureConfigurationArn: "place", ...args });
const PIPELINE = "aws:imagebuilder/imagePipeline:ImagePipeline bad";

/** For each rule of AWS's one program that breaks it. */
export const AWS_VIOLATIONS: Record<string, Violation> = {
  "gives flow logs the permissions that AWS requires": {
    program: () => {
      const role = serviceRole("vpc-flow-logs.amazonaws.com");
      allowed(role, "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams");
      new aws.ec2.FlowLog("bad", { vpcId: "vpc", trafficType: "ALL", iamRoleArn: role.arn });
    },
    problems: [
      "aws:ec2/flowLog:FlowLog bad writes with a role that lacks logs:CreateLogGroup, logs:DescribeLogGroups",
    ],
  },
  "replaces an instance when its user data changes": {
    program: () => new aws.ec2.Instance("bad", { userData: "#!/bin/sh" }),
    problems: [
      "aws:ec2/instance:Instance bad would only be stopped and started when its user data changes, but reads it at its first boot alone",
    ],
  },
  "gives each route exactly one target": {
    program: () => new aws.ec2.Route("bad", { routeTableId: "table", gatewayId: "a", natGatewayId: "b" }),
    problems: ["aws:ec2/route:Route bad leads to gatewayId and natGatewayId, where AWS requires one target"],
  },
  "has one route to each destination in a route table": {
    program: () => [route("one"), route("two")],
    problems: ["aws:ec2/route:Route two is the second route to its destination"],
  },
  "associates each Elastic IP address once": {
    program: () =>
      ["one", "two"].map((name) => new aws.ec2.NatGateway(name, { subnetId: "a", allocationId: "address" })),
    problems: ["aws:ec2/natGateway:NatGateway two uses an address that is in use already"],
  },
  "gives each security group rule exactly one source or destination": {
    program: () => opening("bad", { referencedSecurityGroupId: "sg-2" }),
    problems: [
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule bad names cidrIpv4 and referencedSecurityGroupId, where AWS requires one",
    ],
  },
  "gives ports to the protocols that have them, and to no other": {
    program: () => opening("bad", { ipProtocol: "-1" }),
    problems: ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule bad gives ports to every protocol"],
  },
  "declares each security group rule once": {
    program: () => [opening("one"), opening("two")],
    problems: ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule two repeats another rule"],
  },
  "gives each VPC endpoint only what its type accepts": {
    program: () => new aws.ec2.VpcEndpoint("bad", { vpcId: "vpc", subnetIds: ["a"] }),
    problems: ["aws:ec2/vpcEndpoint:VpcEndpoint bad is of the type Gateway, which accepts no subnetIds"],
  },
  "keeps old servers until new ones are healthy at the load balancer": {
    program: () => group({ targetGroupArns: ["targets"], healthCheckType: "ELB" }),
    problems: ["aws:autoscaling/group:Group bad removes old servers before new ones are healthy"],
  },
  "configures instance refreshes as AWS accepts them": {
    program: () =>
      group({ instanceRefresh: { strategy: "Rolling", preferences: { maxHealthyPercentage: 150 } } }),
    problems: [
      "aws:autoscaling/group:Group bad gives a refresh a maxHealthyPercentage without a minHealthyPercentage",
    ],
  },
  "gives a certificate to each TLS listener, and to no other": {
    program: () => listener({ protocol: "HTTPS" }),
    problems: ["aws:lb/listener:Listener bad listens for HTTPS without a certificate"],
  },
  "uses certificates of its own region": {
    program: () => {
      const { arn } = new aws.lb.LoadBalancer("bad", { subnets: ["a", "b"] });
      listener({
        loadBalancerArn: arn,
        protocol: "HTTPS",
        certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
      });
    },
    problems: ["aws:lb/listener:Listener bad serves in eu-west-1 with a certificate of us-east-1"],
  },
  "ends each health check before the next one begins": {
    program: () => new aws.lb.TargetGroup("bad", { healthCheck: { interval: 5, timeout: 5 } }),
    problems: ["aws:lb/targetGroup:TargetGroup bad waits 5 s for an answer, but checks every 5 s"],
  },
  "puts each application load balancer into at least two zones": {
    program: () => new aws.lb.LoadBalancer("bad", { subnets: ["a"] }),
    problems: ["aws:lb/loadBalancer:LoadBalancer bad is in one subnet only"],
  },
  "names a launch template's security groups in one place": {
    program: () =>
      new aws.ec2.LaunchTemplate("bad", {
        networkInterfaces: [{ securityGroups: ["a"] }],
        vpcSecurityGroupIds: ["b"],
      }),
    problems: [
      "aws:ec2/launchTemplate:LaunchTemplate bad names security groups in addition to those of its network interfaces",
    ],
  },
  "starts instances from images of their own architecture": {
    program: () =>
      new aws.ec2.LaunchTemplate("bad", { imageId: "resolve:ssm:/al2023-arm64", instanceType: "t3.small" }),
    problems: ["aws:ec2/launchTemplate:LaunchTemplate bad starts a t3.small from an image for arm64"],
  },
  "writes access logs to a bucket that accepts them": {
    program: () => {
      new aws.s3.BucketPolicy("bad", { bucket: "logs", policy: JSON.stringify({ Statement: [] }) });
      new aws.lb.LoadBalancer("bad", {
        subnets: ["a", "b"],
        accessLogs: { enabled: true, bucket: "logs" },
      });
    },
    problems: [
      "aws:lb/loadBalancer:LoadBalancer bad logs to a bucket to which logdelivery.elasticloadbalancing.amazonaws.com may not write",
    ],
  },
  "gives build instances the permissions that Image Builder requires": {
    program: () =>
      baking(
        "t4g.small",
        ...["s3:GetObject", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        ...[
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
        ],
        ...["ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel", "ec2messages:GetMessages"],
        ...["ec2messages:AcknowledgeMessage", "ec2messages:SendReply", "ec2messages:GetEndpoint"],
      ),
    problems: [
      "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration bad has a role that lacks ec2messages:DeleteMessage, ec2messages:FailMessage",
    ],
  },
  "collects image metadata only with a role that may take inventories": {
    program: () => pipeline({ infrastructureConfigurationArn: baking("t4g.small").arn }),
    problems: [
      `${PIPELINE} collects metadata with a role that lacks ssm:DescribeAssociation, ssm:GetDocument, ssm:ListAssociations, ssm:ListInstanceAssociations, ssm:PutInventory, ssm:UpdateAssociationStatus, ssm:UpdateInstanceAssociationStatus`,
    ],
  },
  "logs image builds where Image Builder may write": {
    program: () => pipeline({ loggingConfiguration: { imageLogGroupName: "/ours" } }),
    problems: [`${PIPELINE} logs to /ours, but has no executionRole`],
  },
  "publishes machine images where Image Builder may write": {
    program: () =>
      new aws.imagebuilder.DistributionConfiguration("bad", {
        distributions: [{ region: "eu-west-1", ssmParameterConfigurations: [{ parameterName: "/ours" }] }],
      }),
    problems: [
      "aws:imagebuilder/distributionConfiguration:DistributionConfiguration bad writes the parameter /ours, outside /imagebuilder/",
    ],
  },
  "bakes on a schedule that Image Builder accepts": {
    program: () => pipeline({ schedule: { scheduleExpression: "rate(7 days)" } }),
    problems: [`${PIPELINE} bakes on the schedule rate(7 days)`],
  },
  "bakes images on instances of their own architecture": {
    program: () => {
      const { arn } = new aws.imagebuilder.ImageRecipe("bad", {
        parentImage: "arn:aws:imagebuilder:eu-west-1:aws:image/amazon-linux-2023-arm64/x.x.x",
        version: "1.0.0",
        components: [],
      });
      pipeline({ imageRecipeArn: arn, infrastructureConfigurationArn: baking("t3.small").arn });
    },
    problems: [`${PIPELINE} bakes an image for arm64 on a t3.small`],
  },
};
