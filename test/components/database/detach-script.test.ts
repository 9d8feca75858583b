import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { detachScript } from "../../../components/database/start-script";

/** The script beside stand-ins that write down how they were called. */
describe("How a database node lets go of the data", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "detach-script-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  function detach(mounted: boolean, written: boolean): { status: number | null; calls: string[] } {
    const calls = path.join(folder, "calls");
    for (const [name, works] of Object.entries({ findmnt: mounted, sync: written, umount: true })) {
      const text = `#!/bin/bash\necho "${name} $*" >> ${calls}\nexit ${works ? 0 : 1}\n`;
      fs.writeFileSync(path.join(folder, name), text, { mode: 0o755 });
    }
    fs.writeFileSync(path.join(folder, "detach"), detachScript);
    fs.writeFileSync(path.join(folder, "variables"), "MOUNT=/data\n");
    const words = [path.join(folder, "detach"), path.join(folder, "variables")];
    const { status } = spawnSync("bash", words, { env: { PATH: `${folder}:/usr/bin:/bin` } });
    return { status, calls: fs.readFileSync(calls, "utf8").trim().split("\n") };
  }

  const LOOK = "findmnt --mountpoint /data";

  it("has the kernel write what it holds back, and unmounts then", () => {
    assert.deepEqual(detach(true, true), { status: 0, calls: [LOOK, "sync -f /data", "umount /data"] });
  });

  it("unmounts nothing, and says so, while something is not written", () => {
    assert.deepEqual(detach(true, false), { status: 1, calls: [LOOK, "sync -f /data"] });
  });

  it("is done where nothing is mounted", () => {
    assert.deepEqual(detach(false, true), { status: 0, calls: [LOOK] });
  });
});
