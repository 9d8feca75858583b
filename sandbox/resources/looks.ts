import { everyPage } from "../engine/pages";
import { Look, StandingResource } from "../engine/types";
import { nameOf } from "./iam";

/**
 * How a refresh of Pulumi's own engine finds out whether a resource still exists on the emulators: by a call that finds it, is refused, or
 * returns nothing. A type that is not here counts as existing while the state has it: it belongs to another resource and goes with that, or
 * the emulators keep only part of it, as for CodePipeline and CodeDeploy.
 */
export const LOOKS: Record<string, Look> = {
  "acm/Certificate": async (r) => (await r.use("acm")).describeCertificate({ CertificateArn: r.id }),
  "apigateway/Deployment": async (r) =>
    (await r.use("apigateway")).getDeployment({ restApiId: r.inputs["restApi"], deploymentId: r.id }),
  "apigateway/RestApi": async (r) => (await r.use("apigateway")).getRestApi({ restApiId: r.id }),
  "apigateway/Stage": async (r) =>
    (await r.use("apigateway")).getStage({
      restApiId: r.inputs["restApi"],
      stageName: r.inputs["stageName"],
    }),
  "autoscaling/Group": async (r) =>
    (await (await r.use("autoscaling")).describeAutoScalingGroups({ AutoScalingGroupNames: [r.id] }))
      .AutoScalingGroups,
  "cloudwatch/EventRule": async (r) =>
    (await r.use("events")).describeRule({ Name: r.id, EventBusName: r.inputs["eventBusName"] }),
  "cloudwatch/LogGroup": async (r) =>
    (await (await r.use("logs")).describeLogGroups({ logGroupNamePrefix: r.id })).logGroups?.filter(
      ({ logGroupName }) => logGroupName === r.id,
    ),
  "cloudwatch/MetricAlarm": async (r) =>
    (await (await r.use("cloudwatch")).describeAlarms({ AlarmNames: [r.id] })).MetricAlarms,
  "codebuild/Project": async (r) =>
    (await (await r.use("codebuild")).batchGetProjects({ names: [r.outputs["name"]] })).projects,
  "cognito/UserPool": async (r) => (await r.use("cognito")).describeUserPool({ UserPoolId: r.id }),
  "cognito/UserPoolClient": async (r) =>
    (await r.use("cognito")).describeUserPoolClient({ UserPoolId: r.inputs["userPoolId"], ClientId: r.id }),
  "dynamodb/Table": async (r) => (await r.use("dynamodb")).describeTable({ TableName: r.id }),
  "ec2/Instance": async (r) =>
    (await (await r.use("ec2")).describeInstances({ InstanceIds: [r.id] })).Reservations?.flatMap(
      ({ Instances = [] }) => Instances.filter(({ State }) => State?.Name !== "terminated"),
    ),
  "ec2/InternetGateway": async (r) =>
    (await (await r.use("ec2")).describeInternetGateways({ InternetGatewayIds: [r.id] })).InternetGateways,
  "ec2/LaunchTemplate": async (r) =>
    (await (await r.use("ec2")).describeLaunchTemplates({ LaunchTemplateIds: [r.id] })).LaunchTemplates,
  "ec2/RouteTable": async (r) =>
    (await (await r.use("ec2")).describeRouteTables({ RouteTableIds: [r.id] })).RouteTables,
  "ec2/SecurityGroup": async (r) =>
    (await (await r.use("ec2")).describeSecurityGroups({ GroupIds: [r.id] })).SecurityGroups,
  "ec2/Subnet": async (r) => (await (await r.use("ec2")).describeSubnets({ SubnetIds: [r.id] })).Subnets,
  "ec2/Vpc": async (r) => (await (await r.use("ec2")).describeVpcs({ VpcIds: [r.id] })).Vpcs,
  "ecr/Repository": async (r) =>
    (await (await r.use("ecr")).describeRepositories({ repositoryNames: [r.id] })).repositories,
  "efs/FileSystem": async (r) =>
    (await (await r.use("efs")).describeFileSystems({ FileSystemId: r.id })).FileSystems,
  "iam/InstanceProfile": async (r) => (await r.use("iam")).getInstanceProfile({ InstanceProfileName: r.id }),
  "iam/Policy": async (r) => (await r.use("iam")).getPolicy({ PolicyArn: r.id }),
  "iam/Role": async (r) => (await r.use("iam")).getRole({ RoleName: r.id }),
  "iam/RolePolicy": async (r) =>
    (await r.use("iam")).getRolePolicy({ RoleName: nameOf(r.inputs["role"]), PolicyName: r.outputs["name"] }),
  "iam/RolePolicyAttachment": async (r) => {
    const iam = await r.use("iam");
    const attached = await everyPage(
      (from) => iam.listAttachedRolePolicies({ RoleName: nameOf(r.inputs["role"]), ...from }),
      (page) => page.AttachedPolicies,
    );
    return attached.filter(({ PolicyArn }) => PolicyArn === r.inputs["policyArn"]);
  },
  // A key that is scheduled for deletion counts as gone.
  "kms/Key": async (r) => {
    const { KeyMetadata } = await (await r.use("kms")).describeKey({ KeyId: r.id });
    return KeyMetadata?.KeyState === "PendingDeletion" ? undefined : KeyMetadata;
  },
  "lambda/EventSourceMapping": async (r) => (await r.use("lambda")).getEventSourceMapping({ UUID: r.id }),
  "lambda/Function": async (r) => (await r.use("lambda")).getFunctionConfiguration({ FunctionName: r.id }),
  "lb/Listener": async (r) =>
    (await (await r.use("elb")).describeListeners({ ListenerArns: [r.id] })).Listeners,
  "lb/LoadBalancer": async (r) =>
    (await (await r.use("elb")).describeLoadBalancers({ LoadBalancerArns: [r.id] })).LoadBalancers,
  "lb/TargetGroup": async (r) =>
    (await (await r.use("elb")).describeTargetGroups({ TargetGroupArns: [r.id] })).TargetGroups,
  "s3/Bucket": async (r) => (await r.use("s3")).headBucket({ Bucket: r.id }),
  "s3/BucketObjectv2": async (r) =>
    (await r.use("s3")).headObject({ Bucket: r.inputs["bucket"], Key: r.outputs["key"] }),
  "s3/BucketPolicy": async (r) => (await r.use("s3")).getBucketPolicy({ Bucket: r.id }),
  "s3/BucketPublicAccessBlock": async (r) => (await r.use("s3")).getPublicAccessBlock({ Bucket: r.id }),
  "secretsmanager/Secret": async (r) => {
    const found = await (await r.use("secretsmanager")).describeSecret({ SecretId: r.id });
    return found.DeletedDate ? undefined : found;
  },
  "sfn/StateMachine": async (r) => (await r.use("sfn")).describeStateMachine({ stateMachineArn: r.id }),
  "sns/Topic": async (r) => (await r.use("sns")).getTopicAttributes({ TopicArn: r.id }),
  "sqs/Queue": async (r) => (await r.use("sqs")).getQueueAttributes({ QueueUrl: r.id }),
  "ssm/Parameter": async (r) => (await r.use("ssm")).getParameter({ Name: r.id }),
  "vpc/SecurityGroupEgressRule": ruleOf,
  "vpc/SecurityGroupIngressRule": ruleOf,
};

async function ruleOf(r: StandingResource) {
  const ec2 = await r.use("ec2");
  return (await ec2.describeSecurityGroupRules({ SecurityGroupRuleIds: [r.id] })).SecurityGroupRules;
}

/** How to look for a type; undefined if it counts as existing. */
export function lookOf(type: string): Look | undefined {
  const [, service, kind] = /^aws:([^/]+)\/[^:]+:(\w+)$/.exec(type) ?? [];
  return LOOKS[`${service}/${kind}`] ?? LOOKS[`${service}/${kind?.replace(/V2$/, "")}`];
}
