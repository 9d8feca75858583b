import { policyLetsIn } from "./rights";
import { Inputs, inUse, kept, needs, Rule, Standing, taken } from "./rule";

const BALANCER = "lb/loadBalancer:LoadBalancer";
const LISTENER = "lb/listener:Listener";
const LISTENER_RULE = "lb/listenerRule:ListenerRule";
const TARGETS = "lb/targetGroup:TargetGroup";
const SUBNET = "ec2/subnet:Subnet";
const CERTIFICATE = "acm/certificate:Certificate";

const API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";
const service = (call: string) => `Elastic Load Balancing v2: ${call}`;

const zones = ({ subnets = [] }: Inputs, account: Standing): unknown[] =>
  (subnets as unknown[]).flatMap((one) => account.find(SUBNET, one)?.inputs.availabilityZone ?? []);

function hasWayIn({ internal, subnets = [] }: Inputs, account: Standing): boolean {
  const vpcs = (subnets as unknown[]).flatMap((one) => account.find(SUBNET, one)?.inputs.vpcId ?? []);
  const attached = (vpc: unknown) =>
    account.all("ec2/internetGateway:InternetGateway").some(({ inputs }) => inputs.vpcId === vpc);
  return Boolean(internal) || vpcs.every(attached);
}

/** What forwards to a target group, by listeners and their rules, is on which load balancer. */
const balancersOf = (account: Standing, arn: unknown): unknown[] =>
  account.naming(arn, [LISTENER]).map(({ inputs }) => inputs.loadBalancerArn as unknown);

