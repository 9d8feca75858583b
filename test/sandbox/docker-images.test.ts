// How the sandbox has Docker build an image, and how a build asks for one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Duplex } from "node:stream";
import { answerRequests } from "../../sandbox/builds/docker-requests";
import { buildImage } from "../../sandbox/docker/builder";
import { newFolder } from "../folder";
import { withDocker } from "./docker-command";

describe("Docker in the sandbox", function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => (folder = newFolder("docker")));

  describe("builds an image", () => {
    const recipe = (context: string, more: object = {}) => ({
      ...{ context, dockerfile: "Dockerfile", args: { GREETING: "a b" }, project: "gwdev-1" },
      ...{ heard: () => {}, signal: new AbortController().signal, ...more },
    });
    const build = (script: string, more: object = {}) => {
      const context = path.join(folder, "context");
      fs.mkdirSync(context, { recursive: true });
      if (!fs.existsSync(path.join(context, "Dockerfile")))
        fs.writeFileSync(path.join(context, "Dockerfile"), "");
      const own = { tag: "tag", label: "a=b", folder: path.join(folder, "own") };
      return withDocker(folder, script, () => buildImage("/a/socket", own, recipe(context, more)));
    };

    it("by the command, which finds nothing of the person's environment and configuration", async () => {
      let text = "";
      process.env["DOCKER_AUTH_CONFIG"] = "secret";
      try {
        await build('printf "%s\\n" "$@"; env | grep -v ^_= | sort', {
          heard: (said: string) => (text += said),
        });
      } finally {
        delete process.env["DOCKER_AUTH_CONFIG"];
      }
      const context = path.join(folder, "context");
      const [, args] = /^([^]*?)BUILDKIT_PROGRESS/.exec(text)!;
      assert.deepEqual(args!.trim().split("\n"), [
        ...["--config", path.join(folder, "own"), "--host", "unix:///a/socket", "build", "--force-rm"],
        ...["--tag", "tag", "--label", "a=b", "--file", path.join(context, "Dockerfile")],
        ...["--build-arg", "GREETING=a b", "--build-arg", "BUILDKIT_CACHE_MOUNT_NS=gwdev-1", "--", context],
      ]);
      assert.match(text, /BUILDKIT_PROGRESS=plain\nHOME=.*\/own\nPATH=.*\nPWD=.*\nSHLVL=\d+\n$/);
    });

    it("and fails as it does, or ends with everything that it started where the build ends", async () => {
      await assert.rejects(build("exit 7"), { message: "docker build ended with 7." });
      const ending = new AbortController();
      const ended = build(`sleep 300 & echo $! > ${folder}/pid; wait`, { signal: ending.signal });
      while (!fs.existsSync(`${folder}/pid`)) await new Promise((resolve) => setTimeout(resolve, 20));
      ending.abort();
      await assert.rejects(ended, { message: "docker build ended with 1." });
      const pid = fs.readFileSync(`${folder}/pid`, "utf8").trim();
      const state = spawnSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" }).stdout;
      assert.match(state, /^(Z.*\n)?$/);
    });

    for (const name of ["Dockerfile", ".dockerignore", "Dockerfile.dockerignore"])
      it(`refuses a ${name} that is a link, which the command would follow out of the context`, async () => {
        const context = path.join(folder, "context");
        fs.mkdirSync(context);
        fs.writeFileSync(path.join(folder, "secret"), "FROM secret");
        fs.symlinkSync(path.join(folder, "secret"), path.join(context, name));
        const said = new RegExp(
          `^${name.replaceAll(".", "\\.")} must be a plain file in the build's context\\.$`,
        );
        await assert.rejects(build("true"), { message: said });
      });

    it("refuses a Dockerfile outside of the context, and below a link", async () => {
      const context = path.join(folder, "context");
      fs.mkdirSync(path.join(folder, "other"));
      fs.mkdirSync(context);
      fs.writeFileSync(path.join(folder, "other", "Dockerfile"), "");
      fs.symlinkSync(path.join(folder, "other"), path.join(context, "inner"));
      for (const dockerfile of ["../other/Dockerfile", "inner/Dockerfile", "none"])
        await assert.rejects(build("true", { dockerfile }), { message: /must be a plain file/ });
    });
  });

  describe("is asked by builds", () => {
    const ask = async (parts: string | string[], build: Parameters<typeof answerRequests>[1]) => {
      const written: string[] = [];
      const left = [parts].flat();
      const channel = new Duplex({
        read() {
          this.push(left.shift() ?? null);
        },
        write: (part: Buffer, _, done) => (written.push(part.toString()), done()),
      });
      await answerRequests(channel, build);
      return written.map((line) => JSON.parse(line) as unknown);
    };

    it("in order, a line each, and answers what failed", async () => {
      const asked = (dockerfile: string) => `${JSON.stringify({ context: ".", dockerfile, args: {} })}\n`;
      const answers = await ask(asked("a") + asked("b"), async ({ dockerfile }) => {
        if (dockerfile === "b") throw new Error("no b");
        return `content of ${dockerfile}`;
      });
      assert.deepEqual(answers, [{ content: "content of a" }, { failed: "no b" }]);
    });

    it("and refuses what is not a question", async () => {
      const never = async () => assert.fail("built");
      const texts = "A build asks for an image by a context, a Dockerfile and arguments, all of them texts.";
      assert.deepEqual(
        await ask(
          '{"context":"."}\n{"context":".","dockerfile":"a","args":{"b":1}}\n{"context":"a\\u0000","dockerfile":"a"}\n',
          never,
        ),
        [{ failed: texts }, { failed: texts }, { failed: texts }],
      );
      const endless = ["x".repeat(1_000_001), '\n{"context":".","dockerfile":"a"}\n'];
      assert.deepEqual(await ask(endless, never), []);
    });
  });
});
