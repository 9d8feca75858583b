import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { shellcheck, whenThere } from "../../tools";
import { newFolder } from "../../folder";

const SCRIPT = path.resolve(__dirname, "../../../webapp/deploy/docker-deploy.sh");

/** Notes each call; answers as STATES says, one health a question, and knows the container that is named in EXISTING. */
const DOCKER = `#!/usr/bin/env bash
echo "$*" >>"$CALLS"
case "$1 $2" in
  "container inspect") [[ $3 == "$EXISTING" ]] ;;
  "inspect --format")
    asked=$(cat "$CALLS" | grep -c '^inspect --format')
    read -ra states <<<"$STATES"
    index=$((asked - 1 < \${#states[@]} ? asked - 1 : \${#states[@]} - 1))
    echo "\${states[index]}" ;;
  "build "*) [[ \${BUILD:-} != fails ]] ;;
  "run "*) [[ \${RUN:-} != fails ]] ;;
esac
`;

describe("docker-deploy.sh", () => {
  let folder: string;
  let repository: string;
  let commit: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", repository, ...args], { encoding: "utf8" }).trim();

  before(() => {
    folder = newFolder("groundwork-deploy");
    fs.mkdirSync(path.join(folder, "bin"));
    fs.writeFileSync(path.join(folder, "bin/docker"), DOCKER, { mode: 0o755 });
    repository = path.join(folder, "repository");
    fs.mkdirSync(path.join(repository, "webapp"), { recursive: true });
    fs.writeFileSync(path.join(repository, "webapp/Dockerfile"), "FROM scratch\n");
    git("init", "--quiet", "--initial-branch=main");
    git("add", ".");
    git("-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "-m", "First");
    commit = git("rev-parse", "--short=12", "HEAD");
  });

  function deploy(args: string[], environment: Record<string, string> = {}) {
    const calls = path.join(folder, "calls");
    fs.rmSync(calls, { force: true });
    const env = {
      PATH: `${path.join(folder, "bin")}:${process.env.PATH}`,
      HOME: folder,
      TMPDIR: folder,
      CALLS: calls,
      EXISTING: "",
      STATES: "starting healthy",
      ...environment,
    };
    const { status, stdout, stderr } = spawnSync("bash", [SCRIPT, ...args], { env, encoding: "utf8" });
    const made = fs.existsSync(calls) ? fs.readFileSync(calls, "utf8").trim().split("\n") : [];
    // The folder of the checkout has another name each time.
    return { status, stdout, stderr, calls: made.map((call) => call.replace(/\S*\/tmp\.\w+/g, "SOURCE")) };
  }

  const build = () => `build --file SOURCE/webapp/Dockerfile --tag groundwork-web:${commit} SOURCE`;
  const run = (port = 8080, more = "") =>
    `run --detach --name groundwork-web --publish ${port}:8080 --restart unless-stopped --read-only --cap-drop ALL ` +
    `--security-opt no-new-privileges ${more}--env PORT=8080 groundwork-web:${commit}`;
  const health = "inspect --format {{.State.Health.Status}} groundwork-web";
  const exists = "container inspect groundwork-web";

  it("checks out, builds and runs", () => {
    const { status, stdout, calls } = deploy([repository]);
    assert.deepEqual(calls, [build(), exists, run(), health, health]);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^Checking out main of .*\\nBuilding groundwork-web:${commit}\\n`));
    assert.match(stdout, new RegExp(`groundwork-web:${commit} serves on port 8080\\n$`));
    assert.deepEqual(
      fs.readdirSync(folder).filter((name) => name.startsWith("tmp.")),
      [],
    );
  });

  it("accepts a port, a name and a file of variables", () => {
    const file = path.join(folder, "web.env");
    fs.writeFileSync(file, "LOG_LEVEL=info\n");
    const { status, calls } = deploy([repository, "main"], { PORT: "80", ENV_FILE: file });
    assert.equal(status, 0);
    assert.equal(calls[2], run(80, `--env-file ${file} `));
  });

  it("checks out a commit", () => {
    const { status, calls } = deploy([repository, git("rev-parse", "HEAD")]);
    assert.equal(status, 0);
    assert.equal(calls[0], build());
  });

  it("replaces the previous container, which it removes only once the new one answers", () => {
    const { status, calls } = deploy([repository], { EXISTING: "groundwork-web" });
    assert.equal(status, 0);
    assert.deepEqual(calls, [
      build(),
      exists,
      "rm --force groundwork-web-before",
      "rename groundwork-web groundwork-web-before",
      "stop --time 20 groundwork-web-before",
      run(),
      health,
      health,
      "rm groundwork-web-before",
    ]);
  });

  const back = [
    "logs --tail 20 groundwork-web",
    "rm --force groundwork-web",
    "rename groundwork-web-before groundwork-web",
    "start groundwork-web",
  ];
  for (const [what, environment] of [
    ["is unhealthy", { STATES: "starting unhealthy" }],
    ["never answers", { STATES: "starting", HEALTH_SECONDS: "1" }],
    ["does not even run", { RUN: "fails" }],
  ] as [string, Record<string, string>][]) {
    it(`brings the previous container back when the new one ${what}`, () => {
      const { status, stderr, calls } = deploy([repository], { EXISTING: "groundwork-web", ...environment });
      assert.equal(status, 1);
      assert.deepEqual(calls.slice(-4), back);
      assert.match(stderr, /does not answer; its last lines:\nThe previous container is back\n$/);
    });
  }

  it("leaves what runs alone when the build fails", () => {
    const { status, calls } = deploy([repository], { EXISTING: "groundwork-web", BUILD: "fails" });
    assert.notEqual(status, 0);
    assert.deepEqual(calls, [build()]);
  });

  it("refuses a branch that is not there", () => {
    const { status, calls } = deploy([repository, "nowhere"]);
    assert.notEqual(status, 0);
    assert.deepEqual(calls, []);
  });

  it("refuses a file of variables that is not there", () => {
    const { status, stderr, calls } = deploy([repository], { ENV_FILE: "/nowhere.env" });
    assert.deepEqual(
      [status, stderr, calls],
      [2, "ENV_FILE must be a readable file, got '/nowhere.env'\n", []],
    );
  });

  it("refuses to guess a repository, and explains itself", () => {
    const { status, stderr } = deploy([]);
    assert.equal(status, 2);
    assert.match(stderr, /^usage: docker-deploy\.sh REPOSITORY \[REF\]/);
  });

  whenThere("shellcheck", "passes shellcheck", () => {
    assert.equal(shellcheck({ files: [SCRIPT] }), "");
  });
});
