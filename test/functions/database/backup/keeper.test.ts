import { strict as assert } from "node:assert";
import type { Inventory } from "../../../../functions/database/backup/inventory";
import { Keeper, KeeperPorts } from "../../../../functions/database/backup/keeper";

const HOUR = 3_600_000;
const now = Date.parse("2026-11-26T20:00:00Z");
const fresh: Inventory = { known: true, backups: [{ type: "full", at: now - HOUR, bytes: 1 }] };
const none: Inventory = { known: true, backups: [] };

function keeperWith(changes: Partial<KeeperPorts>) {
  const calls: string[] = [];
  const note =
    (name: string) =>
    async (...words: unknown[]): Promise<void> =>
      void calls.push([name, ...words.map((word) => JSON.stringify(word))].join(" "));
  const keeper = new Keeper(
    {
      serves: async () => true,
      inventory: async () => fresh,
      register: note("register"),
      backUp: note("back up"),
      waitingSeconds: async () => 12,
      drill: async () => "not due",
      report: note("report"),
      log: (message, detail) => void calls.push(`log ${message} ${JSON.stringify(detail)}`),
      ...changes,
    },
    7,
    () => now,
  );
  return { keeper, calls };
}

describe("The keeper of the backups", () => {
  it("reports both ages, and starts no backup that is not due", async () => {
    const { keeper, calls } = keeperWith({});
    await keeper.look();
    assert.deepEqual(calls, ['report {"UnarchivedSeconds":12,"BackupAgeHours":1}']);
  });

  it("registers the database with the repository before its first backup, and reports no age until there is one", async () => {
    const found = [{ known: false, backups: [] }, none];
    const { keeper, calls } = keeperWith({ inventory: async () => found.shift()! });
    await keeper.look();
    await keeper.settled();
    assert.deepEqual(
      calls,
      ["register", 'back up "full"', 'report {"UnarchivedSeconds":12}', 'log backed up {"type":"full"}'].sort(
        byCall(calls),
      ),
    );
  });

  it("reports no metric without an age", async () => {
    const reported: object[] = [];
    const report = async (figures: object) => void reported.push(figures);
    await keeperWith({ inventory: async () => none, report }).keeper.look();
    assert.deepEqual(reported, [{ UnarchivedSeconds: 12 }]);
  });

  it("keeps checking while a backup runs, and starts no second one", async () => {
    let end = () => {};
    const running = new Promise<void>((resolve) => (end = resolve));
    let started = 0;
    const { keeper, calls } = keeperWith({
      inventory: async () => none,
      backUp: () => {
        started += 1;
        return running;
      },
    });
    await keeper.look();
    await keeper.look();
    assert.equal(started, 1);
    assert.equal(calls.filter((call) => call.startsWith("report")).length, 2);
    let settled = false;
    const settling = keeper.settled().then(() => (settled = true));
    await new Promise(setImmediate);
    assert.equal(settled, false);
    end();
    await settling;
    await keeper.look();
    assert.equal(started, 2);
  });

  it("tries again at the next check if a backup has failed", async () => {
    let tries = 0;
    const backUp = async () => {
      tries += 1;
      throw new Error("no room");
    };
    const { keeper, calls } = keeperWith({ inventory: async () => none, backUp });
    for (let look = 0; look < 2; look++) {
      await keeper.look();
      await keeper.settled();
    }
    assert.equal(tries, 2);
    const failed = 'log the backup failed {"type":"full","error":"no room"}';
    assert.deepEqual(
      calls.filter((call) => call.startsWith("log")),
      [failed, failed],
    );
  });

  it("touches neither repository nor metrics on a node that does not serve", async () => {
    const { keeper, calls } = keeperWith({ serves: async () => false });
    await keeper.look();
    await keeper.settled();
    assert.deepEqual(calls, []);
  });

  it("reports the result of a drill on such a node", async () => {
    for (const [outcome, failed] of [
      ["good", 0],
      ["bad", 1],
    ] as const) {
      const { keeper, calls } = keeperWith({ serves: async () => false, drill: async () => outcome });
      await keeper.look();
      await keeper.settled();
      assert.deepEqual(calls, [`report {"DrillsFailed":${failed}}`]);
    }
  });

  it("starts no drill while one runs, but another one afterwards, even if its report failed", async () => {
    let end = () => {};
    let drills = 0;
    const { keeper, calls } = keeperWith({
      serves: async () => false,
      drill: async () => {
        drills += 1;
        await new Promise<void>((resolve) => (end = resolve));
        return "bad";
      },
      report: () => Promise.reject(new Error("no way out")),
    });
    await keeper.look();
    await keeper.look();
    assert.equal(drills, 1);
    end();
    await keeper.settled();
    assert.deepEqual(calls, ['log the drill was not reported {"error":"no way out"}']);
    await keeper.look();
    assert.equal(drills, 2);
  });
});

/** In the order in which they came: what runs beside the look may end before or after it. */
const byCall = (calls: string[]) => (one: string, other: string) => calls.indexOf(one) - calls.indexOf(other);
