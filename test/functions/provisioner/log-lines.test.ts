import { strict as assert } from "node:assert";
import fc from "fast-check";
import { eventsIn } from "../../../functions/provisioner/aws/log-events";
import { linesWithoutSecrets } from "../../../functions/provisioner/redaction";
import { some } from "../../some";
import { awsError, recordedClient } from "../recorded-client";
import { ADMIN, asked, failedBuild, HOUR, MEMBER, ready, START, time, World, world } from "./world";

const LOGS = "/projects/{id}/logs";
const read = (w: World, id: string, query: Record<string, string> = {}, person = MEMBER) =>
  w.call(person, "GET", LOGS, { id, query });
const texts = ({ body }: { body: { lines: { text: string }[] } }) => body.lines.map(({ text }) => text);
const SERVER = { type: "dynamic", stack: "node" };

describe("a project's log", () => {
  const write = (w: World, id: string, log: string, ...events: [at: number, text: string, from?: string][]) =>
    w.logs.set(
      `/groundwork/gw-${id}/${log}`,
      events.map(([at, text, from = "one"]) => ({ at: START + at, text, from })),
    );

  it("is its latest build's, from the beginning, line by line", async () => {
    const w = world();
    w.clock.ms += HOUR;
    const id = await failedBuild(w);
    w.clock.ms += HOUR;
    write(w, id, "build", [0, "the one before"], [HOUR, "one\n"], [HOUR + 1, "two\nthree\n"]);
    const { status, body } = await read(w, id);
    assert.equal(status, 200);
    const lines = [
      { id: `one/${START + HOUR}/0`, at: time(HOUR), text: "one" },
      { id: `one/${START + HOUR + 1}/0`, at: time(HOUR + 1), text: "two" },
      { id: `one/${START + HOUR + 1}/1`, at: time(HOUR + 1), text: "three" },
    ];
    assert.deepEqual(body, { of: "build", lines, next: time(2 * HOUR - 20_000), more: false });
  });

  it("is its servers' of the last ten minutes, or since a given time", async () => {
    const w = world();
    const id = await ready(w, SERVER);
    write(w, id, "app", [-11 * 60_000, "early"], [-9 * 60_000, "late"]);
    assert.deepEqual(texts(await read(w, id, { of: "app" })), ["late"]);
    assert.deepEqual(texts(await read(w, id, { of: "app", since: time(-HOUR) })), ["early", "late"]);
  });

  it("says from when to ask next, because several servers' lines arrive late and are recognised", async () => {
    const w = world();
    const id = await ready(w, SERVER);
    w.clock.ms += HOUR;
    write(w, id, "app", [HOUR - 5_000, "first", "a"], [HOUR - 5_000, "second", "a"]);
    const { body: before } = await read(w, id, { of: "app" });
    assert.equal(before.next, time(HOUR - 20_000));
    write(
      w,
      id,
      "app",
      [HOUR - 6_000, "late", "b"],
      [HOUR - 5_000, "first", "a"],
      [HOUR - 5_000, "second", "a"],
    );
    const { body: after } = await read(w, id, { of: "app", since: before.next });
    const known = new Set(before.lines.map((line: { id: string }) => line.id));
    assert.deepEqual(
      after.lines
        .filter((line: { id: string }) => !known.has(line.id))
        .map((line: { text: string }) => line.text),
      ["late"],
    );
    assert.equal(known.size, 2);
    const { body: ahead } = await read(w, id, { of: "app", since: time(2 * HOUR) });
    assert.equal(ahead.next, time(2 * HOUR), "never before what was asked for");
  });

  it("comes in parts if it is long, and continues even if one moment fills a part", async () => {
    const w = world();
    const id = await ready(w, SERVER);
    w.aws.linesAtOnce = 2;
    write(w, id, "app", [1, "a"], [2, "b"], [2, "c"], [3, "d"]);
    const seen = new Map<string, string>();
    let since = time(0);
    for (let part = 0; part < 4; part++) {
      const { body } = await read(w, id, { of: "app", since });
      for (const { id: line, text } of body.lines) seen.set(line, text);
      since = body.next;
      if (!body.more) break;
    }
    assert.deepEqual([...seen.values()], ["a", "b", "c", "d"]);
  });

  it("shows no secret, and no line of a printed key, even if another server writes in between", async () => {
    const w = world();
    const id = await ready(w, SERVER);
    write(
      w,
      id,
      "app",
      [1, "DATABASE_PASSWORD=hunter22"],
      [2, "-----BEGIN PRIVATE KEY-----", "a"],
      [3, "GET /", "b"],
      [4, "c2hvcnQ=", "a"],
      [5, "-----END PRIVATE KEY-----", "a"],
      [6, "\u001b[31mred\u001b[0m\r\n"],
      [7, "x".repeat(3_000)],
    );
    assert.deepEqual(texts(await read(w, id, { of: "app" })), [
      "DATABASE_PASSWORD=***",
      ...["***", "GET /", "***", "***", "red"],
      `${"x".repeat(2_000)} ...`,
    ]);
  });

  it("is empty if there is none, and before anything was built", async () => {
    const w = world();
    const id = await ready(w);
    assert.deepEqual(texts(await read(w, id)), []);
    const fresh = world();
    const waits = await asked(fresh);
    fresh.logs.set(`/groundwork/gw-${waits}/build`, [{ at: START - 1, text: "somebody else's", from: "x" }]);
    assert.deepEqual(texts(await read(fresh, waits)), []);
  });

  it("is shown to its unit and the admins, and does not exist for others", async () => {
    const w = world();
    const id = await ready(w);
    assert.equal((await read(w, id, {}, ADMIN)).status, 200);
    const { status, body } = await read(w, id, {}, { ...MEMBER, unit: "ct2" });
    assert.deepEqual([status, body], [404, { code: "absent", message: `There is no project ${id}.` }]);
    assert.equal((await read(w, "0")).status, 404);
  });

  it("is refused with every wrong parameter", async () => {
    const w = world();
    const site = await ready(w);
    for (const [query, problems] of some([
      [{ of: "web" }, ['of must be build or app, got "web"']],
      [{ since: "yesterday" }, ['since must be a time such as 2026-11-27T10:00:00Z, got "yesterday"']],
      [
        { since: "2026-13-41T99:00:00Z" },
        ['since must be a time such as 2026-11-27T10:00:00Z, got "2026-13-41T99:00:00Z"'],
      ],
      [{ of: "app" }, ["of must be build for a site, which has no servers of its own, got app"]],
    ] as const)) {
      const { status, body } = await read(w, site, query);
      assert.deepEqual([status, body.code, body.problems], [400, "invalid", problems]);
    }
  });
});

