import { strict as assert } from "node:assert";
import { Egress, EGRESS_MODES, type NetworkArgs } from "../../../components/network/args";
import { Network } from "../../../components/network/network";
import type { Declared } from "../../../policies/declared";
import { run } from "../../harness";
import { some } from "../../some";

const network = (args: NetworkArgs = {}) => run(() => new Network("net", args));
const names = (resources: Declared[]) => resources.map((r) => r.name).sort();

describe("Network", () => {
  it("lays out the reference network", async () => {
    const { all, one } = await network();
    assert.deepEqual(
      all("ec2/subnet:Subnet").map((s) => [s.name, s.inputs.availabilityZone, s.inputs.cidrBlock]),
      [
        ["net-public-a", "eu-west-1a", "10.0.0.0/24"],
        ["net-private-a", "eu-west-1a", "10.0.1.0/24"],
        ["net-public-b", "eu-west-1b", "10.0.2.0/24"],
        ["net-private-b", "eu-west-1b", "10.0.3.0/24"],
      ],
    );
    const vpc = one("ec2/vpc:Vpc").inputs;
    assert.equal(vpc.cidrBlock, "10.0.0.0/16");
    assert.equal(vpc.enableDnsHostnames, true);
    assert.equal(vpc.enableDnsSupport, true);
  });

  it("assigns no public addresses in any subnet by default", async () => {
    const { all } = await network();
    assert.deepEqual(
      [...new Set(all("ec2/subnet:Subnet").map((s) => s.inputs.mapPublicIpOnLaunch))],
      [false],
    );
  });

  it("routes public subnets to the internet gateway and private subnets by their own zone's table", async () => {
    const { all, one } = await network();
    assert.equal(one("ec2/route:Route", "net-public-default").inputs.gatewayId, "net-id");
    const tables = Object.fromEntries(
      all("ec2/routeTableAssociation:RouteTableAssociation").map((a) => [a.name, a.inputs.routeTableId]),
    );
    assert.deepEqual(tables, {
      "net-public-a": "net-public-id",
      "net-public-b": "net-public-id",
      "net-private-a": "net-private-a-id",
      "net-private-b": "net-private-b-id",
    });
  });

  it("closes the default security group and logs all flows", async () => {
    const { one } = await network({ logRetentionDays: 90 });
    const closed = one("ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs;
    assert.deepEqual([closed.ingress, closed.egress], [[], []]);
    assert.equal(one("ec2/flowLog:FlowLog").inputs.trafficType, "ALL");
    assert.equal(one("cloudwatch/logGroup:LogGroup").inputs.retentionInDays, 90);
  });

  it("reaches S3 and DynamoDB from every table without NAT", async () => {
    const { all } = await network();
    const tables = ["net-public-id", "net-private-a-id", "net-private-b-id"];
    assert.deepEqual(
      all("ec2/vpcEndpoint:VpcEndpoint").map((e) => [e.inputs.serviceName, e.inputs.routeTableIds]),
      [
        ["com.amazonaws.eu-west-1.s3", tables],
        ["com.amazonaws.eu-west-1.dynamodb", tables],
      ],
    );
  });

  it("tags only the route tables that lead to the database's virtual IP", async () => {
    const tagged = async (args: NetworkArgs) =>
      names((await network(args)).all("ec2/routeTable:RouteTable").filter((t) => t.inputs.tags.database));
    assert.deepEqual(await tagged({}), []);
    assert.deepEqual(await tagged({ virtualIpTiers: ["public"] }), ["net-public"]);
    assert.deepEqual(await tagged({ virtualIpTiers: ["private"] }), ["net-private-a", "net-private-b"]);
  });

  describe("egress", () => {
    const defaultRoutes = async (egress: NetworkArgs["egress"]) => {
      const { all } = await network({ egress });
      return Object.fromEntries(
        all("ec2/route:Route")
          .filter((r) => r.name.includes("private"))
          .map((r) => [r.name, r.inputs.natGatewayId ?? r.inputs.networkInterfaceId]),
      );
    };

    it("routes every zone through the way out that its mode builds", async () => {
      const routes: Record<string, unknown> = {};
      for (const mode of EGRESS_MODES) routes[mode] = await defaultRoutes(mode);
      const both = (a: string, b: string) => ({ "net-private-a-default": a, "net-private-b-default": b });
      assert.deepEqual(routes, {
        none: {},
        instance: both("eni-net-nat-a", "eni-net-nat-a"),
        "instance-ha": both("net-nat-a-id", "net-nat-b-id"),
        gateway: both("net-nat-a-id", "net-nat-a-id"),
        "gateway-per-zone": both("net-nat-a-id", "net-nat-b-id"),
      });
    });

    it("lets the NAT instance forward other machines' packets", async () => {
      const { one } = await network({ egress: "instance" });
      const nat = one("ec2/instance:Instance").inputs;
      assert.equal(nat.sourceDestCheck, false);
      assert.equal(nat.metadataOptions.httpTokens, "required");
      assert.match(nat.userData, /MASQUERADE/);
    });

    it("keeps a self-healing NAT's interface apart from its machine, one group per zone", async () => {
      const { all } = await network({ egress: "instance-ha" });
      assert.deepEqual(
        all("ec2/networkInterface:NetworkInterface").map((i) => [i.name, i.inputs.sourceDestCheck]),
        [
          ["net-nat-a", false],
          ["net-nat-b", false],
        ],
      );
      assert.deepEqual(
        all("autoscaling/group:Group").map((g) => [g.name, g.inputs.minSize, g.inputs.maxSize]),
        [
          ["net-nat-a", 1, 1],
          ["net-nat-b", 1, 1],
        ],
      );
    });

    it("opens ports 80 and 443 to the tier that needs them, and to nobody else", async () => {
      const rules = async (egress: NetworkArgs["egress"]) => {
        const { all } = await run(() => {
          new Network("net", { egress }).allowEgress("database", "sg-database");
          return {};
        });
        return all("vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((r) => [
          r.inputs.fromPort,
          r.inputs.toPort,
          r.inputs.referencedSecurityGroupId,
        ]);
      };
      assert.deepEqual(await rules("instance"), [
        [80, 80, "sg-database"],
        [443, 443, "sg-database"],
      ]);
      assert.deepEqual(await rules("gateway"), []);
    });

    const plans = new Map<string, Promise<Declared[]>>();
    const plan = (egress: Egress) => {
      if (!plans.has(egress)) plans.set(egress, previewed(egress));
      return plans.get(egress)!;
    };
    const previewed = async (egress: Egress) => {
      const { resources } = await run(() => new Network("net", { egress }), { preview: true });
      return resources.filter((r) => lasting.test(r.type));
    };
    const lasting = /^aws:ec2\/(vpc:Vpc|subnet:Subnet|routeTable:|routeTableAssociation:|internetGateway:)/;
    for (const from of some(EGRESS_MODES))
      for (const to of some(EGRESS_MODES.filter((mode) => mode !== from)))
        it(`replaces no VPC, subnet or route table from ${from} to ${to}`, async () => {
          assert.deepEqual(await plan(to), await plan(from));
        });

    // Pulumi makes what is new before it deletes what is old, and AWS gives an address to one holder at a time.
    it("moves no address from an instance to a gateway, or back", async () => {
      const addresses = async (egress: Egress) => names((await network({ egress })).all("ec2/eip:Eip"));
      for (const instances of ["instance", "instance-ha"] as const)
        for (const gateways of ["gateway", "gateway-per-zone"] as const) {
          const [before, after] = [await addresses(instances), await addresses(gateways)];
          assert.ok(before.length > 0 && after.length > 0);
          assert.deepEqual(
            before.filter((name) => after.includes(name)),
            [],
          );
        }
    });

    it("exposes what a server must wait for: gateway and routes", async () => {
      const { outputs } = await run(() => {
        const { ready } = new Network("net", {});
        return { ready: ready.map((one) => (one as unknown as { __name: string }).__name) };
      });
      assert.deepEqual(
        [...new Set(outputs.ready)].sort(),
        ["net", "net-private-a", "net-private-a-default", "net-private-b", "net-private-b-default"].concat(
          ...[["net-public-a", "net-public-b", "net-public-default"]],
        ),
      );
    });
  });

  it("refuses every wrong argument in one error", async () => {
    await assert.rejects(
      network({ cidrBlock: "10.0.0.0/8", zones: ["a"], egress: "magic" as never, logRetentionDays: 0 }),
      {
        message:
          'Network "net": cidrBlock must be a block from /16 to /23, got "10.0.0.0/8"; ' +
          'zones must be a list of at least 2, got ["a"]; ' +
          'egress must be one of none, instance, instance-ha, gateway, gateway-per-zone, got "magic"; ' +
          "logRetentionDays must be a whole number from 1 to 3653, got 0",
      },
    );
  });
});
