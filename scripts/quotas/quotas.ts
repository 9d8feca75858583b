import type { Declared, StackView } from "../../policies/declared";

/** One of AWS's default quotas, for an account in a region, and what counts against it. */
export interface Quota {
  what: string;
  most: number;
  /** Its name in Service Quotas: checked by `npm run bootstrap`, `preview` and `up`. @default not checked */
  code?: [service: string, quota: string];
  /** Beyond it AWS makes callers wait, but refuses nothing that a stack creates. @default refuses it */
  waits?: boolean;
  /** The value that a new account may start with, as far as AWS says so. */
  young?: number;
  page: string;
  /** The resources of a stack that count; or a function that adds them up. */
  of: string[] | ((view: StackView) => number);
  /** The same in a project's template. */
  inProjects?: string[];
  /** How much each of these counts. @default 1 */
  each?: number;
}

const DOCS = "https://docs.aws.amazon.com";
const VPC = `${DOCS}/vpc/latest/userguide/amazon-vpc-limits.html`;
const IAM = `${DOCS}/IAM/latest/UserGuide/reference_iam-quotas.html`;
const FRONT = `${DOCS}/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html`;
const RDS = `${DOCS}/AmazonRDS/latest/UserGuide/CHAP_Limits.html`;
const ELB = `${DOCS}/elasticloadbalancing/latest/application/load-balancer-limits.html`;
const SCALING = `${DOCS}/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html`;

