import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { userData } from "../shared/cloud-config";
import {
  AMAZON_LINUX,
  machineProfile,
  newestImage,
  propagated,
  sessionManagerPermissions,
  templateDefaults,
} from "../shared/instance";
import { here } from "../shared/here";
import { Monitoring, Operated } from "../shared/monitoring";
import { fill, Complete } from "../shared/options";
import { ofThisStack, ownerTag } from "../shared/owner";
import { allow, Statement, writesTraces } from "../shared/permissions";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { WatchedWeb, webMonitoring } from "./alarms";
import { WebLike, WebTierArgs, webTierOptions } from "./args";
import { instanceScript } from "./instance-script";
import { LoadBalancer } from "./load-balancer";
import { NAMESPACE as METRICS_NAMESPACE } from "./metrics";
import { scale } from "./scaling";

type CompleteArgs = WebTierArgs & Complete<typeof webTierOptions>;

const LAUNCH_HOOK = "app-answers";

const watched = kept<WatchedWeb>();

/**
 * Self-healing web servers behind a load balancer.
 * Costs about 25 USD a month for the load balancer and 16 for each t4g.small with its disk, 4 more with an address of its own. A server
 * that stops responding is replaced within a few minutes; the others carry the load until then.
 */
export class WebTier extends pulumi.ComponentResource implements WebLike, Operated {
  /** The site's address: HTTPS if there is a domain. */
  readonly url: pulumi.Output<string>;
  /** AWS's own name for the load balancer, to which the domain points. */
  readonly dnsName: pulumi.Output<string>;
  readonly groupName: pulumi.Output<string>;
  readonly groupArn: pulumi.Output<string>;
  readonly targetGroupName: pulumi.Output<string>;
  readonly targetGroupArn: pulumi.Output<string>;
  readonly loadBalancerArn: pulumi.Output<string>;
  /** The load balancer's name in CloudWatch. */
  readonly loadBalancerArnSuffix: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  readonly logGroups: Record<string, pulumi.Output<string>>;
  readonly publicArns: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: WebTierArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("WebTier", name, webTierOptions, args);
    super("groundwork:index:WebTier", name, {}, opts);
    const parent = { parent: this };

    const balancer = new LoadBalancer(name, args, parent);
    const { group, opens } = serverGroup(name, filled, balancer, parent);
    const log = new aws.cloudwatch.LogGroup(name, { retentionInDays: filled.logRetentionDays }, parent);
    const { role, profile } = machineProfile(name, permissionsOf(name, filled, log.arn, parent), parent);
    const template = launchTemplate(name, filled, { group, log, profile }, parent);
    const servers = scalingGroup(name, filled, template, balancer, opens, parent);
    scale(
      name,
      {
        mode: filled.scaling,
        groupName: servers.name,
        targetCpuPercent: filled.targetCpuPercent,
        periodSeconds: 60,
        cooldownSeconds: 60,
      },
      parent,
    );
    this.groupName = servers.name;
    this.groupArn = servers.arn;
    this.targetGroupName = balancer.targetGroup.name;
    this.targetGroupArn = balancer.targetGroup.arn;
    this.loadBalancerArn = balancer.loadBalancer.arn;
    this.loadBalancerArnSuffix = balancer.loadBalancer.arnSuffix;
    this.securityGroupId = group.id;
    this.roleName = role.name;
    this.roleArn = role.arn;
    this.logGroups = { web: log.name };
    this.publicArns = { web: this.loadBalancerArn };
    this.url = balancer.url;
    this.dnsName = balancer.dnsName;
    watched.keep(this, {
      loadBalancer: this.loadBalancerArnSuffix,
      targetGroup: balancer.targetGroup.arnSuffix,
      groupName: servers.name,
      minSize: filled.minSize,
    });
    this.registerOutputs({
      groupName: this.groupName,
      securityGroupId: this.securityGroupId,
      roleName: this.roleName,
      roleArn: this.roleArn,
      logGroups: this.logGroups,
      url: this.url,
      dnsName: this.dnsName,
    });
  }

  monitoring(): Monitoring[] {
    return [webMonitoring(watched.of(this))];
  }
}

