import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { type Message, moveSensitive } from "../../../functions/uploads/move-sensitive";
import { moveObject } from "../../../functions/uploads/move-object";
import { rangesOf } from "../../../functions/uploads/part-plan";
import { isSensitive } from "../../../functions/uploads/sensitive-tag";
import { s3Event } from "../../uploads/events";
import { FakeStore } from "../../uploads/fake-store";
import { some } from "../../some";

const SETTINGS = { sourceBucket: "normal", targetBucket: "sensitive", retrySeconds: 10 };

const message = (messageId: string, body: string, tries = 1): Message => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body,
  attributes: { ApproximateReceiveCount: String(tries), SentTimestamp: "1000" },
});

function rig(store = new FakeStore()) {
  const waits: [string, number][] = [];
  const log: Record<string, unknown>[] = [];
  const failing: number[] = [];
  const ports = {
    store,
    failing: (seconds: number) => void failing.push(seconds),
    now: () => 631_000,
    retryLater: async ({ messageId }: Message, seconds: number) => void waits.push([messageId, seconds]),
    log: (entry: Record<string, unknown>) => void log.push(entry),
  };
  const move = (messages: Message[], settings = SETTINGS) =>
    moveSensitive({ Records: messages }, ports, settings);
  return { store, waits, log, failing, move };
}

describe("what counts as sensitive", () => {
  const cases: [string, string, boolean][] = [
    ["sensitive", "", true],
    ["Sensitive", "yes", true],
    [" SENSITIVE ", "true", true],
    ["sensitive", "no", false],
    ["Sensitive", "False", false],
    ["classification", "sensitive", true],
    ["Class", " Sensitive ", true],
    ["sensitivity", "high", false],
    ["insensitive", "", false],
    ["note", "not sensitive", false],
    ["", "", false],
  ];
  for (const [Key, Value, expected] of cases)
    it(`${expected ? "takes" : "leaves"} ${JSON.stringify(Key)}=${JSON.stringify(Value)}`, () => {
      assert.equal(isSensitive([{ Key, Value }]), expected);
    });

  it("recognises one such tag among others, and leaves an object without tags", () => {
    assert.equal(
      isSensitive([
        { Key: "a", Value: "b" },
        { Key: "SENSITIVE", Value: "1" },
      ]),
      true,
    );
    assert.equal(isSensitive([]), false);
  });
});

describe("the parts of a copy", () => {
  it("cover any size without a gap, within S3's limits", () => {
    const most = 10_000 * 5 * 1024 ** 3;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: most }), (size) => {
        const ranges = rangesOf(size).map((range) => /^bytes=(\d+)-(\d+)$/.exec(range)!.slice(1).map(Number));
        let next = 0;
        for (const [start, end] of some(ranges as [number, number][])) {
          assert.equal(start, next);
          assert.ok(end >= start && end - start + 1 <= 5 * 1024 ** 3);
          next = end + 1;
        }
        assert.equal(next, size);
        assert.ok(ranges.length <= 10_000);
      }),
      { numRuns: 50 },
    );
  });

  it("follow the original's own parts if they are known", () => {
    assert.deepEqual(rangesOf(12, [5, 5, 2]), ["bytes=0-4", "bytes=5-9", "bytes=10-11"]);
  });
});

