// What CloudFormation does in the name of its role to make, change, read and delete each type of the provisioner's templates: the
// permissions of the handlers in the types' public schemas (August 2026), without those for properties that no template sets.
// (AddTags stands at the load balancer only: the data that judges knows it for no other.) Whether it hands a stack's tags on is in the schemas, too.

export interface Handlers {
  /** Whether it gives the resource the tags of its stack. */
  takesTags: boolean;
  /** On the resource itself, or on everything where the action knows no resources. */
  calls: string[];
}

const tagged = (...calls: string[]): Handlers => ({ takesTags: true, calls });
const untagged = (...calls: string[]): Handlers => ({ takesTags: false, calls });
const of = (service: string, names: string) => names.split(" ").map((name) => `${service}:${name}`);

export const HANDLERS: Record<string, Handlers> = {
  "AWS::AutoScaling::AutoScalingGroup": tagged(
    ...of("autoscaling", "CreateAutoScalingGroup CreateOrUpdateTags UpdateAutoScalingGroup"),
    ...of("autoscaling", "DeleteAutoScalingGroup DescribeAutoScalingGroups DescribeScalingActivities"),
  ),
  "AWS::AutoScaling::ScalingPolicy": untagged(
    ...of("autoscaling", "PutScalingPolicy DescribePolicies DeletePolicy"),
  ),
  "AWS::CloudFormation::Stack": tagged(
    ...of("cloudformation", "CreateStack UpdateStack DeleteStack DescribeStacks GetStackPolicy GetTemplate"),
  ),
  "AWS::CloudFront::Distribution": tagged(
    ...of("cloudfront", "CreateDistribution UpdateDistribution DeleteDistribution TagResource"),
    ...of("cloudfront", "GetDistribution GetDistributionConfig ListTagsForResource"),
  ),
  "AWS::CodeBuild::Project": tagged(
    ...of("codebuild", "CreateProject UpdateProject DeleteProject BatchGetProjects"),
  ),
  "AWS::EC2::LaunchTemplate": untagged(
    ...of("ec2", "CreateLaunchTemplate CreateLaunchTemplateVersion DeleteLaunchTemplate CreateTags"),
    ...of("ec2", "DescribeLaunchTemplates"),
  ),
  "AWS::EC2::SecurityGroup": tagged(
    ...of("ec2", "CreateSecurityGroup DeleteSecurityGroup CreateTags DescribeSecurityGroups"),
    ...of("ec2", "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress"),
    ...of("ec2", "RevokeSecurityGroupEgress RevokeSecurityGroupIngress DescribeInstances"),
  ),
  "AWS::ECR::Repository": tagged(
    ...of("ecr", "CreateRepository DeleteRepository PutImageScanningConfiguration PutLifecyclePolicy"),
    ...of(
      "ecr",
      "TagResource DescribeRepositories GetLifecyclePolicy GetRepositoryPolicy ListTagsForResource",
    ),
  ),
  "AWS::ElasticLoadBalancingV2::Listener": tagged(
    ...of("elasticloadbalancing", "CreateListener ModifyListener ModifyListenerAttributes DeleteListener"),
    ...of("elasticloadbalancing", "DescribeListeners DescribeListenerAttributes DescribeTags"),
  ),
  "AWS::ElasticLoadBalancingV2::LoadBalancer": tagged(
    ...of("elasticloadbalancing", "CreateLoadBalancer ModifyLoadBalancerAttributes DeleteLoadBalancer"),
    ...of("elasticloadbalancing", "SetSecurityGroups SetSubnets AddTags DescribeTags DescribeLoadBalancers"),
    ...of("elasticloadbalancing", "DescribeLoadBalancerAttributes DescribeCapacityReservation"),
  ),
  "AWS::ElasticLoadBalancingV2::TargetGroup": tagged(
    ...of("elasticloadbalancing", "CreateTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes"),
    ...of("elasticloadbalancing", "DeleteTargetGroup DescribeTargetGroups DescribeTargetGroupAttributes"),
    ...of("elasticloadbalancing", "DescribeTargetHealth DescribeTags"),
  ),
  "AWS::IAM::InstanceProfile": untagged(
    ...of("iam", "CreateInstanceProfile AddRoleToInstanceProfile GetInstanceProfile"),
    ...of("iam", "RemoveRoleFromInstanceProfile DeleteInstanceProfile"),
  ),
  "AWS::IAM::Role": tagged(
    ...of("iam", "CreateRole PutRolePolicy TagRole UpdateAssumeRolePolicy DeleteRolePolicy DeleteRole"),
    ...of("iam", "GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies PassRole"),
  ),
  "AWS::Logs::LogGroup": tagged(
    ...of("logs", "CreateLogGroup PutRetentionPolicy DeleteLogGroup TagResource DescribeLogGroups"),
    ...of("logs", "GetDataProtectionPolicy ListTagsForResource"),
  ),
  "AWS::Logs::SubscriptionFilter": untagged(
    ...of("logs", "PutSubscriptionFilter DeleteSubscriptionFilter DescribeSubscriptionFilters"),
  ),
  "AWS::EFS::AccessPoint": tagged(
    ...of("elasticfilesystem", "CreateAccessPoint DeleteAccessPoint DescribeAccessPoints TagResource"),
  ),
  "AWS::EFS::FileSystem": tagged(
    ...of("elasticfilesystem", "CreateFileSystem DeleteFileSystem PutBackupPolicy PutFileSystemPolicy"),
    ...of("elasticfilesystem", "PutLifecycleConfiguration TagResource DescribeBackupPolicy"),
    ...of("elasticfilesystem", "DescribeFileSystemPolicy DescribeFileSystems DescribeLifecycleConfiguration"),
    ...of("elasticfilesystem", "DescribeReplicationConfigurations"),
  ),
  // It has no tags itself; what is asked about is its file system, which has.
  "AWS::EFS::MountTarget": tagged(
    ...of("elasticfilesystem", "CreateMountTarget DeleteMountTarget DescribeMountTargets"),
    ...of("elasticfilesystem", "DescribeMountTargetSecurityGroups ModifyMountTargetSecurityGroups"),
    ...of("ec2", "DescribeNetworkInterfaces DescribeSubnets"),
  ),
  "AWS::RDS::DBInstance": tagged(
    ...of("rds", "CreateDBInstance ModifyDBInstance DeleteDBInstance CreateDBSnapshot AddTagsToResource"),
    ...of("rds", "DescribeDBInstances DescribeDBEngineVersions DescribeDBInstanceAutomatedBackups"),
    ...of("rds", "DescribeEvents"),
    ...of("ec2", "DescribeAccountAttributes DescribeAvailabilityZones DescribeInternetGateways"),
    ...of("ec2", "DescribeSecurityGroups DescribeSubnets DescribeVpcAttribute DescribeVpcs"),
  ),
  "AWS::RDS::DBParameterGroup": tagged(
    ...of("rds", "CreateDBParameterGroup ModifyDBParameterGroup DeleteDBParameterGroup AddTagsToResource"),
    ...of("rds", "DescribeDBParameterGroups DescribeDBParameters DescribeEngineDefaultParameters"),
    ...of("rds", "ListTagsForResource"),
  ),
  "AWS::RDS::DBSubnetGroup": tagged(
    ...of("rds", "CreateDBSubnetGroup ModifyDBSubnetGroup DeleteDBSubnetGroup AddTagsToResource"),
    ...of("rds", "DescribeDBSubnetGroups ListTagsForResource"),
  ),
  "AWS::S3::Bucket": tagged(
    ...of("s3", "CreateBucket DeleteBucket PutBucketLogging PutBucketOwnershipControls PutBucketTagging"),
    ...of("s3", "PutBucketPublicAccessBlock PutBucketVersioning PutEncryptionConfiguration"),
    ...of("s3", "PutLifecycleConfiguration GetBucketAcl GetBucketLogging GetBucketOwnershipControls"),
    ...of("s3", "GetBucketPublicAccessBlock GetBucketTagging GetBucketVersioning GetEncryptionConfiguration"),
    ...of("s3", "GetLifecycleConfiguration ListBucket"),
  ),
  "AWS::S3::BucketPolicy": untagged(...of("s3", "PutBucketPolicy GetBucketPolicy DeleteBucketPolicy")),
  "AWS::SecretsManager::Secret": tagged(
    ...of("secretsmanager", "CreateSecret UpdateSecret DeleteSecret DescribeSecret GetSecretValue"),
    ...of("secretsmanager", "GetRandomPassword TagResource"),
  ),
  "AWS::SecretsManager::SecretTargetAttachment": untagged(
    ...of("secretsmanager", "GetSecretValue PutSecretValue"),
  ),
};
