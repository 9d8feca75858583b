import { strict as assert } from "node:assert";
import { addressIn } from "../../../functions/provisioner/aws/addresses";
import { emptyBucket } from "../../../functions/provisioner/aws/buckets";
import { builderOf, buildState } from "../../../functions/provisioner/aws/builds";
import { publisher } from "../../../functions/provisioner/aws/events";
import { answerer, executionState, failer, starter } from "../../../functions/provisioner/aws/state-machine";
import { namesOf } from "../../../functions/provisioner/aws/dns-names";
import { some } from "../../some";
import { awsError, recordedClient } from "../recorded-client";

const DENIED = { name: "AccessDeniedException" };
const denied = () => awsError(DENIED.name);

describe("the address of a group's instance", () => {
  it("is the youngest one's that has one, of those that run or begin to", async () => {
    const at = (seconds: number, PublicIpAddress?: string) => ({
      LaunchTime: new Date(seconds * 1000),
      PublicIpAddress,
    });
    const Reservations = [
      { Instances: [at(1, "192.0.2.1")] },
      {},
      { Instances: [at(3, "192.0.2.3"), at(4), at(2, "192.0.2.2")] },
    ];
    const { client, calls } = recordedClient({ DescribeInstances: { Reservations } });
    assert.equal(await addressIn(client, "group-1"), "192.0.2.3");
    assert.deepEqual(calls, [
      [
        "DescribeInstances",
        {
          Filters: [
            { Name: "tag:aws:autoscaling:groupName", Values: ["group-1"] },
            { Name: "instance-state-name", Values: ["pending", "running"] },
          ],
        },
      ],
    ]);
    assert.equal(await addressIn(recordedClient().client, "group-1"), undefined);
  });
});

describe("emptying a bucket", () => {
  it("deletes every version and marker, until nothing is listed", async () => {
    const { client, calls } = recordedClient({
      ListObjectVersions: [
        { Versions: [{ Key: "a", VersionId: "1" }], DeleteMarkers: [{ Key: "b", VersionId: "2" }] },
        { DeleteMarkers: [{ Key: "c", VersionId: "3" }] },
        {},
      ],
    });
    await emptyBucket(client, "bucket", "prefix/");
    const list = ["ListObjectVersions", { Bucket: "bucket", Prefix: "prefix/" }];
    const gone = (...Objects: object[]) => [
      "DeleteObjects",
      { Bucket: "bucket", Delete: { Objects, Quiet: true } },
    ];
    assert.deepEqual(calls, [
      list,
      gone({ Key: "a", VersionId: "1" }, { Key: "b", VersionId: "2" }),
      list,
      gone({ Key: "c", VersionId: "3" }),
      list,
    ]);
  });

  it("does not go on for ever when objects stay", async () => {
    const { client } = recordedClient({
      ListObjectVersions: { Versions: [{ Key: "a", VersionId: "1" }] },
      DeleteObjects: [{ Errors: [] }, { Errors: [{ Code: "AccessDenied" }, { Code: "x" }] }],
    });
    await assert.rejects(emptyBucket(client, "bucket"), {
      message: "2 objects of bucket stay: AccessDenied",
    });
  });
});

