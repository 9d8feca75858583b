/** A plan's parts in plain words, by CloudFormation type. The plural adds an s. */
export const PARTS: Record<string, string> = {
  "AutoScaling::AutoScalingGroup": "server group",
  "AutoScaling::ScalingPolicy": "scaling rule",
  "CloudFront::Distribution": "CloudFront distribution",
  "CodeBuild::Project": "build",
  "EC2::LaunchTemplate": "server template",
  "EC2::SecurityGroup": "firewall",
  "ECR::Repository": "image store",
  "EFS::AccessPoint": "uploads folder",
  "EFS::FileSystem": "file system",
  "EFS::MountTarget": "file system port",
  "ElasticLoadBalancingV2::Listener": "load balancer port",
  "ElasticLoadBalancingV2::LoadBalancer": "load balancer",
  "ElasticLoadBalancingV2::TargetGroup": "health check",
  "IAM::InstanceProfile": "server profile",
  "IAM::Role": "role",
  "Logs::LogGroup": "log",
  "RDS::DBInstance": "database",
  "RDS::DBParameterGroup": "database profile",
  "RDS::DBSubnetGroup": "database network",
  "S3::Bucket": "bucket",
  "S3::BucketPolicy": "bucket rule",
  "SecretsManager::Secret": "password",
  "SecretsManager::SecretTargetAttachment": "database login",
};

/** A plan, a line for each kind of part. */
export const inParts = (resources: Record<string, number>): string[] =>
  Object.entries(resources).map(
    ([type, count]) => `${count} ${PARTS[type] ?? type}${count === 1 ? "" : "s"}`,
  );
