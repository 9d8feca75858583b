import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { shellcheck, whenThere } from "../tools";
import { deployFolder, Machine } from "./scripts";

const COMMIT = "c".repeat(40);
const URL = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web";
const DIGEST = `sha256:${"ab".repeat(32)}`;

describe("the image's build", () => {
  let machine: Machine;
  let script: string;

  beforeEach(() => {
    machine = new Machine();
    fs.mkdirSync(path.join(machine.folder, "webapp", "deploy"), { recursive: true });
    script = path.join(machine.folder, "webapp", "deploy", "build-image.sh");
    fs.copyFileSync(path.join(deployFolder, "build-image.sh"), script);
  });
  afterEach(() => machine.end());

  const build = (environment: Record<string, string> = {}) =>
    machine.run(script, { COMMIT, REPOSITORY_URL: URL, ...environment });
  const bundle = () => {
    const file = path.join(path.dirname(script), "image.env");
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  };
  const builds = () => machine.calls().filter((call) => call.startsWith("docker buildx build"));

  it("pushes the commit's image with a layer cache, and names it by digest", async () => {
    const { code, output } = await build();
    assert.equal(code, 0, output);
    assert.equal(bundle(), `IMAGE=${URL}@${DIGEST}\n`);
    const [command, ...others] = builds();
    assert.deepEqual(others, []);
    for (const part of [
      `--tag ${URL}:${COMMIT} --push`,
      "--platform linux/arm64",
      `--cache-from type=registry,ref=${URL}:cache`,
      `--cache-to type=registry,ref=${URL}:cache,mode=max`,
    ])
      assert.ok(command!.includes(part), part);
  });

  it("takes the image that a commit already has, so that a commit is one digest for ever", async () => {
    await build();
    const { output } = await build();
    assert.equal(builds().length, 1);
    assert.match(output, new RegExp(`Commit ${COMMIT} is built already`));
    assert.equal(bundle(), `IMAGE=${URL}@${DIGEST}\n`);
  });

  it("refuses an image with findings of a refused severity", async () => {
    const { code, output } = await build({ FINDINGS: "HIGH=2 LOW=7" });
    assert.equal(code, 1);
    assert.match(output, new RegExp(`Refused: the scan of ${DIGEST} has 2 findings of severity HIGH`));
    assert.equal(bundle(), undefined);
  });

  it("lets findings pass that are below the line", async () => {
    assert.equal((await build({ FINDINGS: "HIGH=2 LOW=7", REFUSED_SEVERITIES: "CRITICAL" })).code, 0);
    assert.equal((await build({ FINDINGS: "CRITICAL=1", REFUSED_SEVERITIES: "" })).code, 0);
  });

  it("refuses when the scan does not end, or the registry does not answer", async () => {
    const scan = await build({ SCAN_FAILS: "1" });
    assert.deepEqual([scan.code, /did not end well/.test(scan.output)], [1, true]);
    const denied = await build({ DENIED: "1" });
    assert.deepEqual([denied.code, /AccessDeniedException/.test(denied.output)], [1, true]);
    assert.equal(bundle(), undefined);
  });

  it("refuses to build nothing in particular", async () => {
    const { code, output } = await machine.run(script, { REPOSITORY_URL: URL, COMMIT: "" });
    assert.notEqual(code, 0);
    assert.match(output, /the commit to build/);
  });
});

describe("the delivery's files", () => {
  it("export from the build what the pipeline writes down, and bundle what CodeDeploy needs", () => {
    const spec = load(fs.readFileSync(path.join(deployFolder, "buildspec.yml"), "utf8")) as {
      env: { "exported-variables": string[] };
      artifacts: { "base-directory": string; files: string[] };
    };
    assert.deepEqual(spec.env["exported-variables"], ["IMAGE"]);
    assert.equal(spec.artifacts["base-directory"], "webapp/deploy");
    assert.deepEqual(spec.artifacts.files, ["appspec.yml", "image.env", "hooks/*"]);
  });

  whenThere("shellcheck", "pass shellcheck", () => {
    const folders = [deployFolder, path.join(deployFolder, "hooks"), path.join(__dirname, "stand-ins")];
    const scripts = folders.flatMap((folder) =>
      fs
        .readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.(yml|md|env)$/.test(entry.name))
        .map((entry) => path.join(folder, entry.name)),
    );
    assert.ok(scripts.length >= 7, `only ${scripts.length} scripts`);
    assert.equal(shellcheck({ files: scripts }), "");
  });
});
