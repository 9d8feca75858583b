// Whether a project's server reaches AWS, by what the stack declares of its network and the template of its groups; no packet is sent.
import { strict as assert } from "node:assert";
import { EGRESS_MODES } from "../../components/network/args";
import { contains, parseCidr } from "../../components/shared/cidr";
import type { Declared } from "../../policies/declared";
import { readTemplate } from "../components/provisioner/template-files";
import { runStack } from "../harness";
import { some } from "../some";
import { leftToAll } from "../left-to-all";
import { stackView } from "./stacks";

/** What a server calls when it starts and while it runs: its image, its secret, its log, and whoever looks after it. */
const CALLED = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "ssmmessages", "ec2messages"];

/** The dev stack with a network of the projects' that leads out so. */
async function stack(network: object) {
  const config = { "groundwork:provisioner": { sender: "projects@example.com", network } };
  const { resources } = await runStack("dev", { config });
  const steps = resources.find((one) => one.name === "provisioner-steps" && one.type.endsWith(":Function"))!;
  const { server } = JSON.parse(steps.inputs.environment.variables.SETTINGS).parameters;
  return new Reach(resources, server);
}

class Reach {
  constructor(
    private readonly resources: Declared[],
    readonly handed: Record<"VpcId" | "VpcBlock" | "PublicSubnets" | "PrivateSubnets", string>,
  ) {}

  private ofType(type: string): Declared[] {
    return this.resources.filter((one) => one.type === `aws:${type}`);
  }
  private byId(type: string, id: unknown): Declared | undefined {
    return this.ofType(type).find(({ name }) => `${name}-id` === id);
  }

  /** Why a server in this subnet does not reach a service; nothing where it does. */
  problem(subnetId: string, service: string): string | undefined {
    const subnet = this.byId("ec2/subnet:Subnet", subnetId)!;
    const inside = this.endpoint(service, subnet);
    return inside === true || this.wayOut(subnet) === true
      ? undefined
      : `${subnetId}: ${this.wayOut(subnet)}`;
  }

  private endpoint(service: string, { inputs }: Declared): boolean {
    return this.ofType("ec2/vpcEndpoint:VpcEndpoint").some(
      ({ inputs: endpoint }) =>
        endpoint.vpcId === inputs.vpcId &&
        endpoint.serviceName.endsWith(`.${service}`) &&
        endpoint.privateDnsEnabled &&
        this.lets("Ingress", endpoint.securityGroupIds, inputs.cidrBlock),
    );
  }

  /** The layers of an image come from S3. */
  readsS3(subnetId: string): boolean {
    const table = this.tableOf(subnetId);
    return this.ofType("ec2/vpcEndpoint:VpcEndpoint").some(
      ({ inputs }) => inputs.serviceName.endsWith(".s3") && inputs.routeTableIds.includes(table),
    );
  }

  private tableOf(subnetId: string): string {
    const associated = this.ofType("ec2/routeTableAssociation:RouteTableAssociation");
    return associated.find(({ inputs }) => inputs.subnetId === subnetId)!.inputs.routeTableId;
  }

  wayOut({ name, inputs }: Declared): string | true {
    const route = this.ofType("ec2/route:Route").find(
      ({ inputs: one }) =>
        one.routeTableId === this.tableOf(`${name}-id`) && one.destinationCidrBlock === "0.0.0.0/0",
    )?.inputs;
    if (!route) return "no route leads out";
    if (route.gatewayId) {
      const gateway = this.byId("ec2/internetGateway:InternetGateway", route.gatewayId);
      return gateway?.inputs.vpcId === inputs.vpcId || "its gateway is another VPC's";
    }
    const nat = route.natGatewayId
      ? this.byId("ec2/natGateway:NatGateway", route.natGatewayId)
      : (this.byId("ec2/networkInterface:NetworkInterface", route.networkInterfaceId) ??
        this.ofType("ec2/instance:Instance").find((one) => `eni-${one.name}` === route.networkInterfaceId));
    if (!nat) return "its route leads to nothing";
    if (!route.natGatewayId) {
      const groups = nat.inputs.securityGroups ?? nat.inputs.vpcSecurityGroupIds;
      if (nat.inputs.sourceDestCheck !== false) return "the NAT takes only what is its own";
      if (!this.lets("Ingress", groups, inputs.cidrBlock)) return "the NAT's group does not let it in";
      if (!this.lets("Egress", groups, "0.0.0.0/0")) return "the NAT's group does not let it out";
    }
    const beyond = this.byId("ec2/subnet:Subnet", nat.inputs.subnetId)!;
    if (beyond.inputs.vpcId !== inputs.vpcId) return "its NAT is in another VPC";
    return beyond.name === name ? "its NAT is behind itself" : this.wayOut(beyond);
  }

