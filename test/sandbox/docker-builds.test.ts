// How a build, which is a stranger's, has an image built by a Docker that it cannot reach.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { BuildOptions, RunningBuild } from "../../sandbox/builds/build";
import { CHANNEL, keepsApart } from "../../sandbox/builds/enclosure";
import { Use } from "../../sandbox/engine/clients";
import { newFolder } from "../folder";
import { skip } from "../skip";

const STAND_IN = path.join(__dirname, "../../sandbox/builds/tools/docker.cjs");
type Docker = NonNullable<BuildOptions["docker"]>;
type Recipe = Parameters<Docker>[0];

describe("a build's image that needs Docker", function () {
  this.timeout(20_000);

  /** Runs commands in a build; what it says, what it had built, and what it left. */
  async function run(commands: string[], docker?: Docker, minutes = 1, hidden: string[] = []) {
    const folder = newFolder("docker-build");
    fs.chmodSync(folder, 0o711);
    const lines: string[] = [];
    const logs = {
      createLogStream: async () => ({}),
      putLogEvents: async ({ logEvents }: { logEvents: { message: string }[] }) =>
        void lines.push(...logEvents.map(({ message }) => message)),
    };
    const kept: unknown[] = [];
    const build = new RunningBuild({
      ...{ id: "project:1", arn: "arn:build", hidden },
      project: {
        ...{ name: "project", role: "role", variables: [], timeoutMinutes: minutes, logGroup: "group" },
        buildspec: JSON.stringify({ version: 0.2, phases: { build: { commands } } }),
      },
      use: (async () => logs) as unknown as Use,
      endpoints: {
        ...{ ministack: "http://127.0.0.1:9", moto: "http://127.0.0.1:9", region: "eu-west-1" },
        credentials: { accessKeyId: "root", secretAccessKey: "root's" },
      },
      folder: path.join(folder, "build"),
      assume: async () => ({ accessKeyId: "role", secretAccessKey: "role's", sessionToken: "token" }),
      equip: async (bin) => {
        const command = `#!/usr/bin/env node\n${fs.readFileSync(STAND_IN, "utf8")}`;
        fs.writeFileSync(path.join(bin, "docker"), command, { mode: 0o755 });
        return [];
      },
      keep: async (image, name) =>
        void kept.push([JSON.parse(fs.readFileSync(path.join(image, "image.json"), "utf8")), name]),
      docker,
      note: (line) => lines.push(line),
    });
    await build.done;
    return { status: build.status, text: lines.join("\n"), kept, left: fs.readdirSync(folder) };
  }

  const dockerfile = (...lines: string[]) =>
    `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")} > app/Dockerfile`;
  const REPOSITORY = ["mkdir app", "echo hello > app/page", "ln -s /etc/passwd app/link"];
  const BUILD = "docker build --build-arg GREETING=hi --tag registry/images:latest app";

  it("is built outside, of a copy of its context, and its log is the build's", async () => {
    const seen: object[] = [];
    const docker: Docker = async ({ context, heard, signal: _, ...recipe }: Recipe) => {
      heard("Step 1/1 : FROM ruby:3.4\n");
      const read = (name: string) => fs.readFileSync(path.join(context, name), "utf8");
      const link = fs.readlinkSync(path.join(context, "link"));
      seen.push({ ...recipe, files: fs.readdirSync(context).sort(), page: read("page"), link });
      return { name: "the-sandbox-s:1", content: "sha256:1" };
    };
    const commands = [...REPOSITORY, dockerfile("FROM ruby:3.4", "COPY . ."), BUILD];
    const { status, text, kept, left } = await run(commands, docker);
    assert.equal(status, "SUCCEEDED", text);
    const files = ["Dockerfile", "link", "page"];
    assert.deepEqual(seen, [
      { dockerfile: "Dockerfile", args: { GREETING: "hi" }, files, page: "hello\n", link: "/etc/passwd" },
    ]);
    const image = { tags: ["registry/images:latest"], needs: "ruby:3.4", content: "sha256:1" };
    assert.deepEqual(kept, [[image, "the-sandbox-s:1"]]);
    assert.match(text, /^Step 1\/1 : FROM ruby:3\.4$/m);
    assert.deepEqual(left, [], "neither the build's folder nor the copy");
  });

  it("fails the build where Docker cannot build it, with what Docker said", async () => {
    const docker: Docker = async () => Promise.reject(new Error("docker build ended with 1."));
    const { status, text, kept } = await run([...REPOSITORY, dockerfile("FROM ruby:3.4"), BUILD], docker);
    assert.deepEqual([status, kept], ["FAILED", []]);
    assert.match(text, /^docker build ended with 1\.$/m);
  });

  it("is given up when the build's time is over", async () => {
    const docker: Docker = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("given up"))));
    const { status } = await run([...REPOSITORY, dockerfile("FROM ruby:3.4"), BUILD], docker, 3 / 60);
    assert.equal(status, "TIMED_OUT");
  });

  it("is one that the stand-in cannot carry out: by its base, an instruction, a mount", async () => {
    let asked = 0;
    const docker: Docker = async () => ({ name: "name", content: `sha256:${++asked}` });
    const commandOf = (...lines: string[]) => [dockerfile(...lines), BUILD, "cat $HOME/../image/image.json"];
    for (const [needs, ...lines] of [
      ["nginx", "FROM node:22 AS build", "RUN exit 9", "FROM nginx", "COPY --from=build / /"],
      ["${BASE}", "ARG BASE=node:22", "FROM ${BASE}"],
      ["VOLUME", "FROM node:22", "VOLUME /data", "CMD node ."],
      ["RUN --mount", "FROM node:22", "RUN --mount=type=cache,target=/c true", "CMD node ."],
    ] as const) {
      const { text } = await run([...REPOSITORY, ...commandOf(...lines)], docker);
      assert.ok(text.includes(`"needs": ${JSON.stringify(needs)}`), text);
    }
    assert.equal(asked, 4);
    const own = commandOf(
      "FROM node:22 AS build",
      "WORKDIR /app",
      "FROM build",
      "RUN echo carried out",
      "CMD node .",
    );
    const { status, text } = await run([...REPOSITORY, ...own], docker);
    assert.deepEqual([status, asked], ["SUCCEEDED", 4], text);
    assert.match(text, /^carried out$/m);
  });

  it("is only noted without a Docker, and no build finds a way to ask for one then", async () => {
    const { status, text, kept } = await run([
      ...REPOSITORY,
      dockerfile("FROM ruby:3.4"),
      BUILD,
      `echo "[$GROUNDWORK_DOCKER]"; ls /proc/self/fd/${CHANNEL} || echo no way`,
    ]);
    assert.equal(status, "SUCCEEDED", text);
    assert.match(text, /The sandbox uses no Docker: an image on ruby:3\.4 is not built here/);
    assert.deepEqual(kept, [[{ tags: ["registry/images:latest"], needs: "ruby:3.4" }, undefined]]);
    assert.match(text, /^\[\]$/m);
  });

  it("is asked for by code that does not reach the daemon's own socket", async function () {
    if (!keepsApart()) skip(this, "namespaces", "this machine gives a build no namespaces of its own");
    const place = fs.mkdtempSync("/var/tmp/socket-"); // /tmp itself, where a home may be too, is hidden anyway
    fs.chmodSync(place, 0o755);
    const socket = path.join(place, "docker.sock");
    const server = net.createServer((visitor) => visitor.end("reached\n"));
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    fs.chmodSync(socket, 0o777);
    const connect = `node -e "require('net').connect('${socket}').on('data', (said) => console.log(String(said))).on('error', ({ code }) => console.log('no:', code))"`;
    try {
      assert.match((await run([connect])).text, /^reached$/m, "if nothing hides it");
      const { text } = await run([connect], undefined, 1, [socket]);
      assert.match(text, /^no: ECONNREFUSED$/m);
    } finally {
      server.close();
      fs.rmSync(place, { recursive: true });
    }
  });
});
