import { strict as assert } from "node:assert";
import * as http from "node:http";
import { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { DatabaseLease, failover, FailoverPorts, VirtualIpTable } from "../../functions/failover";
import { failoverPorts } from "../../functions/failover/ports";

const lease: DatabaseLease = {
  holder: "i-a",
  epoch: 3,
  beat: 10,
  leaseMs: 2000,
  phase: "active",
  healthy: true,
};

interface World {
  lease?: DatabaseLease;
  /** Does the holder renew while we watch? */
  beating?: boolean;
  candidates?: string[];
  tables?: VirtualIpTable[];
  /** Called before a route is set. */
  meanwhile?: (world: World) => void;
}

function ports(world: World) {
  const lines: string[] = [];
  const metrics: Record<string, number> = {};
  let slept = 0;
  const set = async (table: string, instance: string) => {
    world.meanwhile?.(world);
    world.tables!.find((t) => t.id === table)!.target = instance;
  };
  const all: FailoverPorts = {
    lease: async () => world.lease && { ...world.lease },
    candidates: async () => [...(world.candidates ?? [])],
    tables: async () => (world.tables ?? []).map((table) => ({ ...table })),
    replace: set,
    add: set,
    sleep: async (ms) => {
      slept += ms;
      if (world.beating && world.lease) world.lease = { ...world.lease, beat: world.lease.beat + 1 };
    },
    log: (line) => lines.push(line),
    metric: (name, value) => (metrics[name] = value),
  };
  return { all, lines, metrics, slept: () => slept };
}

describe("The failover function", () => {
  it("leaves a route that leads to the active node", async () => {
    const world: World = { lease, beating: true, tables: [{ id: "rtb-1", target: "i-a" }] };
    const { all, lines, metrics } = ports(world);
    assert.deepEqual(await failover(all, "10.10.10.10"), { because: "active", target: "i-a", updated: [] });
    assert.deepEqual(lines, ["Route on rtb-1 already pointing to 10.10.10.10/32 via i-a"]);
    assert.deepEqual(metrics, { DatabaseHealthy: 1 });
  });

  it("adds and replaces routes so that all lead to the active node", async () => {
    const world: World = { lease, beating: true, tables: [{ id: "rtb-1" }, { id: "rtb-2", target: "i-b" }] };
    const { all, lines } = ports(world);
    const result = await failover(all, "10.10.10.10");
    assert.deepEqual(result, { because: "active", target: "i-a", updated: ["rtb-1", "rtb-2"] });
    assert.deepEqual(lines, [
      "Updated route on rtb-1 to 10.10.10.10/32 via i-a",
      "Updated route on rtb-2 to 10.10.10.10/32 via i-a",
    ]);
  });

  it("never moves the route away from an active node, even one that EC2 does not list or that reports itself ill", async () => {
    const world: World = {
      lease: { ...lease, healthy: false },
      beating: true,
      candidates: ["i-b"],
      tables: [{ id: "rtb-1", target: "i-a" }],
    };
    const { all, metrics } = ports(world);
    assert.deepEqual((await failover(all, "10.10.10.10")).updated, []);
    assert.deepEqual(metrics, { DatabaseHealthy: 0 });
  });

  it("leaves the route to a node that is in the middle of taking over", async () => {
    for (const phase of ["fencing", "starting", "stopping"]) {
      const world: World = {
        lease: { ...lease, phase },
        beating: true,
        tables: [{ id: "rtb-1", target: "i-b" }],
      };
      const result = await failover(ports(world).all, "10.10.10.10");
      assert.deepEqual(result, { because: "changing", target: "i-a", updated: [] });
    }
  });

  it("watches a silent lease for its whole length before it takes the holder for gone", async () => {
    const world: World = { lease, candidates: ["i-b"], tables: [{ id: "rtb-1", target: "i-a" }] };
    const { all, slept } = ports(world);
    const result = await failover(all, "10.10.10.10");
    assert.deepEqual(result, { because: "vacant", target: "i-b", updated: ["rtb-1"] });
    assert.equal(slept(), 2500);
  });

  it("points at the first candidate when nobody holds the lease and no route leads to a candidate", async () => {
    const world: World = { candidates: ["i-c", "i-b"], tables: [{ id: "rtb-1" }] };
    assert.equal((await failover(ports(world).all, "10.10.10.10")).target, "i-b");
  });

  it("keeps a route to a candidate while nobody holds the lease", async () => {
    const world: World = {
      lease: { ...lease, holder: "" },
      candidates: ["i-b", "i-c"],
      tables: [{ id: "rtb-1", target: "i-c" }],
    };
    const result = await failover(ports(world).all, "10.10.10.10");
    assert.deepEqual(result, { because: "vacant", target: "i-c", updated: [] });
  });

  it("keeps the route and raises the alarm's metric without any candidate", async () => {
    const world: World = { tables: [{ id: "rtb-1", target: "i-a" }] };
    const { all, metrics } = ports(world);
    assert.deepEqual(await failover(all, "10.10.10.10"), { because: "vacant", updated: [] });
    assert.deepEqual(metrics, { DatabaseHealthy: 0, DatabaseCandidates: 0 });
    assert.deepEqual(world.tables, [{ id: "rtb-1", target: "i-a" }]);
  });

  it("puts the route right again when the lease moved while it was being set", async () => {
    const world: World = {
      lease,
      beating: true,
      tables: [{ id: "rtb-1" }],
      meanwhile: (w) => {
        w.lease = { ...lease, holder: "i-b", epoch: 4 };
        w.meanwhile = undefined;
      },
    };
    const result = await failover(ports(world).all, "10.10.10.10");
    assert.deepEqual(result, { because: "active", target: "i-b", updated: ["rtb-1"] });
    assert.deepEqual(world.tables, [{ id: "rtb-1", target: "i-b" }]);
  });

  it("does no harm when two run at once", async () => {
    const world: World = { lease, beating: true, tables: [{ id: "rtb-1" }, { id: "rtb-2", target: "i-b" }] };
    await Promise.all([failover(ports(world).all, "10.10.10.10"), failover(ports(world).all, "10.10.10.10")]);
    assert.deepEqual(world.tables, [
      { id: "rtb-1", target: "i-a" },
      { id: "rtb-2", target: "i-a" },
    ]);
  });
});

describe("The failover function's EC2", () => {
  const settings = {
    table: "t",
    key: "database",
    virtualIp: "10.10.10.10",
    vpc: "vpc-1",
    namespace: "Groundwork/Database",
  };
  const dynamo = { send: async () => ({}) } as unknown as DynamoDBClient;

  function answering(answers: Record<string, object[]>) {
    const calls: { name: string; input: Record<string, unknown> }[] = [];
    const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const name = command.constructor.name.replace("Command", "");
      calls.push({ name, input: command.input });
      const answer = answers[name]?.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? {};
    };
    return { calls, ports: failoverPorts({ send } as unknown as EC2Client, dynamo, settings) };
  }

  it("reads every page of instances and route tables, and asks for states a hundred at a time", async () => {
    const ids = Array.from({ length: 150 }, (_, i) => `i-${i}`);
    const page = (from: number, to: number) => [
      { Instances: ids.slice(from, to).map((InstanceId) => ({ InstanceId })) },
    ];
    const ok = { Status: "ok" };
    const { calls, ports: ec2 } = answering({
      DescribeInstances: [
        { Reservations: page(0, 100), NextToken: "more" },
        { Reservations: page(100, 150) },
      ],
      DescribeInstanceStatus: [
        { InstanceStatuses: [{ InstanceId: "i-7", InstanceStatus: ok, SystemStatus: ok }] },
        {
          InstanceStatuses: [
            { InstanceId: "i-120", InstanceStatus: { Status: "initializing" }, SystemStatus: ok },
            { InstanceId: "i-149", InstanceStatus: ok, SystemStatus: ok },
          ],
        },
      ],
      DescribeRouteTables: [
        { RouteTables: [{ RouteTableId: "rtb-1", Routes: [] }], NextToken: "more" },
        {
          RouteTables: [
            {
              RouteTableId: "rtb-2",
              Routes: [{ DestinationCidrBlock: "10.10.10.10/32", InstanceId: "i-7" }],
            },
            {
              RouteTableId: "rtb-3",
              Routes: [{ DestinationCidrBlock: "10.10.10.10/32", State: "blackhole" }],
            },
          ],
        },
      ],
    });
    assert.deepEqual(await ec2.candidates(), ["i-7", "i-149"]);
    assert.deepEqual(await ec2.tables(), [
      { id: "rtb-1", target: undefined },
      { id: "rtb-2", target: "i-7" },
      { id: "rtb-3", target: "" },
    ]);
    const asked = calls.filter((c) => c.name === "DescribeInstanceStatus").map((c) => c.input.InstanceIds);
    assert.deepEqual(asked, [ids.slice(0, 100), ids.slice(100)]);
    assert.deepEqual(
      calls.filter((c) => c.name === "DescribeRouteTables").map((c) => c.input.NextToken),
      [undefined, "more"],
    );
  });

  it("replaces a route that somebody else added first", async () => {
    const exists = Object.assign(new Error("exists"), { name: "RouteAlreadyExists" });
    const { calls, ports: ec2 } = answering({ CreateRoute: [exists] });
    await ec2.add("rtb-1", "i-a");
    assert.deepEqual(
      calls.map((c) => c.name),
      ["CreateRoute", "ReplaceRoute"],
    );
  });

  it("asks again when EC2 throttles", async () => {
    let requests = 0;
    const server = http.createServer((_request, response) => {
      response.setHeader("content-type", "text/xml");
      if (++requests <= 2) {
        response.statusCode = 503;
        response.end(
          "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors></Response>",
        );
      } else response.end("<DescribeRouteTablesResponse><routeTableSet/></DescribeRouteTablesResponse>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const client = new EC2Client({
      region: "eu-west-1",
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: "key", secretAccessKey: "secret" },
      maxAttempts: 5,
    });
    try {
      assert.deepEqual(await failoverPorts(client, dynamo, settings).tables(), []);
      assert.equal(requests, 3);
    } finally {
      client.destroy();
      server.close();
    }
  });
});
