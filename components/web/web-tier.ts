import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { userData } from "../shared/cloud-config";
import {
  AMAZON_LINUX,
  machineProfile,
  METADATA_OPTIONS,
  newestImage,
  propagated,
  sessionManagerStatements,
} from "../shared/instance";
import { parseCidr } from "../shared/cidr";
import { allow, Statement } from "../shared/permissions";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { instanceScript } from "./instance-script";
import { LoadBalancer, LoadBalancerArgs } from "./load-balancer";
import { scale, Scaling, SCALING_MODES } from "./scaling";

export interface WebTierArgs extends LoadBalancerArgs {
  /** Where the servers live: public ones get an address of their own, private ones go out through NAT. */
  serverSubnetIds: pulumi.Input<string>[];
  /** @default true */
  publicAddresses?: boolean;
  /** The app's container image, by digest, in a repository of this account. */
  image: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  /** The app's environment; secrets go as ARNs. @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** What the app may do on AWS. @default nothing */
  statements?: Statement[];
  /** More security groups for the servers, such as a database's clients. @default none */
  securityGroupIds?: pulumi.Input<string>[];
  /** An SSM parameter that holds the machine image. @default Amazon Linux 2023 */
  imageParameter?: pulumi.Input<string>;
  /** @default "t4g.small" */
  instanceType?: string;
  /** @default 2 */
  minSize?: number;
  /** @default 3 */
  maxSize?: number;
  /** @default "steps" */
  scaling?: Scaling;
  /** The share of CPU that `target` holds. @default 30 */
  targetCpuPercent?: number;
  /** How often the servers' CPU is measured; 10 costs about 2 USD a month and server more. @default 60 */
  metricsSeconds?: number;
  /** The bastion's security group, for SSH. @default none */
  bastionSecurityGroupId?: pulumi.Input<string>;
  /** Blocks that may SSH straight to the servers. @default none */
  sshCidrs?: string[];
  /** The EC2 key pair for SSH. @default none */
  keyName?: string;
  /** Opens Session Manager to the servers, without a port. @default false */
  sessionManager?: boolean;
  /** Installs the agent that receives releases. @default true */
  codeDeploy?: boolean;
  /** @default 30 */
  logRetentionDays?: number;
}

const LAUNCH_HOOK = "app-answers";
const METRICS_NAMESPACE = "Groundwork/Web";

/**
 * Web servers that heal themselves behind a load balancer.
 * Costs about 20 USD a month for the load balancer and 12 for each t4g.small. A server that stops answering is replaced
 * in a few minutes; the others carry the load until then.
 */
export class WebTier extends pulumi.ComponentResource {
  readonly loadBalancer: LoadBalancer;
  readonly group: aws.autoscaling.Group;
  readonly groupName: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: WebTierArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArgs(name, args);
    super("groundwork:index:WebTier", name, {}, opts);
    const parent = { parent: this };
    const port = args.appPort ?? 8080;

    this.loadBalancer = new LoadBalancer(name, args, parent);
    const group = this.servers(name, args, port);
    const log = new aws.cloudwatch.LogGroup(name, { retentionInDays: args.logRetentionDays ?? 30 }, parent);
    const { role, profile } = machineProfile(name, statementsOf(name, args, log.arn, parent), parent);
    const template = launchTemplate(name, args, { port, group, log, profile }, parent);
    this.group = scalingGroup(name, args, template, this.loadBalancer, parent);
    scale(
      name,
      {
        mode: args.scaling ?? "steps",
        groupName: this.group.name,
        targetCpuPercent: args.targetCpuPercent ?? 30,
        periodSeconds: 60,
        cooldownSeconds: 60,
      },
      parent,
    );
    this.groupName = this.group.name;
    this.securityGroupId = group.id;
    this.roleName = role.name;
    this.roleArn = role.arn;
    this.logGroupName = log.name;
    this.url = this.loadBalancer.url;
    this.registerOutputs({
      groupName: this.groupName,
      securityGroupId: this.securityGroupId,
      roleName: this.roleName,
      roleArn: this.roleArn,
      logGroupName: this.logGroupName,
      url: this.url,
    });
  }

  private servers(name: string, args: WebTierArgs, port: number): aws.ec2.SecurityGroup {
    const parent = { parent: this };
    const group = securityGroup(`${name}-servers`, args.vpcId, "Web servers", parent);
    this.loadBalancer.reach(name, group.id, port);
    if (args.bastionSecurityGroupId)
      ingress(
        `${name}-ssh-bastion`,
        group.id,
        { description: "SSH from the bastion", port: 22, group: args.bastionSecurityGroupId },
        parent,
      );
    for (const cidr of args.sshCidrs ?? [])
      ingress(
        `${name}-ssh-${cidr}`,
        group.id,
        { description: "SSH from a listed block", port: 22, cidr },
        parent,
      );
    egress(
      `${name}-https`,
      group.id,
      { description: "AWS, the image and updates", port: 443, cidr: "0.0.0.0/0" },
      parent,
    );
    return group;
  }
}

