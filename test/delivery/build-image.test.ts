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
    for (const file of ["build-image.sh", "judge-scan.cjs", "allowed-findings.json"])
      fs.copyFileSync(path.join(deployFolder, file), path.join(path.dirname(script), file));
  });
  afterEach(() => machine.end());

  const build = (environment: Record<string, string> = {}) =>
    machine.run(script, { COMMIT, REPOSITORY_URL: URL, ...environment });
  const bundle = () => {
    const file = path.join(path.dirname(script), "image.env");
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  };
  const builds = () => machine.calls().filter((call) => call.startsWith("docker buildx build"));

  it("pushes the commit's image with the daemon's own builder, and names it by digest", async () => {
    const { code, output } = await build();
    assert.equal(code, 0, output);
    assert.equal(bundle(), `IMAGE=${URL}@${DIGEST}\n`);
    const { folder } = machine;
    const source = `${folder}/webapp/deploy/../.. --file ${folder}/webapp/deploy/../Dockerfile`;
    assert.deepEqual(
      machine.calls().filter((call) => call.startsWith("docker ")),
      [
        "docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-west-1.amazonaws.com",
        `docker buildx build --builder default ${source} --platform linux/arm64 --provenance=false --tag ${URL}:${COMMIT} --push`,
      ],
    );
  });

  it("reuses a commit's existing image, so that a commit has one digest forever", async () => {
    await build();
    const { output } = await build();
    assert.equal(builds().length, 1);
    assert.match(output, new RegExp(`Commit ${COMMIT} is built already`));
    assert.equal(bundle(), `IMAGE=${URL}@${DIGEST}\n`);
  });

  it("refuses an image with findings in its scan, or a registry that does not answer", async () => {
    const SCANS = JSON.stringify({ imageScanStatus: { status: "FAILED" } });
    for (const [environment, words] of [
      [{ SCANS }, /did not end well: FAILED/],
      [{ DENIED: "1" }, /AccessDeniedException/],
    ] as const) {
      const { code, output } = await build(environment);
      assert.deepEqual([code, words.test(output)], [1, true], output);
      assert.equal(bundle(), undefined);
    }
  });

  it("refuses to build without a commit", async () => {
    const { code, output } = await machine.run(script, { REPOSITORY_URL: URL, COMMIT: "" });
    assert.notEqual(code, 0);
    assert.match(output, /the commit to build/);
  });
});

describe("the delivery's files", () => {
  it("export from the build what the pipeline records, and bundle what CodeDeploy needs", () => {
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
        .filter((entry) => entry.isFile() && !/\.(yml|md|env|cjs|json)$/.test(entry.name))
        .map((entry) => path.join(folder, entry.name)),
    );
    assert.ok(scripts.length >= 7, `only ${scripts.length} scripts`);
    assert.equal(shellcheck({ files: scripts }), "");
  });
});