  /** Whether a rule of these groups lets HTTPS pass from or to all of a block. */
  private lets(way: "Ingress" | "Egress", groups: string[], block: string): boolean {
    const wanted = parseCidr(block)!;
    return this.ofType(`vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`).some(
      ({ inputs }) =>
        groups.includes(inputs.securityGroupId) &&
        inputs.fromPort <= 443 &&
        443 <= inputs.toPort &&
        inputs.cidrIpv4 !== undefined &&
        contains(parseCidr(inputs.cidrIpv4)!, wanted),
    );
  }
}

describe("a project's server", () => {
  for (const egress of some(EGRESS_MODES))
    it(`reaches ECR, Secrets Manager, its log and Session Manager if the way out is ${egress}`, async function () {
      if (egress !== "gateway") leftToAll(this);
      const reach = await stack(egress === "none" ? { egress, interfaceEndpoints: CALLED } : { egress });
      const subnets = (["PublicSubnets", "PrivateSubnets"] as const).flatMap((one) =>
        reach.handed[one].split(","),
      );
      assert.equal(subnets.length, 4);
      for (const subnet of some(subnets)) {
        const lost = CALLED.flatMap((service) => reach.problem(subnet, service) ?? []);
        assert.deepEqual([lost, reach.readsS3(subnet)], [[], true], subnet);
      }
    });

  it("may call HTTPS anywhere, and has its own address if only a public subnet leads out", () => {
    const { Resources } = readTemplate("server");
    const { SecurityGroupEgress } = Resources["ServerSecurityGroup"]!.Properties;
    assert.ok(
      SecurityGroupEgress.some(
        (rule: Record<string, unknown>) =>
          rule["CidrIp"] === "0.0.0.0/0" && rule["FromPort"] === 443 && rule["ToPort"] === 443,
      ),
    );
    const [wire] = Resources["ServerTemplate"]!.Properties.LaunchTemplateData.NetworkInterfaces;
    assert.deepEqual(wire.AssociatePublicIpAddress, { "!If": ["Dev", true, false] });
  });

  it("is in a VPC that contains nothing else of the stack", async () => {
    const { handed } = await stack({});
    assert.deepEqual(
      [handed.VpcId, handed.PrivateSubnets],
      ["projects-network-id", "projects-network-private-a-id,projects-network-private-b-id"],
    );
    const { resources } = await stackView("dev");
    const inside = resources.filter(({ inputs }) =>
      JSON.stringify([inputs.vpcId, inputs.subnetId, inputs.subnets, inputs.subnetIds]).includes(
        "projects-network",
      ),
    );
    assert.deepEqual(
      inside.filter(({ name }) => !name.startsWith("projects-network")).map(({ name }) => name),
      [],
    );
  });

  it("is in an existing VPC if the settings name one", async () => {
    const existing = {
      vpcId: "vpc-1",
      cidrBlock: "10.8.0.0/16",
      publicSubnetIds: ["subnet-1", "subnet-2"],
      privateSubnetIds: ["subnet-3", "subnet-4"],
    };
    const { handed } = await stack({ existing });
    assert.deepEqual(
      [handed.VpcId, handed.VpcBlock, handed.PublicSubnets, handed.PrivateSubnets],
      ["vpc-1", "10.8.0.0/16", "subnet-1,subnet-2", "subnet-3,subnet-4"],
    );
  });
});
