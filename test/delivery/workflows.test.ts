import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { actionlint, whenThere } from "../tools";
import { root } from "./scripts";
import { ROOMS } from "../mutation/rooms";
import { some } from "../some";
import { newFolder } from "../folder";

const folder = path.join(root, ".github", "workflows");

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}
interface Job {
  if?: string;
  needs?: string;
  environment?: string;
  permissions?: Record<string, string>;
  env?: Record<string, string>;
  outputs?: Record<string, string>;
  strategy?: { matrix: { include?: Record<string, string>[]; rooms?: string[] } };
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

const files = fs.readdirSync(folder).sort();
const texts = files.map((file) => fs.readFileSync(path.join(folder, file), "utf8"));
const workflows = texts.map((text) => load(text) as Workflow);
const jobs = workflows.flatMap((workflow) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({
    name,
    job,
    permissions: job.permissions ?? workflow.permissions,
  })),
);

describe("the workflows", () => {
  it("are the tests, the long tests of each night, the preview, pull requests' stacks, the drift check and the release", () => {
    assert.deepEqual(files, [
      ...["drift.yml", "nightly.yml", "preview.yml", "pull-request-end.yml", "pull-request-stack.yml"],
      ...["release.yml", "test.yml"],
    ]);
  });

  it("pin every action by its commit, and say which version that is", () => {
    const uses = texts.flatMap((text) => text.match(/uses:.*/g) ?? []);
    assert.ok(uses.length >= 8, `only ${uses.length} actions`);
    for (const line of some(uses)) assert.match(line, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("give no job more than it needs", () => {
    assert.deepEqual(
      jobs.map(({ name, permissions }) => [name, permissions]),
      [
        ["drift", { contents: "read", "id-token": "write" }],
        ["suite", { contents: "read" }],
        ["mutants", { contents: "read" }],
        ["touched", { actions: "read", contents: "read" }],
        ["preview", { contents: "read", "id-token": "write" }],
        ["comment", { contents: "read", "pull-requests": "write" }],
        ["end", { contents: "read", "id-token": "write", "pull-requests": "read" }],
        ["wanted", { actions: "read", contents: "read" }],
        ["up", { contents: "read", "id-token": "write" }],
        ["comment", { contents: "read", "pull-requests": "write" }],
        ["publish", { contents: "read", "id-token": "write" }],
        ["release", { contents: "write" }],
        ["test", { contents: "read" }],
      ],
    );
  });

  it("leave no GitHub credential after a checkout", () => {
    const steps = jobs.flatMap(({ name, job }) => job.steps.map((step) => ({ name, ...step })));
    for (const { name, with: given } of some(
      steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")),
    ))
      assert.equal(given?.["persist-credentials"], false, name);
  });

  it("never run a fork's code with a role, nor a pull request's code with write permission", () => {
    for (const { on } of some(workflows)) assert.ok(!("pull_request_target" in on));
    const { touched, preview, comment } = workflows[files.indexOf("preview.yml")]!.jobs;
    assert.match(touched!.if!, /head\.repo\.full_name == github\.repository/);
    // A skipped job's outputs are empty, and so are theirs who need it.
    assert.equal(preview!.if, "needs.touched.outputs.stacks != ''");
    assert.match(comment!.if!, /needs\.touched\.result == 'success'/);
    const { wanted, up, comment: told } = workflows[files.indexOf("pull-request-stack.yml")]!.jobs;
    assert.match(wanted!.if!, /head\.repo\.full_name == github\.repository/);
    assert.match(wanted!.if!, /github\.actor != 'dependabot\[bot\]'/);
    assert.match(wanted!.if!, /contains\(github\.event\.pull_request\.labels\.\*\.name, 'stack'\)/);
    assert.deepEqual([up!.needs, up!.if, told!.needs], ["wanted", undefined, "up"]);
    for (const job of [comment, wanted, told]) {
      const checkout = job!.steps.find(({ uses }) => uses?.startsWith("actions/checkout@"));
      assert.equal(checkout!.with!.ref, "${{ github.event.pull_request.base.sha }}");
    }
  });

  it("destroy a pull request's stack with main's code, which no pull request starts", () => {
    const { on } = workflows[files.indexOf("pull-request-end.yml")]!;
    assert.deepEqual(Object.keys(on), ["schedule", "push", "workflow_dispatch"]);
    assert.deepEqual(on["push"], { branches: ["main"] });
  });

  it("never cancel a run that deploys or destroys a stack", () => {
    for (const file of ["pull-request-stack.yml", "pull-request-end.yml"])
      assert.doesNotMatch(texts[files.indexOf(file)]!, /cancel-in-progress/);
  });

  /** What GitHub hands out to a job only: a secret, or the right to ask for a token that AWS takes for a role, and npm for a publisher. */
  const trusted = jobs.filter(
    ({ job, permissions }) => permissions["id-token"] === "write" || /secrets\./.test(JSON.stringify(job)),
  );

  it("give secrets and such tokens only to jobs in an environment", () => {
    assert.deepEqual(
      trusted.map(({ name, job }) => [name, job.environment]),
      [
        ["drift", "drift"],
        ["preview", "preview"],
        ["end", "pull-request-end"],
        ["up", "pull-request"],
        ["publish", "release"],
      ],
    );
  });

  it("publish only a tag whose version is in main and the changelog, with provenance and without a secret", () => {
    const { on, jobs } = workflows[files.indexOf("release.yml")]!;
    assert.deepEqual(on, { push: { tags: ["v*"] } });
    const { publish, release } = jobs;
    assert.doesNotMatch(JSON.stringify(publish), /secrets\./);
    const runs = publish!.steps.flatMap(({ run }) => run ?? []);
    assert.equal(runs[0], '.github/scripts/release-notes.sh "$GITHUB_REF_NAME"');
    assert.equal(runs.at(-1), "npm publish ./dist --provenance --access public");
    assert.equal(publish!.if, "vars.NPM_PUBLISH == 'true'");
    assert.equal(release!.needs, "publish");
  });

  it("run no package's install scripts in a job with secrets or the role", () => {
    for (const { name, job } of some(trusted)) {
      const installs = job.steps.filter(({ run }) => /npm (ci|install)/.test(run ?? ""));
      assert.deepEqual(
        installs.map(({ run }) => run),
        ["npm ci --ignore-scripts"],
        name,
      );
    }
  });

  it("give secrets and the role's credentials only to the last step", () => {
    for (const { env } of some(workflows)) assert.equal(env, undefined);
    for (const { name, job } of some(trusted)) assert.equal(job.env, undefined, name);
    for (const { name, job } of some(trusted.filter(({ name }) => name !== "publish"))) {
      const withSecrets = job.steps.filter((step) => /secrets\./.test(JSON.stringify(step)));
      assert.deepEqual(withSecrets, job.steps.slice(-1), name);
      const role = job.steps.at(-2)!;
      assert.match(role.uses!, /^aws-actions\/configure-aws-credentials@/, name);
      assert.equal(role.with!["role-duration-seconds"], ["up", "end"].includes(name) ? 3600 : 900, name);
    }
  });

  it("check deployed stacks for drift, each with the role of its account", () => {
    const { strategy, steps } = workflows[files.indexOf("drift.yml")]!.jobs.drift!;
    assert.deepEqual(strategy!.matrix, {
      stack: `\${{ fromJSON(vars.AWS_PREVIEW_STACKS || '["account", "dev", "stag", "prod"]') }}`,
    });
    const role = "vars[format('AWS_PREVIEW_ROLE_ARN_{0}', matrix.stack)] || vars.AWS_PREVIEW_ROLE_ARN";
    assert.equal(steps.at(-2)!.with!["role-to-assume"], `\${{ ${role} }}`);
  });

  it("preview each stack with the role of its account, and report on each", () => {
    const { preview } = workflows[files.indexOf("preview.yml")]!.jobs;
    assert.deepEqual(preview!.strategy!.matrix, { stack: "${{ fromJSON(needs.touched.outputs.list) }}" });
    const role = "vars[format('AWS_PREVIEW_ROLE_ARN_{0}', matrix.stack)] || vars.AWS_PREVIEW_ROLE_ARN";
    assert.equal(preview!.steps.at(-2)!.with!["role-to-assume"], `\${{ ${role} }}`);
    const deployed = fs
      .readdirSync(root)
      .flatMap((file) => /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1] ?? [])
      .filter((stack) => stack !== "sandbox");
    assert.deepEqual(
      preview!.outputs,
      Object.fromEntries(
        deployed.map((stack) => [
          stack,
          `\${{ matrix.stack == '${stack}' && steps.preview.outputs.report || '' }}`,
        ]),
      ),
    );
  });

  it("fail if the changed files cannot be determined", async () => {
    const { steps } = workflows[files.indexOf("preview.yml")]!.jobs.touched!;
    const { run } = steps.find(({ id }) => id === "touched")!;
    const folder = newFolder("groundwork-no-git");
    const env = { ...process.env, GITHUB_OUTPUT: path.join(folder, "output"), RUNNER_TEMP: folder };
    // As GitHub starts a step that names no shell; the folder has no repository.
    const done = spawnSync("bash", ["-e", "-c", run!], { cwd: folder, env, encoding: "utf8" });
    assert.notEqual(done.status, 0, done.stdout);
  });

  it("never lose the exit code of a command inside another one's arguments", () => {
    for (const { name, job } of some(jobs))
      for (const line of some(job.steps.flatMap(({ run }) => run?.split("\n") ?? [])))
        assert.doesNotMatch(line.replace(/^\w+=/, ""), /^[^#]*\S.*\$\(/, `${name}: ${line}`);
  });

  it("run each opt-in suite every night, and let none be skipped", () => {
    const { suite } = workflows[files.indexOf("nightly.yml")]!.jobs;
    assert.deepEqual(
      suite!.strategy!.matrix.include!.map(({ setting, tests }) => [setting, tests]),
      [
        ["MACHINE=1", "test/machine/*.test.ts"],
        ["FAILOVER_ROUNDS=60", "test/database/rig.test.ts test/database/zone-storage.test.ts"],
        [
          "ENGINE_CHANGES=1",
          "test/engine/changes.test.ts test/engine/neighbours.test.ts test/engine/sandbox.test.ts",
        ],
        ["CROWDS=1", "test/provisioner/api.test.ts test/openapi/*.test.ts test/scale/scale.test.ts"],
        ["SCAN_TEMPLATES=1", "test/components/provisioner/template-scanners.test.ts"],
        ["SCAN_IMAGE=1", "test/delivery/scanned-image.test.ts"],
        [
          "KINDS=1",
          "test/starters/*.test.ts test/sandbox/servers.test.ts test/sandbox/realtime.test.ts test/sandbox/docker.test.ts",
        ],
        ["VERIFY=1", "test/sandbox/verify.test.ts"],
        ["ALARMS=1", "test/sandbox/alarms.test.ts"],
      ],
    );
    for (const { tests } of some(suite!.strategy!.matrix.include!))
      for (const file of tests!.split(" "))
        assert.ok(fs.existsSync(path.join(root, file.replace("*.test.ts", ""))), file);
    assert.match(suite!.steps.at(-1)!.run!, /npx mocha --forbid-pending /);
  });

  it("mutate each room every night", () => {
    const { mutants } = workflows[files.indexOf("nightly.yml")]!.jobs;
    const mutated = mutants!.strategy!.matrix.rooms!.flatMap((rooms) => rooms.split(" "));
    assert.deepEqual(mutated.sort(), ROOMS.map(({ name }) => name).sort());
  });

  it("put no text that outsiders can write into a shell", () => {
    for (const { name, job } of some(jobs))
      for (const { run } of some(job.steps)) assert.doesNotMatch(run ?? "", /\$\{\{/, name);
  });

  whenThere("actionlint", "pass actionlint", () => {
    assert.equal(actionlint(files.map((file) => path.join(folder, file))), "");
  });
});
