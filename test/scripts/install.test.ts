import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { newFolder } from "../folder";

const ROOT = path.join(__dirname, "../..");

/** A clone of two packages, and an npm that writes down how it was called and does as it is told. */
describe("installing on a fresh clone", () => {
  let clone: string;
  const lock = {
    packages: { "": {}, "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "2.0.0" } },
  };

  beforeEach(() => {
    clone = newFolder("install");
    fs.mkdirSync(path.join(clone, "scripts"));
    fs.mkdirSync(path.join(clone, "bin"));
    fs.copyFileSync(path.join(ROOT, "scripts/install.cjs"), path.join(clone, "scripts/install.cjs"));
    fs.writeFileSync(path.join(clone, "package-lock.json"), JSON.stringify(lock));
  });

  const installed = (packages: object) => {
    fs.mkdirSync(path.join(clone, "node_modules"), { recursive: true });
    fs.writeFileSync(path.join(clone, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
  };

  function install({ npm = "exit 0", node = [] as string[] } = {}) {
    fs.writeFileSync(path.join(clone, "bin/npm"), `#!/bin/sh\necho "$@" >> "${clone}/calls"\n${npm}\n`, {
      mode: 0o755,
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [...node, "scripts/install.cjs"], {
      cwd: clone,
      env: { PATH: `${clone}/bin:/usr/bin:/bin` },
      encoding: "utf8",
    });
    const calls = path.join(clone, "calls");
    return { status, stdout, stderr, calls: fs.existsSync(calls) ? fs.readFileSync(calls, "utf8") : "" };
  }

  it("installs what the lockfile says, and says that it does", () => {
    assert.deepEqual(install(), {
      status: 0,
      stdout: "Installing the dependencies from the lockfile (once) ...\n",
      stderr: "",
      calls: "ci --no-audit --no-fund --loglevel=error\n",
    });
  });

  it("says and does nothing if everything is installed", () => {
    installed(lock.packages);
    assert.deepEqual(install(), { status: 0, stdout: "", stderr: "", calls: "" });
  });

  it("reinstalls after an interrupted run", () => {
    installed({ "node_modules/a": { version: "1.0.0" } });
    assert.equal(install().calls, "ci --no-audit --no-fund --loglevel=error\n");
  });

  it("reinstalls if the lockfile requires another version", () => {
    installed({ ...lock.packages, "node_modules/b": { version: "1.9.0" } });
    assert.equal(install().calls, "ci --no-audit --no-fund --loglevel=error\n");
  });

  it("refuses to go on without network, and says to check it", () => {
    const { status, stderr } = install({ npm: "echo 'npm error code ENOTFOUND' >&2; exit 1" });
    assert.equal(status, 1);
    assert.equal(
      stderr,
      "npm error code ENOTFOUND\nThe dependencies could not be installed. Check that this machine reaches the npm registry, then run the command again.\n",
    );
  });

  it("refuses a disk that is too full before npm tries, and says how full", () => {
    const full = path.join(clone, "full.cjs");
    fs.writeFileSync(full, 'require("node:fs").statfsSync = () => ({ bavail: 25_600, bsize: 4_096 });');
    assert.deepEqual(install({ node: ["-r", full] }), {
      status: 1,
      stdout: "",
      stderr: `The dependencies need 800 MiB of disk and there are 100 in ${fs.realpathSync(clone)}: make room, then run the command again.\n`,
      calls: "",
    });
  });

  it("refuses an old Node before anything else", () => {
    const old = path.join(clone, "old.cjs");
    fs.writeFileSync(
      old,
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.4" } });',
    );
    assert.deepEqual(install({ node: ["-r", old] }), {
      status: 1,
      stdout: "",
      stderr:
        "Groundwork needs Node.js 20.19 or newer, and this is 18.20.4. Install it from https://nodejs.org.\n",
      calls: "",
    });
  });
});

describe("the sandbox's Python", () => {
  const needed = (bin: string) =>
    spawnSync(
      process.execPath,
      [
        "-r",
        "./scripts/loader.cjs",
        "-e",
        'require("./sandbox/emulators/install.ts").missingPython().then((why) => console.log(why ?? "none"))',
      ],
      { cwd: ROOT, env: { PATH: bin }, encoding: "utf8" },
    ).stdout.trim();

  it("refuses a machine without Python", () => {
    assert.equal(
      needed("/nowhere"),
      "The sandbox needs Python 3.11 or newer: install it from https://www.python.org or your system's packages, then run npm start again.",
    );
  });

  it("refuses one that is too old, and says which it is", () => {
    const bin = newFolder("python");
    fs.writeFileSync(path.join(bin, "python3"), "#!/bin/sh\necho 3.9\n", { mode: 0o755 });
    assert.equal(
      needed(bin),
      "The sandbox needs Python 3.11 or newer and this machine has 3.9: install it from https://www.python.org or your system's packages, then run npm start again.",
    );
  });
});
