import { strict as assert } from "node:assert";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { Lease } from "../../../../functions/database/lease";
import { ec2 as regional, requireNode } from "../../../../functions/database/agent/nodes";
import {
  confirmDead,
  confirmFree,
  InstancePorts,
  switchover,
  SwitchoverPorts,
} from "../../../../functions/database/agent/switchover";

const active: Lease = {
  record: "lease/1",
  free: "",
  initialised: true,
  epoch: 4,
  beat: 9,
  holder: "i-a",
  suspects: [],
  leaseMs: 2000,
  phase: "active",
  wanted: "",
  healthy: true,
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

  it("names the lease's holder if it does not succeed in time", async () => {
    await assert.rejects(
      switchover(ports(active).all, "i-b", 50),
      new Error("i-b was not active after 0.05 s; the holder is i-a (active)"),
    );
    const { all } = ports(active);
    const gone: (Lease | undefined)[] = [active, { ...active, holder: "", phase: "" }];
    all.read = async () => (gone.length > 1 ? gone.shift() : gone[0]);
    const nobody = "i-b was not active after 0.05 s; the holder is nobody (free)";
    await assert.rejects(switchover(all, "i-b", 50), new Error(nobody));
    gone.splice(0, 1, active, undefined);
    await assert.rejects(switchover(all, "i-b", 50), new Error(nobody));
  });

  it("does not end while the other node is only about to be active", async () => {
    const { all } = ports(active, (lease) => ({ ...lease, holder: "i-b", epoch: 5, phase: "starting" }));
    await assert.rejects(
      switchover(all, "i-b", 50),
      new Error("i-b was not active after 0.05 s; the holder is i-b (starting)"),
    );
  });

  it("refuses if the lease moved meanwhile", async () => {
    const { all } = ports(active);
    all.want = async () => "refused";
    await assert.rejects(switchover(all, "i-b", 50), new Error("the lease moved meanwhile: try again"));
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
    const none = new Error("i-x is no running node of lease-1; there are: none");
    await assert.rejects(requireNode(ec2().client, "lease-1", "i-x"), none);
    for (const answer of [{}, { Reservations: [{}] }]) {
      const client = { send: async () => answer } as unknown as EC2Client;
      await assert.rejects(requireNode(client, "lease-1", "i-x"), none);
    }
  });

  it("is looked for in the named region", async () => {
    assert.equal(await regional("eu-central-1").config.region(), "eu-central-1");
  });
});

describe("A person's word that a node is off", () => {
  const fencing: Lease = { ...active, phase: "fencing", suspects: ["i-x", "i-y"] };
  const instances = (state: string | undefined, off: boolean | undefined) => {
    const asked: string[] = [];
    const answer = async <T>(what: string, value: T | undefined) => {
      asked.push(what);
      if (value === undefined) throw new Error("EC2 does not answer");
      return value;
    };
    const all: InstancePorts = {
      state: (node) => answer(`state ${node}`, state),
      fence: (node) => answer(`fence ${node}`, off),
    };
    return { all, asked };
  };
  const silent = () => instances(undefined, undefined).all;

  it("counts if EC2 cannot confirm it, and removes the node from the current epoch's suspects", async () => {
    const { all, asked } = ports(fencing);
    assert.deepEqual((await confirmDead(all, silent(), "i-x")).suspects, ["i-y"]);
    assert.deepEqual(asked, ["clear i-x in 4"]);
  });

  it("is not needed if EC2 says that the node is off", async () => {
    for (const state of ["terminated", "gone", "stopped", "running"]) {
      const { all, asked } = ports(fencing);
      const { all: ec2, asked: askedEc2 } = instances(state, true);
      await confirmDead(all, ec2, "i-x");
      assert.deepEqual([asked, askedEc2], [["clear i-x in 4"], ["state i-x", "fence i-x"]]);
    }
  });

  it("refuses what EC2 contradicts, unless the person insists", async () => {
    for (const off of [false, undefined]) {
      const { all, asked } = ports(fencing);
      const { all: ec2 } = instances("running", off);
      await assert.rejects(
        confirmDead(all, ec2, "i-x"),
        new Error(
          "EC2 says that i-x is running, and has been asked to stop it: try again in a minute, or add although-it-runs if you know better",
        ),
      );
      assert.deepEqual(asked, []);
      await confirmDead(all, ec2, "i-x", true);
      assert.deepEqual(asked, ["clear i-x in 4"]);
    }
  });

  it("refuses a node that nobody waits for, and leaves it alone", async () => {
    const { all, asked } = ports({ ...active, suspects: ["i-y"] });
    const { all: ec2, asked: askedEc2 } = instances("running", true);
    await assert.rejects(confirmDead(all, ec2, "i-x"), new Error("i-x is not waited for; suspects: i-y"));
    assert.deepEqual([asked, askedEc2], [[], []]);
    const rejects = (lease: Lease | undefined, suspects: string) =>
      assert.rejects(
        confirmDead(ports(lease).all, ec2, "i-x"),
        new Error(`i-x is not waited for; suspects: ${suspects}`),
      );
    await rejects({ ...active, suspects: ["i-y", "i-z"] }, "i-y, i-z");
    await rejects(active, "none");
    await rejects(undefined, "none");
  });

  it("refuses when the lease moved meanwhile", async () => {
    const { all } = ports({ ...active, suspects: ["i-x"] });
    all.clear = async () => "refused";
    await assert.rejects(
      confirmDead(all, silent(), "i-x"),
      new Error("the lease moved meanwhile: look again before you confirm"),
    );
  });
});

describe("A person's word that nobody uses data of another record", () => {
  it("is recorded beside the lease, for that data alone", async () => {
    const asked: unknown[] = [];
    const free = async (...words: [string, number]) => {
      asked.push(words);
      return active;
    };
    assert.equal(await confirmFree({ free }, "old/1", 7), active);
    assert.deepEqual(asked, [["old/1", 7]]);
  });

  it("refuses if there is no lease yet", async () => {
    await assert.rejects(
      confirmFree({ free: async () => "refused" }, "old/1", 7),
      new Error("a node must have made the lease first, and there is none"),
    );
  });
});
