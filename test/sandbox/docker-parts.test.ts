// What decides how projects get into this machine's Docker, against a daemon of the test's own that answers as Docker does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as net from "node:net";
import * as path from "node:path";
import { Readable } from "node:stream";
import { descriptionIn } from "../../sandbox/builds/images";
import { spoken } from "../../sandbox/docker/container";
import { findDocker } from "../../sandbox/docker/daemon";
import { Docker } from "../../sandbox/docker/docker";
import { Engine } from "../../sandbox/docker/engine";
import { tarOf } from "../../sandbox/docker/tar";
import { readOptions } from "../../sandbox/options";
import { firstWords } from "../../sandbox/sites/mysql";
import { newFolder } from "../folder";
import { withDocker } from "./docker-command";

interface Call {
  what: string;
  body: Buffer;
}

/** A daemon that answers by the beginning of what is asked; anything else it does not know. */
async function daemon(folder: string, answers: Record<string, object | Buffer>) {
  const socket = path.join(folder, "socket");
  const calls: Call[] = [];
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const what = `${request.method} ${request.url!.replace("/v1.41", "")}`;
      calls.push({ what, body: Buffer.concat(parts) });
      if (what === "GET /_ping") return response.writeHead(200, { "api-version": "1.41" }).end("OK");
      const [, answer] = Object.entries(answers).find(([start]) => what.startsWith(start)) ?? [];
      if (!answer) return response.writeHead(404).end(JSON.stringify({ message: `no ${what}` }));
      return response.end(answer instanceof Buffer ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const engine = new Engine(socket);
  await engine.meet();
  calls.length = 0;
  return { engine, socket, calls, stop: () => new Promise((resolve) => server.close(resolve)) };
}

const frame = (stream: number, text: string): Buffer => {
  const content = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(content.length, 4);
  return Buffer.concat([head, content]);
};

describe("Docker in the sandbox", function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => (folder = newFolder("docker")));

  describe("is looked for", () => {
    const found = (script: string) => withDocker(folder, script, findDocker);

    it("where the docker command's own context leads, and is used if it answers", async () => {
      const { socket, stop } = await daemon(folder, {
        "GET /info": { OSType: "linux", ServerVersion: "29.1" },
      });
      const seen = await found(
        `[ "$*" = "context inspect --format {{.Endpoints.docker.Host}}" ] && echo unix://${socket}`,
      );
      await stop();
      assert.ok("engine" in seen);
      assert.deepEqual([seen.version, seen.engine.socket], ["29.1", socket]);
    });

    it("and left alone with its reason: none answers, another machine's, or containers of Windows", async () => {
      const { socket, stop } = await daemon(folder, { "GET /info": { OSType: "windows" } });
      for (const [script, because] of [
        [`echo unix://${folder}/none`, /^no daemon answers at unix:.*\/none: ENOENT$/],
        ["echo tcp://10.0.0.1:2375", /^its daemon is at tcp:\/\/10\.0\.0\.1:2375, and only a socket/],
        [`echo unix://${socket}`, /^its daemon runs containers of windows$/],
        ["exit 127", /^there is no docker command$/],
      ] as const) {
        const seen = await found(script);
        assert.match("because" in seen ? seen.because : "found", because);
      }
      await stop();
    });

    it("unless a person says no", () => {
      assert.deepEqual([readOptions([]).docker, readOptions(["--no-docker"]).docker], [true, false]);
    });
  });

  describe("runs a container", () => {
    const ENVIRONMENT = { DOCKER_HOST: "tcp://evil", LINES: "1\n2" };
    const started = async (calls: Call[], engine: Engine) => {
      let text = "";
      const container = await new Docker(engine, folder).start(
        {
          ...{ image: "image", environment: ENVIRONMENT, network: "net", hosts: ["database:172.18.0.1"] },
          ...{ port: { inside: 80, here: 1234 }, volume: { name: "uploads", at: "/srv" } },
          files: [{ name: "etc/ca.pem", content: "ca", mode: 0o644 }],
        },
        (said) => (text += said),
      );
      const code = await container.ended;
      await container.end();
      return { text, code, calls };
    };
    const ANSWERS = {
      "POST /containers/create": { Id: "c1" },
      "PUT /containers/c1/archive?path=/": {},
      "POST /containers/c1/start": {},
      "POST /containers/c1/wait": { StatusCode: 3 },
      "GET /containers/c1/logs": Buffer.concat([frame(1, "out\n"), frame(2, "err\n")]),
      "DELETE /containers/c1?force=true&v=true": {},
    };

    it("with few rights and limits, on the loopback alone, and says what it said and how it ended", async () => {
      const { engine, calls, stop } = await daemon(folder, ANSWERS);
      const { text, code } = await started(calls, engine);
      await stop();
      assert.deepEqual([text, code], ["out\nerr\n", 3]);
      const declared = JSON.parse(calls[0]!.body.toString()) as { Env: string[]; HostConfig: object };
      assert.deepEqual(declared.Env, ["DOCKER_HOST=tcp://evil", "LINES=1\n2"]);
      assert.deepEqual(declared.HostConfig, {
        NetworkMode: "net",
        PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "1234" }] },
        ExtraHosts: ["database:172.18.0.1"],
        Mounts: [{ Type: "volume", Source: "uploads", Target: "/srv", VolumeOptions: { NoCopy: true } }],
        CapDrop: ["ALL"],
        CapAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"],
        SecurityOpt: ["no-new-privileges"],
        PidsLimit: 512,
        Memory: 2147483648,
        MemorySwap: 2147483648,
        LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "1" } },
      });
      assert.equal(calls.at(-1)!.what, "DELETE /containers/c1?force=true&v=true");
    });

    it("and removes one that does not start", async () => {
      const { ["POST /containers/c1/start"]: _, ...without } = ANSWERS;
      const { engine, calls, stop } = await daemon(folder, without);
      await assert.rejects(started(calls, engine), { message: /^Docker: no POST \/containers\/c1\/start/ });
      await stop();
      assert.equal(calls.at(-1)!.what, "DELETE /containers/c1?force=true&v=true");
    });
  });

  it("says what a container says, however its frames arrive and a letter is split", async () => {
    const all = Buffer.concat([frame(1, "käse\n"), frame(2, "x"), frame(1, "")]);
    const bytes = [...all].map((byte) => Buffer.from([byte]));
    let text = "";
    for await (const part of spoken(Readable.from(bytes) as AsyncIterable<Buffer>)) text += part;
    assert.equal(text, "käse\nx");
    const letter = Buffer.from("ä");
    const halves = [letter.subarray(0, 1), letter.subarray(1)].map((half) =>
      Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 1]), half]),
    );
    text = "";
    for await (const part of spoken(Readable.from(halves) as AsyncIterable<Buffer>)) text += part;
    assert.equal(text, "ä");
    await assert.rejects(async () => {
      for await (const part of spoken(Readable.from([all.subarray(0, 10)]))) text += part;
    }, /broke a container's log off/);
  });

  it("packs files as tar reads them: names, modes and owners", () => {
    fs.writeFileSync(
      path.join(folder, "a.tar"),
      tarOf([
        { name: "etc/", mode: 0o755, owner: 33 },
        { name: "etc/ca.pem", content: "x".repeat(600), mode: 0o644 },
      ]),
    );
    const listed = execFileSync("tar", ["-t", "-v", "--numeric-owner", "-f", "a.tar"], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.match(listed, /^drwxr-xr-x 33\/33 +0 .* etc\/\n-rw-r--r-- 0\/0 +600 .* etc\/ca\.pem\n$/);
  });

  it("removes what this sandbox has there, by its folder's label, and nothing else", async () => {
    const { engine, calls, stop } = await daemon(folder, {
      "GET /containers/json": [{ Id: "c1" }],
      "GET /networks": [{ Id: "n1" }],
      "GET /volumes": { Volumes: [{ Name: "v1" }] },
      "GET /images/json": [{ Id: "i1" }],
      "DELETE /containers/c1": {},
      "DELETE /images/i1": {},
    });
    assert.equal(await new Docker(engine, "/a/run").clear(), 4);
    await stop();
    const filters = encodeURIComponent('{"label":["groundwork.sandbox=/a/run"]}');
    assert.deepEqual(
      calls.map(({ what }) => what),
      [
        `GET /containers/json?all=true&filters=${filters}`,
        "DELETE /containers/c1?force=true&v=true",
        `GET /networks?filters=${filters}`,
        "DELETE /networks/n1",
        `GET /volumes?filters=${filters}`,
        "DELETE /volumes/v1?force=true",
        `GET /images/json?filters=${filters}`,
        "DELETE /images/i1?force=true",
      ],
    );
  });

  describe("gives each project a network", () => {
    /** What a container with this gateway and subnet gets of a server on the loopback that greets. */
    const greeted = async (Gateway: string, Subnet: string) => {
      const { engine, calls, stop } = await daemon(folder, {
        "POST /networks/create": {},
        "GET /networks/": { IPAM: { Config: [{ Gateway, Subnet }] } },
        "DELETE /networks/": {},
      });
      const database = net.createServer((visitor) => visitor.end("hello"));
      await new Promise<void>((resolve) => database.listen(0, "127.0.0.1", resolve));
      const { port } = database.address() as net.AddressInfo;
      const { networks } = new Docker(engine, folder);
      const way = await networks.wayTo("gwdev-1", port);
      assert.deepEqual(await networks.wayTo("gwdev-1", port), way, "one for all of a project's servers");
      let text = "";
      if (way.port !== port)
        for await (const part of net.connect(way.port, Gateway).on("error", () => {})) text += String(part);
      await networks.end("gwdev-1");
      database.close();
      await stop();
      return {
        ...way,
        own: port,
        text,
        calls: calls.map(({ what }) => what.replace(/groundwork-\w{8}/, "groundwork-#")),
      };
    };

    it("whose end on this machine leads to the project's database, and ends with it", async () => {
      const { host, text, calls } = await greeted("127.0.0.1", "127.0.0.0/8");
      assert.deepEqual([host, text], ["database:127.0.0.1", "hello"]);
      assert.deepEqual(calls, [
        "POST /networks/create",
        "GET /networks/groundwork-#-gwdev-1",
        "DELETE /networks/groundwork-#-gwdev-1",
      ]);
    });

    it("whose end admits nobody of another network", async () => {
      assert.equal((await greeted("127.0.0.1", "172.18.0.0/16")).text, "");
    });

    it("and where its end is not on this machine, takes the name that Docker has for this machine", async () => {
      const { host, port, own } = await greeted("192.0.2.1", "192.0.2.0/24");
      assert.deepEqual([host, port], ["database:host-gateway", own]);
    });
  });

  it("tells MySQL a login whose password has any character", () => {
    assert.equal(
      firstWords({ username: "project", password: "a'b\\c" }),
      "CREATE USER 'project'@'%' IDENTIFIED BY 'a\\'b\\\\c';\nGRANT ALL ON project.* TO 'project'@'%';\n",
    );
  });

  it("names an image that it built by the sandbox's own word, not by the build's", () => {
    const describes = (image: object, docker?: string) => {
      fs.writeFileSync(path.join(folder, "image.json"), JSON.stringify(image));
      const { needs, docker: name } = descriptionIn(folder, docker);
      return { needs, name };
    };
    const own = { needs: "ruby:3.4", docker: "the-persons:image" };
    assert.deepEqual(describes(own, "groundwork-1:2"), { needs: undefined, name: "groundwork-1:2" });
    assert.deepEqual(describes(own), { needs: "ruby:3.4", name: undefined });
    // Of the two images of a build, the stand-in carried out the later one.
    assert.deepEqual(describes({ command: "node ." }, "groundwork-1:2"), {
      needs: undefined,
      name: undefined,
    });
  });
});