function serverGroup(
  name: string,
  args: CompleteArgs,
  balancer: LoadBalancer,
  opts: pulumi.CustomResourceOptions,
): { group: aws.ec2.SecurityGroup; opens: pulumi.Resource[] } {
  const group = securityGroup(`${name}-servers`, args.network.vpcId, "Web servers", opts);
  balancer.reach(name, group.id, args.appPort);
  if (args.bastion)
    ingress(
      `${name}-ssh-bastion`,
      group.id,
      { description: "SSH from the bastion", port: 22, group: args.bastion.securityGroupId },
      opts,
    );
  for (const cidr of args.sshCidrs)
    ingress(
      `${name}-ssh-${cidr}`,
      group.id,
      { description: "SSH from a listed block", port: 22, cidr },
      opts,
    );
  const https = egress(
    `${name}-https`,
    group.id,
    { description: "AWS, the image and updates", port: 443, cidr: "0.0.0.0/0" },
    opts,
  );
  const throughNat = args.subnets === "private" ? args.network.allowEgress?.(name, group.id) : [];
  return { group, opens: [https, ...(throughNat ?? []), ...(args.database?.opens ?? [])] };
}

/** Just the permissions that the user data and the container need. The app's own come from outside. */
function permissionsOf(
  name: string,
  args: CompleteArgs,
  logArn: pulumi.Output<string>,
  opts: { parent: pulumi.Resource },
): Statement[] {
  return [
    allow(["ecr:GetAuthorizationToken"], "*"), // * because a registry's token has no resource-level permission
    allow(
      ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
      args.image.repositoryArn,
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
    // The machines need the role before the group has a name. So the statement leaves Pulumi's suffix open, and the tag tells the owner.
    allow(
      ["autoscaling:CompleteLifecycleAction"],
      here(opts).arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${name}-*`),
      ofThisStack(),
    ),
    ...(args.tracedPercent > 0 ? [writesTraces] : []),
    ...(args.sessionManager ? sessionManagerPermissions : []),
    ...(args.database?.clientPermissions ?? []),
    ...(args.permissions ?? []),
  ];
}

interface Parts {
  group: aws.ec2.SecurityGroup;
  log: aws.cloudwatch.LogGroup;
  profile: aws.iam.InstanceProfile;
}

function launchTemplate(name: string, args: CompleteArgs, parts: Parts, opts: { parent: pulumi.Resource }) {
  const traced = args.tracedPercent > 0;
  const script = pulumi
    .all([
      here(opts).region,
      args.image.imageUri,
      parts.log.name,
      pulumi.jsonStringify({ ...args.database?.environment, ...args.environment }),
    ])
    .apply(([region, image, logGroup, environment]) =>
      instanceScript({
        region,
        image,
        logGroup,
        environment: {
          AWS_REGION: region,
          METRICS_NAMESPACE,
          ...(traced && { TRACED_PERCENT: String(args.tracedPercent) }),
          ...JSON.parse(environment),
        },
        port: args.appPort,
        metricsNamespace: METRICS_NAMESPACE,
        metricsSeconds: args.metricsSeconds,
        traced,
        codeDeploy: args.codeDeploy,
        launchHook: LAUNCH_HOOK,
      }),
    )
    .apply(userData);
  return new aws.ec2.LaunchTemplate(
    name,
    {
      imageId: newestImage(args.bakedImage?.imageParameter ?? AMAZON_LINUX),
      instanceType: args.instanceType,
      keyName: args.keyName,
      iamInstanceProfile: { arn: parts.profile.arn },
      ...templateDefaults(10),
      networkInterfaces: [
        {
          associatePublicIpAddress: String(args.subnets === "public"),
          deleteOnTermination: "true",
          securityGroups: [parts.group.id, ...(args.database ? [args.database.clientSecurityGroupId] : [])],
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
  args: CompleteArgs,
  template: aws.ec2.LaunchTemplate,
  { targetGroup, listener }: LoadBalancer,
  opens: pulumi.Resource[],
  opts: pulumi.CustomResourceOptions,
): aws.autoscaling.Group {
  return new aws.autoscaling.Group(
    name,
    {
      minSize: args.minSize,
      maxSize: args.maxSize,
      vpcZoneIdentifiers:
        args.subnets === "public" ? args.network.publicSubnetIds : args.network.privateSubnetIds,
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
        // A new server joins before an old one goes. One that never answers ends the refresh, and the old ones stay. There is no automatic
        // roll-back, because AWS would need the image's id, and the template leaves it to the parameter.
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 200 },
      },
      tags: propagated({ Name: name, ...ownerTag() }),
    },
    // Once scaling owns the number of servers, an update must not reset it. A target group without a listener accepts no servers, and a
    // server without internet access can download nothing.
    {
      ...opts,
      ignoreChanges: ["desiredCapacity"],
      dependsOn: [listener, ...opens, ...(args.network.ready ?? [])],
    },
  );
}
