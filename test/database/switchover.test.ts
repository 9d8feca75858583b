import { strict as assert } from "node:assert";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { Lease } from "../../components/database/agent/lease";
import { requireNode } from "../../components/database/agent/nodes";
import { confirmDead, switchover, SwitchoverPorts } from "../../components/database/agent/switchover";

const active: Lease = {
  epoch: 4,
  beat: 9,
  holder: "i-a",
  suspects: [],
  leaseMs: 2000,
  phase: "active",
  wanted: "",
};

function ports(start: Lease | undefined, answers: (lease: Lease) => Lease = (lease) => lease) {
  let lease = start;
  const asked: string[] = [];
  const all: SwitchoverPorts = {
    read: async () => lease && { ...lease },
    want: async (node, epoch) => {
      asked.push(`want ${node} in ${epoch}`);
      lease = answers({ ...lease!, wanted: node });
      return lease;
    },
    clear: async (suspect, epoch) => {
      asked.push(`clear ${suspect} in ${epoch}`);
      if (epoch !== lease!.epoch) return "refused";
      lease = { ...lease!, suspects: lease!.suspects.filter((s) => s !== suspect) };
      return lease;
    },
  };
  return { all, asked };
}

describe("A switchover", () => {
  it("asks the holder and ends when the other node is active", async () => {
    const { all, asked } = ports(active, (lease) => ({ ...lease, holder: "i-b", epoch: 5, wanted: "" }));
    assert.equal((await switchover(all, "i-b")).epoch, 5);
    assert.deepEqual(asked, ["want i-b in 4"]);
  });

  it("refuses without an active node, to the active node, and while the lease is changing hands", async () => {
    const refusal = (lease: Lease | undefined, message: string) =>
      assert.rejects(switchover(ports(lease).all, "i-b"), new Error(message));
    await refusal(undefined, "a switchover needs an active node, and no node holds the lease");
    await refusal(
      { ...active, holder: "" },
      "a switchover needs an active node, and no node holds the lease",
    );
    await refusal({ ...active, holder: "i-b" }, "i-b is already the active node");
    await refusal({ ...active, phase: "fencing" }, "i-a must be active, it is fencing");
  });

  it("says who holds the lease when nothing has come of it in time", async () => {
    await assert.rejects(
      switchover(ports(active).all, "i-b", 50),
      new Error("i-b was not active after 0.05 s; the holder is i-a (active)"),
    );
  });
});

describe("The node that a person names", () => {
  const ec2 = (...ids: string[]) => {
    const asked: unknown[] = [];
    const send = async ({ input }: { input: unknown }) => {
      asked.push(input);
      return { Reservations: ids.map((InstanceId) => ({ Instances: [{ InstanceId }] })) };
    };
    return { client: { send } as unknown as EC2Client, asked };
  };

  it("is one of the running instances of that database", async () => {
    const { client, asked } = ec2("i-a", "i-b");
    await requireNode(client, "lease-1", "i-b");
    assert.deepEqual(asked, [
      {
        Filters: [
          { Name: "tag:database-lease", Values: ["lease-1"] },
          { Name: "instance-state-name", Values: ["running"] },
        ],
      },
    ]);
  });

  it("refuses another one before the active node gives up for it, and says which there are", async () => {
    await assert.rejects(
      requireNode(ec2("i-a", "i-b").client, "lease-1", "i-x"),
      new Error("i-x is no running node of lease-1; there are: i-a, i-b"),
    );
    await assert.rejects(
      requireNode(ec2().client, "lease-1", "i-x"),
      new Error("i-x is no running node of lease-1; there are: none"),
    );
  });
});

describe("A person's word that a node is off", () => {
  it("takes the node off the suspects of the present epoch", async () => {
    const { all, asked } = ports({ ...active, phase: "fencing", suspects: ["i-x", "i-y"] });
    assert.deepEqual((await confirmDead(all, "i-x")).suspects, ["i-y"]);
    assert.deepEqual(asked, ["clear i-x in 4"]);
  });

  it("refuses for a node that nobody waits for", async () => {
    const { all, asked } = ports({ ...active, suspects: ["i-y"] });
    await assert.rejects(confirmDead(all, "i-x"), new Error("i-x is not waited for; suspects: i-y"));
    assert.deepEqual(asked, []);
  });
});
