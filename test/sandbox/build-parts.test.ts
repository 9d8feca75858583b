// How a build is carried out: by its buildspec's phases, shut in, and with an end.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { RunningBuild } from "../../sandbox/builds/build";
import { readBuildSpec } from "../../sandbox/builds/buildspec";
import { endAll, handOver, keepsApart, runShut, stranger } from "../../sandbox/builds/enclosure";
import { Use } from "../../sandbox/engine/clients";
import { home } from "../../sandbox/paths";
import { isRunning } from "../../sandbox/processes";
import { until } from "../../sandbox/problem";
import { skip } from "../skip";
import { newFolder } from "../folder";
import { commandOf } from "./open-ports";

describe("a build of the sandbox", function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => {
    folder = newFolder("build");
    fs.chmodSync(folder, 0o711);
  });

  /** A build of these phases, and what it says. */
  const begin = (phases: object, timeoutMinutes = 1) => {
    const lines: string[] = [];
    const logs = {
      createLogStream: async () => ({}),
      putLogEvents: async ({ logEvents }: { logEvents: { message: string }[] }) =>
        void lines.push(...logEvents.map(({ message }) => message)),
    };
    const build = new RunningBuild({
      id: "project:1",
      arn: "arn:build",
      project: {
        name: "project",
        role: "role",
        buildspec: JSON.stringify({ version: 0.2, phases }),
        variables: [{ name: "GREETING", value: "hello", type: "PLAINTEXT" }],
        timeoutMinutes,
        logGroup: "group",
      },
      use: (async () => logs) as unknown as Use,
      endpoints: {
        ministack: "http://127.0.0.1:9",
        moto: "http://127.0.0.1:9",
        region: "eu-west-1",
        credentials: { accessKeyId: "root", secretAccessKey: "root's" },
      },
      folder: path.join(folder, "build"),
      assume: async () => ({ accessKeyId: "role", secretAccessKey: "role's", sessionToken: "token" }),
      equip: async () => [],
      hidden: [],
      keep: async () => {},
      note: () => {},
    });
    return { build, lines };
  };
  const statuses = ({ phases }: RunningBuild) =>
    phases.map(({ phaseType, phaseStatus }) => `${phaseType} ${phaseStatus}`);

  it("runs its phases in their order, each in the folder and with the variables of the one before", async () => {
    const { build, lines } = begin({
      post_build: { commands: ["echo $GREETING $there in ${PWD##*/}"] },
      pre_build: { commands: ["mkdir inner && cd inner", "there=world"] },
    });
    assert.deepEqual([build.status, build.currentPhase], ["IN_PROGRESS", "PROVISIONING"]);
    await build.done;
    assert.equal(build.status, "SUCCEEDED", lines.join("\n"));
    assert.ok(lines.includes("hello world in inner"), lines.join("\n"));
    assert.deepEqual(statuses(build).slice(0, 3), [
      "PROVISIONING SUCCEEDED",
      "DOWNLOAD_SOURCE SUCCEEDED",
      "INSTALL SUCCEEDED",
    ]);
    assert.equal(fs.existsSync(path.join(folder, "build")), false);
  });

  it("fails with the first command that does, whose phase still ends as it says, and builds nothing after that", async () => {
    const { build, lines } = begin({
      pre_build: { commands: ["exit 3", "echo not reached"], finally: ["echo at last"] },
      build: { commands: ["echo not built"] },
      post_build: { commands: ["echo not after"] },
    });
    await build.done;
    assert.equal(build.status, "FAILED");
    assert.deepEqual(
      lines.filter((line) => /^(not|at)/.test(line)),
      ["at last"],
    );
    assert.ok(statuses(build).includes("PRE_BUILD FAILED"), statuses(build).join());
  });

  it("does what comes after a build that failed", async () => {
    const { build, lines } = begin({
      build: { commands: ["false"] },
      post_build: { commands: ["echo after"] },
    });
    await build.done;
    assert.equal(build.status, "FAILED");
    assert.ok(lines.includes("after"));
  });

  for (const [what, minutes, end, status] of [
    ["is stopped", 1, (build: RunningBuild) => build.stop(), "STOPPED"],
    ["takes too long", 2 / 60, () => undefined, "TIMED_OUT"],
  ] as const)
    it(`ends with all that it started when it ${what}`, async () => {
      const { build } = begin({ build: { commands: [`setsid ${aWhile} & ${aWhile}`] } }, minutes);
      await Promise.race([until("Both processes", () => running(aWhile).length === 2), build.done]);
      await end(build);
      await build.done;
      assert.equal(build.status, status);
      assert.ok(statuses(build).includes(`BUILD ${status}`), statuses(build).join());
      await until("The end of both", () => running(aWhile).length === 0);
    });

  it("finds nothing of the person's: environment, home and keys of the emulators' root", async () => {
    process.env["SECRET_OF_THE_PERSON"] = "secret";
    try {
      const { build, lines } = begin({ build: { commands: ["env", "echo ~"] } });
      await build.done;
      const all = lines.join("\n");
      assert.ok(
        all.includes("AWS_SECRET_ACCESS_KEY=role's") && !/SECRET_OF_THE_PERSON|root's/.test(all),
        all,
      );
      assert.ok(lines.includes(path.join(folder, "build", "home")), all);
    } finally {
      delete process.env["SECRET_OF_THE_PERSON"];
    }
  });

  it("trusts whom the person trusts, by a copy of a file that it cannot see", async () => {
    const authorities = path.join(folder, "authorities.pem");
    fs.writeFileSync(authorities, "of the office\n", { mode: 0o600 });
    const before = process.env["NODE_EXTRA_CA_CERTS"];
    process.env["NODE_EXTRA_CA_CERTS"] = authorities;
    try {
      const { build, lines } = begin({ build: { commands: ['cat "$NODE_EXTRA_CA_CERTS"'] } });
      await build.done;
      assert.ok(lines.includes("of the office"), lines.join("\n"));
    } finally {
      if (before === undefined) delete process.env["NODE_EXTRA_CA_CERTS"];
      else process.env["NODE_EXTRA_CA_CERTS"] = before;
    }
  });

  it("refuses a buildspec with what it would have to leave out", () => {
    const phases = { build: { commands: ["true"] } };
    for (const [spec, says] of [
      [{ version: 0.1, phases }, /version must be 0\.2, got 0\.1/],
      [{ version: 0.2, phases, reports: {} }, /carries no reports in the buildspec/],
      [{ version: 0.2, phases, artifacts: { files: "all" } }, /artifacts\.files must be a list of texts/],
      [{ version: 0.2, phases, artifacts: { files: [], name: "x" } }, /carries no name in artifacts/],
      [{ version: 0.2, phases, env: { shell: "sh" } }, /by bash alone, got env\.shell "sh"/],
      [{ version: 0.2, phases: { deploy: {} } }, /carries no deploy in phases/],
      [
        { version: 0.2, phases: { build: { commands: [{ a: 1 }] } } },
        /build\.commands must be a list of texts/,
      ],
    ] as const)
      assert.throws(() => readBuildSpec(JSON.stringify(spec)), says);
  });
});