export const loadBalancing: Rule[] = [
  taken(
    {
      name: "a load balancer's name is unique",
      code: "DuplicateLoadBalancerName",
      call: service("CreateLoadBalancer"),
      source: `${API}/API_CreateLoadBalancer.html`,
    },
    [BALANCER],
    ({ name }) => name as unknown,
    (name) => `A load balancer with the same name '${name}' exists, but with different settings`,
  ),
  needs(
    {
      name: "a load balancer spans two zones",
      code: "ValidationError",
      call: service("CreateLoadBalancer"),
      source: `${API}/API_CreateLoadBalancer.html`,
    },
    [BALANCER],
    (inputs, account) => {
      const own = zones(inputs, account);
      return own.length === 0 || new Set(own).size > 1;
    },
    () => "At least two subnets in two different Availability Zones must be specified",
  ),
  needs(
    {
      name: "a load balancer has one subnet in each zone",
      code: "InvalidConfigurationRequest",
      call: service("CreateLoadBalancer"),
      source: `${API}/API_CreateLoadBalancer.html`,
    },
    [BALANCER],
    (inputs, account) => {
      const own = zones(inputs, account);
      return new Set(own).size === own.length;
    },
    () => "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
  ),
  needs(
    {
      name: "a load balancer's VPC has an internet gateway",
      code: "InvalidSubnet",
      call: service("CreateLoadBalancer"),
      source: `${API}/API_CreateLoadBalancer.html`,
    },
    [BALANCER],
    hasWayIn,
    ({ subnets }) => `VPC of ${String(subnets)} has no internet gateway`,
    { on: ["create"] },
  ),
  needs(
    {
      name: "a load balancer may write its log",
      code: "InvalidConfigurationRequest",
      call: service("ModifyLoadBalancerAttributes"),
      source:
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
    },
    [BALANCER],
    ({ accessLogs }, account) =>
      !accessLogs?.enabled ||
      account
        .all("s3/bucketPolicy:BucketPolicy")
        .some(
          ({ inputs }) =>
            inputs.bucket === accessLogs.bucket &&
            policyLetsIn(inputs.policy, "logdelivery.elasticloadbalancing.amazonaws.com", "s3:PutObject"),
        ),
    ({ accessLogs }) =>
      `Access Denied for bucket: ${String(accessLogs?.bucket)}. Please check S3bucket permission`,
  ),
  kept(
    {
      name: "a guarded load balancer stays",
      code: "OperationNotPermitted",
      call: service("DeleteLoadBalancer"),
      source: `${API}/API_DeleteLoadBalancer.html`,
    },
    [BALANCER],
    ({ inputs }) => inputs.enableDeletionProtection === true,
    ({ outputs }) =>
      `Load balancer '${String(outputs.arn)}' cannot be deleted because deletion protection is enabled`,
  ),
  taken(
    {
      name: "a load balancer's port has one listener",
      code: "DuplicateListener",
      call: service("CreateListener"),
      source: `${API}/API_CreateListener.html`,
    },
    [LISTENER],
    ({ loadBalancerArn, port }) => `${String(loadBalancerArn)} ${String(port)}`,
    (key) => `A listener already exists on this port for this load balancer '${key.split(" ")[0]}'`,
  ),
  taken(
    {
      name: "a listener's priority has one rule",
      code: "PriorityInUse",
      call: service("CreateRule"),
      source: `${API}/API_CreateRule.html`,
    },
    [LISTENER_RULE],
    ({ listenerArn, priority }) =>
      priority === undefined ? undefined : `${String(listenerArn)} ${String(priority)}`,
    (key) => `Priority '${key.split(" ")[1]}' is currently in use`,
  ),
  needs(
    {
      name: "a listener's certificate is issued",
      code: "UnsupportedCertificate",
      call: service("CreateListener"),
      source: `${API}/API_CreateListener.html`,
    },
    [LISTENER],
    ({ certificateArn }, account) =>
      certificateArn === undefined ||
      !account.find(CERTIFICATE, certificateArn) ||
      account
        .all("acm/certificateValidation:CertificateValidation")
        .some(({ inputs }) => inputs.certificateArn === certificateArn),
    ({ certificateArn }) =>
      `The certificate '${String(certificateArn)}' must have a fully-qualified domain name, a supported signature, and a supported key size.`,
  ),
  needs(
    {
      name: "a target group belongs to one load balancer",
      code: "TargetGroupAssociationLimit",
      call: service("CreateListener"),
      source: `${API}/API_CreateListener.html`,
    },
    [LISTENER],
    ({ loadBalancerArn, defaultActions = [] }, account) =>
      (defaultActions as Inputs[]).every(({ targetGroupArn }) =>
        balancersOf(account, targetGroupArn).every(
          (other) => targetGroupArn === undefined || other === loadBalancerArn,
        ),
      ),
    () => "The following target groups cannot be associated with more than one load balancer",
  ),
  taken(
    {
      name: "a target group's name is unique",
      code: "DuplicateTargetGroupName",
      call: service("CreateTargetGroup"),
      source: `${API}/API_CreateTargetGroup.html`,
    },
    [TARGETS],
    ({ name }) => name as unknown,
    (name) => `A target group with the same name '${name}' exists, but with different settings`,
  ),
  inUse(
    {
      name: "a target group in use stays",
      code: "ResourceInUse",
      call: service("DeleteTargetGroup"),
      source: `${API}/API_DeleteTargetGroup.html`,
    },
    [TARGETS],
    ({ outputs }) => outputs.arn as unknown,
    [LISTENER, LISTENER_RULE],
    ({ outputs }) => `Target group '${String(outputs.arn)}' is currently in use by a listener or a rule`,
  ),
  inUse(
    {
      name: "a certificate in use stays",
      code: "ResourceInUseException",
      call: "ACM: DeleteCertificate",
      source: "https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html",
    },
    [CERTIFICATE],
    ({ outputs }) => outputs.arn as unknown,
    [LISTENER],
    ({ outputs }) => `Certificate ${String(outputs.arn)} in account 123456789012 is in use.`,
  ),
  {
    name: "a name has one record",
    code: "InvalidChangeBatch",
    source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html",
    on: ["create"],
    types: ["route53/record:Record"],
    refuses({ inputs }, account) {
      const { zoneId, name, type, allowOverwrite } = inputs;
      const there = account
        .all("route53/record:Record")
        .some(
          (one) =>
            one.inputs.zoneId === zoneId &&
            one.inputs.name === name &&
            (one.inputs.type === type || [type, one.inputs.type].includes("CNAME")),
        );
      return there && !allowOverwrite
        ? {
            call: "Route 53: ChangeResourceRecordSets",
            message: `[Tried to create resource record set [name='${String(name)}.', type='${String(type)}'] but it already exists]`,
          }
        : undefined;
    },
  },
];