// prettier-ignore
export const QUOTAS: Quota[] = [
  { what: "vCPUs of running on-demand standard instances", code: ["ec2", "L-1216C47A"], most: 5, page: `${DOCS}/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html`, of: vCpusOf, inProjects: ["AWS::AutoScaling::AutoScalingGroup"], each: 2 },
  { what: "VPCs", code: ["vpc", "L-F678F1CE"], most: 5, page: VPC, of: ["aws:ec2/vpc:Vpc"] },
  { what: "Elastic IP addresses", code: ["ec2", "L-0263D0A3"], most: 5, page: VPC, of: ["aws:ec2/eip:Eip"] },
  { what: "Interface endpoints a VPC", code: ["vpc", "L-29B6F2EB"], most: 50, page: VPC, of: ["aws:ec2/vpcEndpoint:VpcEndpoint"] },
  { what: "Security groups", code: ["vpc", "L-E79EC296"], most: 2_500, page: VPC, of: ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"], inProjects: ["AWS::EC2::SecurityGroup"] },
  { what: "Application load balancers", code: ["elasticloadbalancing", "L-53DA6B97"], most: 50, page: ELB, of: ["aws:lb/loadBalancer:LoadBalancer"], inProjects: ["AWS::ElasticLoadBalancingV2::LoadBalancer"] },
  { what: "Target groups", code: ["elasticloadbalancing", "L-B22855CB"], most: 3_000, page: ELB, of: ["aws:lb/targetGroup:TargetGroup"], inProjects: ["AWS::ElasticLoadBalancingV2::TargetGroup"] },
  { what: "Auto Scaling groups", code: ["autoscaling", "L-CDE20ADC"], most: 500, page: SCALING, of: ["aws:autoscaling/group:Group"], inProjects: ["AWS::AutoScaling::AutoScalingGroup"] },
  { what: "IAM roles", most: 1_000, page: IAM, of: ["aws:iam/role:Role"], inProjects: ["AWS::IAM::Role"] },
  { what: "IAM policies of one's own", most: 1_500, page: IAM, of: ["aws:iam/policy:Policy"] },
  { what: "Instance profiles", most: 1_000, page: IAM, of: ["aws:iam/instanceProfile:InstanceProfile"], inProjects: ["AWS::IAM::InstanceProfile"] },
  { what: "S3 buckets", most: 10_000, page: `${DOCS}/AmazonS3/latest/userguide/BucketRestrictions.html`, of: ["aws:s3/bucket:Bucket"], inProjects: ["AWS::S3::Bucket"] },
  { what: "Lambda executions at once", code: ["lambda", "L-B99A9384"], waits: true, most: 1_000, young: 10, page: `${DOCS}/lambda/latest/dg/gettingstarted-limits.html`, of: ["aws:lambda/function:Function"] },
  { what: "CodeBuild's builds at once on small ARM machines", code: ["codebuild", "L-5ED1D25B"], most: 1, page: `${DOCS}/codebuild/latest/userguide/limits.html`, of: smallArmBuilds },
  { what: "CloudWatch alarms", most: 5_000, page: `${DOCS}/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html`, of: ["aws:cloudwatch/metricAlarm:MetricAlarm"] },
  { what: "EventBridge rules a bus", most: 300, page: `${DOCS}/eventbridge/latest/userguide/eb-quota.html`, of: ["aws:cloudwatch/eventRule:EventRule"] },
  { what: "RDS instances", code: ["rds", "L-7B6409FD"], most: 40, page: RDS, of: ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"], inProjects: ["AWS::RDS::DBInstance"] },
  { what: "RDS parameter groups", most: 50, page: RDS, of: ["aws:rds/parameterGroup:ParameterGroup"], inProjects: ["AWS::RDS::DBParameterGroup"] },
  { what: "RDS subnet groups", most: 50, page: RDS, of: ["aws:rds/subnetGroup:SubnetGroup"], inProjects: ["AWS::RDS::DBSubnetGroup"] },
  { what: "CloudFormation stacks", most: 2_000, page: `${DOCS}/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html`, of: [], inProjects: ["itself", "AWS::CloudFormation::Stack"] },
  { what: "CloudFront distributions", most: 500, page: FRONT, of: [], inProjects: ["AWS::CloudFront::Distribution"] },
  { what: "CloudFront functions", most: 100, page: FRONT, of: ["aws:cloudfront/function:Function"] },
  { what: "CloudFront origin access controls", most: 100, page: FRONT, of: ["aws:cloudfront/originAccessControl:OriginAccessControl"] },
  { what: "CloudFront response headers policies", most: 20, page: FRONT, of: ["aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"] },
  { what: "Distributions of one function, access control or headers policy", most: 100, page: FRONT, of: [], inProjects: ["AWS::CloudFront::Distribution"] },
  { what: "REST APIs", most: 600, page: `${DOCS}/apigateway/latest/developerguide/limits.html`, of: ["aws:apigateway/restApi:RestApi"] },
  { what: "CloudTrail trails", most: 5, page: `${DOCS}/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html`, of: ["aws:cloudtrail/trail:Trail"] },
  { what: "Analyzers of an account's access", most: 1, page: `${DOCS}/IAM/latest/UserGuide/access-analyzer-quotas.html`, of: ["aws:accessanalyzer/analyzer:Analyzer"] },
  { what: "Backup vaults", most: 100, page: `${DOCS}/aws-backup/latest/devguide/aws-backup-limits.html`, of: ["aws:backup/vault:Vault"] },
];

/** Graviton's vCPUs depend on the size, except for the small ones of t4g. https://aws.amazon.com/ec2/instance-types/t4/ */
function coresOf(type: string): number {
  if (/^t4g\.(nano|micro|small|medium|large)$/.test(type)) return 2;
  const [, size, times] = /^\w+\.(medium|large|(\d*)xlarge)$/.exec(type) ?? [];
  if (size === undefined)
    throw new Error(`nobody here knows how many vCPUs ${type} has: say so in scripts/quotas/quotas.ts`);
  return times === undefined ? { medium: 1, large: 2 }[size]! : 4 * Number(times || 1);
}

/** The maximum: every group at its largest, or replacing all of its machines at once. */
export function vCpusOf({ resources }: StackView): number {
  const templates = new Map(
    resources
      .filter(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate")
      .map(({ name, inputs }) => [`${name}-id`, coresOf(String(inputs.instanceType))]),
  );
  const machines = resources.map(({ type, inputs }) => {
    if (type === "aws:ec2/instance:Instance") return coresOf(String(inputs.instanceType));
    return type === "aws:autoscaling/group:Group" ? largest(inputs) * cores(inputs) : 0;
  });
  function cores(inputs: Declared["inputs"]): number {
    const id: string = (
      inputs.launchTemplate ?? inputs.mixedInstancesPolicy.launchTemplate.launchTemplateSpecification
    ).id;
    return templates.get(id)!;
  }
  return machines.reduce((sum, one) => sum + one, 0);
}

/** The ones that `up` waits for, each with one build at a time. */
function smallArmBuilds({ resources }: StackView): number {
  return resources.filter(
    ({ type, inputs }) =>
      type === "aws:codebuild/project:Project" &&
      inputs.environment.type === "ARM_CONTAINER" &&
      inputs.environment.computeType === "BUILD_GENERAL1_SMALL",
  ).length;
}

const largest = ({ minSize, maxSize, instanceRefresh }: Declared["inputs"]): number =>
  instanceRefresh?.preferences?.maxHealthyPercentage === 200 ? Math.max(maxSize, 2 * minSize) : maxSize;

export const usedBy = ({ of }: Quota, view: StackView): number =>
  typeof of === "function" ? of(view) : view.resources.filter(({ type }) => of.includes(type)).length;
