import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { detachScript } from "../../../components/database/start-script";
import { until } from "../../../sandbox/problem";
import { newFolder } from "../../folder";

/** The script beside stand-ins that write down how they were called. */
describe("How a database node lets go of the data", () => {
  let folder: string;
  beforeEach(() => (folder = newFolder("detach-script")));

  function detach(mounted: boolean, written: boolean): { status: number | null; calls: string[] } {
    const calls = path.join(folder, "calls");
    for (const [name, works] of Object.entries({ findmnt: mounted, sync: written, umount: true })) {
      const text = `#!/bin/bash\necho "${name} $*" >> ${calls}\nexit ${works ? 0 : 1}\n`;
      fs.writeFileSync(path.join(folder, name), text, { mode: 0o755 });
    }
    fs.writeFileSync(path.join(folder, "detach"), detachScript);
    fs.writeFileSync(path.join(folder, "variables"), `MOUNT=/data\nRUN_DIR=${folder}\n`);
    const words = [path.join(folder, "detach"), path.join(folder, "variables")];
    const { status } = spawnSync("bash", words, { env: { PATH: `${folder}:/usr/bin:/bin` } });
    return { status, calls: fs.readFileSync(calls, "utf8").trim().split("\n") };
  }

  const LOOK = "findmnt --mountpoint /data";

  it("makes the kernel write its buffers, and then unmounts", () => {
    assert.deepEqual(detach(true, true), { status: 0, calls: [LOOK, "sync -f /data", "umount /data"] });
  });

  it("unmounts nothing, and says so, while something is unwritten", () => {
    assert.deepEqual(detach(true, false), { status: 1, calls: [LOOK, "sync -f /data"] });
  });

  it("ends a backup that reads the data, with all that it has started", async () => {
    const backup = spawn("sh", ["-c", "sleep 60 & sleep 60"], { detached: true, stdio: "ignore" });
    fs.writeFileSync(path.join(folder, "backup.pid"), String(backup.pid));
    assert.equal(detach(true, true).status, 0);
    // A killed process is there until it has a core to end on.
    const left = () => spawnSync("pgrep", ["-g", String(backup.pid), "-r", "S,R,D"], { encoding: "utf8" });
    await until("The end of the backup", () => left().stdout === "", { seconds: 10 });
  });

  it("goes on if the process id of a backup is out of date", () => {
    fs.writeFileSync(path.join(folder, "backup.pid"), "4194304");
    assert.equal(detach(true, true).status, 0);
  });

  it("succeeds if nothing is mounted", () => {
    assert.deepEqual(detach(false, true), { status: 0, calls: [LOOK] });
  });
});
