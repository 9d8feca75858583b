import { strict as assert } from "node:assert";
import { makerOf, readerOf, removerOf, inspectorOf } from "../../../functions/provisioner/aws/stacks";
import { awsError, recordedClient } from "../recorded-client";
import { waitsOf } from "../waits";

const DENIED = { name: "AccessDenied" };
const denied = () => awsError(DENIED.name);
const gone = () => awsError("ValidationError", "Stack with id gw-p does not exist");
const REQUEST = {
  name: "gw-p",
  templateUrl: "https://t/static",
  parameters: { Branch: "main", VpcId: "vpc-1" },
  keeps: ["VpcId"],
  tags: { Name: "shop" },
};
const INPUT = {
  StackName: "gw-p",
  TemplateURL: "https://t/static",
  Parameters: [
    { ParameterKey: "Branch", ParameterValue: "main" },
    { ParameterKey: "VpcId", ParameterValue: "vpc-1" },
  ],
  Tags: [{ Key: "Name", Value: "shop" }],
  Capabilities: ["CAPABILITY_IAM"],
  RoleARN: "arn:role",
};
const made = new Date("2026-01-01T00:00:00Z");
const STACK = { StackId: "arn:stack", StackStatus: "CREATE_COMPLETE", CreationTime: made };
const there = { Stacks: [STACK] };

describe("making a stack", () => {
  it("leaves what fails for the compensation to delete, and is one however often it is asked for", async () => {
    const { client, calls } = recordedClient({ CreateStack: { StackId: "arn:stack" } });
    assert.deepEqual(await makerOf(client, "arn:role").create(REQUEST), { id: "arn:stack" });
    assert.deepEqual(calls, [
      ["CreateStack", { ...INPUT, ClientRequestToken: "gw-p", OnFailure: "DO_NOTHING" }],
    ]);
    const again = recordedClient({ CreateStack: awsError("AlreadyExistsException"), DescribeStacks: there });
    assert.deepEqual(await makerOf(again.client, "arn:role").create(REQUEST), { id: "arn:stack" });
  });

  it("hands on what CloudFormation refuses, and throws what else goes wrong", async () => {
    for (const name of ["ValidationError", "InsufficientCapabilitiesException", "LimitExceededException"]) {
      const { client } = recordedClient({ CreateStack: awsError(name, "too many") });
      assert.deepEqual(await makerOf(client, "arn:role").create(REQUEST), { refused: "too many" });
    }
    for (const error of [denied(), awsError("NoValidationError"), awsError("AlreadyExistsException")]) {
      const { client } = recordedClient({ CreateStack: error, DescribeStacks: gone() });
      await assert.rejects(makerOf(client, "arn:role").create(REQUEST), { name: error.name });
    }
    const { client } = recordedClient({ CreateStack: denied(), DescribeStacks: there });
    await assert.rejects(makerOf(client, "arn:role").create(REQUEST), DENIED);
  });
});

describe("updating a stack", () => {
  const update = (answers: object) => {
    const { client, calls } = recordedClient(answers);
    return { calls, answer: makerOf(client, "arn:role").update(REQUEST) };
  };

  it("carries out a change set, which leaves what the stack keeps as it is", async () => {
    const { calls, answer } = update({ DescribeChangeSet: { Status: "CREATE_COMPLETE" } });
    assert.equal(await answer, "started");
    const { ChangeSetName, ...input } = calls[0]![1];
    assert.match(ChangeSetName as string, /^update-\d+$/);
    const Parameters = [INPUT.Parameters[0], { ParameterKey: "VpcId", UsePreviousValue: true }];
    assert.deepEqual(input, { ...INPUT, Parameters, ChangeSetType: "UPDATE" });
    const names = { StackName: "gw-p", ChangeSetName };
    assert.deepEqual(calls.slice(1), [
      ["DescribeChangeSet", names],
      ["ExecuteChangeSet", names],
    ]);
  });

  it("waits for the change set, a second between two looks, and not for ever", async () => {
    const DescribeChangeSet = [{ Status: "CREATE_IN_PROGRESS" }, { Status: "CREATE_COMPLETE" }];
    const made = await waitsOf(() => update({ DescribeChangeSet }).answer);
    assert.deepEqual(made, { answer: "started", waits: [1000] });
    const never = update({ DescribeChangeSet: { Status: "CREATE_IN_PROGRESS" } });
    const { waits } = await waitsOf(() =>
      assert.rejects(never.answer, { message: "The change set was not made within 40 seconds" }),
    );
    assert.equal(waits.length, 40);
  });

  it("is nothing where nothing differs, and a sentence where it is refused", async () => {
    for (const [StatusReason, told] of [
      ["The submitted information didn't contain changes.", "unchanged"],
      ["No updates are to be performed.", "unchanged"],
      ["no such thing", { refused: "no such thing" }],
      [undefined, { refused: "" }],
    ] as const) {
      const { calls, answer } = update({ DescribeChangeSet: { Status: "FAILED", StatusReason } });
      assert.deepEqual(await answer, told);
      assert.deepEqual(
        calls.map(([operation]) => operation),
        ["CreateChangeSet", "DescribeChangeSet", "DeleteChangeSet"],
      );
    }
    for (const [message, told] of [
      ["No updates are to be performed.", "unchanged"],
      ["bad", { refused: "bad" }],
    ] as const)
      assert.deepEqual(await update({ CreateChangeSet: awsError("ValidationError", message) }).answer, told);
    await assert.rejects(update({ CreateChangeSet: denied() }).answer, DENIED);
  });
});

