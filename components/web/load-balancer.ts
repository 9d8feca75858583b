import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { here } from "../shared/here";
import { fill, Complete } from "../shared/options";
import { PrivateBucket } from "../shared/private-bucket";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { LoadBalancerArgs, loadBalancerOptions } from "./args";
import { certificate } from "./certificate";

type CompleteArgs = Complete<typeof loadBalancerOptions> & Pick<LoadBalancerArgs, "network" | "keepData">;

/** The strictest AWS policy that all browsers of recent years support. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/**
 * The entry from the internet: an application load balancer with its access log, and HTTPS if there is a domain.
 * Costs about 25 USD a month, with an address in each of two zones. Answers 503 itself while no server is healthy.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** The load balancer itself. */
  readonly loadBalancer: aws.lb.LoadBalancer;
  /** The target group where servers register. */
  readonly targetGroup: aws.lb.TargetGroup;
  readonly securityGroupId: pulumi.Output<string>;
  /** The address for a browser: HTTPS if there is a domain. */
  readonly url: pulumi.Output<string>;
  /** AWS's own name for it, to which the domain points. */
  readonly dnsName: pulumi.Output<string>;
  /** Servers must wait for this before they register. */
  readonly listener: aws.lb.Listener;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("LoadBalancer", name, loadBalancerOptions, args);
    const { network, keepData, clientCidrs, domainName, httpPort } = filled;
    super("groundwork:index:LoadBalancer", name, {}, opts);
    const parent = { parent: this };

    const group = securityGroup(name, network.vpcId, "Load balancer", parent);
    for (const port of domainName ? [httpPort, 443] : [httpPort])
      for (const cidr of clientCidrs)
        ingress(
          `${name}-${port}-${cidr}`,
          group.id,
          { description: "A block of clients", port, cidr },
          parent,
        );
    const logs = accessLogs(name, keepData, parent);
    this.loadBalancer = new aws.lb.LoadBalancer(
      name,
      {
        loadBalancerType: "application",
        ipAddressType: "ipv4",
        subnets: network.publicSubnetIds,
        securityGroups: [group.id],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: keepData,
        accessLogs: { enabled: true, bucket: logs.bucketName },
      },
      // AWS refuses an internet-facing load balancer in a VPC that has no internet gateway yet.
      { ...parent, dependsOn: [...logs.ready, ...(network.ready ?? [])] },
    );
    this.targetGroup = targetGroup(name, filled, parent);
    this.listener = listeners(name, this, filled, parent);
    this.securityGroupId = group.id;
    this.dnsName = this.loadBalancer.dnsName;
    const standardPort = httpPort === 80 ? "" : `:${httpPort}`;
    this.url = domainName
      ? pulumi.output(`https://${domainName}`)
      : pulumi.interpolate`http://${this.dnsName}${standardPort}`;
    this.registerOutputs({
      url: this.url,
      dnsName: this.dnsName,
      securityGroupId: this.securityGroupId,
    });
  }

  /** Allows the load balancer to reach the servers' security group, and nothing else. */
  reach(name: string, serverGroupId: pulumi.Output<string>, port: number): void {
    const opts = { parent: this };
    egress(
      `${name}-to-servers`,
      this.securityGroupId,
      { description: "Requests and health checks", port, group: serverGroupId },
      opts,
    );
    ingress(
      `${name}-from-balancer`,
      serverGroupId,
      { description: "Requests from the load balancer", port, group: this.securityGroupId },
      opts,
    );
  }
}

function targetGroup(name: string, args: CompleteArgs, opts: pulumi.CustomResourceOptions) {
  const interval = args.healthCheckSeconds;
  return new aws.lb.TargetGroup(
    name,
    {
      vpcId: args.network.vpcId,
      port: args.appPort,
      protocol: "HTTP",
      targetType: "instance",
      deregistrationDelay: args.deregistrationSeconds,
      healthCheck: {
        path: "/health",
        matcher: "200",
        interval,
        timeout: Math.max(2, Math.floor(interval / 2)),
        healthyThreshold: 5,
        unhealthyThreshold: 3,
      },
    },
    opts,
  );
}

/**
 * With a domain, HTTPS and a redirect to it from HTTP, otherwise HTTP alone. One listener serves HTTP's port in both cases, because
 * AWS refuses a second one there: otherwise, a domain could neither be added nor removed.
 */
function listeners(
  name: string,
  balancer: LoadBalancer,
  args: CompleteArgs,
  opts: pulumi.CustomResourceOptions,
): aws.lb.Listener {
  const loadBalancerArn = balancer.loadBalancer.arn;
  const forward = { type: "forward", targetGroupArn: balancer.targetGroup.arn };
  const redirect = {
    type: "redirect",
    redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" },
  };
  const https = args.domainName ? httpsListener(name, balancer, args.domainName, args, opts) : undefined;
  const http = new aws.lb.Listener(
    name,
    {
      loadBalancerArn,
      port: args.httpPort,
      protocol: "HTTP",
      defaultActions: [https ? redirect : forward],
    },
    // Redirects only once something listens at the target.
    { ...opts, ...(https && { dependsOn: https }) },
  );
  return https ?? http;
}

function httpsListener(
  name: string,
  { loadBalancer, targetGroup }: LoadBalancer,
  domainName: string,
  args: CompleteArgs,
  opts: pulumi.CustomResourceOptions,
): aws.lb.Listener {
  const certificateArn = args.certificateArn ?? inZone(name, loadBalancer, domainName, args.zoneName, opts);
  return new aws.lb.Listener(
    `${name}-https`,
    {
      loadBalancerArn: loadBalancer.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: TLS_POLICY,
      certificateArn,
      defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
    },
    opts,
  );
}

/** Points the name at the load balancer, and proves in its zone that it is ours. Returns the certificate's ARN. */
function inZone(
  name: string,
  loadBalancer: aws.lb.LoadBalancer,
  domainName: string,
  zoneName = domainName.split(".").slice(1).join("."),
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const zoneId = aws.route53.getZoneOutput({ name: zoneName }, opts).zoneId;
  new aws.route53.Record(
    name,
    { zoneId, name: domainName, ...leadingTo(loadBalancer, domainName === zoneName) },
    opts,
  );
  return certificate(name, domainName, zoneId, opts);
}

/** A zone's own name, such as example.com, cannot be a CNAME, so it needs an alias. */
const leadingTo = ({ dnsName, zoneId }: aws.lb.LoadBalancer, fromZonesOwnName: boolean) =>
  fromZonesOwnName
    ? { type: "A", aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: true }] }
    : { type: "CNAME", ttl: 60, records: [dnsName] };

function accessLogs(name: string, keepData: boolean, opts: pulumi.ComponentResourceOptions): PrivateBucket {
  const account = here(opts).accountId;
  return new PrivateBucket(
    `${name}-logs`,
    {
      keepData,
      expireDays: 90,
      policy: (bucketArn) => [
        {
          Effect: "Allow",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: pulumi.interpolate`${bucketArn}/AWSLogs/${account}/*`,
        },
      ],
    },
    opts,
  );
}