describe("what is shut in", function () {
  this.timeout(20_000);
  let folder: string;
  beforeEach(() => {
    folder = newFolder("shut");
    fs.chmodSync(folder, 0o711);
  });

  const run = async (script: string, hidden: string[] = []) => {
    const own = path.join(folder, "own");
    fs.mkdirSync(own);
    const user = stranger();
    handOver(own, user);
    const environment = { PATH: process.env["PATH"]! };
    const child = runShut(script, { own, cwd: own, user, environment, hidden });
    let text = "";
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding("utf8").on("data", (part: string) => (text += part));
    const code = await new Promise((resolve) => child.once("close", resolve));
    endAll(child, user);
    return { code, text };
  };

  it("sees neither the person's home and processes nor what is hidden from it, and has a /tmp of its own", async function () {
    if (!keepsApart()) skip(this, "namespaces", "this machine gives a build no namespaces of its own");
    fs.mkdirSync(home, { recursive: true }); // a fresh clone has none yet
    const secret = fs.mkdtempSync(path.join(home, "secret-")); // not in /tmp, which is hidden anyway
    fs.chmodSync(secret, 0o755);
    fs.writeFileSync(path.join(secret, "key"), "s3cret", { mode: 0o644 });
    const { text } = await run(
      `ls -A ${secret}; ls -A ~ ${os.homedir()}; ls /tmp; ps -e -o pid= | head -1; cat /proc/${process.pid}/environ; touch mine && echo done`,
      [secret],
    );
    assert.ok(!text.includes("key") && text.includes("done"), text);
    assert.match(text, /^\s*1$/m, "its own first process");
    assert.match(text, new RegExp(`/proc/${process.pid}/environ: No such file`));
  });

  it("is nobody of this machine's where root started the sandbox", async function () {
    if (process.getuid?.() !== 0) skip(this, "Linux", "only root can become somebody else");
    const { text } = await run("id -u; grep CapEff /proc/self/status");
    assert.match(text, /^6[1-5]\d{3}\nCapEff:\s+0+\n$/);
  });

  it("has limits of files, memory and, as its own user, of processes", async () => {
    const { text } = await run("ulimit -f; ulimit -c; ulimit -d; ulimit -u");
    const [file, core, data, processes] = text.trim().split("\n");
    assert.deepEqual([file, core, data], ["4194304", "0", "4194304"]);
    if (process.getuid?.() === 0) assert.equal(processes, "512");
  });

  it("leaves nothing running behind", async () => {
    const { text } = await run(`setsid ${aWhile} > /dev/null 2>&1 & echo started`);
    assert.equal(text, "started\n");
    assert.deepEqual(running(aWhile), []);
  });
});

/** Nobody else's on this machine. */
const aWhile = `sleep 300.${process.pid}`;

/** The processes of this command. */
const running = (command: string) =>
  fs
    .readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && isRunning(Number(pid)) && commandOf(Number(pid)) === command);
