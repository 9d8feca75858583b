import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { parseCidr } from "../shared/cidr";
import { PrivateBucket } from "../shared/private-bucket";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { certificate } from "./certificate";

export interface LoadBalancerArgs {
  vpcId: pulumi.Input<string>;
  publicSubnetIds: pulumi.Input<string>[];
  /** Who may come in. */
  clientCidrs: string[];
  /** The port of plain HTTP; it only redirects where there is a domain. @default 80 */
  httpPort?: number;
  /** The site's name; it gets a certificate and HTTPS. @default plain HTTP */
  domainName?: string;
  /** The Route 53 zone of the domain. @default the domain's parent */
  zoneName?: string;
  /** The port of the servers behind it. @default 8080 */
  appPort?: number;
  /** @default 30 */
  healthCheckSeconds?: number;
  /** How long a server that leaves may finish what it began. @default 20 */
  deregistrationSeconds?: number;
  /** Guards against deletion, and keeps the access logs when the stack goes. */
  keepData: boolean;
}

/** The strictest of AWS's policies that all browsers of the last years speak. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/**
 * The public door: an application load balancer with its access log, and HTTPS where there is a domain.
 * Costs about 20 USD a month. Answers 503 itself while no server is healthy.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly loadBalancer: aws.lb.LoadBalancer;
  readonly targetGroup: aws.lb.TargetGroup;
  readonly securityGroupId: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  /** Servers register once somebody listens. */
  readonly listener: aws.lb.Listener;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    const httpPort = args.httpPort ?? 80;
    const appPort = args.appPort ?? 8080;
    new Check("LoadBalancer", name)
      .that(
        args.clientCidrs.length > 0 && args.clientCidrs.every((cidr) => parseCidr(cidr) !== undefined),
        "clientCidrs",
        "at least one IPv4 block such as 203.0.113.0/24",
        args.clientCidrs,
      )
      .wholeNumber("httpPort", httpPort, 1, 65_535)
      .wholeNumber("appPort", appPort, 1, 65_535)
      .that(
        !args.domainName || httpPort !== 443,
        "httpPort",
        "another port than 443, which HTTPS takes",
        httpPort,
      )
      .wholeNumber("healthCheckSeconds", args.healthCheckSeconds, 5, 300)
      .wholeNumber("deregistrationSeconds", args.deregistrationSeconds, 0, 3_600)
      .done();
    super("groundwork:index:LoadBalancer", name, {}, opts);
    const parent = { parent: this };

    const group = securityGroup(name, args.vpcId, "Load balancer", parent);
    for (const port of args.domainName ? [httpPort, 443] : [httpPort])
      for (const cidr of args.clientCidrs)
        ingress(`${name}-${port}-${cidr}`, group.id, { description: "A client's block", port, cidr }, parent);
    const logs = accessLogs(name, args.keepData, parent);
    this.loadBalancer = new aws.lb.LoadBalancer(
      name,
      {
        loadBalancerType: "application",
        ipAddressType: "ipv4",
        subnets: args.publicSubnetIds,
        securityGroups: [group.id],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: args.keepData,
        accessLogs: { enabled: true, bucket: logs.bucketName },
      },
      { ...parent, dependsOn: logs.ready },
    );
    this.targetGroup = targetGroup(name, args, appPort, parent);
    this.listener = listeners(name, this, httpPort, args, parent);
    this.securityGroupId = group.id;
    const standardPort = httpPort === 80 ? "" : `:${httpPort}`;
    this.url = args.domainName
      ? pulumi.output(`https://${args.domainName}`)
      : pulumi.interpolate`http://${this.loadBalancer.dnsName}${standardPort}`;
    this.registerOutputs({ url: this.url, securityGroupId: this.securityGroupId });
  }

  /** Lets the load balancer reach the servers' group, and nothing else. */
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

function targetGroup(name: string, args: LoadBalancerArgs, port: number, opts: pulumi.CustomResourceOptions) {
  const interval = args.healthCheckSeconds ?? 30;
  return new aws.lb.TargetGroup(
    name,
    {
      vpcId: args.vpcId,
      port,
      protocol: "HTTP",
      targetType: "instance",
      deregistrationDelay: args.deregistrationSeconds ?? 20,
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

/** HTTPS with HTTP sent on to it where there is a domain, else HTTP alone. */
function listeners(
  name: string,
  { loadBalancer, targetGroup }: LoadBalancer,
  httpPort: number,
  args: LoadBalancerArgs,
  opts: pulumi.CustomResourceOptions,
): aws.lb.Listener {
  const loadBalancerArn = loadBalancer.arn;
  const forward = { type: "forward", targetGroupArn: targetGroup.arn };
  if (!args.domainName)
    return new aws.lb.Listener(
      name,
      { loadBalancerArn, port: httpPort, protocol: "HTTP", defaultActions: [forward] },
      opts,
    );
  const zoneName = args.zoneName ?? args.domainName.split(".").slice(1).join(".");
  const zoneId = aws.route53.getZoneOutput({ name: zoneName }, opts).zoneId;
  const certificateArn = certificate(name, args.domainName, zoneId, opts);
  new aws.route53.Record(
    name,
    { zoneId, name: args.domainName, ...leadingTo(loadBalancer, args.domainName === zoneName) },
    opts,
  );
  new aws.lb.Listener(
    `${name}-redirect`,
    {
      loadBalancerArn,
      port: httpPort,
      protocol: "HTTP",
      defaultActions: [
        { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
      ],
    },
    opts,
  );
  return new aws.lb.Listener(
    name,
    {
      loadBalancerArn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: TLS_POLICY,
      certificateArn,
      defaultActions: [forward],
    },
    opts,
  );
}

/** A zone's own name, such as example.com, takes no CNAME: only an alias leads from there. */
const leadingTo = ({ dnsName, zoneId }: aws.lb.LoadBalancer, fromZonesOwnName: boolean) =>
  fromZonesOwnName
    ? { type: "A", aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: true }] }
    : { type: "CNAME", ttl: 60, records: [dnsName] };

function accessLogs(name: string, keepData: boolean, opts: pulumi.ComponentResourceOptions): PrivateBucket {
  const account = aws.getCallerIdentityOutput({}, opts).accountId;
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
