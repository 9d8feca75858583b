import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { momentIn, requireBackup, restoreWords } from "../../../../functions/database/backup/restore";
import { healthBeside, whileRestoring } from "../../../../functions/database/backup/restoring";
import { newFolder } from "../../../folder";

const at = Date.parse("2026-11-26T20:00:00Z");
const inventory = { known: true, backups: [{ type: "full" as const, at, bytes: 1 }] };

describe("A restore", () => {
  it("is to the newest change or to a point in time, however precise", () => {
    assert.equal(momentIn("latest"), "latest");
    assert.equal(momentIn("latest@a-bucket"), "latest");
    assert.deepEqual(momentIn("2026-11-26T20:00:00.5Z@a-bucket"), new Date(at + 500));
    assert.throws(() => momentIn("yesterday"), {
      message: "a restore must be from latest or from a time such as 2026-11-26T20:00:00Z, got yesterday",
    });
  });

  it("is refused before anything is fetched if no backup reaches back that far, or there is none", () => {
    requireBackup(inventory, new Date(at), at + 1);
    requireBackup(inventory, new Date(at + 1), at + 1);
    requireBackup(inventory, "latest", at + 1);
    assert.throws(() => requireBackup({ known: true, backups: [] }, "latest"), {
      message: "there is no backup to restore from",
    });
    assert.throws(() => requireBackup(inventory, new Date(at - 1), at + 1), {
      message:
        "a restore must be to 2026-11-26T20:00:00.000Z or later, where the oldest backup ends; got 2026-11-26T19:59:59.999Z",
    });
    assert.throws(() => requireBackup(inventory, new Date(at + 2), at + 1), {
      message: "a restore must be to a time in the past, got 2026-11-26T20:00:00.002Z",
    });
  });

  it("fetches the WAL for the folder where the data will be", () => {
    const words = restoreWords(
      ["pgbackrest"],
      { folder: "/new", moment: new Date(at), archives: true },
      "/data",
    );
    assert.deepEqual(words, [
      "pgbackrest",
      "--pg1-path=/new",
      "--type=time",
      "--target=2026-11-26 20:00:00.000+00",
      "--target-action=promote",
      '--recovery-option=restore_command=pgbackrest --pg1-path=/data --log-level-stderr=warn archive-get %f "%p"',
      "restore",
    ]);
  });

  it("that is only a drill archives nothing, and uses its own locks", () => {
    const words = restoreWords(["pgbackrest"], {
      folder: "/a",
      moment: "latest",
      archives: false,
      locks: "/l",
    });
    for (const word of ["--type=default", "--archive-mode=off", "--lock-path=/l", "--spool-path=/l"])
      assert.ok(words.includes(word), word);
  });

  it("treats a silent PostgreSQL as recovering while the restore runs, and not longer", async () => {
    const folder = newFolder("restoring");
    const asked = (health: "silent" | "ready") => healthBeside(folder, async () => health);
    assert.equal(await asked("silent"), "silent");
    const seen = await whileRestoring(folder, (async () => [await asked("silent"), await asked("ready")])());
    assert.deepEqual(seen, ["recovering", "ready"]);
    assert.equal(await asked("silent"), "silent");
    // Its process was ended, and could not say so.
    fs.writeFileSync(path.join(folder, "restoring"), "");
    const { now } = Date;
    const last = Math.floor(now() / 1000);
    fs.utimesSync(path.join(folder, "restoring"), last, last);
    try {
      for (const [seconds, health] of [
        [29, "recovering"],
        [30, "silent"],
      ] as const) {
        Date.now = () => (last + seconds) * 1000;
        assert.equal(await asked("silent"), health);
      }
    } finally {
      Date.now = now;
    }
  });

  it("succeeds even if its marker was removed meanwhile", async () => {
    const folder = newFolder("restoring");
    const work = (async () => {
      await null;
      fs.rmSync(path.join(folder, "restoring"));
      return "done";
    })();
    assert.equal(await whileRestoring(folder, work), "done");
  });
});
