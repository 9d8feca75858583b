import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { newFolder } from "../folder";

const ROOT = path.join(__dirname, "../..");
const NOTES = path.join(ROOT, ".github/scripts/release-notes.sh");

/** A repository with a package, one more in its workspace, and a changelog. */
describe("a release", function () {
  this.timeout(60_000);
  let folder: string;

  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const read = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");
  const versionIn = (file: string) => (JSON.parse(read(file)) as { version: string }).version;

  function run(command: string, ...args: string[]) {
    const identity = ["AUTHOR", "COMMITTER"].flatMap((who) => [
      [`GIT_${who}_NAME`, "Ada"],
      [`GIT_${who}_EMAIL`, "ada@example.com"],
    ]);
    const env = { ...process.env, ...Object.fromEntries(identity), MAIN: "main" };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: "utf8" });
    return { status, stdout: stdout.trim(), output: `${stdout}${stderr}` };
  }

  function start(changelog: string): void {
    const about = { name: "site", version: "0.1.0" };
    const part = { name: "site-part", version: "0.1.0" };
    const script = `node ${JSON.stringify(path.join(ROOT, "scripts/version.cjs"))}`;
    const files = {
      "CHANGELOG.md": changelog,
      "package.json": json({ ...about, workspaces: ["part"], scripts: { version: script } }),
      "part/package.json": json(part),
      "plugin/package.json": json({ name: "site-plugin", version: "0.1.0" }),
      "package-lock.json": json({
        ...about,
        lockfileVersion: 3,
        requires: true,
        packages: {
          "": { ...about, workspaces: ["part"] },
          "node_modules/site-part": { resolved: "part", link: true },
          part,
        },
      }),
    };
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text);
    }
    run("git", "init", "--quiet", "--initial-branch", "main");
    commit();
  }
  function commit(): void {
    run("git", "add", "--all");
    assert.equal(run("git", "commit", "--quiet", "--message", "Change").status, 0);
  }

  beforeEach(() => {
    folder = newFolder("groundwork-release");
  });

  const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- A garden.

## [0.1.0] - 2026-01-01

- A house.
`;

  it("gives every package the new number, and the changelog its heading, in the tagged commit", () => {
    start(CHANGELOG);
    const { status, output } = run("npm", "version", "minor");
    assert.equal(status, 0, output);
    for (const file of ["package.json", "part/package.json", "plugin/package.json"])
      assert.equal(versionIn(file), "0.2.0", file);
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, object> };
    assert.deepEqual(packages["part"], { name: "site-part", version: "0.2.0" });
    const today = new Date().toISOString().slice(0, 10);
    assert.equal(
      read("CHANGELOG.md"),
      CHANGELOG.replace("[Unreleased]\n", `[Unreleased]\n\n## [0.2.0] - ${today}\n`),
    );
    assert.equal(run("git", "status", "--porcelain").stdout, "");
    assert.equal(run("git", "tag", "--points-at", "HEAD").stdout, "v0.2.0");
  });

  it("refuses a version without a changelog entry", () => {
    start(CHANGELOG.replace("### Added\n\n- A garden.\n\n", ""));
    const { status, output } = run("npm", "version", "minor");
    assert.notEqual(status, 0);
    assert.match(output, /CHANGELOG\.md must say what 0\.2\.0 brings: it has nothing under \[Unreleased\]\./);
    assert.equal(run("git", "tag").stdout, "");
  });

  it("publishes what the changelog says about the version, and no more", () => {
    start(CHANGELOG);
    assert.deepEqual(run(NOTES, "v0.1.0"), { status: 0, stdout: "- A house.", output: "\n- A house.\n" });
  });

  it("refuses a tag of another version", () => {
    start(CHANGELOG);
    const { status, output } = run(NOTES, "v0.2.0");
    assert.equal(status, 1);
    assert.equal(output, "The tag must be v0.1.0, as package.json says, got v0.2.0.\n");
  });

  it("refuses a version that the changelog does not name", () => {
    start(CHANGELOG.replace("[0.1.0]", "[0.1.01]"));
    const { status, output } = run(NOTES, "v0.1.0");
    assert.equal(status, 1);
    assert.match(
      output,
      /^CHANGELOG\.md must say what 0\.1\.0 brings: it has no text under "## \[0\.1\.0\] - DATE"/,
    );
  });

  it("refuses a commit that is not in main", () => {
    start(CHANGELOG);
    run("git", "checkout", "--quiet", "-b", "aside");
    fs.writeFileSync(path.join(folder, "more"), "");
    commit();
    const { status, output } = run(NOTES, "v0.1.0");
    assert.equal(status, 1);
    assert.equal(output, "The tag must be of a commit in main, got one that main does not hold.\n");
  });

  it("of this project has its version in the changelog", () => {
    const version = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")).version as string;
    const headings = fs.readFileSync(path.join(ROOT, "CHANGELOG.md"), "utf8").match(/^## .*$/gm);
    assert.equal(headings![0], "## [Unreleased]");
    assert.match(
      headings![1]!,
      new RegExp(`^## \\[${version.replaceAll(".", "\\.")}\\] - \\d{4}-\\d{2}-\\d{2}$`),
    );
  });
});
