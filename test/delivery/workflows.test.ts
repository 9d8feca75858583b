import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { actionlint, shellcheck, whenThere } from "../tools";
import { Machine, root } from "./scripts";
import { some } from "../some";

const folder = path.join(root, ".github", "workflows");
const scripts = path.join(root, ".github", "scripts");

interface Job {
  if?: string;
  permissions?: Record<string, string>;
  steps: { uses?: string; run?: string; with?: Record<string, unknown>; env?: Record<string, string> }[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
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
  it("are the tests, the preview and the drift check", () => {
    assert.deepEqual(files, ["drift.yml", "preview.yml", "test.yml"]);
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
        ["preview", { contents: "read", "id-token": "write" }],
        ["comment", { contents: "read", "pull-requests": "write" }],
        ["test", { contents: "read" }],
      ],
    );
  });

  it("leave no credential of GitHub's behind a checkout", () => {
    const steps = jobs.flatMap(({ name, job }) => job.steps.map((step) => ({ name, ...step })));
    for (const { name, with: given } of some(
      steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")),
    ))
      assert.equal(given?.["persist-credentials"], false, name);
  });

  it("never run a fork's code with a role, nor a pull request's with the right to write", () => {
    for (const { on } of some(workflows)) assert.ok(!("pull_request_target" in on));
    const { preview, comment } = workflows[files.indexOf("preview.yml")]!.jobs;
    assert.match(preview!.if!, /head\.repo\.full_name == github\.repository/);
    const [checkout] = comment!.steps;
    assert.equal(checkout!.with!.ref, "${{ github.event.pull_request.base.sha }}");
  });

  it("put nothing that somebody outside may write into a shell", () => {
    for (const { name, job } of some(jobs))
      for (const { run } of some(job.steps)) assert.doesNotMatch(run ?? "", /\$\{\{/, name);
  });

  whenThere("actionlint", "pass actionlint", () => {
    assert.equal(actionlint(files.map((file) => path.join(folder, file))), "");
  });
});

describe("the workflows' scripts", () => {
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
  });
  afterEach(() => machine.end());

  const touched = async (...changed: string[]) =>
    (await machine.run(path.join(scripts, "touched-stacks.sh"), {}, changed.join("\n") + "\n")).output.trim();

  it("preview the stacks that a change touches", async () => {
    assert.equal(await touched("components/web/scaling.ts", "README.md"), "dev prod stag");
    assert.equal(await touched("Pulumi.stag.yaml", "docs/delivery.md"), "stag");
    assert.equal(await touched("Pulumi.stag.yaml", "Pulumi.dev.yaml"), "dev stag");
    assert.equal(await touched("test/delivery/hooks.test.ts", ".github/workflows/test.yml"), "");
    assert.equal(await touched("Pulumi.sandbox.yaml", "Pulumi.gone.yaml"), "");
  });

  const preview = async (environment: Record<string, string>) => {
    const output = path.join(machine.folder, "output");
    const { code } = await machine.run(path.join(scripts, "preview.sh"), {
      GITHUB_OUTPUT: output,
      ...environment,
    });
    const [first, ...lines] = fs.readFileSync(output, "utf8").trimEnd().split("\n");
    assert.equal(`report<<${lines.pop()}`, first);
    return { code, report: lines.join("\n") };
  };

  it("report every stack, also after one that fails", async () => {
    const { code, report } = await preview({ STACKS: "dev prod", BROKEN: "dev" });
    assert.equal(code, 1);
    assert.match(
      report,
      /<code>dev<\/code> \*\*fails\*\*[^]*preview of dev[^]*<code>prod<\/code> can be deployed/,
    );
    assert.deepEqual(
      machine.calls(),
      ["dev", "prod"].map(
        (stack) => `npx pulumi preview --stack ${stack} --diff --non-interactive --color never`,
      ),
    );
  });

  it("say so when no stack changes, and cut what a comment cannot hold", async () => {
    const none = await preview({ STACKS: "" });
    assert.deepEqual([none.code, /Nothing here changes a stack/.test(none.report)], [0, true]);
    fs.rmSync(path.join(machine.folder, "output"));
    const { report } = await preview({ STACKS: "dev stag prod", FILLER: "x".repeat(60_000) });
    assert.ok(report.length < 65_536, String(report.length));
    assert.match(report, /\(cut; all of it is in the workflow's log\)/);
  });

  const comment = async (environment: Record<string, string>) => {
    await machine.run(path.join(scripts, "comment.sh"), {
      GITHUB_REPOSITORY: "example/site",
      PULL_REQUEST: "7",
      REPORT: "## Preview",
      ...environment,
    });
    return machine.calls().at(-1);
  };

  it("write one comment, and edit it ever after", async () => {
    const body = "-f body=<!-- groundwork: preview --> ## Preview";
    assert.equal(
      await comment({}),
      `gh api --silent --method POST repos/example/site/issues/7/comments ${body}`,
    );
    assert.equal(
      await comment({ COMMENTS: "11\n12" }),
      `gh api --silent --method PATCH repos/example/site/issues/comments/11 ${body}`,
    );
  });

  whenThere("shellcheck", "pass shellcheck", () => {
    assert.equal(shellcheck({ files: fs.readdirSync(scripts).map((file) => path.join(scripts, file)) }), "");
  });
});
