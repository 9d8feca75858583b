import { strict as assert } from "node:assert";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { AgentConfig } from "../../../../functions/database/agent/config";
import { Cloud, connect } from "../../../../functions/database/agent/cloud";
import { stateOf } from "../../../../functions/database/fencing";

type Answer = (operation: string, input: Record<string, unknown>) => object | undefined;

/** EC2 as the node i-me sees it, and what it was asked. */
function rig(answer: Answer = () => ({})) {
  const asked: [operation: string, input: Record<string, unknown>][] = [];
  const limits: unknown[] = [];
  const send = async (
    command: { constructor: { name: string }; input: Record<string, unknown> },
    { abortSignal }: { abortSignal?: AbortSignal } = {},
  ) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    const input = Object.fromEntries(
      Object.entries(command.input).filter(([, value]) => value !== undefined),
    );
    asked.push([operation, input]);
    limits.push(abortSignal);
    return answer(operation, command.input) ?? {};
  };
  const cloud = new Cloud({ send } as unknown as Pick<EC2Client, "send">, "i-me", "10.0.0.9", "vpc-1");
  return { cloud, asked, limits };
}

const named = (name: string, more: object = {}) => Object.assign(new Error("no"), { name, ...more });
const table = (id: string, InstanceId?: string, DestinationCidrBlock = "10.0.0.9/32") => ({
  RouteTableId: id,
  Routes: [
    { DestinationCidrBlock: "0.0.0.0/0", InstanceId: "i-nat" },
    { DestinationCidrBlock, InstanceId },
  ],
});

describe("what a database node does in EC2", () => {
  it("accepts packets for the virtual IP", async () => {
    const { cloud, asked, limits } = rig();
    await cloud.acceptVirtualIp();
    const input = { InstanceId: "i-me", SourceDestCheck: { Value: false } };
    assert.deepEqual(asked, [["ModifyInstanceAttribute", input]]);
    assert.ok(limits[0] instanceof AbortSignal);
  });

  it("moves the route in every tagged table of its VPC, page by page", async () => {
    const pages = [
      { RouteTables: [table("rtb-other", "i-other"), table("rtb-me", "i-me")], NextToken: "2" },
      {
        RouteTables: [
          table("rtb-void"),
          table("rtb-none", "i-me", "10.0.0.8/32"),
          { RouteTableId: "rtb-empty" },
        ],
      },
    ];
    const { cloud, asked } = rig((operation) =>
      operation === "DescribeRouteTables" ? pages.shift() : undefined,
    );
    assert.deepEqual(await cloud.route(), ["rtb-other", "rtb-void", "rtb-none", "rtb-empty"]);
    const Filters = [
      { Name: "tag:database", Values: ["true"] },
      { Name: "vpc-id", Values: ["vpc-1"] },
    ];
    const to = (RouteTableId: string) => ({
      RouteTableId,
      DestinationCidrBlock: "10.0.0.9/32",
      InstanceId: "i-me",
    });
    assert.deepEqual(asked, [
      ["DescribeRouteTables", { Filters }],
      ["DescribeRouteTables", { Filters, NextToken: "2" }],
      ["ReplaceRoute", to("rtb-other")],
      ["ReplaceRoute", to("rtb-void")],
      ["CreateRoute", to("rtb-none")],
      ["CreateRoute", to("rtb-empty")],
    ]);
  });

  it("calls EC2 in its own region", async () => {
    const config = {
      region: "eu-central-1",
      node: "i-me",
      virtualIp: "10.0.0.9",
      vpc: "vpc-1",
    } as AgentConfig;
    const { client } = connect(config) as unknown as { client: EC2Client };
    assert.equal(await client.config.region(), "eu-central-1");
    assert.equal(await client.config.maxAttempts(), 2);
  });

  it("moves nothing if no table is tagged for it", async () => {
    assert.deepEqual(await rig().cloud.route(), []);
  });

  const fenced = (stop: object | Error, look: object | Error) => {
    const { cloud, asked } = rig((operation) => {
      const answer = operation === "StopInstances" ? stop : look;
      if (answer instanceof Error) throw answer;
      return answer;
    });
    return { off: cloud.fence("i-other"), asked };
  };
  const state = (Name: string) => ({ Reservations: [{ Instances: [{ State: { Name } }] }] });

  it("stops a former holder by force, and trusts only EC2 that it is off", async () => {
    for (const [Name, off] of [
      ["stopped", true],
      ["terminated", true],
      ["stopping", false],
      ["running", false],
      ["shutting-down", false],
    ] as const) {
      const one = fenced({}, state(Name));
      assert.equal(await one.off, off, Name);
      assert.deepEqual(one.asked, [
        ["StopInstances", { InstanceIds: ["i-other"], Force: true, SkipOsShutdown: true }],
        ["DescribeInstances", { InstanceIds: ["i-other"] }],
      ]);
    }
    for (const nothing of [
      {},
      { Reservations: [] },
      { Reservations: [{}] },
      { Reservations: [{ Instances: [] }] },
      { Reservations: [{ Instances: [{}] }] },
    ])
      assert.equal(await fenced({}, nothing).off, false);
  });

  it("counts a terminated instance, or one that EC2 no longer knows, as off, whatever the answer to the stop", async () => {
    // A terminated instance has no tags left, so the role may not stop it any more.
    for (const refusal of [
      named("UnauthorizedOperation"),
      named("IncorrectInstanceState"),
      named("InvalidInstanceID.NotFound"),
      named("Error", { Code: "IncorrectInstanceState" }),
      named("RequestLimitExceeded"),
      named("TimeoutError"),
    ]) {
      assert.equal(await fenced(refusal, state("terminated")).off, true);
      assert.equal(await fenced(refusal, named("InvalidInstanceID.NotFound")).off, true);
    }
    assert.equal(await fenced({}, named("InvalidInstanceID.NotFound")).off, true);
    assert.equal(await fenced({}, named("Error", { Code: "InvalidInstanceID.NotFound" })).off, true);
  });

  it("counts a stopped instance as off only after its own stop was accepted, because that state may be older than the suspicion", async () => {
    for (const name of ["UnauthorizedOperation", "IncorrectInstanceState", "RequestLimitExceeded"])
      for (const seen of ["stopped", "stopping", "running", "pending"])
        await assert.rejects(fenced(named(name), state(seen)).off, { name });
    assert.equal(await fenced({}, state("stopped")).off, true);
  });

  it("has no state for an instance that EC2 does not mention", async () => {
    const silent = { send: async () => ({}) } as unknown as Pick<EC2Client, "send">;
    assert.equal(await stateOf(silent, "i-other"), "unknown");
  });

  it("refuses to guess if EC2 does not report the instance's state", async () => {
    await assert.rejects(fenced({}, named("Throttled")).off, { name: "Throttled" });
    await assert.rejects(fenced(named("UnauthorizedOperation"), {}).off, { name: "UnauthorizedOperation" });
  });
});
