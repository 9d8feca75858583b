import { strict as assert } from "node:assert";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { failoverPorts } from "../../../functions/database/failover-ports";
import { listen } from "../../listener";

const SETTINGS = {
  table: "lease-table",
  key: "lease",
  virtualIp: "10.0.0.9",
  vpc: "vpc-1",
  namespace: "Groundwork/dev",
};
const FILTERS = [
  { Name: "tag:database", Values: ["true"] },
  { Name: "vpc-id", Values: ["vpc-1"] },
];

/** AWS that answers by the operation, and what it was asked. */
function rig(answer: (operation: string) => unknown = () => ({})) {
  const asked: [operation: string, input: Record<string, unknown>][] = [];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    asked.push([operation, JSON.parse(JSON.stringify(command.input)) as Record<string, unknown>]);
    return answer(operation) ?? {};
  };
  const client = { send } as unknown as Pick<EC2Client, "send"> & Pick<DynamoDBClient, "send">;
  return { ports: failoverPorts(client, client, SETTINGS), asked };
}

describe("the ports of the failover function", () => {
  it("read the lease as it is now", async () => {
    const Item = {
      recordId: { S: "lease-table/1" },
      initialised: { BOOL: true },
      holder: { S: "i-a" },
      epoch: { N: "3" },
      beat: { N: "10" },
      leaseMs: { N: "2000" },
      phase: { S: "active" },
      healthy: { BOOL: true },
    };
    const { ports, asked } = rig(() => ({ Item }));
    assert.deepEqual(await ports.lease(), {
      record: "lease-table/1",
      free: "",
      initialised: true,
      holder: "i-a",
      epoch: 3,
      beat: 10,
      leaseMs: 2000,
      phase: "active",
      healthy: true,
      suspects: [],
      wanted: "",
    });
    assert.deepEqual(asked, [
      ["GetItem", { TableName: "lease-table", Key: { pk: { S: "lease" } }, ConsistentRead: true }],
    ]);
  });

  it("return no lease before the first node, and no health before it reports", async () => {
    assert.equal(await rig().ports.lease(), undefined);
    const { ports } = rig(() => ({ Item: { epoch: { N: "3" }, beat: { N: "1" }, leaseMs: { N: "2000" } } }));
    const lease = { epoch: 3, beat: 1, leaseMs: 2000, phase: "", healthy: false };
    const unknown = { record: "", free: "", initialised: false };
    const nobody = { ...lease, ...unknown, holder: "", suspects: [], wanted: "" };
    assert.deepEqual(await ports.lease(), nobody);
  });

  it("stop a suspect as a node does, and clear it only in its own epoch", async () => {
    const { ports, asked } = rig((operation) =>
      operation === "DescribeInstances"
        ? { Reservations: [{ Instances: [{ State: { Name: "stopped" } }] }] }
        : { Attributes: { epoch: { N: "3" } } },
    );
    assert.equal(await ports.fence("i-x"), true);
    await ports.clear("i-x", 3);
    assert.ok(ports.now() > 0);
    assert.deepEqual(
      asked.map(([operation]) => operation),
      ["StopInstances", "DescribeInstances", "UpdateItem"],
    );
    assert.deepEqual(asked[0]![1], { InstanceIds: ["i-x"], Force: true, SkipOsShutdown: true });
    assert.equal(asked[2]![1]["ConditionExpression"], "epoch = :epoch");
    assert.deepEqual(asked[2]![1]["Key"], { pk: { S: "lease" } });
  });

  it("list the running instances of the VPC that EC2 reports as healthy", async () => {
    const ok = { Status: "ok" };
    const bad = { Status: "impaired" };
    const { ports, asked } = rig((operation) =>
      operation === "DescribeInstances"
        ? { Reservations: [{ Instances: [{ InstanceId: "i-a" }, { InstanceId: "i-b" }] }, {}] }
        : {
            InstanceStatuses: [
              { InstanceId: "i-a", InstanceStatus: ok, SystemStatus: ok },
              { InstanceId: "i-b", InstanceStatus: ok, SystemStatus: bad },
              { InstanceId: "i-c", InstanceStatus: bad, SystemStatus: ok },
              { InstanceId: "i-d", SystemStatus: ok },
              { InstanceId: "i-e", InstanceStatus: ok },
            ],
          },
    );
    assert.deepEqual(await ports.candidates(), ["i-a"]);
    assert.deepEqual(asked, [
      ["DescribeInstances", { Filters: [...FILTERS, { Name: "instance-state-name", Values: ["running"] }] }],
      ["DescribeInstanceStatus", { InstanceIds: ["i-a", "i-b"] }],
    ]);
  });

  it("list nobody if nothing runs, or EC2 reports nothing", async () => {
    const { ports, asked } = rig();
    assert.deepEqual(await ports.candidates(), []);
    assert.equal(asked.length, 1);
    const silent = rig((operation) =>
      operation === "DescribeInstances" ? { Reservations: [{ Instances: [{ InstanceId: "i-a" }] }] } : {},
    );
    assert.deepEqual(await silent.ports.candidates(), []);
  });

  it("ask for states a hundred at a time", async () => {
    const Instances = Array.from({ length: 200 }, (_, i) => ({ InstanceId: `i-${i}` }));
    const { ports, asked } = rig((operation) =>
      operation === "DescribeInstances" ? { Reservations: [{ Instances }] } : {},
    );
    await ports.candidates();
    const lists = asked.slice(1).map(([, { InstanceIds }]) => InstanceIds as string[]);
    assert.deepEqual(
      lists.map(({ length, 0: first }) => [length, first]),
      [
        [100, "i-0"],
        [100, "i-100"],
      ],
    );
  });

  it("find the route tables of the VPC, and each route's target", async () => {
    const route = (DestinationCidrBlock: string, InstanceId?: string) => ({
      DestinationCidrBlock,
      InstanceId,
    });
    const { ports, asked } = rig(() => ({
      RouteTables: [
        { RouteTableId: "rtb-1", Routes: [route("0.0.0.0/0", "i-nat"), route("10.0.0.9/32", "i-a")] },
        { RouteTableId: "rtb-2", Routes: [route("10.0.0.9/32")] },
        { RouteTableId: "rtb-3", Routes: [route("10.0.0.8/32", "i-a")] },
        { RouteTableId: "rtb-4" },
      ],
    }));
    assert.deepEqual(await ports.tables(), [
      { id: "rtb-1", target: "i-a" },
      { id: "rtb-2", target: "" },
      { id: "rtb-3", target: undefined },
      { id: "rtb-4", target: undefined },
    ]);
    assert.deepEqual(asked, [["DescribeRouteTables", { Filters: FILTERS }]]);
    assert.deepEqual(await rig().ports.tables(), []);
  });

  const to = { RouteTableId: "rtb-1", DestinationCidrBlock: "10.0.0.9/32", InstanceId: "i-a" };

  it("replace a route, also a blackhole, or add one, and replace one that somebody added first", async () => {
    const { ports, asked } = rig();
    await ports.point({ id: "rtb-1", target: "i-b" }, "i-a");
    await ports.point({ id: "rtb-1", target: "" }, "i-a");
    await ports.point({ id: "rtb-1" }, "i-a");
    assert.deepEqual(asked, [
      ["ReplaceRoute", to],
      ["ReplaceRoute", to],
      ["CreateRoute", to],
    ]);
    const second = rig((operation) => {
      if (operation === "CreateRoute") throw Object.assign(new Error("no"), { name: "RouteAlreadyExists" });
      return {};
    });
    await second.ports.point({ id: "rtb-1" }, "i-a");
    assert.deepEqual(second.asked, [
      ["CreateRoute", to],
      ["ReplaceRoute", to],
    ]);
  });

  it("refuses a route that EC2 refuses for any other reason", async () => {
    const { ports, asked } = rig(() => {
      throw Object.assign(new Error("no"), { name: "InvalidInstanceID" });
    });
    await assert.rejects(ports.point({ id: "rtb-1" }, "i-a"), { name: "InvalidInstanceID" });
    assert.equal(asked.length, 1);
  });

  it("write metrics in the log format that CloudWatch reads", () => {
    const lines: string[] = [];
    const write = process.stdout.write;
    process.stdout.write = ((line: string) => lines.push(line)) as never;
    const before = Date.now();
    try {
      rig().ports.metric("DatabaseHealthy", 1);
    } finally {
      process.stdout.write = write;
    }
    assert.equal(lines.length, 1);
    assert.ok(lines[0]!.endsWith("}\n"));
    const { _aws, ...values } = JSON.parse(lines[0]!) as {
      _aws: { Timestamp: number; CloudWatchMetrics: unknown };
    };
    assert.deepEqual(values, { Lease: "lease-table", DatabaseHealthy: 1 });
    assert.ok(_aws.Timestamp >= before && _aws.Timestamp <= Date.now());
    assert.deepEqual(_aws.CloudWatchMetrics, [
      { Namespace: "Groundwork/dev", Dimensions: [["Lease"]], Metrics: [{ Name: "DatabaseHealthy" }] },
    ]);
  });

  it("log lines, and wait as long as told", async () => {
    const lines: unknown[] = [];
    const { log } = console;
    console.log = (line) => void lines.push(line);
    try {
      rig().ports.log("words");
    } finally {
      console.log = log;
    }
    assert.deepEqual(lines, ["words"]);
    const before = performance.now();
    await rig().ports.sleep(30);
    assert.ok(performance.now() - before >= 29);
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
    await ec2.point({ id: "rtb-1" }, "i-a");
    assert.deepEqual(
      calls.map((c) => c.name),
      ["CreateRoute", "ReplaceRoute"],
    );
  });

  it("asks again when EC2 throttles", async () => {
    let requests = 0;
    const server = await listen((_request, response) => {
      response.setHeader("content-type", "text/xml");
      if (++requests <= 2) {
        response.statusCode = 503;
        response.end(
          "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors></Response>",
        );
      } else response.end("<DescribeRouteTablesResponse><routeTableSet/></DescribeRouteTablesResponse>");
    });
    const client = new EC2Client({
      region: "eu-west-1",
      endpoint: server.url,
      credentials: { accessKeyId: "key", secretAccessKey: "secret" },
      maxAttempts: 5,
    });
    try {
      assert.deepEqual(await failoverPorts(client, dynamo, settings).tables(), []);
      assert.equal(requests, 3);
    } finally {
      client.destroy();
      await server.close();
    }
  });
});