function checkArgs(name: string, args: WebTierArgs): void {
  const min = args.minSize ?? 2;
  const max = args.maxSize ?? 3;
  new Check("WebTier", name)
    .wholeNumber("minSize", min, 1, 100)
    .wholeNumber("maxSize", max, 1, 100)
    .that(max >= min, "maxSize", `minSize (${min}) or more`, max)
    .oneOf("scaling", args.scaling, SCALING_MODES)
    .wholeNumber("targetCpuPercent", args.targetCpuPercent, 1, 99)
    .oneOf("metricsSeconds", args.metricsSeconds, [10, 60])
    .that(
      (args.sshCidrs ?? []).every((cidr) => parseCidr(cidr) !== undefined),
      "sshCidrs",
      "IPv4 blocks such as 203.0.113.7/32",
      args.sshCidrs,
    )
    .done();
}

/** Just what the user data and the container use; the app's own come from outside. */
function statementsOf(
  name: string,
  args: WebTierArgs,
  logArn: pulumi.Output<string>,
  opts: pulumi.InvokeOptions,
): Statement[] {
  const region = aws.getRegionOutput({}, opts).region;
  const account = aws.getCallerIdentityOutput({}, opts).accountId;
  return [
    allow(["ecr:GetAuthorizationToken"], "*"), // * because a registry's token has no resource-level permission
    allow(
      ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
      args.repositoryArn,
    ),
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      [logArn, pulumi.interpolate`${logArn}:*`],
    ),
    // * because PutMetricData has no resource-level permission; the condition holds it to one namespace
    allow(["cloudwatch:PutMetricData"], "*", {
      StringEquals: { "cloudwatch:namespace": METRICS_NAMESPACE },
    }),
    allow(["ec2:DescribeTags"], "*"), // * because EC2's describe calls have no resource-level permission
    // The group's name is not known before its machines need the role; Pulumi's suffix is left open.
    allow(
      ["autoscaling:CompleteLifecycleAction"],
      pulumi.interpolate`arn:aws:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/${name}-*`,
    ),
    ...(args.sessionManager ? sessionManagerStatements : []),
    ...(args.statements ?? []),
  ];
}

interface Parts {
  port: number;
  group: aws.ec2.SecurityGroup;
  log: aws.cloudwatch.LogGroup;
  profile: aws.iam.InstanceProfile;
}

function launchTemplate(name: string, args: WebTierArgs, parts: Parts, opts: pulumi.CustomResourceOptions) {
  const script = pulumi
    .all([
      aws.getRegionOutput({}, opts).region,
      args.image,
      parts.log.name,
      pulumi.jsonStringify(args.environment ?? {}),
    ])
    .apply(([region, image, logGroup, environment]) =>
      instanceScript({
        region,
        image,
        logGroup,
        environment: { AWS_REGION: region, METRICS_NAMESPACE, ...JSON.parse(environment) },
        port: parts.port,
        metricsNamespace: METRICS_NAMESPACE,
        metricsSeconds: args.metricsSeconds ?? 60,
        codeDeploy: args.codeDeploy ?? true,
        launchHook: LAUNCH_HOOK,
      }),
    )
    .apply(userData);
  return new aws.ec2.LaunchTemplate(
    name,
    {
      imageId: newestImage(args.imageParameter ?? AMAZON_LINUX),
      instanceType: args.instanceType ?? "t4g.small",
      keyName: args.keyName,
      iamInstanceProfile: { arn: parts.profile.arn },
      metadataOptions: METADATA_OPTIONS,
      monitoring: { enabled: true },
      ebsOptimized: "true",
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { encrypted: "true", volumeType: "gp3", volumeSize: 10, deleteOnTermination: "true" },
        },
      ],
      networkInterfaces: [
        {
          associatePublicIpAddress: String(args.publicAddresses ?? true),
          deleteOnTermination: "true",
          securityGroups: [parts.group.id, ...(args.securityGroupIds ?? [])],
        },
      ],
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({
        resourceType,
        tags: { Name: name },
      })),
      userData: script,
    },
    opts,
  );
}

function scalingGroup(
  name: string,
  args: WebTierArgs,
  template: aws.ec2.LaunchTemplate,
  { targetGroup, listener }: LoadBalancer,
  opts: pulumi.CustomResourceOptions,
): aws.autoscaling.Group {
  return new aws.autoscaling.Group(
    name,
    {
      minSize: args.minSize ?? 2,
      maxSize: args.maxSize ?? 3,
      vpcZoneIdentifiers: args.serverSubnetIds,
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      targetGroupArns: [targetGroup.arn],
      healthCheckType: "ELB",
      healthCheckGracePeriod: 60,
      defaultInstanceWarmup: 60,
      initialLifecycleHooks: [
        {
          name: LAUNCH_HOOK,
          lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
          heartbeatTimeout: 600,
          defaultResult: "ABANDON",
        },
      ],
      instanceRefresh: {
        strategy: "Rolling",
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 200, autoRollback: true },
      },
      tags: propagated({ Name: name }),
    },
    // Once scaling owns the number of servers, an update must not reset it. A target group without a listener takes none.
    { ...opts, ignoreChanges: ["desiredCapacity"], dependsOn: listener },
  );
}
