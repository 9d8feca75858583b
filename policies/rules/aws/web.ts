import { each, list, ofType, Rules } from "../rule";
import { parsePolicy } from "../statements";
import { isWritten } from "./rights";

const GROUP = "aws:autoscaling/group:Group";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

/** The principals that write a load balancer's access log. */
const LOG_WRITER = "logdelivery.elasticloadbalancing.amazonaws.com";

/** Machine types with AWS's own processors, which have the letter g after the generation. */
const ARM_TYPE = /^(a1|[a-z]+\d+g[a-z]*)\./;

/** The architecture of a machine type, and the one that an image's name mentions, if any. */
export const architectureOf = (instanceType: string) => (ARM_TYPE.test(instanceType) ? "arm64" : "x86_64");
export const architectureIn = (image: unknown) => /arm64|x86_64/.exec(String(image))?.[0];

const regionOf = (arn: unknown) => /^arn:[\w-]+:[\w-]+:([\w-]+):/.exec(String(arn))?.[1];

const shareOf = (value: unknown) => (value === undefined || value === null ? undefined : Number(value));

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html */
function refreshProblem(preferences: Record<string, unknown>): string | false {
  const least = shareOf(preferences.minHealthyPercentage);
  const most = shareOf(preferences.maxHealthyPercentage);
  const checkpoints = list<number>(preferences.checkpointPercentages as number[] | undefined);
  if (most !== undefined && least === undefined)
    return "gives a refresh a maxHealthyPercentage without a minHealthyPercentage";
  if (most !== undefined && most - least! > 100)
    return `lets a refresh go from ${least} to ${most} %, more than 100 apart`;
  if (preferences.checkpointDelay !== undefined && checkpoints.length === 0)
    return "sets a delay after the checkpoints of a refresh, but no checkpoints";
  return (
    checkpoints.some((share, i) => i > 0 && share <= checkpoints[i - 1]!) &&
    "has checkpoints of a refresh that do not increase"
  );
}

/** What AWS refuses in load balancers and their servers, or accepts without effect. */
export const webRefusals: Rules = {
  // Below 100 %, AWS terminates a server before its replacement has come. Otherwise the new one must first be in service and healthy
  // at the load balancer. https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
  "keeps old servers until new ones are healthy at the load balancer": each([GROUP], ({ inputs }) => {
    if (list(inputs.targetGroupArns).length === 0) return false;
    if (inputs.healthCheckType !== "ELB")
      return "does not ask the load balancer whether its servers are healthy";
    const { minHealthyPercentage, maxHealthyPercentage } = inputs.instanceRefresh?.preferences ?? {};
    return (
      !(Number(minHealthyPercentage) === 100 && Number(maxHealthyPercentage) > 100) &&
      "removes old servers before new ones are healthy"
    );
  }),

  "configures instance refreshes as AWS accepts them": each([GROUP], ({ inputs }) =>
    refreshProblem(inputs.instanceRefresh?.preferences ?? {}),
  ),

  // CertificateNotFound and InvalidConfigurationRequest:
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
  "gives a certificate to each TLS listener, and to no other": each([LISTENER], ({ inputs }) => {
    const tls = ["HTTPS", "TLS"].includes(inputs.protocol);
    if (tls && !inputs.certificateArn) return `listens for ${inputs.protocol} without a certificate`;
    const extra = ["certificateArn", "sslPolicy", "alpnPolicy"].filter((field) => inputs[field]);
    return !tls && extra.length > 0 && `has a ${extra.join(" and ")}, but listens for ${inputs.protocol}`;
  }),

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
  "uses certificates of its own region": each([LISTENER], ({ inputs }) => {
    const [balancer, certificate] = [inputs.loadBalancerArn, inputs.certificateArn].map(regionOf);
    return (
      balancer !== undefined &&
      certificate !== undefined &&
      balancer !== certificate &&
      `serves in ${balancer} with a certificate of ${certificate}`
    );
  }),

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  "ends each health check before the next one begins": each([TARGETS], ({ inputs }) => {
    const { interval = 30, timeout = 5 } = inputs.healthCheck ?? {};
    return timeout >= interval && `waits ${timeout} s for an answer, but checks every ${interval} s`;
  }),

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
  "puts each application load balancer into at least two zones": each([BALANCER], ({ inputs }) => {
    const places = list(inputs.subnets).length + list(inputs.subnetMappings).length;
    return (
      (inputs.loadBalancerType ?? "application") === "application" && places < 2 && "is in one subnet only"
    );
  }),

  // InvalidParameterCombination: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestLaunchTemplateData.html
  "names a launch template's security groups in one place": each(
    [TEMPLATE],
    ({ inputs }) =>
      list(inputs.networkInterfaces).length > 0 &&
      [inputs.vpcSecurityGroupIds, inputs.securityGroupNames].some((groups) => list(groups).length > 0) &&
      "names security groups in addition to those of its network interfaces",
  ),

  // InvalidParameterValue: the architecture of the image does not match that of the instance type.
  "starts instances from images of their own architecture": each([TEMPLATE], ({ inputs }) => {
    const { instanceType } = inputs;
    const image = architectureIn(inputs.imageId);
    return (
      typeof instanceType === "string" &&
      image !== undefined &&
      architectureOf(instanceType) !== image &&
      `starts a ${instanceType} from an image for ${image}`
    );
  }),

  // Access Denied for bucket: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
  "writes access logs to a bucket that accepts them": each([BALANCER], ({ inputs }, view) => {
    const { enabled, bucket } = inputs.accessLogs ?? {};
    const isIt = ({ outputs }: { outputs: Record<string, unknown> }) => outputs.bucket === bucket;
    if (!enabled || !ofType(view, "aws:s3/bucketPolicy:BucketPolicy").some(isIt)) return false;
    const policies = ofType(view, "aws:s3/bucketPolicy:BucketPolicy").filter(isIt);
    if (!policies.every(isWritten)) return false;
    const admitted = policies
      .flatMap((policy) => parsePolicy(String(policy.inputs.policy)))
      .some(
        ({ effect, actions, principals }) =>
          effect === "Allow" && actions.includes("s3:PutObject") && principals.includes(LOG_WRITER),
      );
    if (!admitted) return `logs to a bucket to which ${LOG_WRITER} may not write`;
    const algorithms = ofType(view, ENCRYPTION)
      .filter(isIt)
      .flatMap((one) => list<Record<string, never>>(one.inputs.rules))
      .map(
        (rule: Record<string, Record<string, string>>) =>
          rule.applyServerSideEncryptionByDefault?.sseAlgorithm,
      );
    return (
      algorithms.some((algorithm) => algorithm !== "AES256") &&
      "logs to a bucket encrypted with a KMS key, where only S3's own encryption works"
    );
  }),
};
