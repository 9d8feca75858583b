import { ASSUMED, isPriced, type PriceName, type Usage } from "./prices";
import { isKnown, type Resource } from "./resource";

export interface Item {
  price: PriceName;
  /** How many of the price's units a month. */
  times: number;
  /** It depends on usage of the platform. @default false */
  usage?: boolean;
}

type Row = (resource: Resource, all: Resource[]) => Item[];

const HOURS = 730;
const ROOT_DISK_GB = 8;

const fixed = (price: PriceName, times = 1): Item => ({ price, times });
const used = (price: Usage, times = 1): Item => ({ price, times: ASSUMED[price] * times, usage: true });
const just =
  (...items: Item[]) =>
  (): Item[] =>
    items;
const count = (value: unknown): number => (Array.isArray(value) ? value.length : 1);
const first = (value: any): any => (Array.isArray(value) ? value[0] : value); // eslint-disable-line @typescript-eslint/no-explicit-any -- see Resource

/** `ec2 t4g.small` and similar, if the price is known. */
const named = (kind: string, type: unknown, times: number): Item[] => {
  const name = `${kind} ${String(type)}`;
  return isPriced(name) ? [fixed(name, times)] : [];
};

const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";
const INSTANCE = "aws:ec2/instance:Instance";
const DATABASE = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const MEMBER = "aws:rds/clusterInstance:ClusterInstance";

/** A group's template has the group's name: its id is not known yet in a preview. */
const templateOf = ({ name, parent }: Resource, all: Resource[]) =>
  all.find((one) => one.type === LAUNCH_TEMPLATE && one.name === name && one.parent === parent);

const machines = (inputs: Resource["inputs"], times: number): Item[] => [
  ...named("ec2", inputs.instanceType, times * HOURS),
  ...(inputs.monitoring === true || inputs.monitoring?.enabled
    ? [fixed("ec2 detailed monitoring", times)]
    : []),
  fixed("disk gp3", times * diskOf(inputs)),
];

function diskOf({ rootBlockDevice, blockDeviceMappings }: Resource["inputs"]): number {
  const size = first(rootBlockDevice)?.volumeSize ?? first(blockDeviceMappings)?.ebs?.volumeSize;
  return isKnown(size) ? Number(size) : ROOT_DISK_GB;
}

const isPublic = (inputs: Resource["inputs"]) =>
  String(inputs.associatePublicIpAddress ?? first(inputs.networkInterfaces)?.associatePublicIpAddress) ===
  "true";

/** At its smallest: nobody knows how much more a busy day takes. */
function group(resource: Resource, all: Resource[]): Item[] {
  const template = templateOf(resource, all);
  const least = Number(resource.inputs.minSize ?? 0);
  if (!template || least === 0) return [];
  const addresses = isPublic(template.inputs) ? [fixed("public address", least * HOURS)] : [];
  return [...machines(template.inputs, least), ...addresses];
}

/** The servers' tracing configuration is in their user data, which a preview may not know yet. */
const TRACED = /^ *TRACED_PERCENT=(\d+)$/m;
const template: Row = ({ inputs }) => {
  const text = isKnown(inputs.userData) ? Buffer.from(String(inputs.userData), "base64").toString() : "";
  const [, percent] = TRACED.exec(text) ?? [];
  return percent ? [used("traces", Number(percent) / 100)] : [];
};

/** Requests that reach no web server: X-Ray's own rule takes the first request of each second, which is nearly all when there are so few. */
const stage: Row = ({ inputs }) =>
  inputs.xrayTracingEnabled === true ? [used("traces", ASSUMED["api requests"])] : [];

const instance: Row = ({ inputs }) => [
  ...machines(inputs, 1),
  ...(isPublic(inputs) ? [fixed("public address", HOURS)] : []),
];

const database: Row = ({ inputs }) => {
  const copies = inputs.multiAz === true ? 2 : 1;
  return [
    ...named("rds", inputs.instanceClass, copies * HOURS),
    fixed("rds disk", copies * Number(inputs.allocatedStorage ?? 0)),
    ...(inputs.manageMasterUserPassword ? [fixed("secret")] : []),
  ];
};

/** Three machines, each with the disk; or Aurora, whose machines are separate resources. */
const cluster: Row = ({ inputs }) => [
  ...(inputs.dbClusterInstanceClass
    ? [
        ...named("rds", inputs.dbClusterInstanceClass, 3 * HOURS),
        fixed("rds disk", 3 * Number(inputs.allocatedStorage ?? 0)),
      ]
    : [used("aurora disk")]),
  ...(inputs.manageMasterUserPassword ? [fixed("secret")] : []),
];

const SERVERLESS = "db.serverless";

