import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";
import { told } from "../../sandbox/ending";
import { runEmulators } from "../../sandbox/only-emulators";
import { home, pathsOf, root } from "../../sandbox/paths";
import { Problem } from "../../sandbox/problem";

const run = promisify(execFile);

describe("an unexpected end", () => {
  const folder = path.join(home, `test-${process.pid}-ending`);
  before(() => fs.mkdirSync(folder, { recursive: true }));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("is reported in a sentence, which names the way to the stack trace unless somebody foresaw it", () => {
    assert.equal(told("It failed", new Problem("Stop the other one.")), "Stop the other one.");
    assert.equal(told("It failed", new Error("no room")), "It failed: no room (DEBUG=1 shows where).");
  });

  it("of a start shows a stack trace only to whoever asks for it", async () => {
    // Where the run's folder should be there is a file.
    const occupied = path.join(folder, "file");
    fs.writeFileSync(occupied, "");
    const start = (DEBUG: string) =>
      run(process.execPath, ["scripts/with-install.cjs", "sandbox/start.ts", "--port", "0"], {
        cwd: root,
        env: { ...process.env, GROUNDWORK_SANDBOX: occupied, DEBUG },
      }).then(
        () => assert.fail("the start succeeded with a file as its folder"),
        ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
      );
    const { code, stderr } = await start("");
    assert.equal(code, 1);
    assert.match(stderr, /^The sandbox failed: E\w+: .* \(DEBUG=1 shows where\)\.\n$/);
    assert.match((await start("1")).stderr, /\n {4}at .*sandbox/);
  });

  it("by an error that nobody caught stops what runs", async () => {
    const child = spawn(
      process.execPath,
      [
        ...["-r", path.join(root, "scripts/loader.cjs"), "-e"],
        `const { endWith, stopAsked } = require("./sandbox/ending.ts");
         const work = async () => {
           try {
             await stopAsked();
             return 0;
           } finally {
             console.log("taken down");
           }
         };
         endWith(work(), "It failed");
         setTimeout(() => { throw new Error("out of the blue"); }, 1);`,
      ],
      { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
    );
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (part) => (said.stdout += String(part)));
    child.stderr.on("data", (part) => (said.stderr += String(part)));
    assert.deepEqual(await once(child, "close"), [1, null]);
    assert.deepEqual(said, {
      stdout: "taken down\n",
      stderr: "It failed: out of the blue (DEBUG=1 shows where).\n",
    });
  });

  it("of the emulators alone, when their port is taken, suggests no option that they do not have", async () => {
    const other = net.createServer();
    // Whoever has the port already does as well.
    const listening = new Promise<void>((resolve) =>
      other.once("error", () => resolve()).listen(4566, "127.0.0.1", resolve),
    );
    await listening;
    try {
      await assert.rejects(
        runEmulators(() => {}, pathsOf(path.join(folder, "emulators"))),
        { message: /^Port (4566|5000) is taken: stop what listens there\.$/ },
      );
    } finally {
      other.close();
    }
  });
});