describe("a build", () => {
  it("is started once for a key, of which CodeBuild takes 64 characters", async () => {
    const build = { id: "site:1", logs: { deepLink: "https://log" } };
    const { client, calls } = recordedClient({ StartBuild: [{ build }, { build: { id: "site:2" } }] });
    const key = `${"x".repeat(40)}${"y".repeat(40)}`;
    const started = await builderOf(client).start("site", key, { VARIABLES: "{}", COMMIT: "abc" });
    assert.deepEqual(started, { id: "site:1", logUrl: "https://log" });
    const environmentVariablesOverride = [
      { name: "VARIABLES", value: "{}" },
      { name: "COMMIT", value: "abc" },
    ];
    assert.deepEqual(calls, [
      ["StartBuild", { projectName: "site", idempotencyToken: key.slice(16), environmentVariablesOverride }],
    ]);
    const second = await builderOf(client).start("site", "k", {});
    assert.deepEqual(second, { id: "site:2", logUrl: undefined });
  });

  it("finds no room where as many wait as an account may have wait, and fails for whatever else", async () => {
    const full = [awsError("AccountLimitExceededException"), awsError("ThrottlingException")];
    const { client } = recordedClient({ StartBuild: [...full, awsError("ResourceNotFoundException")] });
    for (const _ of full) assert.equal(await builderOf(client).start("site", "k", {}), "full");
    await assert.rejects(builderOf(client).start("site", "k", {}), { name: "ResourceNotFoundException" });
  });

  it("is stopped, unless it is over or gone", async () => {
    const errors = [
      undefined,
      awsError("ResourceNotFoundException"),
      awsError("InvalidInputException"),
      denied(),
    ];
    const { client, calls } = recordedClient({ StopBuild: errors });
    const { stop } = builderOf(client);
    for (let n = 0; n < 3; n += 1) await stop("site:1");
    await assert.rejects(stop("site:1"), DENIED);
    assert.deepEqual(calls[0], ["StopBuild", { id: "site:1" }]);
  });

  it("is told by its state, and by the phase that failed", async () => {
    const failed = (reason: string) => ({ status: "failed", reason, logStream: undefined });
    const phases = [{ phaseType: "SUBMITTED" }, { phaseType: "INSTALL", phaseStatus: "SUCCEEDED" }];
    const broken = { phaseType: "BUILD", phaseStatus: "FAILED" };
    for (const [builds, told] of [
      [[{ buildStatus: "IN_PROGRESS", currentPhase: "QUEUED" }], { status: "queued", reason: "" }],
      [[{ buildStatus: "IN_PROGRESS", currentPhase: "BUILD" }], { status: "running", reason: "" }],
      [[{ buildStatus: "SUCCEEDED" }], { status: "done", reason: "" }],
      [
        [{ buildStatus: "SUCCEEDED", exportedEnvironmentVariables: [{ name: "COMMIT", value: "abc" }] }],
        { status: "done", reason: "", commit: "abc" },
      ],
      [
        [{ buildStatus: "SUCCEEDED", exportedEnvironmentVariables: [{ name: "RELEASE", value: "f00d" }] }],
        { status: "done", reason: "", release: "f00d" },
      ],
      [
        [{ buildStatus: "FAILED", phases: [...phases, broken] }],
        failed("The build failed in its phase BUILD."),
      ],
      [[{ buildStatus: "STOPPED", phases }], failed("The build was stopped.")],
      [
        [{ buildStatus: "TIMED_OUT", phases: [broken] }],
        failed("The build took too long in its phase BUILD."),
      ],
      [
        [{ buildStatus: "FAULT", logs: { streamName: "abc" } }],
        { ...failed("The build broke down on the side of AWS."), logStream: "abc" },
      ],
      [[], { status: "failed", reason: "The build is gone." }],
      [undefined, { status: "failed", reason: "The build is gone." }],
    ] as const) {
      const { client, calls } = recordedClient({ BatchGetBuilds: { builds } });
      assert.deepEqual(await buildState(client, "site:1"), told);
      assert.deepEqual(calls, [["BatchGetBuilds", { ids: ["site:1"] }]]);
    }
  });
});

describe("an event of a stage", () => {
  it("is published for whoever listens", async () => {
    const { client, calls } = recordedClient();
    const detail = { id: "p", name: "shop", unit: "u", stage: "create", state: "done" } as const;
    await publisher(client)(detail);
    const entry = { Source: "groundwork.provisioner", DetailType: "Project Stage Changed" };
    assert.deepEqual(calls, [["PutEvents", { Entries: [{ ...entry, Detail: JSON.stringify(detail) }] }]]);
  });
});

describe("the state machine", () => {
  const OVER = ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"];

  it("is given a result, unless nobody waits for it any more", async () => {
    const { client, calls } = recordedClient({
      SendTaskSuccess: [undefined, ...OVER.map((name) => awsError(name)), denied()],
    });
    const answer = answerer(client);
    for (let n = 0; n < 4; n += 1) await answer("t", { ok: true });
    assert.deepEqual(calls[0], ["SendTaskSuccess", { taskToken: "t", output: '{"ok":true}' }]);
    await assert.rejects(answer("t", { ok: true }), DENIED);
  });

  it("is told of a failure, unless nobody waits for it any more", async () => {
    const { client, calls } = recordedClient({
      SendTaskFailure: [undefined, ...OVER.map((name) => awsError(name)), denied()],
    });
    const fail = failer(client);
    for (let n = 0; n < 4; n += 1) await fail("t", "broke");
    assert.deepEqual(calls[0], ["SendTaskFailure", { taskToken: "t", error: "failed", cause: "broke" }]);
    await assert.rejects(fail("t", "broke"), DENIED);
  });

  const ARN = "arn:aws:states:eu-west-1:1:stateMachine:machine";

  it("is started once for a name", async () => {
    const { client, calls } = recordedClient({
      StartExecution: [{}, awsError("ExecutionAlreadyExists"), denied()],
    });
    const start = starter(client, ARN);
    const input = { id: "p", action: "create", approval: true } as const;
    await start("p-create", input);
    await start("p-create", input);
    assert.deepEqual(calls[0], [
      "StartExecution",
      { stateMachineArn: ARN, name: "p-create", input: JSON.stringify(input) },
    ]);
    await assert.rejects(start("p-create", input), DENIED);
  });

  it("says whether an execution runs, has ended or never began", async () => {
    const { client, calls } = recordedClient({
      DescribeExecution: [
        { status: "RUNNING" },
        { status: "FAILED" },
        awsError("ExecutionDoesNotExist"),
        denied(),
      ],
    });
    const state = executionState(client, ARN);
    assert.deepEqual(
      [await state("p-create"), await state("p"), await state("p")],
      ["running", "ended", "absent"],
    );
    const executionArn = "arn:aws:states:eu-west-1:1:execution:machine:p-create";
    assert.deepEqual(calls[0], ["DescribeExecution", { executionArn }]);
    await assert.rejects(state("p"), DENIED);
  });
});

