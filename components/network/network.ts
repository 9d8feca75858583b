import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { here } from "../shared/here";
import { Monitoring } from "../shared/monitoring";
import { fill } from "../shared/options";
import { must } from "../shared/refusals";
import { allow, readyRole } from "../shared/permissions";
import { ingress, Rule } from "../shared/security-group";
import { networkMonitoring } from "./alarms";
import { NetworkArgs, NetworkLike, networkOptions } from "./args";
import { buildEgress, Ways } from "./egress";
import { planSubnets, Tier, TIERS } from "./subnet-plan";

const waysOut = kept<Ways>();
const names = kept<string>();
const natGroups = kept<pulumi.Output<string> | undefined>();

/**
 * A VPC with a public and a private subnet per zone, a choice of egress for the private ones, and flow logs.
 * Costs what its egress costs: nothing, a t4g.nano (about 3 USD a month) or NAT gateways (about 33 USD a month each).
 * In the modes `instance` and `gateway`, all zones lose egress if the single zone that provides it fails; in the others, only the failed zone does.
 */
export class Network extends pulumi.ComponentResource implements NetworkLike {
  /** The VPC's id, for your own resources in it. */
  readonly vpcId: pulumi.Output<string>;
  readonly cidrBlock: string;
  /** The letters of the zones, in the order of the subnets. */
  readonly zones: string[];
  readonly publicSubnetIds: pulumi.Output<string>[];
  readonly privateSubnetIds: pulumi.Output<string>[];
  readonly publicRouteTableId: pulumi.Output<string>;
  readonly privateRouteTableIds: pulumi.Output<string>[];
  /** The route tables that contain the route to the virtual IP. */
  readonly virtualIpRouteTableIds: pulumi.Output<string>[];
  /** The gateways and routes. Everything that needs internet access must wait for them. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: NetworkArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("Network", name, networkOptions, args, ({ virtualIpTiers = [] }) =>
      must(
        virtualIpTiers.every((tier) => TIERS.includes(tier)),
        "virtualIpTiers",
        `of ${TIERS.join(", ")}`,
        virtualIpTiers,
      ),
    );
    super("groundwork:index:Network", name, {}, opts);
    const parent = { parent: this };
    const { cidrBlock, zones, virtualIpTiers = [] } = filled;
    this.cidrBlock = cidrBlock;
    this.zones = zones;
    const { region } = here(parent);

    const vpc = new aws.ec2.Vpc(
      name,
      {
        cidrBlock: this.cidrBlock,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: { Name: name },
      },
      parent,
    );
    this.vpcId = vpc.id;
    const gateway = new aws.ec2.InternetGateway(name, { vpcId: this.vpcId, tags: { Name: name } }, parent);
    const table = (role: string, tier: Tier) =>
      new aws.ec2.RouteTable(
        `${name}-${role}`,
        {
          vpcId: this.vpcId,
          tags: { Name: `${name}-${role}`, ...(virtualIpTiers.includes(tier) ? { database: "true" } : {}) },
        },
        parent,
      );
    const publicTable = table("public", "public");
    const publicRoute = new aws.ec2.Route(
      `${name}-public-default`,
      { routeTableId: publicTable.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      parent,
    );
    const privateTables = zones.map((zone) => table(`private-${zone}`, "private"));

    const subnets = planSubnets(this.cidrBlock, zones).map(({ zone, tier, cidrBlock }) => {
      const key = `${name}-${tier}-${zone}`;
      const subnet = new aws.ec2.Subnet(
        key,
        {
          vpcId: this.vpcId,
          availabilityZone: pulumi.interpolate`${region}${zone}`,
          cidrBlock,
          mapPublicIpOnLaunch: false,
          tags: { Name: key },
        },
        parent,
      );
      const routeTableId = tier === "public" ? publicTable.id : privateTables[zones.indexOf(zone)]!.id;
      const associated = new aws.ec2.RouteTableAssociation(
        key,
        { subnetId: subnet.id, routeTableId },
        parent,
      );
      return { tier, id: subnet.id, associated };
    });
    const placesOf = (tier: Tier) => subnets.filter((s) => s.tier === tier).map((s) => s.associated);
    const idsOf = (tier: Tier) => subnets.filter((s) => s.tier === tier).map((s) => s.id);
    this.publicSubnetIds = idsOf("public");
    this.privateSubnetIds = idsOf("private");
    this.publicRouteTableId = publicTable.id;
    this.privateRouteTableIds = privateTables.map((t) => t.id);
    this.virtualIpRouteTableIds = [
      ...(virtualIpTiers.includes("public") ? [publicTable.id] : []),
      ...(virtualIpTiers.includes("private") ? this.privateRouteTableIds : []),
    ];

    const { groupId, routes, ...ways } = buildEgress(
      name,
      {
        mode: filled.egress,
        instanceType: filled.natInstanceType,
        vpcId: this.vpcId,
        vpcCidr: this.cidrBlock,
        region,
        zones: zones.map((zone, i) => ({
          zone,
          publicSubnetId: this.publicSubnetIds[i]!,
          privateRouteTableId: this.privateRouteTableIds[i]!,
        })),
        publicWayOut: [gateway, publicRoute, ...placesOf("public")],
      },
      parent,
    );
    this.ready = [gateway, publicRoute, ...subnets.map(({ associated }) => associated), ...routes];
    names.keep(this, name);
    waysOut.keep(this, ways);
    natGroups.keep(this, groupId);
    if (args.letsEverybodyOut)
      this.throughNat(name, "Everybody in the VPC reaches", { cidr: this.cidrBlock });
    closeDefaults(name, vpc, parent);
    endpoints(name, this, region, filled.interfaceEndpoints, parent);
    flowLogs(name, this.vpcId, filled.logRetentionDays, parent);
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
    });
  }

  /** Alarms for the private subnets' egress. */
  monitoring(): Monitoring[] {
    return [networkMonitoring(names.of(this), waysOut.of(this))];
  }

