import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { readBackupConfig } from "../../../../functions/database/backup/config";
import { newFolder } from "../../../folder";

describe("A node's configuration of backups", () => {
  const file = path.join(newFolder("backup-config"), "backup.json");
  const given = {
    repository: ["pgbackrest"],
    source: ["pgbackrest"],
    runDir: "/run",
    fullDays: 7,
    drill: {},
  };
  const read = (config: object) => {
    fs.writeFileSync(file, JSON.stringify(config));
    return readBackupConfig(file);
  };

  it("is what its file says", () => {
    assert.deepEqual(read(given), given);
  });

  it("is refused if anything is missing, naming all of it at once", () => {
    for (const key of ["repository", "source", "runDir", "fullDays", "drill"])
      assert.throws(() => read({ ...given, [key]: undefined }), { message: `${file} must say ${key}` });
    assert.throws(() => read({ source: [], fullDays: 1 }), {
      message: `${file} must say repository, runDir, drill`,
    });
  });
});
