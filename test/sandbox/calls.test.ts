// What decides which line a function's call becomes: what the emulators make of events and requests, what is kept of it, and its words.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { Calls } from "../../sandbox/calls/calls";
import { KeptCalls } from "../../sandbox/calls/kept";
import { inWords, type Told, type Woken } from "../../sandbox/calls/told";
import { newCredentials, ownKey } from "../../sandbox/emulators/endpoints";
import { findPython } from "../../sandbox/emulators/packages.cjs";
import { segmentsIn } from "../../sandbox/traces/daemon";
import { skipWithoutEmulators } from "../emulated";

const NAMES: Record<string, string> = { "pushes-1a2b3c4": "pushes", "machine-5d6e7f8": "machine" };
const nameOf = (physical: string) => NAMES[physical] ?? physical;

const began = (call: string, at: number, woken: Woken = { by: "pipeline" }): Told => ({
  call,
  began: { function: "mover-1a2b3c4", at, woken },
});
const asked = (call: string, operation: string, failed = false): Told => ({
  call,
  asked: { service: "s3", operation, failed },
});

describe("the calls of functions", () => {
  it("count what each call asks of AWS, in the order of its first requests", () => {
    const kept = new KeptCalls();
    kept.add([began("1", 10), began("2", 20), asked("1", "Get"), asked("2", "Get")]);
    kept.add([asked("1", "Put", true), asked("1", "Get", true), asked("1", "Get")]);
    kept.add([{ call: "1", ended: { ms: 7, failed: true } }]);
    const mover = { function: "mover-1a2b3c4", woken: { by: "pipeline" } };
    assert.deepEqual(kept.list, [
      {
        ...mover,
        id: "2",
        at: 20,
        failed: false,
        asked: [{ service: "s3", operation: "Get", times: 1, failed: 0 }],
      },
      {
        ...{ ...mover, id: "1", at: 10, failed: true, ms: 7 },
        asked: [
          { service: "s3", operation: "Get", times: 3, failed: 1 },
          { service: "s3", operation: "Put", times: 1, failed: 1 },
        ],
      },
    ]);
  });

  it("are the newest hundred, and ignore reports about unknown calls", () => {
    const kept = new KeptCalls();
    kept.add(Array.from({ length: 103 }, (_, index) => began(`call ${index}`, index)));
    kept.add([
      asked("call 0", "Get"),
      asked("moon", "Get"),
      { call: "call 1", ended: { ms: 1, failed: false } },
    ]);
    const ids = kept.list.map(({ id }) => id);
    assert.deepEqual([ids.length, ids[0], ids.at(-1)], [100, "call 102", "call 3"]);
  });

  it("include what another emulator reported before it reported their start", () => {
    const kept = new KeptCalls();
    kept.add([asked("1", "Get"), { call: "1", ended: { ms: 7, failed: false } }]);
    assert.equal(kept.list.length, 0);
    kept.add([began("1", 10)]);
    assert.deepEqual(
      kept.list.map((call) => [call.asked, call.ms]),
      [[[{ service: "s3", operation: "Get", times: 1, failed: 0 }], 7]],
    );
  });

  it("change their version with each report", () => {
    const kept = new KeptCalls();
    const versions = [kept.version];
    for (const told of [began("1", 1), asked("1", "Get"), { call: "1", ended: { ms: 1, failed: false } }]) {
      kept.add([told]);
      versions.push(kept.version);
    }
    assert.equal(new Set(versions).size, 4);
  });

  const WORDS: [Woken, string][] = [
    [{ by: "request", more: "POST /projects" }, "POST /projects"],
    [{ by: "authorizer", more: "GET /pipeline" }, "whether to let in GET /pipeline"],
    [{ by: "queue", of: "pushes-1a2b3c4", more: "2 messages" }, "queue pushes, 2 messages"],
    [{ by: "queue", of: "pushes-1a2b3c4", more: "" }, "queue pushes"],
    [{ by: "bucket", of: "files", more: "ObjectCreated:Put" }, "bucket files, ObjectCreated:Put"],
    [{ by: "topic", of: "alarms" }, "topic alarms"],
    [{ by: "pool", of: "eu-west-1_x", more: "PreSignUp_SignUp" }, "user pool eu-west-1_x, PreSignUp_SignUp"],
    [{ by: "rule", of: "pushes-1a2b3c4" }, "rule pushes"],
    [{ by: "schedule", of: "minute" }, "schedule minute"],
    [{ by: "state", of: "machine-5d6e7f8", more: "Create" }, "state Create of machine"],
    [{ by: "event", more: "Stopped of aws.ec2" }, "event Stopped of aws.ec2"],
    [{ by: "pipeline" }, "action of the pipeline"],
    [{ by: "caller", of: "pushes-1a2b3c4" }, "call by pushes"],
    [{ by: "caller", of: "" }, "call by the sandbox or by hand"],
  ];
  for (const [woken, words] of WORDS)
    it(`name what started one: ${words}`, () => assert.equal(inWords(woken, nameOf), words));

  it("use the program's own names, whatever an id looks like", async () => {
    const endpoints = { ministack: "", moto: "", region: "", credentials: newCredentials() };
    const calls = new Calls(endpoints, assert.fail);
    const url = await calls.start();
    try {
      const send = (headers: Record<string, string>) =>
        fetch(url, { method: "POST", headers, body: JSON.stringify(told) });
      const told = [
        began("1", 1, { by: "queue", of: "pushes-1" }),
        began("2", 2, { by: "state", of: "m-2", more: "A" }),
      ];
      assert.equal((await send({ "x-groundwork-key": "another" })).status, 403);
      assert.equal((await send({})).status, 403);
      assert.equal(calls.version, 0);
      assert.equal((await send(ownKey(endpoints))).status, 204);
      const resource = (name: string, id: string) => ({ component: "", type: "", name, id });
      const list = calls.list([
        resource("other", "more-pushes-1"),
        resource("queue", "https://sqs.eu-west-1.amazonaws.com/123456789012/pushes-1"),
        resource("machine", "arn:aws:states:eu-west-1:123456789012:stateMachine:m-2"),
        resource("mover", "mover-1a2b3c4"),
      ]);
      assert.deepEqual(
        list.map(({ name, woken }) => [name, woken]),
        [
          ["mover", "state A of machine"],
          ["mover", "queue queue"],
        ],
      );
    } finally {
      await calls.stop();
    }
  });
});

