// What scanners that we did not write say of the templates; checkov.yaml lists what is excused, each with its reason.
import { strict as assert } from "node:assert";
import { spawnSync, SpawnSyncOptions } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { missingPython } from "../../../sandbox/emulators/install";

const { installed, isInstalled } = require("../../../scripts/audit/installed.cjs") as {
  installed(name: string, requirement: string, run: typeof start): string;
  isInstalled(name: string, requirement: string): boolean;
};
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

describe("the provisioner's templates before scanners", function () {
  this.timeout(900_000); // the first time installs them

  /** Installs it where that was asked for, because it takes minutes; else skips the test and says why. */
  async function scanner(context: Mocha.Context, requirement: string): Promise<string> {
    const name = requirement.split("==")[0]!;
    try {
      if (!isInstalled(name, requirement) && !process.env.SCAN_TEMPLATES)
        throw new Error("it is not installed; SCAN_TEMPLATES=1 npm test installs it, in minutes");
      const missing = await missingPython();
      if (missing) throw new Error(missing);
      return installed(name, requirement, start);
    } catch (error) {
      console.log(`    skipped ${name}: ${(error as Error).message}`);
      return context.skip();
    }
  }

  it("pass cfn-lint without an exception", async function () {
    const program = await scanner(this, "cfn-lint==1.56.0");
    assert.equal(templates.length, 3);
    const { status, stdout, stderr } = start(
      program,
      templates.map((file) => path.join(folder, file)),
    );
    assert.deepEqual([stdout, stderr, status], ["", "", 0]);
  });

  it("pass checkov, less the exceptions that have a reason", async function () {
    const program = await scanner(this, "checkov==3.3.30");
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
    assert.ok(results.passed_checks.length > 50, `checkov judged ${results.passed_checks.length}`);
  });

  it("excuse nothing without saying why", () => {
    const lines = fs.readFileSync(exceptions, "utf8").split("\n");
    const skipped = lines.flatMap((line, index) => (/^ {2}- CKV/.test(line) ? [index] : []));
    assert.ok(skipped.length > 0);
    for (const index of skipped) assert.match(lines[index - 1]!, /^ {2}# .{20}/, lines[index]);
  });
});
