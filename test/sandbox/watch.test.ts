// The real `npm start -- --watch` on a copy of the project, whose sources these tests edit.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { rootClients, Use } from "../../sandbox/engine/clients";
import { home } from "../../sandbox/paths";
import { sleep, until } from "../../sandbox/problem";
import { readState, State } from "../../sandbox/state";
import { kindOf } from "../../sandbox/watch/watch";
import { skipWithoutEmulators } from "../emulated";
import { EditedProject } from "./edited-project";
import { RunningSandbox, startSandbox } from "./launch";
import { addUser, userNames } from "./visitor";
import { leftToAll } from "../left-to-all";

const MOVER = { file: "functions/uploads/move-sensitive.ts", name: "uploads-mover" };
const API = { file: "functions/provisioner/entries/api.ts", name: "provisioner-api" };
const HOME = "webapp/routes/home.ts";
const SETTINGS = "Pulumi.sandbox.yaml";

describe("a sandbox that watches for edits", function () {
  this.timeout(240_000);
  const folder = path.join(home, `test-${process.pid}-edited`);
  let project: EditedProject;
  let sandbox: RunningSandbox;
  let state: State;
  let use: Use;

  before(async function () {
    leftToAll(this);
    await skipWithoutEmulators(this);
    project = new EditedProject(folder);
    const run = path.join(folder, ".sandbox/run");
    sandbox = await startSandbox(run, ["--port", "0", "--no-logs", "--watch"], {}, folder);
    state = readState(sandbox.paths);
    use = rootClients(state.endpoints);
  });
  after(async () => {
    assert.equal((await sandbox?.stop()) ?? 0, 0);
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Does an edit and waits until it is told what was done with it; answers everything that was said meanwhile. */
  const told = async (edit: () => void, line: RegExp): Promise<string> => {
    const from = sandbox.output().length;
    edit();
    const since = () => sandbox.output().slice(from);
    await until(`${line.source} after an edit`, () => line.test(since()), {
      seconds: 90,
      advice: () => since() || "nothing was said",
    });
    return since();
  };
  const physical = (name: string) =>
    state.resources.find((one) => one.type === "aws:lambda/function:Function" && one.name === name)!.id;
  const invoked = async (name: string, event: object) => {
    const lambda = await use("lambda");
    const { Payload } = await lambda.invoke({
      FunctionName: physical(name),
      Payload: Buffer.from(JSON.stringify(event)),
    });
    return JSON.parse(Buffer.from(Payload!).toString()) as unknown;
  };
  const sums = async () => {
    const lambda = await use("lambda");
    const functions = state.resources.filter(({ type }) => type === "aws:lambda/function:Function");
    const found = await Promise.all(
      functions.map(async ({ id, name }) => {
        const { CodeSha256 } = await lambda.getFunctionConfiguration({ FunctionName: id });
        return [name, CodeSha256!] as const;
      }),
    );
    return Object.fromEntries(found);
  };
  const changedSince = async (before: Record<string, string>) =>
    Object.entries(await sums()).flatMap(([name, sum]) => (sum === before[name] ? [] : [name]));

  /** Asks the site a hundred times a second or so until the work is done; answers what each server said, and what failed. */
  const askedDuring = async <T>(work: () => Promise<T>) => {
    const answers: { status: number; hostname?: string; edition?: string }[] = [];
    let done = false;
    const asking = Array.from({ length: 3 }, async () => {
      for (; !done; await sleep(20))
        answers.push(
          await fetch(state.url, { headers: { accept: "application/json" } }).then(
            async (response) => ({ status: response.status, ...((await response.json()) as object) }),
            () => ({ status: 0 }),
          ),
        );
    });
    const result = await work().finally(() => (done = true));
    await Promise.all(asking);
    return { answers, failed: answers.filter(({ status }) => status !== 200), result };
  };

  it("applies an edit of what a callback calls to that function, and to no other", async () => {
    const before = await sums();
    await told(
      () =>
        project.edit(
          MOVER.file,
          "  if (settings.sourceBucket === settings.targetBucket)",
          `  if (messages.length === 0) return { batchItemFailures: [{ itemIdentifier: "edited" }] };\n  if (settings.sourceBucket === settings.targetBucket)`,
        ),
      /edit +functions\/uploads\/move-sensitive\.ts → function uploads-mover +\d+\.\d s/,
    );
    assert.deepEqual(await invoked(MOVER.name, { Records: [] }), {
      batchItemFailures: [{ itemIdentifier: "edited" }],
    });
    assert.deepEqual(await changedSince(before), [MOVER.name]);
  });

  it("applies an edit of a bundled function while the whole site keeps serving", async () => {
    const { failed, answers } = await askedDuring(() =>
      told(
        () =>
          project.edit(
            API.file,
            `"Records" in event`,
            `"edited" in event ? { edited: 1 } : "Records" in event`,
          ),
        /edit +functions\/provisioner\/entries\/api\.ts → function provisioner-api /,
      ),
    );
    assert.deepEqual(await invoked(API.name, { edited: true }), { edited: 1 });
    assert.deepEqual([failed, answers.length > 0], [[], true]);
  });

  it("applies an edit of the web app to one server after another, and fails no request", async () => {
    const before = await fetchedEditions();
    assert.deepEqual([...before.values()], [undefined, undefined]);
    const { failed, answers } = await askedDuring(() =>
      told(
        () =>
          project.edit(
            HOME,
            "JSON.stringify({ hostname: server.config.INSTANCE_NAME })",
            `JSON.stringify({ hostname: server.config.INSTANCE_NAME, edition: "two" })`,
          ),
        /edit +webapp\/routes\/home\.ts → 2 servers, one after the other +\d+\.\d s/,
      ),
    );
    assert.deepEqual(failed, []);
    const mixed = new Set(answers.map(({ hostname, edition }) => `${hostname} ${edition ?? "one"}`));
    assert.equal(mixed.size, 4, "not every server answered before and after the edit");
    const now = await fetchedEditions();
    assert.deepEqual([...now.keys()].sort(), [...before.keys()].sort(), "the machines are not the same");
    assert.deepEqual([...now.values()], ["two", "two"]);
  });

  const fetchedEditions = async () => {
    const { answers } = await askedDuring(() => new Promise((resolve) => setTimeout(resolve, 300)));
    return new Map(answers.map(({ hostname, edition }) => [hostname, edition]));
  };

  it("serves an edited file of a page at once, and makes browsers ask for it again", async () => {
    await told(
      () => fs.appendFileSync(path.join(folder, "webapp/public/base.css"), "/* edited */\n"),
      /edit +webapp\/public\/base\.css → served/,
    );
    const response = await fetch(`${state.url}/assets/base.css`);
    assert.match(await response.text(), /\/\* edited \*\/\n$/);
    assert.equal(response.headers.get("cache-control"), "no-cache");
  });

  for (const [what, file, from, to, place] of [
    [
      "a function",
      MOVER.file,
      "const LONGEST_WAIT_SECONDS = 900;",
      "const = 900;",
      /move-sensitive\.ts[(:]\d+/,
    ],
    ["the web app", HOME, "const DESCRIPTION =", "const = DESCRIPTION", /webapp\/routes\/home\.ts:\d+:\d+/],
    ["a component", "components/web/args.ts", "export ", "export = = ", /components\/web\/args\.ts[(:]\d+/],
    ["the settings", SETTINGS, "maxSize: 3", "maxSize: -3", /maxSize must be /],
  ] as const)
    it(`refuses a broken edit of ${what}, says where, and leaves everything unchanged`, async () => {
      const before = await sums();
      const said = await told(
        () => project.edit(file, from, to),
        /edit .* → not taken, everything is as it was: [^]*\d+\.\d s/,
      );
      assert.match(said, place);
      assert.deepEqual(await changedSince(before), []);
      assert.deepEqual([...(await fetchedEditions()).values()], ["two", "two"]);
      await told(
        () => project.edit(file, to, from),
        new RegExp(`edit +${file.replaceAll(".", "\\.")} → (?!not taken)`),
      );
    });

  it("applies a changed and a removed setting in place, and keeps the data", async () => {
    assert.equal(await addUser(state, "grace"), 201);
    const bastion = state.resources.find(
      (one) => one.type === "aws:iam/role:Role" && one.name === "bastion",
    )!;
    const iam = await use("iam");
    assert.equal((await iam.getRole({ RoleName: bastion.id })).Role!.RoleName, bastion.id);
    const { failed, result: said } = await askedDuring(() =>
      told(() => {
        const file = path.join(folder, SETTINGS);
        const text = fs.readFileSync(file, "utf8");
        fs.writeFileSync(
          file,
          text.replace("maxSize: 3", "maxSize: 4").replace(/^.*groundwork:bastion: .*\n/m, ""),
        );
      }, /edit +Pulumi\.sandbox\.yaml → \d+ updated, \d+ deleted +\d+\.\d s/),
    );
    assert.deepEqual(failed, []);
    assert.match(said, /^ {2}~ {2}aws:autoscaling\/group:Group {2}web {2}maxSize$/m);
    assert.match(said, /^ {2}- {2}aws:iam\/role:Role {2}bastion$/m);
    await assert.rejects(iam.getRole({ RoleName: bastion.id }), { name: "NoSuchEntityException" });
    const { AutoScalingGroups } = await (await use("autoscaling")).describeAutoScalingGroups({});
    assert.deepEqual(AutoScalingGroups!.map(({ MaxSize }) => MaxSize).sort(), [2, 4]);
    assert.deepEqual(await userNames(state), ["grace"]);
    const names = readState(sandbox.paths).resources.map(({ name }) => name);
    assert.ok(!names.includes("bastion"));
  });

  it("replaces the servers whose launch template changed, a new one before an old one goes", async () => {
    const before = [...(await fetchedEditions()).keys()];
    const { failed } = await askedDuring(() =>
      told(
        () => project.edit(SETTINGS, "metricsSeconds: 10", "metricsSeconds: 60"),
        /edit +Pulumi\.sandbox\.yaml → \d+ updated, then 2 servers of web exchanged +\d+\.\d s/,
      ),
    );
    assert.deepEqual(failed, []);
    const now = await fetchedEditions();
    assert.deepEqual([...now.values()], ["two", "two"], "the new servers do not have the edited web app");
    assert.deepEqual(
      [...now.keys()].filter((one) => before.includes(one)),
      [],
    );
  });
});

describe("an edited file", () => {
  it("belongs to the part that is made from it, or to none", () => {
    const kinds = [
      ["functions/uploads/mover.ts", "functions"],
      ["webapp/app.ts", "webapp"],
      ["webapp/public/app.js", "asset"],
      ["webapp/deploy/buildspec.yml", "program"],
      ["webapp/Dockerfile", undefined],
      ["components/web/args.ts", "program"],
      ["Pulumi.sandbox.yaml", "program"],
      ["index.ts", "program"],
      ["sandbox/up.ts", undefined],
      ["package.json", undefined],
    ] as const;
    assert.deepEqual(
      kinds.map(([file]) => kindOf(file)),
      kinds.map(([, kind]) => kind),
    );
  });
});