  /** Gives a tier of the private subnets egress through the NAT instances; NAT gateways serve everyone. Returns what the tier must wait for. */
  allowEgress(name: string, securityGroupId: pulumi.Input<string>): pulumi.Resource[] {
    return this.throughNat(name, `${name} reaches`, { group: securityGroupId });
  }

  private throughNat(name: string, whoReaches: string, who: Pick<Rule, "cidr" | "group">): pulumi.Resource[] {
    const natGroup = natGroups.of(this);
    if (!natGroup) return [];
    return [80, 443].map((port) =>
      ingress(
        `${name}-nat-${port}`,
        natGroup,
        { description: `${whoReaches} the internet through NAT`, port, ...who },
        { parent: this },
      ),
    );
  }
}

/** AWS's default group lets all its members talk to each other; this one allows nothing. */
function closeDefaults(name: string, vpc: aws.ec2.Vpc, opts: pulumi.CustomResourceOptions): void {
  new aws.ec2.DefaultSecurityGroup(name, { vpcId: vpc.id, ingress: [], egress: [] }, opts);
}

function endpoints(
  name: string,
  network: Network,
  region: pulumi.Output<string>,
  services: string[],
  opts: pulumi.CustomResourceOptions,
): void {
  const routeTableIds = [network.publicRouteTableId, ...network.privateRouteTableIds];
  // Gateway endpoints are free, and keep S3 and DynamoDB traffic off the NAT.
  for (const service of ["s3", "dynamodb"])
    new aws.ec2.VpcEndpoint(
      `${name}-${service}`,
      {
        vpcId: network.vpcId,
        serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Gateway",
        routeTableIds,
        tags: { Name: `${name}-${service}` },
      },
      opts,
    );
  if (services.length === 0) return;
  const group = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    {
      vpcId: network.vpcId,
      description: "Endpoints of AWS services",
      tags: { Name: `${name}-endpoints` },
    },
    opts,
  );
  ingress(
    `${name}-endpoints`,
    group.id,
    { description: "Everything in the VPC calls AWS", port: 443, cidr: network.cidrBlock },
    opts,
  );
  for (const service of services)
    new aws.ec2.VpcEndpoint(
      `${name}-${service}`,
      {
        vpcId: network.vpcId,
        serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: network.privateSubnetIds,
        securityGroupIds: [group.id],
        tags: { Name: `${name}-${service}` },
      },
      opts,
    );
}

function flowLogs(
  name: string,
  vpcId: pulumi.Output<string>,
  retentionInDays: number,
  opts: { parent: pulumi.Resource },
): void {
  const log = new aws.cloudwatch.LogGroup(`${name}-flows`, { retentionInDays }, opts);
  const { accountId, arn } = here(opts);
  const role = readyRole(
    `${name}-flows`,
    {
      service: "vpc-flow-logs.amazonaws.com",
      // The permissions that AWS requires: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
      permissions: [
        allow(
          ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          [log.arn, pulumi.interpolate`${log.arn}:*`],
        ),
        allow(["logs:DescribeLogGroups"], "*"), // * because a list of log groups has no resource-level permission
      ],
      trustCondition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": arn("ec2", "vpc-flow-log/*") },
      },
    },
    opts,
  );
  new aws.ec2.FlowLog(
    name,
    {
      vpcId,
      trafficType: "ALL",
      logDestination: log.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: { Name: name },
    },
    opts,
  );
}
