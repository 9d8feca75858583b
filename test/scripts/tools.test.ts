import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { newFolder } from "../folder";

const ROOT = path.join(__dirname, "../..");

describe("an outside tool", () => {
  let clone: string;
  beforeEach(() => {
    clone = newFolder("tools");
    fs.mkdirSync(path.join(clone, "scripts"));
    fs.mkdirSync(path.join(clone, "bin"));
    fs.cpSync(path.join(ROOT, "scripts/tools"), path.join(clone, "scripts/tools"), { recursive: true });
    listed({ go: "example.com/linter@v1.0.0" });
  });

  const listed = (linter: object) =>
    fs.writeFileSync(
      path.join(clone, "scripts/tools/list.cjs"),
      `module.exports = ${JSON.stringify({ linter })};`,
    );

  const stands = (command: string, text: string) =>
    fs.writeFileSync(path.join(clone, "bin", command), `#!/bin/bash\n${text}\n`, { mode: 0o755 });

  /** Asks for the tool and runs it, in a process that finds the stand-ins only. */
  function use() {
    const program = `const { tool } = require("./scripts/tools/index.cjs");
      const found = tool("linter");
      process.exitCode = require("child_process").spawnSync(found, ["a b"], { stdio: "inherit" }).status;`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", program], {
      cwd: clone,
      env: { PATH: `${clone}/bin:/usr/bin:/bin` },
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  const GO = `echo "go: downloading example.com/linter v1.0.0" >&2
    echo call >> "${"${0%/*}"}/calls"
    mkdir -p "$GOBIN" && printf '#!/bin/sh\\necho "looked at $1"\\n' > "$GOBIN/linter" && chmod +x "$GOBIN/linter"`;

  it("works whatever its installation prints, and is installed once", () => {
    stands("go", GO);
    const first = use();
    assert.deepEqual(first, {
      status: 0,
      stdout: "Installing linter into .tools/ (once) ...\nlooked at a b\n",
      stderr: "",
    });
    assert.deepEqual(use(), { status: 0, stdout: "looked at a b\n", stderr: "" });
    assert.equal(fs.readFileSync(path.join(clone, "bin/calls"), "utf8"), "call\n");
  });

  it("is installed anew in a clone that was moved", () => {
    stands("go", GO);
    use();
    const moved = path.join(newFolder("tools"), "moved");
    fs.renameSync(clone, moved);
    clone = moved;
    assert.equal(use().stdout, "Installing linter into .tools/ (once) ...\nlooked at a b\n");
  });

  it("refuses with the reason if it cannot be fetched, and leaves nothing half done", () => {
    stands("go", `echo "no such host" >&2; exit 1`);
    assert.match(use().stderr, /Error: linter could not be installed: no such host/);
    assert.deepEqual(fs.readdirSync(path.join(clone, ".tools")), []);
    stands("go", GO);
    assert.match(use().stdout, /looked at a b/);
  });

  const LINTER = `printf '#!/bin/sh\necho "looked at $1"\n' > "$bin/linter" && chmod +x "$bin/linter"`;
  /** A Python whose environments have a pip of their own. */
  const python = (pip: string) => {
    listed({ pypi: ["linter==1.0.0"] });
    const own = `#!/bin/bash\necho call >> "${clone}/bin/calls"\nbin="\${0%/*}"\n${LINTER}\n`;
    fs.writeFileSync(path.join(clone, "own-python"), own, { mode: 0o755 });
    stands(
      "python3",
      `case "$2" in
        venv) bin="\${@: -1}/bin"; mkdir -p "$bin" && cp "${clone}/own-python" "$bin/python" ;;
        pip) bin=$(dirname "$4"); ${pip} ;;
      esac`,
    );
  };

  it("of Python is installed by the machine's pip, without a copy of it", () => {
    python(LINTER);
    assert.match(use().stdout, /looked at a b/);
    assert.equal(fs.existsSync(path.join(clone, "bin/calls")), false);
  });

  it("of Python is installed by its own pip where the machine has none, or one that is too old", () => {
    python("exit 1");
    assert.match(use().stdout, /looked at a b/);
    assert.equal(fs.readFileSync(path.join(clone, "bin/calls"), "utf8"), "call\n");
  });

  it("refuses with the command that is missing", () => {
    assert.match(use().stderr, /Error: linter needs the command go, which is not here/);
  });
});
