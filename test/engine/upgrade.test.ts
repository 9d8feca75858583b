// The present program on the state that a released one left: nothing that holds data may be replaced or deleted by it.
// RECORD_RELEASE=VERSION writes the states of the present program under that name (docs/upgrades.md).
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { HOLDERS } from "../../policies/rules/kept";
import { readEvents } from "../../scripts/preview/events";
import { some } from "../some";
import { AwsAccount, Engine, cliFor, startAccount, startEngine } from "./stack";
import { newFolder } from "../folder";

const RELEASED = path.join(__dirname, "released");

interface Release {
  stack: string;
  file: string;
}
/** `VERSION-STACK.json.gz` */
const releases: Release[] = fs.readdirSync(RELEASED).map((file) => ({
  stack: /-(\w+)\.json\.gz$/.exec(file)![1]!,
  file: path.join(RELEASED, file),
}));

const recorded = process.env.RECORD_RELEASE;
if (recorded)
  for (const stack of some(["dev", "prod"]))
    it(`records the state of ${stack} in ${recorded}`, async function () {
      this.timeout(600_000);
      const engine = await startEngine(cliFor(this), stack);
      try {
        const { code, output } = await engine.npmRun("up", "--yes", "--skip-preview");
        assert.equal(code, 0, output);
        const { output: state } = await engine.pulumi("stack", "export", "--show-secrets");
        // No key of a test, not even one that opens nothing, belongs into a repository.
        const text = state.replace(/-----BEGIN [^"]*?PRIVATE KEY-----[^"]*?-----END [^"]*?-----/g, "a key");
        fs.writeFileSync(path.join(RELEASED, `${recorded}-${stack}.json.gz`), gzipSync(text, { level: 9 }));
      } finally {
        await engine.close();
      }
    });

for (const { stack, file } of some(releases))
  (recorded ? describe.skip : describe)(`an upgrade from ${path.basename(file, ".json.gz")}`, function () {
    this.timeout(600_000);
    let account: AwsAccount | undefined;
    let engine: Engine | undefined;
    const folder = newFolder("groundwork-released");
    before(async function () {
      const cli = cliFor(this);
      const state = JSON.parse(gunzipSync(fs.readFileSync(file)).toString()) as {
        deployment: { resources: object[]; secrets_providers?: object };
      };
      const standing = path.join(folder, "standing.json");
      fs.writeFileSync(standing, JSON.stringify(state.deployment.resources));
      fs.writeFileSync(path.join(folder, "state.json"), JSON.stringify(state));
      account = await startAccount(standing);
      engine = await startEngine(cli, stack, { account });
      const { code, output } = await engine.pulumi(
        "stack",
        "import",
        "--file",
        path.join(folder, "state.json"),
      );
      assert.equal(code, 0, output);
    });
    after(async () => {
      await engine?.close();
      account?.close();
    });

    it("replaces and deletes nothing that holds data", async () => {
      const events = path.join(folder, "events");
      const { code, output } = await engine!.npmRun("preview", `--event-log=${events}`);
      assert.equal(code, 0, output);
      const { before, changes } = readEvents(fs.readFileSync(events, "utf8"));
      const holders = before.filter(({ type }) => HOLDERS[type]?.protect);
      assert.ok(holders.length >= 5, `only ${holders.length} of ${before.length} hold data`);
      const lost = changes
        .filter(({ kind, before }) => ["replace", "delete"].includes(kind) && HOLDERS[before!.type]?.protect)
        .map(({ kind, before, reasons }) => `${kind} ${before!.type} ${before!.name} ${reasons.join(" ")}`);
      assert.deepEqual(lost, []);
    });
  });
