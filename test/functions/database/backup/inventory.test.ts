import { strict as assert } from "node:assert";
import { ageHours, due, inventoryIn } from "../../../../functions/database/backup/inventory";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.parse("2026-11-26T20:00:00Z");

const backup = (type: string, ageMs: number, error: boolean | null = false) => ({
  type,
  error,
  timestamp: { stop: (now - ageMs) / 1000 },
  info: { size: 1000 },
});
const said = (code: number, ...backups: object[]) => JSON.stringify([{ status: { code }, backup: backups }]);

describe("The inventory of a backup repository", () => {
  it("is what pgBackRest reports, oldest first, without damaged backups", () => {
    const { known, backups } = inventoryIn(
      said(0, backup("incr", HOUR), backup("full", DAY), backup("incr", 2 * HOUR, true)),
    );
    assert.equal(known, true);
    assert.deepEqual(backups, [
      { type: "full", at: now - DAY, bytes: 1000 },
      { type: "incr", at: now - HOUR, bytes: 1000 },
    ]);
  });

  it("is empty for an unknown database, and for one without a backup", () => {
    for (const json of ["[]", said(1), said(3)])
      assert.deepEqual(inventoryIn(json), { known: false, backups: [] });
    assert.deepEqual(inventoryIn(said(2)), { known: true, backups: [] });
  });

  it("decides what is due: a full backup at first and when the last is old, a day's changes in between", () => {
    const after = (...backups: object[]) => due(inventoryIn(said(0, ...backups)), 7, now);
    assert.equal(after(), "full");
    assert.equal(after(backup("full", 7 * DAY - 10 * 60_000), backup("incr", HOUR)), "full");
    assert.equal(after(backup("full", 7 * DAY - 11 * 60_000), backup("incr", HOUR)), undefined);
    assert.equal(after(backup("full", 2 * DAY), backup("incr", DAY - 10 * 60_000)), "incr");
    assert.equal(after(backup("full", 2 * DAY), backup("incr", DAY - 11 * 60_000)), undefined);
    assert.equal(after(backup("full", DAY)), "incr");
    assert.equal(after(backup("incr", HOUR)), "full");
  });

  it("is as old as its newest backup", () => {
    assert.equal(ageHours(inventoryIn(said(0, backup("full", DAY), backup("incr", 3 * HOUR))), now), 3);
    assert.equal(ageHours(inventoryIn(said(2)), now), undefined);
  });
});
