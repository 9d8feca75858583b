import type { Declared, StackView } from "../../policies/declared";
import { NAMES, readTemplate } from "../components/provisioner/template-files";

/** One of AWS's default quotas, for an account in a region, and what counts against it. */
interface Quota {
  what: string;
  most: number;
  /** What of it a new account may start with, as far as AWS says so. */
  young?: number;
  page: string;
  /** The resources of a stack; or what they add up to. */
  of: string[] | ((view: StackView) => number);
  /** The same in a project's template. */
  inProjects?: string[];
  /** What each of these counts for. @default 1 */
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
  { what: "vCPUs of running on-demand standard instances", most: 5, page: `${DOCS}/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html`, of: vCpusOf, inProjects: ["AWS::AutoScaling::AutoScalingGroup"], each: 2 },
  { what: "VPCs", most: 5, page: VPC, of: ["aws:ec2/vpc:Vpc"] },
  { what: "Elastic IP addresses", most: 5, page: VPC, of: ["aws:ec2/eip:Eip"] },
  { what: "Interface endpoints a VPC", most: 50, page: VPC, of: ["aws:ec2/vpcEndpoint:VpcEndpoint"] },
  { what: "Security groups", most: 2_500, page: VPC, of: ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"], inProjects: ["AWS::EC2::SecurityGroup"] },
  { what: "Application load balancers", most: 50, page: ELB, of: ["aws:lb/loadBalancer:LoadBalancer"], inProjects: ["AWS::ElasticLoadBalancingV2::LoadBalancer"] },
  { what: "Target groups", most: 3_000, page: ELB, of: ["aws:lb/targetGroup:TargetGroup"], inProjects: ["AWS::ElasticLoadBalancingV2::TargetGroup"] },
  { what: "Auto Scaling groups", most: 500, page: SCALING, of: ["aws:autoscaling/group:Group"], inProjects: ["AWS::AutoScaling::AutoScalingGroup"] },
  { what: "IAM roles", most: 1_000, page: IAM, of: ["aws:iam/role:Role"], inProjects: ["AWS::IAM::Role"] },
  { what: "IAM policies of one's own", most: 1_500, page: IAM, of: ["aws:iam/policy:Policy"] },
  { what: "Instance profiles", most: 1_000, page: IAM, of: ["aws:iam/instanceProfile:InstanceProfile"], inProjects: ["AWS::IAM::InstanceProfile"] },
  { what: "S3 buckets", most: 10_000, page: `${DOCS}/AmazonS3/latest/userguide/BucketRestrictions.html`, of: ["aws:s3/bucket:Bucket"], inProjects: ["AWS::S3::Bucket"] },
  { what: "Lambda executions at once", most: 1_000, young: 10, page: `${DOCS}/lambda/latest/dg/gettingstarted-limits.html`, of: ["aws:lambda/function:Function"] },
  { what: "CloudWatch alarms", most: 5_000, page: `${DOCS}/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html`, of: ["aws:cloudwatch/metricAlarm:MetricAlarm"] },
  { what: "EventBridge rules a bus", most: 300, page: `${DOCS}/eventbridge/latest/userguide/eb-quota.html`, of: ["aws:cloudwatch/eventRule:EventRule"] },
  { what: "RDS instances", most: 40, page: RDS, of: ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"], inProjects: ["AWS::RDS::DBInstance"] },
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

/** Graviton's small machines have two each. https://aws.amazon.com/ec2/instance-types/t4/ */
function coresOf(type: string): number {
  if (/^t4g\.(nano|micro|small|medium|large)$/.test(type)) return 2;
  throw new Error(`nobody here knows how many vCPUs ${type} has: say so in test/stacks/quotas.ts`);
}

/** At most: with every group at its largest, or renewing all of its machines at once. */
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

const largest = ({ minSize, maxSize, instanceRefresh }: Declared["inputs"]): number =>
  instanceRefresh?.preferences?.maxHealthyPercentage === 200 ? Math.max(maxSize, 2 * minSize) : maxSize;

export const usedBy = ({ of }: Quota, view: StackView): number =>
  typeof of === "function" ? of(view) : view.resources.filter(({ type }) => of.includes(type)).length;

/** A project is static, or a server with or without a database of its own: the larger counts. */
function inOneProject({ inProjects = [], each = 1 }: Quota): number {
  const count = (name: (typeof NAMES)[number]) =>
    Object.values(readTemplate(name).Resources).filter(({ Type }) => inProjects.includes(Type)).length +
    (inProjects.includes("itself") ? 1 : 0);
  const server =
    count("server") + count("database") - (inProjects.includes("AWS::CloudFormation::Stack") ? 1 : 0);
  return each * Math.max(count("static"), server);
}

/** docs/quotas.md: what each stack and a hundred projects take of AWS's default quotas. */
export function quotasPage(views: StackView[]): string {
  const names = views.map(({ stack }) => stack);
  const rows = QUOTAS.map((quota) => {
    const used = [...views.map((view) => usedBy(quota, view)), 100 * inOneProject(quota)];
    return { quota, used };
  });
  const told = rows.flatMap(({ quota: { what, most, young }, used }) =>
    used.flatMap((one, i) =>
      one > (young ?? most) / 2
        ? [`| ${what} | ${names[i] ?? "100 projects"} | ${one} | ${young ?? most} |`]
        : [],
    ),
  );
  return `# Quotas

What each stack declares, against the quotas that AWS gives an account in a region by default. A number is the most that a stack has at once: every group at its
largest, or renewing all of its machines. A hundred projects are counted as if all were of the larger kind for that row.

| Quota | Default | ${names.join(" | ")} | 100 projects |
|---|---|${"---|".repeat(names.length + 1)}
${rows.map(({ quota, used }) => `| [${quota.what}](${quota.page}) | ${quota.most.toLocaleString("en")}${quota.young ? `, new accounts ${quota.young}` : ""} | ${used.join(" | ")} |`).join("\n")}

## Over half

Ask AWS for more before you bring these up: Service Quotas in the console, or \`aws service-quotas request-service-quota-increase\`.

| Quota | Of | Takes | There are |
|---|---|---|---|
${told.join("\n")}

A Lambda with \`reservedConcurrency\` is refused unless [100 executions stay unreserved](https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html);
in an account that starts with 10, AWS's error names 10 as what must stay, so that nothing can be reserved at all. No function here reserves any unless you
say so.
`;
}
