import type { Basis } from "./documented";
import type { Source } from "./source";

const from = (basis: Basis, types: string[], ...pages: string[]): Source => ({
  basis: [basis],
  types: types.map(tokenOf),
  pages: pages.map((page) => (page.startsWith("https:") ? page : `https://docs.aws.amazon.com/${page}`)),
});

/** `ec2/FlowLog` stands for `aws:ec2/flowLog:FlowLog`. */
function tokenOf(short: string): string {
  const [service, name] = short.split("/") as [string, string];
  return `aws:${service}/${name[0]!.toLowerCase()}${name.slice(1)}:${name}`;
}

const EC2 = "AWSEC2/latest/APIReference";
const ELB = "elasticloadbalancing/latest/APIReference";
const BUILDER = "imagebuilder/latest";
const GROUP_RULES = ["vpc/SecurityGroupIngressRule", "vpc/SecurityGroupEgressRule"];

/** The sources of the rules about combinations, one line for each. */
export const SOURCES_OF_COMBINATIONS: Record<string, Source> = {
  "asks for no roll-back of instances whose image AWS looks up": from(
    "documentation",
    ["autoscaling/Group", "ec2/LaunchTemplate"],
    "autoscaling/ec2/userguide/instance-refresh-rollback.html",
  ),
  "listens once at each port of a load balancer": from(
    "documentation",
    ["lb/Listener"],
    `${ELB}/API_CreateListener.html`,
  ),
  "takes passkeys only in pools that can have them": {
    ...from(
      "documentation",
      ["cognito/UserPool"],
      "cognito/latest/developerguide/user-pool-settings-mfa.html",
      "cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html",
      "https://github.com/hashicorp/terraform-provider-aws/issues/50110",
    ),
    basis: ["documentation", "thread"],
  },
  "binds passkeys to a site's name": from(
    "documentation",
    ["cognito/UserPool"],
    "cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html",
  ),
  "sends people's mail from an address": from(
    "documentation",
    ["cognito/UserPool", "cognito/RiskConfiguration"],
    "cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html",
    "cognito-user-identity-pools/latest/APIReference/API_NotifyConfigurationType.html",
  ),
  "lets flow logs do what AWS asks for": from(
    "documentation",
    ["ec2/FlowLog"],
    "vpc/latest/userguide/flow-logs-iam-role.html",
  ),
  "makes an instance anew when its user data change": from(
    "documentation",
    ["ec2/Instance"],
    "AWSEC2/latest/UserGuide/user-data.html",
  ),
  "leads each route to one target": from("documentation", ["ec2/Route"], `${EC2}/API_CreateRoute.html`),
  "has one route to a destination in each table": from(
    "documentation",
    ["ec2/Route"],
    `${EC2}/API_CreateRoute.html`,
  ),
  "gives each address to one holder": from(
    "documentation",
    ["ec2/EipAssociation", "ec2/NatGateway"],
    `${EC2}/API_AssociateAddress.html`,
  ),
  "has one other end in each rule of a security group": from(
    "documentation",
    GROUP_RULES,
    `${EC2}/API_IpPermission.html`,
  ),
  "gives ports to a protocol that has them": from(
    "documentation",
    GROUP_RULES,
    `${EC2}/API_IpPermission.html`,
  ),
  "has each rule of a security group once": from("knowledge", GROUP_RULES, `${EC2}/API_IpPermission.html`),
  "puts each endpoint where its kind goes": from(
    "documentation",
    ["ec2/VpcEndpoint"],
    `${EC2}/API_CreateVpcEndpoint.html`,
  ),
  "keeps old servers until new ones are healthy at the load balancer": from(
    "documentation",
    ["autoscaling/Group"],
    "autoscaling/ec2/userguide/instance-refresh-overview.html",
  ),
  "asks of an instance refresh what AWS takes": from(
    "documentation",
    ["autoscaling/Group"],
    "autoscaling/ec2/APIReference/API_RefreshPreferences.html",
  ),
  "gives a certificate to each listener with TLS, and to no other": from(
    "documentation",
    ["lb/Listener"],
    `${ELB}/API_CreateListener.html`,
  ),
  "serves by certificates of its own region": from(
    "documentation",
    ["lb/Listener"],
    "elasticloadbalancing/latest/application/https-listener-certificates.html",
  ),
  "waits for an answer to a health check no longer than until the next one": from(
    "documentation",
    ["lb/TargetGroup"],
    `${ELB}/API_CreateTargetGroup.html`,
  ),
  "puts each application load balancer into two zones": from(
    "documentation",
    ["lb/LoadBalancer"],
    `${ELB}/API_CreateLoadBalancer.html`,
  ),
  "names a launch template's security groups in one place": from(
    "documentation",
    ["ec2/LaunchTemplate"],
    `${EC2}/API_RequestLaunchTemplateData.html`,
  ),
  "starts machines from images of their architecture": from(
    "knowledge",
    ["ec2/LaunchTemplate"],
    `${EC2}/API_RunInstances.html`,
  ),
  "writes access logs to a bucket that takes them": from(
    "documentation",
    ["lb/LoadBalancer"],
    "elasticloadbalancing/latest/application/enable-access-logging.html",
  ),
  "lets machines that bake do what Image Builder asks for": from(
    "documentation",
    ["imagebuilder/InfrastructureConfiguration"],
    `${BUILDER}/userguide/security-iam-awsmanpol.html`,
  ),
  "collects metadata of images only by machines that may take inventories": from(
    "documentation",
    ["imagebuilder/ImagePipeline"],
    `${BUILDER}/APIReference/API_CreateImagePipeline.html`,
  ),
  "logs bakings where Image Builder may write": from(
    "documentation",
    ["imagebuilder/ImagePipeline"],
    `${BUILDER}/APIReference/API_PipelineLoggingConfiguration.html`,
  ),
  "publishes machine images where Image Builder may write": from(
    "documentation",
    ["imagebuilder/DistributionConfiguration"],
    "aws-managed-policy/latest/reference/AWSServiceRoleForImageBuilder.html",
  ),
  "bakes by a schedule that Image Builder reads": from(
    "documentation",
    ["imagebuilder/ImagePipeline"],
    `${BUILDER}/userguide/cron-expressions.html`,
  ),
  "bakes images on machines of their architecture": from(
    "knowledge",
    ["imagebuilder/ImagePipeline", "imagebuilder/ImageRecipe"],
    `${BUILDER}/APIReference/API_CreateImageRecipe.html`,
  ),
  "hands on in a pipeline what an earlier action has made": from(
    "documentation",
    ["codepipeline/Pipeline"],
    "codepipeline/latest/userguide/pipeline-requirements.html",
    "codepipeline/latest/APIReference/API_ActionDeclaration.html",
  ),
  "builds on a machine that its image is made for": from(
    "documentation",
    ["codebuild/Project"],
    "codebuild/latest/userguide/build-env-ref-available.html",
    "codebuild/latest/APIReference/API_CreateProject.html",
  ),
  "deploys by as many alarms and groups as CodeDeploy takes": from(
    "documentation",
    ["codedeploy/DeploymentGroup"],
    "codedeploy/latest/APIReference/API_CreateDeploymentGroup.html",
  ),
  "clears images away by rules that ECR takes": from(
    "documentation",
    ["ecr/LifecyclePolicy"],
    "AmazonECR/latest/userguide/lifecycle_policy_parameters.html",
  ),
  "lets whoever may refresh it read each object that it declares": from(
    "documentation",
    ["s3/BucketObjectv2"],
    "AmazonS3/latest/API/API_HeadObject.html",
  ),
  "begins no backup of RDS in its own windows or the hour before": from(
    "documentation",
    ["backup/Plan", "rds/Instance", "rds/Cluster"],
    "aws-backup/latest/devguide/plan-options-and-configuration.html",
  ),
  "lets CloudTrail take its role without a condition": from(
    "thread",
    ["cloudtrail/Trail", "iam/Role"],
    "awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html",
    "https://github.com/prowler-cloud/prowler/issues/4714",
  ),
  "lets CloudWatch Logs use a key wholly or not at all": from(
    "documentation",
    ["kms/Key"],
    "AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  ),
  "lets a role do its work before AWS tries it": from(
    "knowledge",
    [
      ...["apigateway/Account", "cloudtrail/Trail", "cloudwatch/LogSubscriptionFilter", "codebuild/Project"],
      ...["codedeploy/DeploymentGroup", "guardduty/MalwareProtectionPlan", "lambda/EventSourceMapping"],
      ...["lambda/Function", "rds/Instance", "sfn/StateMachine"],
    ],
    "lambda/latest/dg/services-sqs-configure.html",
    "lambda/latest/dg/configuration-vpc.html",
  ),
  "lets AWS write into a bucket before it tries": from(
    "documentation",
    ["cloudtrail/Trail", "lb/LoadBalancer"],
    "awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
    "elasticloadbalancing/latest/application/enable-access-logging.html",
  ),
  "lets S3 tell of a bucket's events before it is asked to": from(
    "documentation",
    ["s3/BucketNotification"],
    "AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
  ),
  "leads a network out before what stands in it": from(
    "knowledge",
    ["lb/LoadBalancer", "autoscaling/Group", "ec2/NatGateway", "ec2/Instance"],
    "vpc/latest/userguide/VPC_Internet_Gateway.html",
  ),
  "lets packets through before what sends them starts": from(
    "knowledge",
    ["autoscaling/Group", "ec2/Instance", "lambda/Invocation"],
    "vpc/latest/userguide/vpc-security-groups.html",
  ),
  "publishes an API when its methods are there": from(
    "knowledge",
    ["apigateway/Deployment"],
    "apigateway/latest/api/API_CreateDeployment.html",
  ),
  "serves by a certificate when it is issued": from(
    "knowledge",
    ["lb/Listener"],
    `${ELB}/API_CreateListener.html`,
  ),
};
