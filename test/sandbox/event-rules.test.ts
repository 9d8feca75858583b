import assert from "node:assert/strict";
import { Rule, Target } from "@aws-sdk/client-eventbridge";
import { inputOf } from "../../sandbox/fleet/event-input";
import { EventRules } from "../../sandbox/fleet/event-rules";
import { standIns } from "./stand-ins";

const at = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const RULE = { name: "stopped", arn: at("events", "rule/stopped") };

describe("a rule's target of the sandbox gets", () => {
  const event = {
    source: "aws.ec2",
    time: "2026-11-21T21:29:54Z",
    resources: [at("ec2", "instance/i-1"), at("ec2", "instance/i-2")],
    detail: {
      "instance-id": "i-0123",
      state: "RUNNING",
      by: 'a "person"',
      tags: { team: "blue" },
      count: 2,
      empty: null,
    },
  };
  const got = (target: Omit<Target, "Id" | "Arn">) =>
    inputOf({ Id: "1", Arn: "any", ...target }, event, RULE);
  const InputPathsMap = {
    instance: "$.detail.instance-id",
    state: "$.detail.state",
    by: "$.detail.by",
    tags: "$.detail.tags",
    count: "$.detail.count",
    first: "$.resources[0]",
    all: "$.resources[*]",
    empty: "$.detail.empty.more",
    none: "$.detail.nowhere.at-all",
  };
  const filled = (InputTemplate: string) => got({ InputTransformer: { InputPathsMap, InputTemplate } });

  it("the event, where nothing is said", () => {
    assert.deepEqual(JSON.parse(got({})), event);
  });

  it("the text that it names", () => {
    assert.equal(got({ Input: '{"fixed": true}' }), '{"fixed": true}');
  });

  it("the part of the event that it names", () => {
    assert.deepEqual(JSON.parse(got({ InputPath: "$.detail.tags" })), { team: "blue" });
    assert.equal(got({ InputPath: "$.resources[1]" }), `"${event.resources[1]}"`);
    assert.deepEqual(JSON.parse(got({ InputPath: "$" })), event);
  });

  const TEMPLATES: [string, string, string][] = [
    ["a sentence", '"<instance> is in state <state>"', '"i-0123 is in state RUNNING"'],
    ["a sentence with quotes", '"it is \\"<state>\\""', '"it is \\"RUNNING\\""'],
    ["several sentences", '"<instance>"\n"<state>"', '"i-0123"\n"RUNNING"'],
    [
      "JSON",
      '{"id": <instance>, "n": <count>, "t": <tags>}',
      '{"id": "i-0123", "n": 2, "t": {"team":"blue"}}',
    ],
    ["JSON with values in quotes", '{"id": "<instance>!", "n": "<count>"}', '{"id": "i-0123!", "n": "2"}'],
    [
      "a text that has quotes itself",
      '{"by": <by>, "said": "by <by>"}',
      '{"by": "a \\"person\\"", "said": "by a \\"person\\""}',
    ],
    ["an object within a text", '"<tags>"', '"{\\"team\\":\\"blue\\"}"'],
    [
      "parts of lists",
      "[<first>, <all>]",
      JSON.stringify([event.resources[0], event.resources]).replace(",[", ", ["),
    ],
    ["the null within which there is nothing", "[<empty>]", "[null]"],
    ["the whole event", "<aws.events.event>", JSON.stringify(event)],
    ["nothing for what is not there", '"(<none>)"', '"()"'],
    ["an unknown name as it stands", '"<other>"', '"<other>"'],
    ["the rule's own names", '"<aws.events.rule-name> <aws.events.rule-arn>"', `"stopped ${RULE.arn}"`],
    ["the event", '{"event": <aws.events.event.json>}', `{"event": ${JSON.stringify(event)}}`],
  ];
  for (const [name, template, expected] of TEMPLATES)
    it(`a template filled: ${name}`, () => assert.equal(filled(template), expected));

  it("a template filled: when EventBridge got the event", () => {
    const at = filled('"<aws.events.event.ingestion-time>"');
    assert.ok(Math.abs(Date.parse(JSON.parse(at) as string) - Date.now()) < 60_000, at);
  });

  it("nothing from a transformer without a template", () => {
    assert.equal(got({ InputTransformer: { InputTemplate: undefined } }), "");
  });

  it("the eleventh of a list", () => {
    const resources = Array.from({ length: 12 }, (_, i) => i);
    assert.equal(inputOf({ Id: "1", Arn: "any", InputPath: "$.resources[10]" }, { resources }, RULE), "10");
  });

  it("refuses a path that EventBridge does not know, one that leads nowhere, and a template that gives no JSON", () => {
    assert.throws(() => got({ InputPath: "detail" }), /EventBridge has no path detail/);
    assert.throws(() => got({ InputPath: "$..state" }), /EventBridge has no path \$\.\.state/);
    assert.throws(() => got({ InputPath: "$.nowhere" }), /the event has nothing at \$\.nowhere/);
    assert.throws(() => filled('{"a": <none>}'), /the template gives what is no JSON: \{"a": \}/);
    assert.throws(() => filled('\n {"a": <none>}'), /the template gives what is no JSON: \s+\{"a": \}/);
    assert.throws(() => filled(`{${" ".repeat(300)}`), {
      message: `the template gives what is no JSON: {${" ".repeat(199)}`,
    });
  });
});

