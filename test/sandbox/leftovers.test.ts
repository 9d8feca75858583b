// What a start leaves when it fails, stops or crashes: nothing of its own, and it ends nothing of anybody else's.
import assert from "node:assert/strict";
import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { forgetDatabase, forgetLastServer } from "../../sandbox/database-files";
import { newCredentials } from "../../sandbox/emulators/endpoints";
import { removeTemporary, socketFolder } from "../../sandbox/nodes/installation";
import { runEmulators } from "../../sandbox/only-emulators";
import { home, pathsOf } from "../../sandbox/paths";
import { until } from "../../sandbox/problem";
import { isRunning, Processes } from "../../sandbox/processes";
import { stopAll } from "../../sandbox/stopping";
import { up } from "../../sandbox/up";
import { skipWithoutEmulators } from "../emulated";
import { below, commandOf } from "./open-ports";
import { leftToAll } from "../left-to-all";

describe("the sandbox on this machine", () => {
  const paths = pathsOf(path.join(home, `test-${process.pid}-leftovers`));
  const log = path.join(paths.logs, "process.log");
  const strangers: ChildProcess[] = [];
  const stranger = (cwd?: string) => {
    const child = spawn("sleep", ["100"], { cwd, stdio: "ignore" });
    strangers.push(child);
    return child;
  };
  afterEach(() => {
    for (const child of strangers.splice(0)) child.kill("SIGKILL");
    fs.rmSync(paths.run, { recursive: true, force: true });
  });

  it("leaves nothing when the program cannot be created while PostgreSQL still starts", async function () {
    leftToAll(this);
    await skipWithoutEmulators(this);
    const program = path.join(__dirname, "programs", "unknown-type.ts");
    const quiet = { progress: () => {}, note: () => {} };
    await assert.rejects(
      up({ stack: "first", port: 0, program, paths, ...quiet }),
      /unknown|no row|sandbox/i,
    );
    assert.equal(fs.existsSync(paths.processes), false);
    if (process.platform === "linux")
      assert.deepEqual(
        below(process.pid)
          .map(commandOf)
          .filter((one) => one.includes(paths.run)),
        [],
      );
  });

  it("ends a process that was just starting, and starts none afterwards", async () => {
    const processes = new Processes(paths.processes);
    const { child, gone } = processes.start("sleeper", "sleep", ["100"], { log });
    strangers.push(child);
    await processes.close();
    assert.equal(await gone, "SIGTERM");
    assert.equal(isRunning(child.pid!), false);
    assert.equal(fs.existsSync(paths.processes), false);
    assert.throws(() => processes.start("late", "sleep", ["100"], { log }), /late is not started any more/);
  });

  it("ends the child of a process that ended by itself", async () => {
    const processes = new Processes(paths.processes);
    const file = path.join(paths.run, "child");
    const { gone } = processes.start("parent", "bash", ["-c", `sleep 300 & echo $! > "${file}"`], { log });
    await gone;
    const child = Number(fs.readFileSync(file, "utf8"));
    await until("The child's end", () => !isRunning(child) || isZombie(child));
    await processes.close();
  });

  it("sends no signal to the number of an ended process, which another one may have by now", async () => {
    const processes = new Processes(paths.processes);
    const started = processes.start("short", "true", [], { log });
    await started.gone;
    const signalled: number[] = [];
    const real = process.kill.bind(process);
    process.kill = (pid: number) => signalled.push(pid) > 0 || true;
    try {
      await processes.stop(started);
      await processes.close();
    } finally {
      process.kill = real;
    }
    assert.deepEqual(signalled, []);
  });

  it("stops every part though some of them fail, and says which failed", async () => {
    const ended: string[] = [];
    const stopping = stopAll([
      () => void ended.push("first"),
      () => Promise.reject(new Error("the second is stuck")),
      () => {
        throw new Error("the third, too");
      },
      async () => void ended.push("last"),
    ]);
    await assert.rejects(stopping, {
      name: "AggregateError",
      message: "the second is stuck; the third, too",
    });
    assert.deepEqual(ended, ["first", "last"]);
  });

  it("refuses to delete data that a server still uses", async () => {
    for (const name of ["data", "shared/postgresql"]) {
      const data = path.join(paths.database, name);
      fs.mkdirSync(data, { recursive: true });
      const server = stranger(data);
      await once(server, "spawn");
      fs.writeFileSync(path.join(data, "postmaster.pid"), `${server.pid}\n${data}\n`);
      const advice = new RegExp(
        `still works on .*${name} \\(process ${server.pid}\\): end it with kill ${server.pid} first`,
      );
      assert.throws(() => forgetDatabase(paths), advice);
      assert.throws(() => forgetLastServer(data), advice);
      assert.ok(fs.existsSync(path.join(data, "postmaster.pid")));
      server.kill("SIGKILL");
      await once(server, "exit");
      forgetDatabase(paths);
      assert.equal(fs.existsSync(paths.database), false);
    }
  });

  it("removes a server's note when another process has its number by now", async () => {
    const data = path.join(paths.database, "data");
    fs.mkdirSync(data, { recursive: true });
    const other = stranger();
    await once(other, "spawn");
    fs.writeFileSync(path.join(data, "postmaster.pid"), `${other.pid}\n${data}\n`);
    forgetLastServer(data);
    assert.equal(fs.existsSync(path.join(data, "postmaster.pid")), false);
    assert.equal(isRunning(other.pid!), true);
  });

  it("refuses to start emulators a second time, and leaves the first ones alone", async () => {
    fs.mkdirSync(paths.run, { recursive: true });
    const first = spawn(process.execPath, [
      ...["-r", "./scripts/loader.cjs", "-e"],
      `const { Processes } = require("./sandbox/processes.ts"); new Processes(${JSON.stringify(paths.processes)}); setInterval(() => {}, 1000);`,
    ]);
    strangers.push(first);
    await until("The registry of the first ones", () => fs.existsSync(paths.processes));
    await assert.rejects(
      runEmulators(() => {}, paths),
      new RegExp(`The emulators run already \\(process ${first.pid}\\)`),
    );
    assert.equal(isRunning(first.pid!), true);
  });

  it("puts what must lie outside the repository in a folder that nobody can foresee, for this run alone", () => {
    const run = path.join(paths.run, "x".repeat(100));
    const long = pathsOf(run);
    const installation = { folder: long.database, nodes: long.nodes, bin: "", user: {} };
    const folder = socketFolder(long, installation, "i-1");
    assert.equal(socketFolder(long, installation, "i-1"), folder);
    const outside = path.dirname(folder);
    assert.equal(path.dirname(outside), os.tmpdir());
    assert.equal(fs.statSync(outside).mode & 0o777, 0o711);
    removeTemporary(long);
    assert.equal(fs.existsSync(outside), false);
    assert.notEqual(path.dirname(socketFolder(long, installation, "i-1")), outside);
    removeTemporary(long);
  });

  it("lets nobody else read its files", () => {
    const processes = new Processes(paths.processes);
    processes.start("short", "true", [], { log });
    assert.equal(fs.statSync(paths.run).mode & 0o066, 0);
    assert.equal(fs.statSync(paths.logs).mode & 0o077, 0);
    for (const file of [paths.processes, log]) assert.equal(fs.statSync(file).mode & 0o777, 0o600, file);
    return processes.close();
  });

  it("makes new keys at each start", () => {
    const [one, two] = [newCredentials(), newCredentials()];
    assert.notEqual(one.accessKeyId, two.accessKeyId);
    assert.notEqual(one.secretAccessKey, two.secretAccessKey);
    assert.doesNotMatch(one.accessKeyId, /^A[A-Z]{3}/); // as those of every account begin
  });

  it("lists the checksum of every file that the emulators are installed from", () => {
    const text = fs.readFileSync(path.join(__dirname, "../../sandbox/emulators/requirements.txt"), "utf8");
    const packages = text
      .replaceAll("\\\n", "")
      .split("\n")
      .filter((line) => /^\w/.test(line));
    assert.ok(packages.length > 30);
    assert.deepEqual(
      packages.filter((line) => !/^[\w.-]+==[\w.]+( +--hash=sha256:[0-9a-f]{64})+$/.test(line)),
      [],
    );
  });
});

const isZombie = (pid: number) =>
  fs.existsSync(`/proc/${pid}/stat`) && fs.readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
