// The scripts of .github/scripts in bash, with stand-ins for npx and gh.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { shellcheck, whenThere } from "../tools";
import { Machine, root } from "./scripts";

const scripts = path.join(root, ".github", "scripts");

describe("the workflows' scripts", () => {
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
  });
  afterEach(() => machine.end());

  const touched = async (...changed: string[]) =>
    (await machine.run(path.join(scripts, "touched-stacks.sh"), {}, changed.join("\n") + "\n")).output.trim();

  it("preview the stacks that a change touches", async () => {
    assert.equal(await touched("components/web/scaling.ts", "README.md"), "account dev first prod stag");
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

  it("report a stack that can be deployed, and one that fails", async () => {
    const good = await preview({ STACK: "prod", BROKEN: "dev" });
    assert.equal(good.code, 0);
    assert.match(good.report, /<code>prod<\/code> can be deployed[^]*preview of prod/);
    fs.rmSync(path.join(machine.folder, "output"));
    const bad = await preview({ STACK: "dev", BROKEN: "dev" });
    assert.equal(bad.code, 1);
    assert.match(bad.report, /<code>dev<\/code> \*\*fails\*\*[^]*preview of dev/);
    assert.deepEqual(
      machine.calls().map((call) => call.replace(/ \/\S+\/events /, " EVENTS ")),
      ["prod", "dev"].map(
        (stack) =>
          `npx pulumi preview --stack ${stack} --policy-pack policies --event-log EVENTS --diff --non-interactive --color never`,
      ),
    );
  });

  it("report first what a change means in money and risk, and fail if it costs more than allowed", async () => {
    const EVENTS = path.join(machine.folder, "some-events");
    const urn =
      "urn:pulumi:dev::groundwork::groundwork:index:Network$aws:ec2/natGateway:NatGateway::network-a";
    const metadata = { op: "create", urn, new: { custom: true, inputs: {} } };
    fs.writeFileSync(EVENTS, JSON.stringify({ resourcePreEvent: { metadata } }));
    const { code, report } = await preview({ STACK: "dev", EVENTS });
    assert.equal(code, 0);
    assert.match(
      report,
      /^### dev: 1 to create; about 36 USD a month\n[^]*<code>dev<\/code> can be deployed/,
    );
    const many = Array.from({ length: 400 }, (_, i) => ({ ...metadata, urn: `${urn}${i}` }));
    fs.writeFileSync(
      EVENTS,
      many.map((one) => JSON.stringify({ resourcePreEvent: { metadata: one } })).join("\n"),
    );
    fs.rmSync(path.join(machine.folder, "output"));
    const over = await preview({ STACK: "prod", EVENTS });
    assert.equal(over.code, 1);
    assert.match(over.report, /Stack prod would cost about \d+ USD a month, and its budget is \d+ USD/);
  });

  it("shorten a report to a comment's limit, in any script, and keep the end of each stack", async () => {
    for (const letter of ["x", "é", "😀"])
      for (const count of [1, 3, 5]) {
        fs.rmSync(path.join(machine.folder, "output"), { force: true });
        const FILLER = letter.repeat(60_000 / Buffer.byteLength(letter)) + letter.repeat(15_000) + " the end";
        const { report } = await preview({ STACK: "dev", SHARED_BY: String(count), FILLER });
        const bytes = Buffer.byteLength(report);
        assert.ok(bytes * count < 65_000 && bytes * count > 55_000, `${letter} ${count}: ${bytes}`);
        assert.doesNotMatch(report, /\uFFFD/);
        assert.equal(report.match(/\(cut; all of it is in the workflow's log\)/g)?.length, 1);
        assert.match(report, / the end\n````\n<\/details>/);
      }
  });

  it("leave a report complete if it fits into a comment", async () => {
    const { report } = await preview({ STACK: "dev", FILLER: "x".repeat(59_000) });
    assert.doesNotMatch(report, /\(cut/);
  });

  it("start no preview before reviewers are set up", async () => {
    for (const [rules, expected] of [
      ["wait_timer\nrequired_reviewers", 0],
      ["wait_timer", 1],
      ["", 1],
      ["none", 1],
    ] as const) {
      const script = path.join(scripts, "require-reviewers.sh");
      const { code, output } = await machine.run(
        script,
        { GITHUB_REPOSITORY: "example/site", RULES: rules },
        "",
        ["preview"],
      );
      assert.equal(code, expected, `${rules}: ${output}`);
      if (expected)
        assert.match(output, /^The environment preview has no required reviewers: docs\/delivery\.md/);
    }
    assert.match(machine.calls()[0]!, /^gh api repos\/example\/site\/environments\/preview /);
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

  it("write one comment, and then only edit it", async () => {
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

  it("write no longer comment than GitHub accepts, with its marker, even if the report is too long", async () => {
    const marker = "<!-- groundwork: preview --> ";
    const bodyOf = (call: string | undefined) => call!.split("-f body=")[1]!;
    const longest = "x".repeat(65_536 - marker.length);
    assert.equal(bodyOf(await comment({ REPORT: longest })), marker + longest);
    for (const REPORT of [
      longest + "x",
      "x".repeat(100_000),
      "é".repeat(40_000),
      "a" + "😀".repeat(30_000),
    ]) {
      const body = bodyOf(await comment({ REPORT }));
      assert.ok(Buffer.byteLength(body) <= 65_536, String(Buffer.byteLength(body)));
      assert.doesNotMatch(body, /\uFFFD/);
      assert.match(body, /^<!-- groundwork: preview --> .*\(cut: a comment holds no more\)$/);
    }
  });

  it("keep the comment about a stack apart from the one about its preview", async () => {
    assert.match(
      (await comment({ ABOUT: "stack", REPORT: "## Stack" }))!,
      /body=<!-- groundwork: stack --> ## Stack$/,
    );
    assert.match(machine.calls()[0]!, /startswith\(\\?"<!-- groundwork: stack -->\\?"\)/);
  });

  const STACK = path.join(root, "Pulumi.pr-7.yaml");
  const bringUp = async (environment: Record<string, string> = {}) => {
    const output = path.join(machine.folder, "output");
    fs.writeFileSync(output, "");
    const { code, output: said } = await machine.run(path.join(scripts, "pull-request-stack.sh"), {
      ...{ GITHUB_OUTPUT: output, PULL_REQUEST: "7", ACCOUNT_ID: "123456789012" },
      ...environment,
    });
    const settings = fs.existsSync(STACK) ? fs.readFileSync(STACK, "utf8") : "";
    fs.rmSync(STACK, { force: true });
    return {
      code,
      said,
      settings,
      report: fs.readFileSync(output, "utf8").split("\n").slice(1, -2).join("\n"),
    };
  };

  it("deploy a pull request's stack with the settings of stack first, in its own account, and report its address", async () => {
    const { code, said, settings, report } = await bringUp({ SECRETS_PROVIDER: "awskms://alias/x" });
    assert.equal(code, 0, said);
    const { config } = load(settings) as { config: Record<string, unknown> };
    const first = load(fs.readFileSync(path.join(root, "Pulumi.first.yaml"), "utf8")) as typeof config;
    assert.deepEqual(config, { "aws:allowedAccountIds": ["123456789012"], ...(first["config"] as object) });
    assert.deepEqual(machine.calls(), [
      "npx pulumi stack select --create pr-7 --secrets-provider awskms://alias/x",
      "npx pulumi up --stack pr-7 --policy-pack policies --yes --skip-preview --non-interactive --color never",
      "npx pulumi stack output url --stack pr-7",
    ]);
    assert.match(
      report,
      /^## Stack pr-7\n\n<http:\/\/web\.example\.org>\n\npr-7: \d+ to create; about 3\d USD a month\.\n/,
    );
    assert.match(report, /24 hours after its last `up`\.$/);
  });

  it("deploy no stack that costs more than allowed or has no account of its own, and report one that fails", async () => {
    const dear = await bringUp({ BUDGET_USD: "30" });
    assert.equal(dear.code, 1);
    assert.match(
      dear.report,
      /\*\*It is not up\*\*: Stack pr-7 would cost about 3\d USD a month, and its budget is 30 USD \(--budget\)\./,
    );
    assert.deepEqual(machine.calls(), []);
    const nowhere = await bringUp({ ACCOUNT_ID: "" });
    assert.deepEqual([nowhere.code, nowhere.report], [1, ""]);
    assert.match(nowhere.said, /^PULL_REQUEST_ACCOUNT_ID must be the twelve digits .*, got nothing\.$/m);
    const broken = await bringUp({ BROKEN: "pr-7" });
    assert.equal(broken.code, 1);
    assert.match(broken.report, /\*\*It is not up\*\*: `pulumi up` ended with an error\./);
  });

  it("destroy stacks that are closed, unlabelled or too old, go on after one that fails, and leave all others", async () => {
    const NOW = Date.parse("2030-01-02T00:00:00Z") / 1000;
    const stack = (name: string, lastUpdate?: string) => ({ name, lastUpdate });
    const STACKS = JSON.stringify([
      stack("dev", "2029-01-01T00:00:00.000Z"),
      stack("pr-x", "2029-01-01T00:00:00.000Z"),
      stack("pr-1", "2030-01-01T23:00:00.123Z"),
      stack("pr-2", "2030-01-01T23:00:00.000Z"),
      stack("pr-3", "2030-01-01T23:00:00Z"),
      stack("pr-4", "2030-01-01T11:59:59.000Z"),
      stack("pr-5"),
      stack("pr-6", "2030-01-01T23:00:00.000Z"),
    ]);
    const PULLS = "1 open true\n2 closed true\n3 open false\n4 open true\n5 open true";
    const { code, output } = await machine.run(path.join(scripts, "end-pull-request-stacks.sh"), {
      ...{ STACKS, PULLS, NOW: String(NOW), LIFE_HOURS: "12", BROKEN: "pr-2" },
      GITHUB_REPOSITORY: "example/site",
    });
    assert.equal(code, 1);
    const end = (name: string) => [
      `npx pulumi destroy --stack ${name} --yes --skip-preview --non-interactive --color never`,
      ...(name === "pr-2" ? [] : [`npx pulumi stack rm ${name} --yes`]),
    ];
    assert.deepEqual(
      machine.calls().filter((call) => call.startsWith("npx")),
      ["npx pulumi stack ls --json", ...["pr-2", "pr-3", "pr-4", "pr-5"].flatMap(end)],
    );
    assert.match(output, /^pr-1 stays\.$/m);
    assert.match(output, /^pr-6: GitHub does not say how pull request 6 is; it stays for now\.$/m);
  });

  whenThere("shellcheck", "pass shellcheck", () => {
    assert.equal(shellcheck({ files: fs.readdirSync(scripts).map((file) => path.join(scripts, file)) }), "");
  });
});
