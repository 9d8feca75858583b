// The program under Pulumi's own engine, where its CLI is installed: a real plan, a real state, real secrets in it. Only AWS is a
// stand-in, so this says nothing of what AWS accepts.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { difference } from "../stacks/inventory";
import { Engine, missingCli, startEngine } from "./stack";

interface State {
  resources: { urn: string; type: string; protect?: boolean; inputs?: object; outputs?: object }[];
}

const INVENTORY = path.join(__dirname, "../inventory");
const QUIET = { color: "never" } as const;

/** `type name` of each resource that a stack's golden file lists. */
const golden = (stack: string) =>
  fs
    .readFileSync(path.join(INVENTORY, `${stack}.txt`), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" < ")[0]!)
    .sort();

const OWN_OF_PULUMI = /^pulumi:(pulumi:Stack|providers:)/;

for (const name of ["dev", "stag", "prod"])
  describe(`the stack ${name} under the official engine`, function () {
    this.timeout(600_000);
    let engine: Engine;
    before(async function () {
      const missing = missingCli();
      if (missing) {
        console.log(`    skipped: ${missing}`);
        this.skip();
      }
      engine = await startEngine(name);
    });
    after(() => engine?.close());

    const stateOf = async () => (await engine.stack.exportStack()).deployment as State;

    it("goes up whole: every resource of the inventory, and nothing else", async () => {
      await engine.stack.up(QUIET);
      const lines = (await stateOf()).resources
        .filter(({ type }) => !OWN_OF_PULUMI.test(type))
        .map(({ urn, type }) => `${type} ${urn.split("::").slice(3).join("::")}`)
        .sort();
      assert.deepEqual(difference(golden(name), lines), []);
    });

    it("has nothing to change when nothing was changed", async () => {
      const changes: string[] = [];
      await engine.stack.preview({
        ...QUIET,
        onEvent({ resourcePreEvent: event }) {
          if (event && event.metadata.op !== "same")
            changes.push(`${event.metadata.op} ${event.metadata.urn} ${event.metadata.diffs?.join(", ")}`);
        },
      });
      assert.deepEqual(changes, []);
      await engine.stack.up({ ...QUIET, expectNoChanges: true });
    });

    it("keeps what is secret out of the readable state", async () => {
      const { resources } = await stateOf();
      assert.ok(resources.length > 100);
      const text = JSON.stringify(resources);
      assert.doesNotMatch(text, /BEGIN [A-Z ]*PRIVATE KEY|"(masterPassword|password)":"[^"]/);
    });

    it("goes down but for the data that it keeps", async () => {
      const kept = (await stateOf()).resources.filter(({ protect }) => protect).map(({ urn }) => urn);
      assert.equal(kept.length > 0, name !== "dev");
      if (kept.length === 0) await engine.stack.destroy(QUIET);
      else await assert.rejects(engine.stack.destroy(QUIET), /cannot be deleted\s+because it is protected/);
      const left = (await stateOf()).resources ?? [];
      assert.deepEqual(
        left.filter(({ protect }) => protect).map(({ urn }) => urn),
        kept,
      );
      // A protected resource keeps what it stands on: its parents, its network, its key.
      if (kept.length === 0) assert.deepEqual(left, []);
    });
  });
