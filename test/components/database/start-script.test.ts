import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { startScript } from "../../../components/database/start-script";

/** The script beside stand-ins that write down how they were called. */
describe("What a database node starts", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "start-script-"));
    const calls = path.join(folder, "calls");
    const command = (name: string, text: string) =>
      fs.writeFileSync(path.join(folder, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    command("setpriv", `while [ "$1" != KILL ]; do shift; done; shift; exec "$@"`);
    // It reads what it is given to its end: else whoever writes to it may be ended by that.
    command("aws", `echo "aws $2" >> ${calls}; cat > /dev/null; echo word`);
    command("initdb", `echo initdb >> ${calls}; mkdir "$2"`);
    command("openssl", `touch "\${@: -1}"`);
    command("postgres", `echo "postgres $1" >> ${calls}; cat > /dev/null`);
    fs.writeFileSync(path.join(folder, "start"), startScript);
    fs.writeFileSync(
      path.join(folder, "variables"),
      `MOUNT=${folder}\nRUN_DIR=${folder}\nPG_BIN=${folder}\nPG_UID=0\nPG_GID=0\nCLIENT_CIDR=10.0.0.0/8\nVIRTUAL_IP=10.10.10.10\nSECRET_ARN=arn\nGROUNDWORK_NODE=i-1\n`,
    );
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const start = () => {
    const { status, stderr } = spawnSync(
      "bash",
      [path.join(folder, "start"), path.join(folder, "variables")],
      {
        env: { PATH: `${folder}:/usr/bin:/bin` },
        input: "",
        encoding: "utf8",
      },
    );
    assert.equal(status, 0, stderr);
    return fs.readFileSync(path.join(folder, "calls"), "utf8").trim().split("\n");
  };
  const FIRST = [
    "aws get-random-password",
    "initdb",
    "postgres --single",
    "aws put-secret-value",
    "postgres -D",
  ];

  it("makes the data where there is none, and at the next start takes what it made", () => {
    assert.deepEqual(start(), FIRST);
    assert.deepEqual(start(), [...FIRST, "postgres -D"]);
  });

  it("makes it anew when the first start was cut off", () => {
    fs.mkdirSync(path.join(folder, "new"));
    assert.deepEqual(start(), FIRST);
  });

  it("leaves damaged data and its secret alone: PostgreSQL itself refuses them", () => {
    fs.mkdirSync(path.join(folder, "postgresql"));
    assert.deepEqual(start(), ["postgres -D"]);
  });
});
