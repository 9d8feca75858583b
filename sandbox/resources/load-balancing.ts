import { asList, pascal, pick, tagList } from "../engine/shape";
import { Inputs, Request, Table } from "../engine/types";

/** Load balancers as records on moto; the fleet's own balancer serves what they declare. */
export const loadBalancing: Table = {
  LoadBalancer: async (r) => {
    const elb = await r.use("elb");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 32);
    const { LoadBalancers } = await elb.createLoadBalancer({
      Name: name,
      Type: i["loadBalancerType"] ?? "application",
      Scheme: i["internal"] ? "internal" : "internet-facing",
      Subnets: i["subnets"],
      SubnetMappings: i["subnetMappings"] && pascal(i["subnetMappings"]),
      SecurityGroups: i["securityGroups"],
      IpAddressType: i["ipAddressType"],
      Tags: someTags(r),
    });
    const made = LoadBalancers![0]!;
    await elb.modifyLoadBalancerAttributes({
      LoadBalancerArn: made.LoadBalancerArn,
      Attributes: balancerAttributes(i),
    });
    return {
      id: made.LoadBalancerArn!,
      outputs: {
        name,
        arn: made.LoadBalancerArn,
        arnSuffix: made.LoadBalancerArn!.split(":loadbalancer/")[1],
        // No name server knows moto's name; this address reaches the load balancer.
        dnsName: process.env["GROUNDWORK_SITE"] ?? made.DNSName,
        zoneId: made.CanonicalHostedZoneId,
        vpcId: made.VpcId,
      },
    };
  },

  TargetGroup: async (r) => {
    const elb = await r.use("elb");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 32);
    const { TargetGroups } = await elb.createTargetGroup({
      Name: name,
      ...pascal(pick(i, "protocol", "port", "vpcId", "targetType", "protocolVersion")),
      ...healthCheckOf(i),
      Tags: someTags(r),
    });
    const arn = TargetGroups![0]!.TargetGroupArn!;
    await elb.modifyTargetGroupAttributes({ TargetGroupArn: arn, Attributes: groupAttributes(i) });
    return { id: arn, outputs: { name, arn, arnSuffix: arn.split(":").at(-1) } };
  },

  Listener: async (r) => {
    const elb = await r.use("elb");
    const i = r.inputs;
    const { Listeners } = await elb.createListener({
      LoadBalancerArn: i["loadBalancerArn"],
      ...listenerOf(i),
      Tags: someTags(r),
    });
    const arn = Listeners![0]!.ListenerArn!;
    return { id: arn, outputs: { arn } };
  },
};

export function healthCheckOf(i: Inputs) {
  const check: Inputs = i["healthCheck"] ?? {};
  return {
    HealthCheckEnabled: check["enabled"],
    HealthCheckPath: check["path"],
    HealthCheckPort: check["port"],
    HealthCheckProtocol: check["protocol"],
    HealthCheckIntervalSeconds: check["interval"],
    HealthCheckTimeoutSeconds: check["timeout"],
    HealthyThresholdCount: check["healthyThreshold"],
    UnhealthyThresholdCount: check["unhealthyThreshold"],
    Matcher: check["matcher"] ? { HttpCode: check["matcher"] } : undefined,
  };
}

/** What an update of a listener may change. */
export const listenerOf = (i: Inputs) => ({
  ...pascal(pick(i, "port", "protocol", "sslPolicy")),
  Certificates: i["certificateArn"] ? [{ CertificateArn: i["certificateArn"] }] : undefined,
  DefaultActions: actionsOf(i["defaultActions"]),
});

const someTags = ({ tags }: Request) => (Object.keys(tags).length ? tagList(tags) : undefined);

const attribute = (Key: string, value: unknown) =>
  value === undefined ? [] : [{ Key, Value: String(value) }];

export const balancerAttributes = (i: Inputs) => [
  ...attribute("deletion_protection.enabled", i["enableDeletionProtection"] ?? false),
  ...attribute("idle_timeout.timeout_seconds", i["idleTimeout"]),
  ...attribute("routing.http2.enabled", i["enableHttp2"]),
  ...attribute("routing.http.drop_invalid_header_fields.enabled", i["dropInvalidHeaderFields"]),
  ...attribute("routing.http.desync_mitigation_mode", i["desyncMitigationMode"]),
  ...attribute("access_logs.s3.enabled", i["accessLogs"]?.enabled),
  ...attribute("access_logs.s3.bucket", i["accessLogs"]?.bucket),
  ...attribute("access_logs.s3.prefix", i["accessLogs"]?.prefix),
];

export const groupAttributes = (i: Inputs) => [
  ...attribute("deregistration_delay.timeout_seconds", i["deregistrationDelay"] ?? 300),
  ...attribute("slow_start.duration_seconds", i["slowStart"]),
  ...attribute("load_balancing.algorithm.type", i["loadBalancingAlgorithmType"]),
  ...attribute("stickiness.enabled", i["stickiness"]?.enabled),
  ...attribute("stickiness.type", i["stickiness"]?.type),
];

function actionsOf(actions: unknown) {
  return asList<Inputs>(actions as Inputs[]).map((action) => {
    const { forward, redirect, fixedResponse, authenticateCognito, authenticateOidc, ...rest } = action;
    return {
      ...pascal(rest),
      ForwardConfig: forward && {
        TargetGroups: asList<Inputs>(forward.targetGroups).map((one) => ({
          TargetGroupArn: one["arn"],
          Weight: one["weight"],
        })),
        TargetGroupStickinessConfig: forward.stickiness && {
          Enabled: forward.stickiness.enabled,
          DurationSeconds: forward.stickiness.duration,
        },
      },
      RedirectConfig: redirect && pascal(redirect),
      FixedResponseConfig: fixedResponse && pascal(fixedResponse),
      AuthenticateCognitoConfig: authenticateCognito && pascal(authenticateCognito),
      AuthenticateOidcConfig: authenticateOidc && pascal(authenticateOidc),
    };
  });
}
