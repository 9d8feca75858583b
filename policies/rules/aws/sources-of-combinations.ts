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
  "asks for no rollback of instances whose image AWS resolves": from(
    "documentation",
    ["autoscaling/Group", "ec2/LaunchTemplate"],
    "autoscaling/ec2/userguide/instance-refresh-rollback.html",
  ),
  "has one listener for each port of a load balancer": from(
    "documentation",
    ["lb/Listener"],
    `${ELB}/API_CreateListener.html`,
  ),
  "allows passkeys only in pools that support them": {
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
  "names a sender where a domain's identity sends mail": from(
    "documentation",
    ["cognito/UserPool", "cognito/RiskConfiguration"],
    "cognito-user-identity-pools/latest/APIReference/API_EmailConfigurationType.html",
    "cognito-user-identity-pools/latest/APIReference/API_NotifyConfigurationType.html",
  ),
  "gives flow logs the permissions that AWS requires": from(
    "documentation",
    ["ec2/FlowLog"],
    "vpc/latest/userguide/flow-logs-iam-role.html",
  ),
  "replaces an instance when its user data changes": from(
    "documentation",
    ["ec2/Instance"],
    "AWSEC2/latest/UserGuide/user-data.html",
  ),
  "gives each route exactly one target": from("documentation", ["ec2/Route"], `${EC2}/API_CreateRoute.html`),
  "has one route to each destination in a route table": from(
    "documentation",
    ["ec2/Route"],
    `${EC2}/API_CreateRoute.html`,
  ),
  "associates each Elastic IP address once": from(
    "documentation",
    ["ec2/EipAssociation", "ec2/NatGateway"],
    `${EC2}/API_AssociateAddress.html`,
  ),
  "gives each security group rule exactly one source or destination": from(
    "documentation",
    GROUP_RULES,
    `${EC2}/API_IpPermission.html`,
  ),
  "gives ports to the protocols that have them, and to no other": from(
    "documentation",
    GROUP_RULES,
    `${EC2}/API_IpPermission.html`,
  ),
  "declares each security group rule once": from("knowledge", GROUP_RULES, `${EC2}/API_IpPermission.html`),
  "gives each VPC endpoint only what its type accepts": from(
    "documentation",
    ["ec2/VpcEndpoint"],
    `${EC2}/API_CreateVpcEndpoint.html`,
  ),
  "keeps old servers until new ones are healthy at the load balancer": from(
    "documentation",
    ["autoscaling/Group"],
    "autoscaling/ec2/userguide/instance-refresh-overview.html",
  ),
  "configures instance refreshes as AWS accepts them": from(
    "documentation",
    ["autoscaling/Group"],
    "autoscaling/ec2/APIReference/API_RefreshPreferences.html",
  ),
  "gives a certificate to each TLS listener, and to no other": from(
    "documentation",
    ["lb/Listener"],
    `${ELB}/API_CreateListener.html`,
  ),
  "uses certificates of its own region": from(
    "documentation",
    ["lb/Listener"],
    "elasticloadbalancing/latest/application/https-listener-certificates.html",
  ),
  "ends each health check before the next one begins": from(
    "documentation",
    ["lb/TargetGroup"],
    `${ELB}/API_CreateTargetGroup.html`,
  ),
  "puts each application load balancer into at least two zones": from(
    "documentation",
    ["lb/LoadBalancer"],
    `${ELB}/API_CreateLoadBalancer.html`,
  ),
  "names a launch template's security groups in one place": from(
    "documentation",
    ["ec2/LaunchTemplate"],
    `${EC2}/API_RequestLaunchTemplateData.html`,
  ),
  "starts instances from images of their own architecture": from(
    "knowledge",
    ["ec2/LaunchTemplate"],
    `${EC2}/API_RunInstances.html`,
  ),
  "writes access logs to a bucket that accepts them": from(
    "documentation",
    ["lb/LoadBalancer"],
    "elasticloadbalancing/latest/application/enable-access-logging.html",
  ),
  "gives build instances the permissions that Image Builder requires": from(
    "documentation",
    ["imagebuilder/InfrastructureConfiguration"],
    `${BUILDER}/userguide/security-iam-awsmanpol.html`,
  ),
  "collects image metadata only with a role that may take inventories": from(
    "documentation",
    ["imagebuilder/ImagePipeline"],
    `${BUILDER}/APIReference/API_CreateImagePipeline.html`,
  ),
  "logs image builds where Image Builder may write": from(
    "documentation",
    ["imagebuilder/ImagePipeline"],
    `${BUILDER}/APIReference/API_PipelineLoggingConfiguration.html`,
  ),
  "publishes machine images where Image Builder may write": from(
    "documentation",
    ["imagebuilder/DistributionConfiguration"],
    "aws-managed-policy/latest/reference/AWSServiceRoleForImageBuilder.html",
  ),
  "bakes on a schedule that Image Builder accepts": from(
    "documentation",
    ["imagebuilder/ImagePipeline"],
    `${BUILDER}/userguide/cron-expressions.html`,
  ),
  "bakes images on instances of their own architecture": from(
    "knowledge",
    ["imagebuilder/ImagePipeline", "imagebuilder/ImageRecipe"],
    `${BUILDER}/APIReference/API_CreateImageRecipe.html`,
  ),
  "uses in a pipeline only what an earlier action produces": from(
    "documentation",
    ["codepipeline/Pipeline"],
    "codepipeline/latest/userguide/pipeline-requirements.html",
    "codepipeline/latest/APIReference/API_ActionDeclaration.html",
  ),
  "configures builds as CodeBuild accepts them": from(
    "documentation",
    ["codebuild/Project"],
    "codebuild/latest/userguide/build-env-ref-available.html",
    "codebuild/latest/APIReference/API_CreateProject.html",
  ),
  "configures deployments as CodeDeploy accepts them": from(
    "documentation",
    ["codedeploy/DeploymentGroup"],
    "codedeploy/latest/APIReference/API_CreateDeploymentGroup.html",
  ),
  "expires images by rules that ECR accepts": from(
    "documentation",
    ["ecr/LifecyclePolicy"],
    "AmazonECR/latest/userguide/lifecycle_policy_parameters.html",
  ),
  "lets a refresh read each object that the stack declares": from(
    "documentation",
    ["s3/BucketObjectv2"],
    "AmazonS3/latest/API/API_HeadObject.html",
  ),
  "starts no backup of an RDS database in its windows or the hour before": from(
    "documentation",
    ["backup/Plan", "rds/Instance", "rds/Cluster"],
    "aws-backup/latest/devguide/plan-options-and-configuration.html",
  ),
  "lets CloudTrail assume its role without a condition": from(
    "thread",
    ["cloudtrail/Trail", "iam/Role"],
    "awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html",
    "https://github.com/prowler-cloud/prowler/issues/4714",
  ),
  "gives CloudWatch Logs all that it needs of a key, or nothing": from(
    "documentation",
    ["kms/Key"],
    "AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  ),
  "gives a role its permissions before AWS tries them": from(
    "knowledge",
    [
      ...["apigateway/Account", "cloudtrail/Trail", "cloudwatch/LogSubscriptionFilter", "codebuild/Project"],
      ...["codedeploy/DeploymentGroup", "guardduty/MalwareProtectionPlan", "lambda/EventSourceMapping"],
      ...["lambda/Function", "rds/Instance", "sfn/StateMachine"],
    ],
    "lambda/latest/dg/services-sqs-configure.html",
    "lambda/latest/dg/configuration-vpc.html",
  ),
  "lets AWS write to a bucket before it tries to": from(
    "documentation",
    ["cloudtrail/Trail", "lb/LoadBalancer"],
    "awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
    "elasticloadbalancing/latest/application/enable-access-logging.html",
  ),
  "lets S3 send a bucket's events before it is told to": from(
    "documentation",
    ["s3/BucketNotification"],
    "AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
  ),
  "opens a network's way out before anything that needs it starts": from(
    "knowledge",
    ["lb/LoadBalancer", "autoscaling/Group", "ec2/NatGateway", "ec2/Instance"],
    "vpc/latest/userguide/VPC_Internet_Gateway.html",
  ),
  "opens security groups before anything that sends through them starts": from(
    "knowledge",
    ["autoscaling/Group", "ec2/Instance", "lambda/Invocation"],
    "vpc/latest/userguide/vpc-security-groups.html",
  ),
  "publishes an API only once its methods exist": from(
    "knowledge",
    ["apigateway/Deployment"],
    "apigateway/latest/api/API_CreateDeployment.html",
  ),
  "uses a certificate only once it is issued": from(
    "knowledge",
    ["lb/Listener"],
    `${ELB}/API_CreateListener.html`,
  ),
};
