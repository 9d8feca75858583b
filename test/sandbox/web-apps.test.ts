import assert from "node:assert/strict";
import * as path from "node:path";
import { WebApps, WebAppsOptions } from "../../sandbox/fleet/web-apps";
import { root } from "../../sandbox/paths";
import { Started } from "../../sandbox/processes";

describe("the sandbox's web servers", () => {
  const started = {} as Started;
  function apps(over: Partial<WebAppsOptions> = {}) {
    const calls: unknown[][] = [];
    const processes = { start: (...words: unknown[]) => (calls.push(words), started) };
    const options = { processes, logs: "/logs", webapp: "/built/server.js", uncached: false, inspect: false };
    return { calls, apps: new WebApps({ ...options, ...over } as unknown as WebAppsOptions) };
  }

  it("start the bundle, behind the check of who may open it", async () => {
    const { apps: web } = apps();
    assert.deepEqual(await web.first(), {
      command: process.execPath,
      args: ["--require", "/built/access.js", "/built/server.js"],
      cwd: "/built",
    });
    web.bundle = "/newer/server.js";
    assert.deepEqual((await web.first()).args, ["--require", "/newer/access.js", "/newer/server.js"]);
  });

  it("start their sources for a debugger, each with a port of its own on this machine alone", async () => {
    const { apps: web } = apps({ inspect: true });
    const [one, other] = [await web.first(), await web.first()];
    assert.deepEqual(one, {
      command: process.execPath,
      args: [
        `--inspect=127.0.0.1:${one.inspector}`,
        ...["--require", "ts-node/register/transpile-only", "--require", "/built/access.js"],
        "webapp/server.ts",
      ],
      cwd: root,
      inspector: one.inspector,
    });
    assert.ok(one.inspector! > 0 && one.inspector !== other.inspector);
  });

  it("get their name, their port and a log, beside the environment of their app and their machine", async () => {
    const { apps: web, calls } = apps();
    const app = { command: "node", args: ["a"], cwd: "/app", environment: { A: "app", B: "app" } };
    const { port, started: running } = await web.startAnywhere("i-1", app, { B: "machine", PORT: "80" });
    assert.equal(running, started);
    assert.ok(port > 0);
    const env = { A: "app", B: "machine", INSTANCE_NAME: "i-1", HOST: "127.0.0.1", PORT: String(port) };
    assert.deepEqual(calls, [
      ["web i-1", "node", ["a"], { cwd: "/app", env, log: path.join("/logs", "i-1.log") }],
    ]);
  });

  it("have browsers ask for each file again where that is wished", () => {
    const { apps: web, calls } = apps({ uncached: true });
    assert.equal(web.start("i-1", 8080, { command: "node", args: [], cwd: "/app" }, {}), started);
    assert.deepEqual((calls[0]![3] as { env: object }).env, {
      INSTANCE_NAME: "i-1",
      HOST: "127.0.0.1",
      PORT: "8080",
      GROUNDWORK_UNCACHED: "1",
    });
  });
});
