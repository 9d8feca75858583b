import { strict as assert } from "node:assert";
import { DAY, ready, START, time, World, world, last } from "./world";

describe("a project's age", () => {
  const at = async (w: World, days: number) => {
    w.clock.ms = START + days * DAY;
    return w.minute();
  };

  it("checks the stack for drift once a day", async () => {
    const w = world();
    const id = await ready(w, { environment: "stag" });
    assert.equal(await at(w, 0.5), 0);
    assert.equal(await at(w, 1), 1);
    assert.deepEqual([w.seen.drift, w.record(id)!.due], [[`gw-${id}`], time(2 * DAY)]);
    assert.equal(w.seen.starts.length, 1, "beyond dev nothing expires");
  });

  it("leads to one warning, a week before its end", async () => {
    const w = world();
    const id = await ready(w);
    w.seen.mails.length = 0;
    await at(w, 22.9);
    assert.deepEqual(w.seen.mails, []);
    w.edit(id, { due: time(0) });
    await at(w, 23);
    w.edit(id, { due: time(0) });
    await at(w, 23.1);
    assert.deepEqual(w.seen.mails, [
      {
        to: ["team@example.org"],
        subject: "shop expires on 2100-03-31",
        text: `shop (static, hugo, dev) is frozen on 2100-03-31 and deleted 14 days later.\nExtend it here: https://www.example.org/console?project=${id}`,
      },
    ]);
    assert.equal(w.record(id)!.warned, true);
    w.edit(id, { due: time(0) });
    await at(w, 29.5);
    assert.equal(w.record(id)!.due, time(30 * DAY), "its end comes before the next day's look");
  });

  it("ends in a freeze, then in a deletion, without approval", async () => {
    const w = world();
    const id = await ready(w);
    await at(w, 30);
    const { state, run, change, due } = w.record(id)!;
    const name = `${id}-update-${START + 30 * DAY}`;
    assert.deepEqual([state, change, due], ["updating", { frozen: true }, time(30 * DAY + 40_000)]);
    assert.deepEqual(run, { name, action: "update", approval: false });
    assert.deepEqual(last(w.seen.starts), [name, { id, action: "update", approval: false }]);
    assert.deepEqual(w.seen.drift, []);
    await w.step("finish", id);
    w.edit(id, { due: time(0) });
    await at(w, 43.5);
    assert.deepEqual([w.record(id)!.state, w.record(id)!.due], ["frozen", time(44 * DAY)]);
    w.edit(id, { due: time(0) });
    await at(w, 44);
    assert.equal(w.record(id)!.state, "deleting");
    const gone = `${id}-delete-${START + 44 * DAY}`;
    assert.deepEqual(last(w.seen.starts), [gone, { id, action: "delete", approval: false }]);
  });

  it("starts nothing if somebody else has begun meanwhile", async () => {
    const w = world();
    const id = await ready(w);
    const { move } = w.reconcilePorts.store;
    w.reconcilePorts.store.move = async (...all) => {
      w.edit(id, { state: "deleting" });
      return move(...all);
    };
    await at(w, 30);
    assert.equal(w.seen.starts.length, 1);
  });

  it("is ignored once the project is gone", async () => {
    const w = world();
    const id = await ready(w);
    w.edit(id, { state: "deleted" });
    await at(w, 30);
    assert.deepEqual([w.seen.drift, w.seen.starts.length, w.record(id)!.state], [[], 1, "deleted"]);
  });
});