const member: Row = ({ inputs, parent }, all) => {
  if (inputs.instanceClass !== SERVERLESS) return named("aurora", inputs.instanceClass, HOURS);
  const of = all.find((one) => one.type === CLUSTER && one.parent === parent);
  const least = Number(first(of?.inputs.serverlessv2ScalingConfiguration)?.minCapacity ?? 0);
  return [fixed("aurora capacity", least * HOURS)];
};

const endpoint: Row = ({ inputs }) =>
  inputs.vpcEndpointType === "Interface"
    ? [fixed("interface endpoint", count(inputs.subnetIds) * HOURS)]
    : [];

const loadBalancer: Row = ({ inputs }) => [
  fixed("load balancer", HOURS),
  used("load balancer capacity", HOURS),
  ...(inputs.internal === true ? [] : [fixed("public address", count(inputs.subnets) * HOURS)]),
];

const alarm: Row = ({ inputs }) => {
  const figures = (inputs.metricQueries ?? []).filter((query: { metric?: object }) => query.metric).length;
  return [fixed("alarm", Math.max(1, figures))];
};

const pipeline: Row = ({ inputs }) => [
  inputs.pipelineType === "V2" ? used("pipeline minute") : fixed("pipeline"),
];

const userPool: Row = ({ inputs }) => (inputs.userPoolTier === "PLUS" ? [used("protected person")] : []);

const trail: Row = ({ inputs }) => (inputs.advancedEventSelectors ? [used("data events")] : []);

/** What costs money, by type. Types that are not here are free, as `FREE` says, or part of one that is. */
export const ROWS: Record<string, Row> = {
  [GROUP]: group,
  [LAUNCH_TEMPLATE]: template,
  [INSTANCE]: instance,
  [DATABASE]: database,
  [CLUSTER]: cluster,
  [MEMBER]: member,
  "aws:apigateway/restApi:RestApi": just(used("api requests")),
  "aws:apigateway/stage:Stage": stage,
  "aws:backup/vault:Vault": just(used("backup")),
  "aws:cloudtrail/trail:Trail": trail,
  "aws:cloudwatch/dashboard:Dashboard": just(fixed("dashboard")),
  "aws:cloudwatch/logGroup:LogGroup": just(used("log")),
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:codebuild/project:Project": just(used("build minute")),
  "aws:codepipeline/pipeline:Pipeline": pipeline,
  "aws:cognito/userPool:UserPool": userPool,
  "aws:dynamodb/table:Table": just(used("table requests")),
  "aws:ec2/eip:Eip": just(fixed("public address", HOURS)),
  "aws:ec2/natGateway:NatGateway": just(fixed("nat gateway", HOURS), used("nat gateway traffic")),
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
  "aws:ecr/repository:Repository": just(used("image")),
  "awsx:ecr:Repository": just(used("image")),
  "aws:efs/fileSystem:FileSystem": just(used("efs")),
  "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan": just(used("malware scan")),
  "aws:imagebuilder/imagePipeline:ImagePipeline": just(used("machine image")),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": just(used("delivery stream")),
  "aws:kms/key:Key": just(fixed("key")),
  "aws:lambda/function:Function": just(used("function requests"), used("function time")),
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:s3/bucket:Bucket": just(used("s3")),
  "aws:secretsmanager/secret:Secret": just(fixed("secret")),
  "aws:sfn/stateMachine:StateMachine": just(used("workflow transitions")),
  "aws:wafv2/webAcl:WebAcl": ({ inputs }) => [
    fixed("firewall"),
    fixed("firewall rule", count(inputs.rules ?? [])),
    used("firewall requests"),
  ],
};

/** A machine's name, and where to look up its price. */
const MACHINES: Record<string, (resource: Resource, all: Resource[]) => string | undefined> = {
  [GROUP]: (resource, all) => machine("ec2", templateOf(resource, all)?.inputs.instanceType),
  [INSTANCE]: ({ inputs }) => machine("ec2", inputs.instanceType),
  [DATABASE]: ({ inputs }) => machine("rds", inputs.instanceClass),
  [CLUSTER]: ({ inputs }) => inputs.dbClusterInstanceClass && machine("rds", inputs.dbClusterInstanceClass),
  [MEMBER]: ({ inputs }) =>
    inputs.instanceClass === SERVERLESS ? undefined : machine("aurora", inputs.instanceClass),
};
const machine = (kind: string, type: unknown) => `${kind} ${String(type)}`;

/** Machines without a recorded price. */
export const unpriced = (resources: Resource[]): string[] =>
  resources
    .flatMap((resource) => MACHINES[resource.type]?.(resource, resources) ?? [])
    .filter((name) => !isPriced(name));
