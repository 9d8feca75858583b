import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { BackupConfig } from "../../../../functions/database/backup/config";
import { drill, drillIsDue } from "../../../../functions/database/backup/drill";
import { newFolder } from "../../../folder";

const DAY = 24 * 3_600_000;
const GIB = 1024 ** 3;

/** A node whose pgBackRest knows of one backup of so many bytes, or of none, and notes what it is asked. */
function node(bytes?: number, everyDays = 7) {
  const at = newFolder("drill");
  const inside = (name: string) => path.join(at, name);
  const backup = { type: "full", timestamp: { stop: 1 }, info: { size: bytes } };
  const said = [{ status: { code: 0 }, backup: bytes === undefined ? [] : [backup] }];
  fs.writeFileSync(inside("info"), JSON.stringify(said));
  fs.writeFileSync(
    inside("pgbackrest"),
    `echo "$@" >> ${inside("asked")}\ncase "$*" in *info) cat ${inside("info")} ;; esac\n`,
  );
  const [uid, gid] = [process.getuid!(), process.getgid!()];
  const config = {
    repository: ["/bin/sh", inside("pgbackrest")],
    drill: { everyDays, folder: inside("drills/restored"), postgres: "", uid, gid },
  } as unknown as BackupConfig;
  const asked = () => fs.readFileSync(inside("asked"), "utf8").trim().split("\n");
  return { config, asked, folder: config.drill.folder };
}
const found = { tables: 2, rows: 7, recoveredTo: "2026-11-26T20:00:00.000Z" };

describe("A drill", () => {
  it("restores the newest backup into its own folder, checks it, and removes it", async () => {
    const { config, asked, folder } = node(1000);
    fs.mkdirSync(path.join(folder, "data/left by a drill that was cut off"), { recursive: true });
    const [data, sockets] = [path.join(folder, "data"), path.join(folder, "run")];
    const { seconds, ...rest } = await drill(config, async (...given) => {
      assert.deepEqual(given, [config, data, sockets]);
      assert.deepEqual(fs.readdirSync(folder), ["data", "run"]);
      for (const one of [folder, data, sockets]) {
        const { mode, uid, gid } = fs.statSync(one);
        assert.deepEqual([mode & 0o777, uid, gid], [0o700, config.drill.uid, config.drill.gid]);
        if (one !== folder) assert.deepEqual(fs.readdirSync(one), []);
      }
      return found;
    });
    assert.deepEqual(rest, found);
    assert.ok(seconds > 0 && seconds < 60, `${seconds}`);
    const [info, restore, ...more] = asked();
    assert.deepEqual([info, more], ["--output=json info", []]);
    const words = restore!.split(" --recovery-option")[0];
    assert.equal(
      words,
      `--pg1-path=${data} --type=default --archive-mode=off --lock-path=${sockets} --spool-path=${sockets}`,
    );
    assert.equal(fs.existsSync(folder), false);
  });

  it("that fails leaves nothing behind, and is not repeated at once", async () => {
    const { config, folder } = node(1000);
    assert.equal(drillIsDue(config), true);
    const unreadable = new Error("a page is not readable");
    await assert.rejects(
      drill(config, () => Promise.reject(unreadable)),
      unreadable,
    );
    assert.deepEqual([fs.existsSync(folder), drillIsDue(config)], [false, false]);
  });

  it("succeeds even if its folder is already gone", async () => {
    const { config, folder } = node(1000);
    const look = async () => {
      fs.rmSync(folder, { recursive: true });
      return found;
    };
    assert.equal((await drill(config, look)).rows, found.rows);
  });

  it("is due after the configured number of days, if drills are on", () => {
    const { config, folder } = node(1000, 3);
    const never = { ...config, drill: { ...config.drill, everyDays: 0 } };
    assert.deepEqual([drillIsDue(config), drillIsDue(never)], [true, false]);
    const last = Date.parse("2026-11-26T20:00:00Z");
    const note = path.join(path.dirname(folder), "drilled");
    fs.mkdirSync(path.dirname(folder));
    fs.writeFileSync(note, "");
    fs.utimesSync(note, last / 1000, last / 1000);
    const { now } = Date;
    try {
      for (const [ms, due] of [
        [3 * DAY - 1, false],
        [3 * DAY, true],
      ] as const) {
        Date.now = () => last + ms;
        assert.deepEqual([drillIsDue(config), drillIsDue(never)], [due, false]);
      }
    } finally {
      Date.now = now;
    }
  });

  it("is refused without a backup, before anything is restored", async () => {
    const { config, asked } = node();
    await assert.rejects(drill(config), { message: "there is no backup to restore from" });
    assert.deepEqual(asked(), ["--output=json info"]);
  });

  it("is refused if the disk has no room for the data and a third more for WAL", async () => {
    const { bavail, bsize } = fs.statfsSync(newFolder("disk"));
    const bytes = Math.round(bavail * bsize * 0.9);
    const { config, asked } = node(bytes);
    await assert.rejects(drill(config), ({ message }: Error) => {
      const told =
        /^a drill needs ([\d.]+) GiB on the node's disk, there are ([\d.]+) GiB: give it a larger database.diskGiB$/;
      const [, wanted, free] = told.exec(message) ?? [];
      assert.equal(wanted, ((bytes * 1.3) / GIB).toFixed(1));
      assert.ok(Math.abs((Number(free) * GIB) / (bavail * bsize) - 1) < 0.2, message);
      return true;
    });
    assert.deepEqual(asked(), ["--output=json info"]);
    assert.equal((await drill(node(Math.round(bavail * bsize * 0.6)).config, async () => found)).rows, 7);
  });
});