describe("moving an object", () => {
  it("takes eight calls, with two checks for a simultaneous deletion around the removal", async () => {
    const { store } = rig();
    store.put("a", "body", "sensitive");
    assert.deepEqual(await moveObject(store, "a"), { outcome: "moved", versions: 1 });
    assert.deepEqual(store.calls, [
      "history",
      "tags",
      "describe",
      "copy",
      "sensitiveSize",
      "history",
      "remove",
      "history",
    ]);
    assert.deepEqual(store.sensitive.get("a")![0]!.metadata, { owner: "somebody", "moved-version": "v1" });
  });

  it("also moves older versions, oldest first, and leaves newer ones", async () => {
    const { store } = rig();
    store.put("a", "one");
    store.put("a", "two", "sensitive");
    store.put("a", "three");
    assert.deepEqual(await moveObject(store, "a"), { outcome: "moved", versions: 2 });
    assert.deepEqual(
      store.sensitive.get("a")!.map(({ body }) => body),
      ["two", "one"],
    );
    assert.deepEqual(
      store.normal.get("a")!.map(({ body }) => body),
      ["three"],
    );
  });

  it("leaves out its note if the object's own metadata fills the space", async () => {
    const { store } = rig();
    store.put("a", "body", "sensitive");
    store.normal.get("a")![0]!.metadata = { owner: "x".repeat(2_040) };
    await moveObject(store, "a");
    assert.deepEqual(store.sensitive.get("a")![0]!.metadata, { owner: "x".repeat(2_040) });
  });

  it("overwrites an older copy of the key, after checking again", async () => {
    const { store } = rig();
    store.put("a", "old", "sensitive");
    await moveObject(store, "a");
    store.put("a", "new", "sensitive");
    await moveObject(store, "a");
    assert.deepEqual(
      store.sensitive.get("a")!.map(({ body }) => body),
      ["new", "old"],
    );
  });

  it("does not overwrite a newer version with an old one if it was slow", async () => {
    const { store } = rig();
    store.put("a", "old", "sensitive");
    const copy = store.copy;
    let held = true;
    store.copy = async (request) => {
      if (held) {
        held = false;
        store.put("a", "new", "sensitive");
        await moveObject(store, "a"); // a quicker one moves both meanwhile
      }
      return copy(request);
    };
    assert.deepEqual(await moveObject(store, "a"), { outcome: "gone", versions: 0 });
    assert.deepEqual(
      store.sensitive.get("a")!.map(({ body }) => body),
      ["new", "old"],
    );
  });

  it("refuses to delete the original if size or checksum differ, or the checksum is missing", async () => {
    const wrong: [RegExp, (store: FakeStore) => void][] = [
      [/has undefined bytes and not 4/, (store) => (store.sensitiveSize = async () => undefined)],
      [/has 3 bytes and not 4/, (store) => (store.sensitiveSize = async () => 3)],
      [
        /another checksum/,
        (store) =>
          (store.copy = async () => ({
            versionId: "s",
            checksum: { algorithm: "SHA256", value: "other", composite: false },
          })),
      ],
      [/another checksum/, (store) => (store.copy = async () => ({ versionId: "s", etag: '"other"' }))],
      [/another checksum/, (store) => (store.copy = async () => ({ versionId: "s" }))],
    ];
    for (const [message, break_] of wrong) {
      const store = new FakeStore();
      store.put("a", "body", "sensitive");
      break_(store);
      if (message.source.includes("checksum")) store.sensitiveSize = async () => 4;
      await assert.rejects(moveObject(store, "a"), message);
      assert.equal(store.normal.get("a")!.length, 1);
    }
  });
});

