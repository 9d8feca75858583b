// What a look at a name of a project's own writes, and what it leaves alone.
import { strict as assert } from "node:assert";
import { logged } from "../logged";
import { some } from "../../some";
import {
  arnOf,
  claimOf,
  issued,
  LEADS,
  minute,
  NAME,
  patch,
  RECORD,
  serving,
  update,
  waiting,
} from "./domain-scenes";
import { DAY, HOUR, ready, time, World, world } from "./world";

/** The name is looked at by the next minute, whatever was looked at before. */
const dueAtOnce = (w: World) => void (w.dynamo.items.get(`domain#${NAME}`)!["due"] = { S: time(0) });
const shown = (w: World, id: string) => w.record(id)!.domainState;

describe("a look at a project's own name", () => {
  it("that fails is logged with its project, and the next name has its own", async () => {
    const w = world();
    const ids = [await ready(w, { domain: NAME }), await ready(w, { name: "two", domain: "b.example.com" })];
    const { request } = w.acm.ports;
    let first = true;
    w.acm.ports.request = async (asked) => {
      if (!first) return request(asked);
      first = false;
      throw new Error("throttled");
    };
    const { lines } = await logged(() => minute(w));
    assert.deepEqual(lines, [
      { what: "domain", project: lines[0]!["project"], name: "Error", message: "throttled" },
    ]);
    assert.ok(ids.includes(lines[0]!["project"]!));
    assert.equal(w.acm.asked.length, 1);
  });

  it("asks for a certificate here where the catalogue has no such kind any more", async () => {
    const w = world();
    const id = await ready(w, { domain: NAME });
    w.edit(id, { framework: "gone" });
    await minute(w);
    assert.equal(w.acm.asked[0]!.forCloudFront, false);
  });

  it("gives it up in the very minute in which its time is over, and not before", async () => {
    const w = world();
    const id = await waiting(w);
    const end = Date.parse(claimOf(w)!.askedAt!) + 72 * HOUR;
    w.clock.ms = end - 60_001;
    await minute(w);
    assert.equal(shown(w, id)!.state, "waits");
    dueAtOnce(w);
    w.clock.ms = end - 60_000;
    await minute(w);
    assert.equal(shown(w, id)!.state, "given-up");
  });

  it("shows another record as soon as ACM wants another one, and writes nothing that was shown before", async () => {
    const w = world();
    const id = await waiting(w);
    w.edit(id, { domainState: { ...shown(w, id), mark: "left alone" } });
    await minute(w, 3);
    assert.equal((shown(w, id) as { mark?: string }).mark, "left alone");
    w.acm.certificates.set(arnOf(w), { state: "pending", record: { ...RECORD, value: "_c.aws" } });
    await minute(w);
    assert.deepEqual(shown(w, id)!.records, [{ ...RECORD, value: "_c.aws" }, LEADS]);
  });

  it("shows the one record that leads where ACM tells of no other", async () => {
    const w = world();
    const id = await waiting(w);
    w.acm.certificates.set(arnOf(w), { state: "issued" });
    await minute(w);
    assert.deepEqual(shown(w, id)!.records, [LEADS]);
  });

  it("gives it up with words though nobody knows why its stack was not led on to it", async () => {
    const w = world();
    const id = await waiting(w);
    w.acm.certificates.set(arnOf(w), { state: "issued", record: RECORD });
    await minute(w);
    w.edit(id, { state: "ready", failure: undefined });
    await minute(w);
    assert.deepEqual(
      [shown(w, id)!.state, shown(w, id)!.reason],
      ["given-up", "The project could not be moved to it."],
    );
  });

  it("tells of the name that is asked for, not of the one that still serves", async () => {
    const w = world();
    const id = await serving(w);
    await patch(w, id, { domain: "new.example.com" });
    await update(w, id);
    const told: string[] = [];
    for (let i = 0; i < 10; i++) {
      await minute(w);
      told.push(shown(w, id)!.domain);
    }
    assert.deepEqual([...new Set(some(told))], ["new.example.com"]);
  });

  it("leaves what is shown of it until the project rests, though it has the name no more", async () => {
    const w = world();
    const id = await waiting(w);
    w.edit(id, { state: "updating", domain: undefined, change: { rebuild: true } });
    const { lines } = await logged(() => minute(w));
    assert.deepEqual([claimOf(w), shown(w, id)!.state, lines], [undefined, "waits", []]);
  });

  it("clears what is shown of it once the project rests, and nothing of another name", async () => {
    for (const [domain, left] of [
      [NAME, undefined],
      ["new.example.com", "new.example.com"],
    ] as const) {
      const w = world();
      const id = await waiting(w);
      w.edit(id, { domain: undefined, domainState: { domain, state: "waits" } });
      await minute(w);
      assert.deepEqual([claimOf(w), shown(w, id)?.domain], [undefined, left]);
    }
  });

  it("frees it where the table has forgotten its project", async () => {
    const w = world();
    const id = await waiting(w);
    const arn = arnOf(w);
    w.dynamo.items.delete(`project#${id}`);
    await minute(w);
    assert.deepEqual([claimOf(w), w.acm.removed], [undefined, [arn]]);
  });

  it("says of a certificate that is not renewed on which day it ends; three days before, to the minute, it is taken out", async () => {
    const w = world();
    const id = await waiting(w);
    await issued(w, id);
    const lapses = new Date(w.clock.ms + 30 * DAY).toISOString();
    w.acm.certificates.set(arnOf(w), { state: "issued", record: RECORD, lapses });
    await minute(w, 6);
    const { state, reason } = shown(w, id)!;
    assert.equal(state, "serves");
    assert.match(reason!, /^Its certificate expires on 2100-03-31, /);
    w.clock.ms = Date.parse(lapses) - 3 * DAY - 60_001;
    await minute(w);
    assert.equal(shown(w, id)!.state, "serves");
    dueAtOnce(w);
    w.clock.ms = Date.parse(lapses) - 3 * DAY - 60_000;
    await minute(w);
    assert.equal(shown(w, id)!.state, "given-up");
  });
});