describe("what the emulators report of a call", () => {
  let interpreter: string;
  before(async function () {
    await skipWithoutEmulators(this);
    ({ interpreter } = await findPython());
  });

  /** What a Python expression of the emulators' own parts gives, as JSON. */
  const python = (expression: string, given: unknown): unknown => {
    const script = `import json, sys, woken, asked; given = json.loads(sys.argv[1]); print(json.dumps(${expression}))`;
    const cwd = path.join(__dirname, "../../sandbox/emulators");
    const options = { cwd, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } };
    return JSON.parse(execFileSync(interpreter, ["-c", script, JSON.stringify(given)], options).toString());
  };

  const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:123456789012:${resource}`;
  const message = { eventSource: "aws:sqs", eventSourceARN: arn("sqs", "waiting") };
  const EVENTS: [event: unknown, woken: Woken][] = [
    [{ Records: [message] }, { by: "queue", of: "waiting", more: "" }],
    [{ Records: [message, message] }, { by: "queue", of: "waiting", more: "2 messages" }],
    [
      {
        Records: [
          { eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3: { bucket: { name: "files" } } },
        ],
      },
      { by: "bucket", of: "files", more: "ObjectCreated:Put" },
    ],
    [
      { Records: [{ EventSource: "aws:sns", Sns: { TopicArn: arn("sns", "alarms") } }] },
      { by: "topic", of: "alarms" },
    ],
    [
      { httpMethod: "POST", path: "/projects" },
      { by: "request", more: "POST /projects" },
    ],
    [
      { type: "TOKEN", methodArn: arn("execute-api", "abc/v1/GET/a/b") },
      { by: "authorizer", more: "GET /a/b" },
    ],
    [
      { triggerSource: "PreSignUp_SignUp", userPoolId: "pool" },
      { by: "pool", of: "pool", more: "PreSignUp_SignUp" },
    ],
    [{ "CodePipeline.job": { id: "1" } }, { by: "pipeline" }],
    [
      { "detail-type": "EC2 Instance State-change Notification", source: "aws.ec2" },
      { by: "event", more: "EC2 Instance State-change Notification of aws.ec2" },
    ],
    [{ anything: 1 }, { by: "caller", of: "mover" }],
    ["text", { by: "caller", of: "mover" }],
    [{ Records: [{ eventSource: "aws:s3", s3: "?" }] }, { by: "bucket", of: "", more: "" }],
    [{ Records: ["?"] }, { by: "caller", of: "mover" }],
  ];
  it("names what started it by the event itself, whatever the event is", () => {
    const found = python(
      '[woken.woken_by(one, None, "mover") for one in given]',
      EVENTS.map(([event]) => event),
    );
    assert.deepEqual(
      found,
      EVENTS.map(([, woken]) => woken),
    );
  });

  it("names the state, rule or schedule that sent an event, but for a queue's event the queue", () => {
    const by = { by: "state", of: "machine", more: "Create" };
    const events = [{ httpMethod: "GET", path: "/" }, { Records: [message] }];
    assert.deepEqual(python(`[woken.woken_by(one, ${JSON.stringify(by)}) for one in given]`, events), [
      by,
      { by: "queue", of: "waiting", more: "" },
    ]);
  });

  it("names the rule that sent an event of AWS's own, and nothing else that a caller claims", () => {
    const said = (text: string) => Buffer.from(text).toString("base64");
    const given = [
      said('{"rule":"pushes-1a2b3c4"}'),
      said('{"rule":""}'),
      said('["rule"]'),
      said("?"),
      "?",
      null,
    ];
    assert.deepEqual(python("[woken.rule_of(one) for one in given]", given), [
      { by: "rule", of: "pushes-1a2b3c4" },
      ...Array<null>(5).fill(null),
    ]);
  });

  const FORM = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const REQUESTS: [
    [method: string, path: string, query: string, headers: object, body: string],
    string | null,
  ][] = [
    [["POST", "/", "", { "x-amz-target": "DynamoDB_20120810.GetItem" }, ""], "GetItem"],
    [["POST", "/", "", FORM, "Action=DescribeStacks&StackName=a"], "DescribeStacks"],
    [["POST", "/service/Granite/operation/PutMetricData", "", {}, ""], "PutMetricData"],
    [["PUT", "/files/operation/name", "", {}, ""], null],
    [["GET", "/files/Action=a", "x-id=GetObject", {}, ""], "GetObject"],
    [["POST", "/v2/email/outbound-emails", "", { "content-type": "application/json" }, "Action=a"], null],
  ];
  it("names the operation in each protocol", () => {
    const found = python(
      "[asked.operation(*one[:4], one[4].encode()) for one in given]",
      REQUESTS.map(([one]) => one),
    );
    assert.deepEqual(
      found,
      REQUESTS.map(([, operation]) => operation),
    );
  });
});

describe("the daemon beside a function", () => {
  const part = { trace_id: "1-a-b", id: "c", name: "s3", start_time: 1, end_time: 2, namespace: "aws" };
  const sent = (document: unknown, header: unknown = { format: "json", version: 1 }) =>
    segmentsIn(`${JSON.stringify(header)}\n${JSON.stringify(document)}`);

  it("accepts a part of a trace", () => {
    const aws = { operation: "GetObject" };
    const http = { request: { method: "GET" } };
    const rest = { parent_id: undefined, fault: false, error: true };
    assert.deepEqual(sent({ ...part, aws, http, error: true, more: 1 }), [{ ...part, ...rest, aws, http }]);
  });

  it("accepts nothing else", () => {
    for (const wrong of [null, 1, [], { ...part, id: undefined }, { ...part, start_time: "1" }])
      assert.deepEqual(sent(wrong), [], JSON.stringify(wrong));
    for (const header of [null, "json", { format: "json", version: 2 }, { format: "T1S", version: 1 }])
      assert.deepEqual(sent(part, header), [], JSON.stringify(header));
    for (const text of ["", "{}", "\n", "moon\n{}", `{"format":"json","version":1}\n{}\n{}`])
      assert.deepEqual(segmentsIn(text), [], text);
  });
});