describe("the sandbox's event rules", () => {
  const happening = {
    source: "aws.ec2",
    "detail-type": "EC2 Instance State-change Notification",
    resources: [],
    detail: { "instance-id": "i-1", state: "stopped" },
  };
  const allow = (Action: string, Resource: string, SourceArn?: string, Service = "events.amazonaws.com") =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service },
          Action,
          Resource,
          ...(SourceArn && { Condition: { ArnEquals: { "aws:SourceArn": SourceArn } } }),
        },
      ],
    });
  const FUNCTION = at("lambda", "function:watch");
  const QUEUE = at("sqs", "queue");
  const TOPIC = at("sns", "topic");

  /** Tells one event to rules and targets, whose resources have these policies; answers who got what, and what was noted. */
  async function told(
    rules: Rule[],
    targets: string[],
    policies: Record<string, string> = {},
    input: Partial<Target> = { InputPath: "$.detail.state" },
  ) {
    const got: [string, string][] = [];
    const notes: string[] = [];
    const missing = () =>
      Promise.reject(Object.assign(new Error("no policy"), { name: "ResourceNotFoundException" }));
    const events = {
      listRules: async () => ({ Rules: rules }),
      listTargetsByRule: async ({ Rule }: { Rule: string }) => ({
        Targets: targets.map((Arn, i) => ({ Id: String(i), Arn: Rule === RULE.name ? Arn : Rule, ...input })),
      }),
    };
    const lambda = {
      getPolicy: ({ FunctionName }: { FunctionName: string }) =>
        policies[FunctionName] ? Promise.resolve({ Policy: policies[FunctionName] }) : missing(),
      invoke: async ({ FunctionName, Payload }: { FunctionName: string; Payload: Buffer }) =>
        void got.push([FunctionName, Payload.toString()]),
    };
    const sqs = {
      getQueueUrl: async () => ({ QueueUrl: "url" }),
      getQueueAttributes: async () => ({ Attributes: policies[QUEUE] && { Policy: policies[QUEUE] } }),
      sendMessage: async ({ MessageBody }: { MessageBody: string }) => void got.push([QUEUE, MessageBody]),
    };
    const sns = {
      getTopicAttributes: async () => ({ Attributes: { Policy: policies[TOPIC] } }),
      publish: async ({ TopicArn, Message }: { TopicArn: string; Message: string }) =>
        void got.push([TopicArn, Message]),
    };
    const where = { region: "eu-west-1", account: "123456789012" };
    const use = standIns({ events, lambda, sqs, sns });
    const eventRules = new EventRules(use, where, (line) => void notes.push(line));
    await eventRules.tell(happening);
    return { got, notes, asked: await eventRules.ask("aws.ec2") };
  }
  const rule = (pattern: object, over: Partial<Rule> = {}): Rule => ({
    Name: RULE.name,
    Arn: RULE.arn,
    EventPattern: JSON.stringify(pattern),
    ...over,
  });
  const prefixed = rule({ source: [{ prefix: "aws." }], detail: { state: [{ "anything-but": "running" }] } });

  it("hand an event to each target that lets them, by whatever the pattern compares", async () => {
    const { got, notes, asked } = await told([prefixed], [FUNCTION, QUEUE, TOPIC], {
      [FUNCTION]: allow("lambda:InvokeFunction", FUNCTION, RULE.arn),
      [QUEUE]: allow("sqs:SendMessage", QUEUE, RULE.arn),
      [TOPIC]: allow("sns:Publish", TOPIC),
    });
    assert.deepEqual(
      got,
      [FUNCTION, QUEUE, TOPIC].map((one) => [one, '"stopped"']),
    );
    assert.deepEqual(notes, []);
    assert.equal(asked, true);
  });

  it("hand on what AWS adds to each event of its own", async () => {
    const { got } = await told([prefixed], [QUEUE], { [QUEUE]: allow("sqs:SendMessage", QUEUE) }, {});
    const { id, time, ...event } = JSON.parse(got[0]![1]) as Record<string, string>;
    assert.match(id!, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.ok(Math.abs(Date.parse(time!) - Date.now()) < 60_000, time);
    assert.deepEqual(event, { version: "0", region: "eu-west-1", account: "123456789012", ...happening });
  });

  it("leave out what is switched off, what has no pattern and what asks for something else", async () => {
    const policies = { [QUEUE]: allow("sqs:SendMessage", QUEUE) };
    const others = [
      rule({ source: ["aws.ec2"] }, { State: "DISABLED" }),
      rule({}, { EventPattern: undefined }),
      rule({ source: ["aws.rds"] }),
    ];
    const { got, asked } = await told(others, [QUEUE], policies);
    assert.deepEqual([got, asked], [[], false]);
    assert.deepEqual(
      (await told([rule({ source: ["aws.ec2"], detail: { state: ["running"] } })], [QUEUE], policies)).got,
      [],
    );
  });

  const REFUSALS: Record<string, [string, Record<string, string>]> = {
    "a function without a policy": [FUNCTION, {}],
    "a function whose permission is for another rule": [
      FUNCTION,
      { [FUNCTION]: allow("lambda:InvokeFunction", FUNCTION, at("events", "rule/other")) },
    ],
    "a function whose permission is for another service": [
      FUNCTION,
      { [FUNCTION]: allow("lambda:InvokeFunction", FUNCTION, undefined, "sns.amazonaws.com") },
    ],
    "a queue without a policy": [QUEUE, {}],
    "a queue that others may only read": [QUEUE, { [QUEUE]: allow("sqs:ReceiveMessage", QUEUE) }],
    "a topic without a policy": [TOPIC, {}],
  };
  for (const [name, [target, policies]] of Object.entries(REFUSALS))
    it(`refuses ${name}, says so, and goes on`, async () => {
      const other = at("sqs", "queue");
      const { got, notes } = await told([prefixed], [target, ...(target === other ? [] : [other])], {
        ...(target !== other && { [other]: allow("sqs:SendMessage", other) }),
        ...policies,
      });
      assert.deepEqual(got, target === other ? [] : [[other, '"stopped"']]);
      assert.equal(notes.length, 1);
      assert.match(
        notes[0]!,
        new RegExp(`^stopped: ${target} gets nothing: .* events\\.amazonaws\\.com for ${RULE.arn}$`),
      );
    });

  it("go on with the next rule where one cannot be read", async () => {
    const { got, notes } = await told([rule({ detail: { state: [{ like: "x" }] } }), prefixed], [QUEUE], {
      [QUEUE]: allow("sqs:SendMessage", QUEUE),
    });
    assert.deepEqual(got, [[QUEUE, '"stopped"']]);
    assert.deepEqual(notes, ['stopped: EventBridge has no comparison "like"']);
  });
});
