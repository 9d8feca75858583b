import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";
import { skipWithoutEmulators } from "../emulated";
import { home, root } from "../../sandbox/paths";
import { isRunning } from "../../sandbox/processes";
import { readState } from "../../sandbox/state";
import { closeBrowser } from "../browser";
import { stopAt } from "./debugger";
import { RunningSandbox, startSandbox } from "./launch";
import { addUser, userNames } from "./visitor";
import { leftToAll } from "../left-to-all";

const run = promisify(execFile);

interface Entry {
  name: string;
  pid: number;
}

describe("the sandbox's command line", () => {
  const folder = path.join(home, `test-${process.pid}-life`);
  const entries = ({ paths }: RunningSandbox) =>
    JSON.parse(fs.readFileSync(paths.processes, "utf8")) as Entry[];
  const start = (...args: string[]) =>
    run(process.execPath, ["scripts/with-install.cjs", "sandbox/start.ts", ...args], {
      cwd: root,
      env: { ...process.env, GROUNDWORK_SANDBOX: folder },
    });

  before(async function () {
    await skipWithoutEmulators(this);
  });
  const started: RunningSandbox[] = [];
  // A shell that knows an account, and other places for AWS's services.
  const shell = {
    AWS_PROFILE: "company",
    AWS_SESSION_TOKEN: "token",
    AWS_ENDPOINT_URL_SSM: "http://127.0.0.1:9",
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
  };
  const startHere = async (...more: string[]) => {
    const sandbox = await startSandbox(folder, ["--port", "0", "--no-logs", ...more], shell);
    started.push(sandbox);
    return sandbox;
  };
  after(() => closeBrowser());
  after(async function () {
    this.timeout(30_000);
    for (const sandbox of started) await sandbox.stop();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it("cleans up after a killed start, keeps its data, and leaves nothing when its terminal is closed", async function () {
    leftToAll(this);
    this.timeout(240_000);
    const killed = await startHere();
    const left = entries(killed).filter(({ name }) => name !== "sandbox");
    assert.equal(await addUser(readState(killed.paths), "grace"), 201);
    killed.process.kill("SIGKILL");
    await killed.stop();
    assert.deepEqual(left.map(({ name }) => name.replace(/ .*/, "")).sort(), [
      "database",
      "database",
      "ministack",
      "moto",
      "web",
      "web",
    ]);
    assert.ok(left.every(({ pid }) => isRunning(pid)));
    const { credentials } = readState(killed.paths).endpoints;

    const sandbox = await startHere("--inspect");
    assert.match(sandbox.output(), /Cleaned up after the last start: ended .*ministack/);
    assert.deepEqual(
      left.filter(({ pid }) => isRunning(pid)),
      [],
    );
    const state = readState(sandbox.paths);
    assert.deepEqual(await userNames(state), ["grace"]);
    assert.notEqual(state.endpoints.credentials.accessKeyId, credentials.accessKeyId);
    assert.notEqual(state.endpoints.credentials.secretAccessKey, credentials.secretAccessKey);

    await standsAtBreakpoint(folder);

    const pids = entries(sandbox).map(({ pid }) => pid);
    const ports = [state.url, state.page, state.endpoints.ministack, state.endpoints.moto].map((url) =>
      Number(new URL(url).port),
    );
    assert.equal(await sandbox.hangUp(), 0);
    assert.deepEqual(pids.filter(isRunning), []);
    assert.deepEqual(
      await Promise.all(ports.map(isOpen)),
      ports.map(() => false),
    );
    assert.deepEqual(fs.readdirSync(folder).sort(), ["database", "logs", "repositories", "webapp"]);
  });

  it("refuses a port that is taken, and says what to do", async () => {
    const server = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as net.AddressInfo;
    await assert.rejects(
      start("--port", String(port)),
      new RegExp(`Port ${port} is taken: stop what listens there`),
    );
    server.close();
  });

  it("refuses a stack that does not exist, and names those that do", async () => {
    await assert.rejects(start("--stack", "moon"), /There is no stack "moon": choose one of .*\bsandbox\b/);
  });

  it("refuses a port that is not a number", async () => {
    await assert.rejects(
      start("--port", "many"),
      /--port must be a whole number from 0 to 65535, got many\./,
    );
  });

  it("refuses an unknown option", async () => {
    await assert.rejects(start("--hurry"), /Unknown option '--hurry': see npm start -- --help\./);
  });

  it("resets the database although a crash left a description of what ran", async () => {
    const crashed = `${folder}-crashed`;
    fs.mkdirSync(path.join(crashed, "database"), { recursive: true });
    fs.writeFileSync(path.join(crashed, "state.json"), "{}");
    const { stdout } = await run(process.execPath, ["scripts/with-install.cjs", "sandbox/cli.ts", "reset"], {
      cwd: root,
      env: { ...process.env, GROUNDWORK_SANDBOX: crashed },
    });
    assert.match(stdout, /^The database is forgotten/);
    assert.deepEqual(fs.readdirSync(crashed), ["state.json"]);
    fs.rmSync(crashed, { recursive: true });
  });

  it("explains its options", async () => {
    const { stdout } = await start("--help");
    assert.match(stdout, /--stack NAME/);
  });
});

/** A debugger gets into a server, at the port that `status` tells, and stands in the file that the person wrote. */
async function standsAtBreakpoint(folder: string): Promise<void> {
  const { stdout } = await run(process.execPath, ["scripts/with-install.cjs", "sandbox/cli.ts", "status"], {
    cwd: root,
    env: { ...process.env, GROUNDWORK_SANDBOX: folder },
  });
  const [, port, inspector] = /^web .* port (\d+) .* debugger at 127\.0\.0\.1:(\d+)$/m.exec(stdout)!;
  let answer: Promise<Response> | undefined;
  const stop = await stopAt(
    Number(inspector),
    { file: "webapp/routes/home.ts", words: "prefersHtml)(request", expression: "request.method" },
    () => (answer = fetch(`http://127.0.0.1:${port}/`)),
  );
  assert.deepEqual(stop, { source: path.join(root, "webapp/routes/home.ts"), value: "GET" });
  assert.equal((await answer!).status, 200);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(!socket.destroy().connecting));
    socket.once("error", () => resolve(false));
  });
}
