// Projects that need Docker, on a sandbox that uses this machine's: from the request to their pages, with the database and uploads that they have on AWS.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { rootClients } from "../../sandbox/engine/clients";
import { home } from "../../sandbox/paths";
import { until } from "../../sandbox/problem";
import { readState } from "../../sandbox/state";
import { skipWithoutEmulators } from "../emulated";
import { skip } from "../skip";
import { RunningSandbox, startSandbox } from "./launch";
import { visit } from "./project-visit";
import { readyProject } from "./ready-project";
import { SharedSandbox } from "./shared";

const works = (...args: string[]) => spawnSync("docker", args, { stdio: "ignore" }).status === 0;
const HUB = "public.ecr.aws/docker/library";

describe("a sandbox with Docker", function () {
  this.timeout(600_000);
  let running: RunningSandbox;
  let sandbox: SharedSandbox;
  before(async function () {
    if (!process.env["KINDS"]) skip(this, "asked for", "set KINDS=1 to build projects by Docker");
    if (!works("info")) skip(this, "docker", "no Docker daemon answers");
    for (const image of [`${HUB}/php:8.4-apache`, `${HUB}/mysql:8.4`])
      if (!works("image", "inspect", image) && !works("pull", image))
        skip(this, "docker", `${image} is not here and cannot be fetched`);
    await skipWithoutEmulators(this);
    running = await startSandbox(path.join(home, `test-${process.pid}-docker`), ["--port", "0", "--no-logs"]);
    const state = readState(running.paths);
    sandbox = { state, paths: running.paths, use: rootClients(state.endpoints) };
  });
  after(async () => {
    if (!running) return;
    assert.equal(await running.stop(), 0);
    fs.rmSync(running.paths.run, { recursive: true, force: true, maxRetries: 5 });
  });

  it("builds and serves PHP, and keeps its rows in a MySQL that takes TLS only", async () => {
    const { url } = await readyProject(sandbox, {
      ...{ name: "elephant", type: "dynamic", stack: "php", starter: "php" },
    });
    const { text } = await until("The server's page", () => visit(url), { wanted: ({ status }) => status === 200, seconds: 60 });
    assert.match(text, /<h1>It works<\/h1><p>Notes: 0<\/p>/);
  });
});