describe("a batch of S3's events", () => {
  it("moves each key once, in any encoding and however often it is named", async () => {
    const { store, log, move } = rig();
    store.put("a b+c/ü%.txt", "body", "sensitive");
    const event = s3Event("normal", "a b+c/ü%.txt");
    assert.deepEqual(await move([message("1", event), message("2", event)]), { batchItemFailures: [] });
    assert.deepEqual(log, [{ key: "a b+c/ü%.txt", outcome: "moved", versions: 1 }]);
  });

  it("returns the failed message and hides it longer each time, but not after the last", async () => {
    const { store, waits, move } = rig();
    store.put("good", "body", "sensitive");
    store.put("bad", "body", "sensitive");
    const describe_ = store.describe;
    store.describe = async (key, version) => {
      if (key === "bad") throw new Error("SlowDown");
      return describe_(key, version);
    };
    for (const tries of [1, 2, 5, 7, 8]) {
      const answer = await move([
        message("1", s3Event("normal", "good")),
        message("2", s3Event("normal", "bad"), tries),
      ]);
      assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "2" }] });
    }
    assert.deepEqual(waits, [
      ["2", 10],
      ["2", 20],
      ["2", 160],
      ["2", 640],
      ["2", 0],
    ]);
    assert.equal(store.normal.has("good"), false);
    await move([message("3", s3Event("normal", "bad"), 7)], { ...SETTINGS, retrySeconds: 60 });
    assert.deepEqual(waits.at(-1), ["3", 900]);
  });

  it("refuses an event of another bucket, and a body that is not an event", async () => {
    const { store, move } = rig();
    store.put("a", "body", "sensitive");
    const answer = await move([message("1", s3Event("sensitive", "a")), message("2", "not JSON")]);
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "1" }, { itemIdentifier: "2" }] });
    assert.equal(store.normal.has("a"), true);
  });

  it("reports what failed, with S3's status if there is nothing else", async () => {
    const told = async (failure: unknown) => {
      const { store, log, move } = rig();
      store.history = () => Promise.reject(failure);
      await move([message("1", s3Event("normal", "a"))]);
      return log;
    };
    const named = (name: string, more: object = {}) => Object.assign(new Error("no"), { name, ...more });
    const entry = (failure: string) => [{ level: "ERROR", messageId: "1", failure }];
    assert.deepEqual(await told(named("SlowDown")), entry("SlowDown: no"));
    assert.deepEqual(await told(named("Odd", { $metadata: {} })), entry("Odd: no"));
    assert.deepEqual(
      await told(named("403", { $metadata: { httpStatusCode: 403 } })),
      entry("403: no (HTTP 403)"),
    );
    assert.deepEqual(await told("a word"), entry("a word"));
  });

  it("reports how long a message has failed, and nothing about one that has not", async () => {
    const { failing, move } = rig();
    await move([message("1", s3Event("normal", "a")), message("2", s3Event("other", "a"), 7)]);
    assert.deepEqual(failing, [630]);
  });

  it("returns the message even if it cannot be hidden", async () => {
    const log: Record<string, unknown>[] = [];
    const ports = {
      store: new FakeStore(),
      retryLater: () => Promise.reject(new Error("denied")),
      log: (entry: Record<string, unknown>) => void log.push(entry),
      failing: () => undefined,
      now: () => 0,
    };
    const answer = await moveSensitive({ Records: [message("1", s3Event("other", "a"))] }, ports, SETTINGS);
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: "1" }] });
    assert.deepEqual(log, [
      {
        level: "ERROR",
        messageId: "1",
        failure: "Error: events must come from normal, got one from other",
      },
      { level: "WARN", failure: "Error: denied" },
    ]);
  });

  it("ignores S3's test message", async () => {
    const { log, waits, move } = rig();
    const test = JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "normal" });
    assert.deepEqual(await move([message("1", test)]), { batchItemFailures: [] });
    assert.deepEqual([log, waits], [[], []]);
  });

  it("refuses to run with one bucket for both", async () => {
    const { move } = rig();
    await assert.rejects(
      move([], { ...SETTINGS, targetBucket: "normal" }),
      /the mover's buckets must differ, got normal for both/,
    );
  });
});

describe("10,000 objects under throttles, errors, kills and repeated events", () => {
  for (const seed of [1, 2, 3])
    it(`are neither lost nor left in both stores (seed ${seed})`, async function () {
      this.timeout(120_000);
      const { store, move } = rig();
      const random = sequenceOf(seed);
      const keys = Array.from({ length: 10_000 }, (_, index) => `object ${index}`);
      for (const [index, key] of keys.entries())
        store.put(key, `body of ${key}`, index % 10 === 0 ? undefined : "sensitive");
      // One call in ten fails, half of them after S3 did what it was asked.
      store.fault = (call, when) => {
        if (random() < 0.05) throw new Error(`${call}: 503 SlowDown ${when}`);
      };
      let queue = keys.flatMap((key) => (random() < 0.3 ? [key, key] : [key]));
      for (let round = 0; queue.length > 0 && round < 60; round++) {
        queue.sort(() => random() - 0.5);
        const failed: string[] = [];
        for (let at = 0; at < queue.length; at += 10) {
          const batch = queue.slice(at, at + 10);
          const messages = batch.map((key, index) => message(String(index), s3Event("normal", key)));
          // A mover that is killed answers nothing: its whole batch comes back.
          const killed = random() < 0.02;
          const { batchItemFailures } = await move(messages);
          failed.push(
            ...(killed
              ? batch
              : batchItemFailures.map(({ itemIdentifier }) => batch[Number(itemIdentifier)]!)),
          );
        }
        queue = failed;
      }
      assert.deepEqual(queue, []);
      for (const [index, key] of some(keys.entries())) {
        const stays = index % 10 === 0;
        assert.equal(store.normal.has(key), stays, key);
        assert.equal(store.sensitive.get(key)?.[0]?.body, stays ? undefined : `body of ${key}`);
      }
    });
});

/** Random numbers that are the same for the same seed: a linear congruence, which is random enough for faults. */
function sequenceOf(seed: number): () => number {
  let state = seed * 7_919;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