describe("reading a stack", () => {
  const read = (answer: unknown) => readerOf(recordedClient({ DescribeStacks: answer }).client).read("gw-p");

  it("tells its state, outputs and drift", async () => {
    const { client, calls } = recordedClient({ DescribeStacks: there });
    const bare = {
      id: "arn:stack",
      status: "CREATE_COMPLETE",
      outputs: {},
      updatedAt: made.toISOString(),
      drift: undefined,
      driftCheckedAt: undefined,
    };
    assert.deepEqual(await readerOf(client).read("gw-p"), bare);
    assert.deepEqual(calls, [["DescribeStacks", { StackName: "gw-p" }]]);
    const later = new Date("2026-02-01T00:00:00Z");
    const full = {
      ...STACK,
      LastUpdatedTime: later,
      Outputs: [{ OutputKey: "Build", OutputValue: "b" }],
      DriftInformation: { StackDriftStatus: "DRIFTED", LastCheckTimestamp: later },
    };
    assert.deepEqual(await read({ Stacks: [full] }), {
      ...bare,
      outputs: { Build: "b" },
      updatedAt: later.toISOString(),
      drift: "DRIFTED",
      driftCheckedAt: later.toISOString(),
    });
    const unchecked = { ...STACK, DriftInformation: { StackDriftStatus: "NOT_CHECKED" } };
    assert.equal((await read({ Stacks: [unchecked] }))!.drift, "NOT_CHECKED");
  });

  it("finds none that is gone, and throws what else goes wrong", async () => {
    for (const answer of [
      gone(),
      {},
      { Stacks: [] },
      { Stacks: [{ ...STACK, StackStatus: "DELETE_COMPLETE" }] },
    ])
      assert.equal(await read(answer), undefined);
    await assert.rejects(read(denied()), DENIED);
  });
});

describe("deleting a stack", () => {
  it("is begun by the provisioner's role, and done where there is none", async () => {
    for (const [answers, told, count] of [
      [[there, there], "started", 3],
      [[there, gone()], "gone", 3],
      [[gone()], "gone", 1],
    ] as const) {
      const { client, calls } = recordedClient({ DescribeStacks: [...answers] });
      assert.equal(await removerOf(client, "arn:role").remove("gw-p"), told);
      assert.equal(calls.length, count);
      if (count === 3)
        assert.deepEqual(calls[1], ["DeleteStack", { StackName: "gw-p", RoleARN: "arn:role" }]);
    }
  });
});

describe("inspecting a stack", () => {
  const problem = (StackEvents?: object[]) =>
    inspectorOf(recordedClient({ DescribeStackEvents: { StackEvents } }).client, "arn:role").problem("gw-p");
  const event = (LogicalResourceId: string, ResourceStatus: string, ResourceStatusReason?: string) => ({
    LogicalResourceId,
    ResourceStatus,
    ResourceStatusReason,
  });
  const cancelled = event("C", "CREATE_FAILED", "Resource creation cancelled");

  it("tells the first thing that went wrong in its latest operation, newest event first", async () => {
    const { client, calls } = recordedClient({ DescribeStackEvents: {} });
    assert.equal(await inspectorOf(client, "arn:role").problem("gw-p"), "CloudFormation gave no reason.");
    assert.deepEqual(calls, [["DescribeStackEvents", { StackName: "gw-p" }]]);
    const first = event("A", "CREATE_FAILED", "no room");
    const second = event("B", "CREATE_FAILED", "no room either");
    assert.equal(await problem([cancelled, second, first, cancelled]), "A: no room");
    assert.equal(await problem([{}, cancelled, first]), "A: no room");
    assert.equal(
      await problem([event("A", "CREATE_COMPLETE", "fine"), cancelled]),
      "CloudFormation gave no reason.",
    );
    assert.equal(
      await problem([event("A", "CREATE_FAILED"), event("B", "x_FAILED_x")]),
      "A: CloudFormation gave no reason.",
    );
  });

  it("does not go back to an operation before", async () => {
    const begun = event("gw-p", "UPDATE_IN_PROGRESS", "User Initiated");
    const now = event("A", "UPDATE_FAILED", "now");
    const before = event("B", "CREATE_FAILED", "before");
    assert.equal(await problem([now, begun, before]), "A: now");
    assert.equal(await problem([begun, before]), "CloudFormation gave no reason.");
  });

  it("has its drift detected, and can be read and removed", async () => {
    const { client, calls } = recordedClient({ DescribeStacks: there });
    const inspector = inspectorOf(client, "arn:role");
    await inspector.checkDrift("gw-p");
    assert.deepEqual(calls, [["DetectStackDrift", { StackName: "gw-p" }]]);
    assert.equal((await inspector.read("gw-p"))!.id, "arn:stack");
    assert.equal(await inspector.remove("gw-p"), "started");
  });
});
