import { Template } from "../../components/provisioner/template-files";
import { arn } from "../iam-cases/case";

type Resource = Template["Resources"][string];
interface Named {
  /** What a generated name may be long. */
  longest: number;
  /** Its property, where a template gives a name. */
  property?: string;
  /** Generated names begin with the stack's, unless AWS takes the resource's alone. @default true */
  ofStack?: boolean;
  arn: (name: string) => string;
}

const cloudfront = (kind: string) => `arn:aws:cloudfront::123456789012:${kind}`;
const iam = (kind: string) => (name: string) =>
  `arn:aws:iam::123456789012:${kind}/groundwork-projects/${name}`;
const group = (name: string) => arn("autoscaling", `autoScalingGroup:0:autoScalingGroupName/${name}`);
/** How AWS names each type, and knows it by that name. */
const NAMED: Record<string, Named> = {
  "AWS::AutoScaling::AutoScalingGroup": { longest: 255, arn: group },
  "AWS::CloudFormation::Stack": { longest: 128, arn: (name) => arn("cloudformation", `stack/${name}/1`) },
  "AWS::CloudFront::Distribution": { longest: 0, arn: () => cloudfront("distribution/E1") },
  "AWS::CodeBuild::Project": {
    longest: 255,
    property: "Name",
    ofStack: false,
    arn: (name) => arn("codebuild", `project/${name}`),
  },
  "AWS::EC2::LaunchTemplate": { longest: 0, arn: () => arn("ec2", "launch-template/lt-1") },
  "AWS::EC2::SecurityGroup": { longest: 0, arn: () => arn("ec2", "security-group/sg-1") },
  "AWS::ECR::Repository": {
    longest: 256,
    property: "RepositoryName",
    arn: (name) => arn("ecr", `repository/${name.toLowerCase()}`),
  },
  "AWS::EFS::AccessPoint": { longest: 0, arn: () => arn("elasticfilesystem", "access-point/fsap-1") },
  "AWS::EFS::FileSystem": { longest: 0, arn: () => arn("elasticfilesystem", "file-system/fs-1") },
  "AWS::ElasticLoadBalancingV2::LoadBalancer": {
    longest: 32,
    property: "Name",
    arn: (name) => arn("elasticloadbalancing", `loadbalancer/app/${name}/1`),
  },
  "AWS::ElasticLoadBalancingV2::TargetGroup": {
    longest: 32,
    property: "Name",
    arn: (name) => arn("elasticloadbalancing", `targetgroup/${name}/1`),
  },
  "AWS::IAM::InstanceProfile": { longest: 128, arn: iam("instance-profile") },
  "AWS::IAM::Role": { longest: 64, arn: iam("role") },
  "AWS::Logs::LogGroup": {
    longest: 512,
    property: "LogGroupName",
    arn: (name) => arn("logs", `log-group:${name}`),
  },
  "AWS::RDS::DBInstance": { longest: 63, arn: (name) => arn("rds", `db:${name.toLowerCase()}`) },
  "AWS::RDS::DBParameterGroup": { longest: 255, arn: (name) => arn("rds", `pg:${name.toLowerCase()}`) },
  "AWS::RDS::DBSubnetGroup": { longest: 255, arn: (name) => arn("rds", `subgrp:${name.toLowerCase()}`) },
  "AWS::S3::Bucket": {
    longest: 63,
    property: "BucketName",
    arn: (name) => `arn:aws:s3:::${name.toLowerCase()}`,
  },
  "AWS::SecretsManager::Secret": {
    longest: 512,
    property: "Name",
    ofStack: false,
    arn: (name) => arn("secretsmanager", `secret:${name}-AbCdEf`),
  },
};

/** What is made on another resource of its template, by the property that names it. */
const PART_OF: Record<string, string> = {
  "AWS::AutoScaling::ScalingPolicy": "AutoScalingGroupName",
  "AWS::EFS::MountTarget": "FileSystemId",
  "AWS::Logs::SubscriptionFilter": "LogGroupName",
  "AWS::S3::BucketPolicy": "Bucket",
  "AWS::SecretsManager::SecretTargetAttachment": "SecretId",
};

/** A resource's name by its template, or as AWS generates one: stack and resource share what its thirteen last characters leave. */
function nameOf(stack: string, logicalId: string, resource: Resource, named: Named): string {
  const given = named.property && resource.Properties[named.property];
  if (given)
    return String(given["!Ref"] ?? given["!Sub"])
      .replace("${AWS::StackName}", stack)
      .replace("AWS::StackName", stack);
  if (named.ofStack === false) return `${logicalId}-1ABCDEFGHIJK`;
  const room = named.longest - 14;
  const own = Math.min(logicalId.length, Math.max(Math.floor(room / 2), room - stack.length));
  return `${stack.slice(0, room - own)}-${logicalId.slice(0, own)}-1ABCDEFGHIJK`;
}

/** The ARN that a resource of a stack's template has. */
export function arnOf(template: Template, stack: string, logicalId: string): string {
  const resource = template.Resources[logicalId]!;
  if (resource.Type === "AWS::ElasticLoadBalancingV2::Listener")
    return arnOf(template, stack, resource.Properties.LoadBalancerArn["!Ref"])
      .replace("loadbalancer", "listener")
      .concat("/1");
  const other = PART_OF[resource.Type];
  if (other) return arnOf(template, stack, resource.Properties[other]["!Ref"]);
  const named = NAMED[resource.Type];
  if (!named) throw new Error(`nobody here knows how AWS names ${resource.Type}`);
  return named.arn(nameOf(stack, logicalId, resource, named));
}