describe("events of a log group", () => {
  it("are read page by page, also past an empty page, until there are enough", async () => {
    const event = (timestamp: number) => ({ timestamp, logStreamName: "s", message: `m${timestamp}` });
    const pages = [
      { events: [], nextToken: "1" },
      { events: [event(1)], nextToken: "2" },
      { events: [event(2)] },
    ];
    const { client, calls } = recordedClient({ FilterLogEvents: pages });
    const at = (time: number) => ({ at: time, from: "s", text: `m${time}` });
    assert.deepEqual(await eventsIn(client)("group", 7), { events: [at(1), at(2)], more: false });
    assert.deepEqual(
      calls.map(([, { limit, nextToken, startTime }]) => [limit, nextToken, startTime]),
      [
        [500, undefined, 7],
        [500, "1", 7],
        [499, "2", 7],
      ],
    );
    const full = { events: Array.from({ length: 500 }, () => event(1)), nextToken: "more" };
    const much = recordedClient({ FilterLogEvents: full });
    assert.equal((await eventsIn(much.client)("group", 0)).more, true);
    assert.equal(much.calls.length, 1);
    const endless = recordedClient({ FilterLogEvents: { nextToken: "on" } });
    assert.deepEqual(await eventsIn(endless.client)("group", 0), { events: [], more: false });
    assert.equal(endless.calls.length, 20);
  });

  it("are none for a missing group, and other errors are thrown", async () => {
    const refusing = (name: string) => recordedClient({ FilterLogEvents: awsError(name) }).client;
    const none = await eventsIn(refusing("ResourceNotFoundException"))("group", 0);
    assert.deepEqual(none, { events: [], more: false });
    await assert.rejects(eventsIn(refusing("ThrottlingException"))("group", 0));
  });
});

describe("lines without secrets", () => {
  const KEY = ["-----BEGIN RSA PRIVATE KEY-----", "A".repeat(64), "short", "-----END RSA PRIVATE KEY-----"];

  it("are as many as there were, whatever they hold", () => {
    const line = fc.oneof(fc.string(), fc.constantFrom(...KEY, "password:", "Bearer "));
    fc.assert(fc.property(fc.array(line), (lines) => linesWithoutSecrets(lines).length === lines.length));
  });

  it("contain nothing of a key, even if its beginning, its end or both are elsewhere", () => {
    for (const [from, to] of some([
      [0, 4],
      [1, 4],
      [0, 3],
      [1, 2],
    ] as const)) {
      const told = linesWithoutSecrets(["before", ...KEY.slice(from, to), ...(to === 4 ? ["after"] : [])]);
      assert.deepEqual(
        told.filter((one) => one !== "***"),
        [...(from === 0 || to < 4 ? ["before"] : []), ...(to === 4 ? ["after"] : [])],
      );
    }
  });
});
