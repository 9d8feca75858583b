// What scanners that we did not write say of the templates; checkov.yaml lists what is excused, each with its reason.
import { strict as assert } from "node:assert";
import { spawnSync, SpawnSyncOptions } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { toolIfAsked } from "../../tools";
import { some } from "../../some";

const folder = path.join(__dirname, "../../../components/provisioner/templates");
const templates = fs.readdirSync(folder).filter((file) => /^(static|server|database)\.yaml$/.test(file));
const exceptions = path.join(folder, "checkov.yaml");

function start(command: string, args: string[], options: SpawnSyncOptions = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", ...options });
  return {
    ...result,
    stdout: String(result.stdout ?? ""),
    stderr: String(result.stderr ?? result.error ?? ""),
  };
}

describe("the provisioner's templates under scanners", function () {
  this.timeout(900_000); // the first time installs them

  it("pass cfn-lint without an exception", function () {
    const program = toolIfAsked(this, "cfn-lint");
    assert.equal(templates.length, 3);
    const { status, stdout, stderr } = start(
      program,
      templates.map((file) => path.join(folder, file)),
    );
    assert.deepEqual([stdout, stderr, status], ["", "", 0]);
  });

  it("pass checkov, apart from exceptions that have a reason", function () {
    const program = toolIfAsked(this, "checkov");
    const flags = [
      "--framework",
      "cloudformation",
      "--skip-download",
      "--config-file",
      exceptions,
      "-o",
      "json",
    ];
    const { stdout, stderr } = start(program, ["-d", folder, ...flags]);
    const { results } = JSON.parse(stdout || `{ "results": ${JSON.stringify(stderr)} }`) as {
      results: { passed_checks: unknown[]; failed_checks: { check_id: string; resource: string }[] };
    };
    assert.deepEqual(
      results.failed_checks.map(({ check_id, resource }) => `${check_id} ${resource}`),
      [],
    );
    assert.ok(results.passed_checks.length > 50, `checkov checked only ${results.passed_checks.length}`);
  });

  it("give a reason for each exception", () => {
    const lines = fs.readFileSync(exceptions, "utf8").split("\n");
    const skipped = lines.flatMap((line, index) => (/^ {2}- CKV/.test(line) ? [index] : []));
    assert.ok(skipped.length > 0);
    for (const index of some(skipped)) assert.match(lines[index - 1]!, /^ {2}# .{20}/, lines[index]);
  });
});