describe("a name in the zone", () => {
  const HOST = "shop.example.org";
  const note = (owner: string) => ({
    Name: `_project.${HOST}.`,
    Type: "TXT",
    TTL: 300,
    ResourceRecords: [{ Value: `"${owner}"` }],
  });
  const machine = { Name: `${HOST}.`, Type: "A", TTL: 60, ResourceRecords: [{ Value: "192.0.2.1" }] };
  const target = { address: "192.0.2.1" };
  /** A zone of these records, and what would change in it. */
  function zone(...records: { Name: string; Type: string }[]) {
    const { client, calls } = recordedClient({
      ListResourceRecordSets: ({ StartRecordName }: { StartRecordName: string }) => ({
        // As Route 53 does: from that name on, others after it.
        ResourceRecordSets: [
          ...records.filter(({ Name }) => Name === `${StartRecordName}.`),
          { Name: "shop2.example.org.", Type: "A" },
        ],
      }),
    });
    const changes = () =>
      calls
        .filter(([operation]) => operation === "ChangeResourceRecordSets")
        .flatMap(([, { HostedZoneId, ChangeBatch }]) => {
          assert.equal(HostedZoneId, "Z");
          const { Changes } = ChangeBatch as { Changes: { Action: string; ResourceRecordSet: object }[] };
          return Changes.map(({ Action, ResourceRecordSet }) => [Action, ResourceRecordSet]);
        });
    return { ...namesOf(client, "Z"), changes };
  }
  const undotted = <T extends { Name: string }>(record: T) => ({ ...record, Name: record.Name.slice(0, -1) });

  it("is taken together with a note whose it is, for a minute at most where it leads to an address", async () => {
    const { point, taken, changes } = zone();
    assert.equal(await taken(HOST, "p1"), undefined);
    assert.equal(await point(HOST, "p1", target), undefined);
    assert.deepEqual(changes(), [
      ["CREATE", undotted(note("p1"))],
      ["CREATE", undotted(machine)],
    ]);
  });

  it("is led elsewhere by the project that has it, to another name of AWS as well", async () => {
    const { point, taken, changes } = zone(machine, note("p1"));
    assert.equal(await taken(HOST, "p1"), undefined);
    assert.equal(await point(HOST, "p1", { name: "d1.cloudfront.net", zone: "Z2" }), undefined);
    const AliasTarget = { DNSName: "d1.cloudfront.net", HostedZoneId: "Z2", EvaluateTargetHealth: false };
    assert.deepEqual(changes(), [["UPSERT", { Name: HOST, Type: "A", AliasTarget }]]);
  });

  it("is noted when it led to the project before there were notes", async () => {
    const { point, changes } = zone(machine);
    assert.equal(await point(HOST, "p1", target), undefined);
    assert.deepEqual(changes(), [["CREATE", undotted(note("p1"))]]);
  });

  for (const [whose, records] of some<[string, { Name: string; Type: string }[]]>([
    ["the platform's", [{ ...machine, ResourceRecords: [{ Value: "192.0.2.9" }] } as never]],
    [
      "an alias's",
      [{ Name: `${HOST}.`, Type: "A", AliasTarget: { DNSName: "d9.cloudfront.net." } } as never],
    ],
    ["somebody's mail", [{ Name: `${HOST}.`, Type: "MX" }]],
    ["another project's", [machine, note("p2")]],
    ["a frozen project's", [note("p2")]],
  ]))
    it(`is left alone when it is ${whose}`, async () => {
      const { point, taken, remove, changes } = zone(...records);
      const said = `The name ${HOST} points to something that does not belong to this project; choose another name.`;
      assert.equal(await taken(HOST, "p1"), said);
      assert.deepEqual(await point(HOST, "p1", target), { refused: said });
      await remove(HOST, "p1");
      assert.deepEqual(changes(), []);
    });

  it("is removed as it stands, with its note, and with nothing beside it", async () => {
    const { remove, changes } = zone(machine, { Name: `${HOST}.`, Type: "MX" }, note("p1"));
    await remove(HOST, "p1");
    assert.deepEqual(changes(), [
      ["DELETE", machine],
      ["DELETE", note("p1")],
    ]);
    const absent = zone();
    await absent.remove(HOST, "p1");
    assert.deepEqual(absent.changes(), []);
  });
});
