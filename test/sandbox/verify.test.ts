// The acceptance run as an operator starts it, against the running sandbox.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../../sandbox/paths";
import { sleep } from "../../sandbox/problem";
import type { Left } from "../../sandbox/engine/main";
import { PROMISES } from "../../scripts/verify/promises";
import type { Report } from "../../scripts/verify/report";
import { listen } from "../listener";
import { skip } from "../skip";
import { SharedSandbox, sharedSandbox } from "./shared";
import { some } from "../some";
import { leftToAll } from "../left-to-all";

describe("npm run verify", function () {
  this.timeout(240_000);
  let sandbox: SharedSandbox;
  let folder: string;
  before(async function () {
    sandbox = await sharedSandbox(this);
    folder = fs.mkdtempSync(path.join(sandbox.paths.run, "verify-"));
  });

  const start = (args: string[], run = sandbox.paths.run) => {
    const child = spawn(process.execPath, ["scripts/with-install.cjs", "scripts/verify/run.ts", ...args], {
      cwd: root,
      env: { ...process.env, NODE_NO_WARNINGS: "1", GROUNDWORK_SANDBOX: run },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (said += part));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    return { child, said: () => said, ended };
  };
  const verify = async (args: string[], run?: string) => {
    const { said, ended } = start(args, run);
    return { status: await ended, said: said() };
  };
  const reportIn = (at: string, ending: string): string => {
    const [file] = fs.readdirSync(at).filter((name) => name.endsWith(ending));
    return fs.readFileSync(path.join(at, file!), "utf8");
  };
  const projects = async (): Promise<string[]> => {
    const cloudformation = await sandbox.use("cloudformation");
    const { Stacks } = await cloudformation.describeStacks({});
    return Stacks!.map(({ StackName }) => StackName!).sort();
  };

  const accounts = async (): Promise<string[]> => {
    const cognito = await sandbox.use("cognito");
    const UserPoolId = sandbox.state.outputs["userPoolId"] as string;
    const { Users } = await cognito.listUsers({ UserPoolId });
    return Users!.map(({ Username }) => Username!).sort();
  };
  /** The release that reached every server last. */
  const live = async (): Promise<string | undefined> => {
    const { email, password } = sandbox.state.people.find(({ group }) => group === "admin")!;
    const args = ["scripts/with-install.cjs", "scripts/token/run.ts", "--stack", "sandbox", "--email", email];
    const Authorization = execFileSync(process.execPath, args, {
      ...{ cwd: root, encoding: "utf8", input: `${password}\n`, stdio: ["pipe", "pipe", "ignore"] },
      env: { ...process.env, GROUNDWORK_SANDBOX: sandbox.paths.run },
    }).trim();
    const url = `${sandbox.state.outputs["deliveryUrl"] as string}/pipeline`;
    const answer = await fetch(url, { headers: { Authorization } });
    const { releases } = (await answer.json()) as { releases: { id: string; deployedAt?: string }[] };
    const ran = releases.filter(({ deployedAt }) => deployedAt !== undefined);
    return ran.sort((a, b) => b.deployedAt!.localeCompare(a.deployedAt!))[0]?.id;
  };
  /** The alarms that npm run verify has set off. */
  const ringing = async (): Promise<string[]> => {
    const cloudwatch = await sandbox.use("cloudwatch");
    const { MetricAlarms } = await cloudwatch.describeAlarms({ StateValue: "ALARM" });
    return MetricAlarms!
      .filter(({ StateReason }) => StateReason?.includes("npm run verify"))
      .map(({ AlarmName }) => AlarmName!);
  };

  it("sees each promise kept, writes what it saw, and leaves nothing but what it names", async () => {
    const [before, people] = [await projects(), await accounts()];
    const at = path.join(folder, "whole");
    const { status, said } = await verify(["--stack", "sandbox", "--yes", "--report", at]);
    assert.equal(status, 0, said);
    const report = JSON.parse(reportIn(at, ".json")) as Report;
    assert.deepEqual(
      report.promises.map(({ name, state }) => [name, state]),
      [
        ["the page answers", "kept"],
        ["every server serves", "kept"],
        ["health", "kept"],
        ["users are written and read", "kept"],
        ["a prime number is recognised", "kept"],
        ["a wrong token is refused", "kept"],
        ["a person signs up", "kept"],
        ["files end up in the right store", "kept"],
        ["a file that is marked later is moved", "kept"],
        ["an alarm that fires is mailed", "kept"],
        ["the dashboard shows figures", "kept"],
        ["a backup was restored by a drill", "not asked"],
        ["a static project is created and deleted", "kept"],
        ["nothing has drifted", "kept"],
      ],
    );
    assert.deepEqual([report.target, report.stack, report.interrupted], ["sandbox", "sandbox", false]);
    assert.deepEqual(
      report.removed.map(({ what, gone }) => [what.replace(/(verify|alarms)-[\w-]+$/, "NAME"), gone]),
      [
        ["the project NAME", true],
        ["the firing of NAME", true],
        ["the file verify-marked.txt", true],
        ["the file verify-sensitive.txt", true],
        ["the file verify-normal.txt", true],
        ["the account that signed up", true],
      ],
    );
    assert.match(
      report.stays.join(),
      /^the user "verify [0-9a-f]{8}": the web app has no way to remove one$/,
    );
    assert.deepEqual(await projects(), before);
    assert.deepEqual(await accounts(), people);
    assert.deepEqual(await ringing(), []);
    const s3 = await sandbox.use("s3");
    for (const output of ["normalBucketName", "sensitiveBucketName"]) {
      const Bucket = sandbox.state.outputs[output] as string;
      const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket });
      const names = [...Versions, ...DeleteMarkers].map(({ Key }) => Key!);
      assert.deepEqual(
        names.filter((name) => name.includes("verify-")),
        [],
      );
    }
    const page = reportIn(at, ".md");
    assert.match(page, /^# Stack sandbox, in the sandbox, \d{4}-/);
    for (const { name, state } of some(report.promises))
      assert.ok(page.includes(`| ${name} |`), `${name} ${state}`);
    for (const { password } of some(sandbox.state.people)) assert.ok(!(said + page).includes(password));
  });

  it("asks for what takes minutes, and ends and moves what runs, where it is told to", async function () {
    if (!process.env["VERIFY"]) skip(this, "asked for", "set VERIFY=1 to have everything asked for");
    this.timeout(1_200_000);
    const [before, people] = [await projects(), await accounts()];
    const at = path.join(folder, "slow");
    const { status, said } = await verify([
      "--stack",
      "sandbox",
      "--yes",
      "--slow",
      "--faults",
      "--report",
      at,
    ]);
    assert.equal(status, 0, said);
    const { promises } = JSON.parse(reportIn(at, ".json")) as Report;
    assert.deepEqual(
      promises.filter(({ state }) => state !== "kept").map(({ name }) => name),
      ["a backup was restored by a drill", "an RDS database fails over to its standby"],
    );
    for (const { name } of some(PROMISES))
      assert.ok(
        promises.some((one) => one.name === name),
        name,
      );
    assert.deepEqual([await projects(), await accounts()], [before, people]);
    const sqs = await sandbox.use("sqs");
    const QueueUrl = sandbox.state.outputs["moverDeadLetterUrl"] as string;
    const AttributeNames = [
      "ApproximateNumberOfMessages" as const,
      "ApproximateNumberOfMessagesNotVisible" as const,
    ];
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames });
    assert.deepEqual(Object.values(Attributes!), ["0", "0"]);
  });

  it("brings back what ran before when a release is interrupted", async function () {
    if (!process.env["VERIFY"]) skip(this, "asked for", "set VERIFY=1 to have everything asked for");
    this.timeout(600_000);
    const pipeline = ["--stack", "sandbox", "--yes", "--slow", "--only", "the pipeline releases"];
    if (!(await live())) assert.equal((await verify(pipeline)).status, 0);
    const before = await live();
    const { child, said, ended } = start(pipeline);
    child.stdout.on("data", () => {
      if (said().includes("Release InProgress") && !child.killed) child.kill("SIGINT");
    });
    assert.equal(await ended, 130, said());
    assert.match(said(), /^removed, and seen to be gone: the pipeline's run and its release$/m);
    // Longer than a deployment takes that was left to itself.
    await sleep(20_000);
    assert.deepEqual(await live(), before);
  });

  it("names what an up would change as drift", async function () {
    leftToAll(this);
    const run = path.join(folder, "drifted");
    fs.mkdirSync(run);
    fs.copyFileSync(sandbox.paths.state, path.join(run, "state.json"));
    const left = JSON.parse(fs.readFileSync(sandbox.paths.standing, "utf8")) as Left;
    const group = left.stack.standing.find(
      ({ type, name }) => type === "aws:autoscaling/group:Group" && name === "web",
    )!;
    group.inputs["maxSize"] = 7;
    fs.writeFileSync(path.join(run, "standing.json"), JSON.stringify(left));
    const { status, said } = await verify(["--stack", "sandbox", "--yes", "--only", "drifted"], run);
    assert.equal(status, 1, said);
    assert.match(
      said,
      /^broken: nothing has drifted: an up would change 1 of \d+ resources: ~ {2}aws:autoscaling\/group:Group {2}web {2}maxSize$/m,
    );
  });

  it("ends with 1 and names the promise that is broken", async () => {
    const site = await listen((_request, response) => response.writeHead(500).end("out of order"));
    try {
      const run = path.join(folder, "elsewhere");
      fs.mkdirSync(run);
      fs.writeFileSync(path.join(run, "state.json"), JSON.stringify({ ...sandbox.state, url: site.url }));
      const { status, said } = await verify(["--stack", "sandbox", "--yes", "--only", "The Page"], run);
      assert.equal(status, 1, said);
      assert.match(said, /^broken: the page answers: http:\S+ answered 500 out of order, not 200$/m);
    } finally {
      await site.close();
    }
  });

  it("removes what it made when it is interrupted", async function () {
    leftToAll(this);
    const before = await projects();
    const { child, said, ended } = start(["--stack", "sandbox", "--yes", "--only", "static project"]);
    child.stdout.on("data", () => {
      if (/verify-\w+ is running/.test(said()) && !child.killed) child.kill("SIGINT");
    });
    assert.equal(await ended, 130, said());
    assert.match(said(), /^removed, and seen to be gone: the project verify-\w+$/m);
    assert.deepEqual(await projects(), before);
  });

  const REFUSALS: [why: string, args: string[], said: RegExp][] = [
    ["no stack", [], /Name the stack to verify with --stack; it must be up\./],
    [
      "to begin without a yes",
      ["--stack", "sandbox"],
      /Nobody is there to answer: use --yes to begin without/,
    ],
    ["words of no promise", ["--stack", "sandbox", "--only", "moon"], /got moon\. They are:\n {2}the page/],
    ["a repository that is none", ["--stack", "sandbox", "--repository", "x"], /--repository must begin/],
    [
      "a server's that is none",
      ["--stack", "sandbox", "--server-repository", "x"],
      /--server-repository must/,
    ],
    [
      "an address that is none",
      ["--stack", "sandbox", "--sign-up", "x"],
      /--sign-up must be an e-mail address, got x/,
    ],
    [
      "what only another option asks for",
      ["--stack", "sandbox", "--only", "pipeline"],
      /checked only with --slow/,
    ],
  ];
  for (const [why, args, words] of REFUSALS)
    it(`refuses ${why}`, async () => {
      const { status, said } = await verify(args);
      assert.equal(status, 1);
      assert.match(said, words);
    });
});
