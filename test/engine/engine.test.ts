// The README's three commands under Pulumi's own engine and language host, where its CLI is installed: a real plan, a real state, real
// secrets in it, and the policy pack beside them. AWS is an account of our own, which refuses what it has a rule for (test/engine/account).
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { matchesGolden } from "../golden";
import { difference } from "../stacks/inventory";
import { Ended, Engine, cliFor, startEngine } from "./stack";

const INVENTORY = path.join(__dirname, "../inventory");
const AT_ONCE = ["--yes", "--skip-preview"];

/** `type name` of each resource that a stack's golden file lists. */
const golden = (stack: string) =>
  fs
    .readFileSync(path.join(INVENTORY, `${stack}.txt`), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" < ")[0]!)
    .sort();

const OWN_OF_PULUMI = /^pulumi:(pulumi:Stack|providers:)/;
/** What awsx's provider makes of its components, which the inventory does not list. */
const OF_AWSX = /\$?awsx:[^$]*\$/;

/** `type name` of a resource. */
const line = ({ urn, type }: { urn: string; type: string }) =>
  `${type} ${urn.split("::").slice(3).join("::")}`;

const succeeded = ({ code, output }: Ended) => assert.equal(code, 0, output);

for (const name of ["first", "dev", "stag", "prod"])
  describe(`the stack ${name} under the official engine`, function () {
    this.timeout(600_000);
    let engine: Engine;
    before(async function () {
      const cli = cliFor(this);
      engine = await startEngine(cli, name);
    });
    after(() => engine?.close());

    const resources = async () => (await engine.state()).resources ?? [];

    it("can be previewed as a whole, and passes the policy pack", async () => {
      const { code, output } = await engine.npmRun("preview");
      assert.equal(code, 0, output);
      assert.match(output, /✅ groundwork@v/);
      assert.match(output, new RegExp(`^${name}: \\d+ to create; about \\d+ USD a month$`, "m"));
      assert.deepEqual(await resources(), []);
    });

    it("is created as a whole: every resource of the inventory, and nothing else", async () => {
      succeeded(await engine.npmRun("up", ...AT_ONCE));
      const lines = (await resources())
        .filter(({ type, urn }) => !OWN_OF_PULUMI.test(type) && !OF_AWSX.test(urn))
        .map(line)
        .sort();
      assert.deepEqual(difference(golden(name), lines), []);
    });

    it("shows no change when nothing was changed", async () => {
      succeeded(await engine.npmRun("preview", "--diff", "--expect-no-changes"));
      succeeded(await engine.npmRun("up", ...AT_ONCE, "--expect-no-changes"));
    });

    it("outputs the address of the site", async () => {
      const { code, output } = await engine.pulumi("stack", "output", "url");
      assert.equal(code, 0, output);
      assert.match(output.trim(), /^https?:\/\/\S+$/);
    });

    it("keeps secrets out of the readable state", async () => {
      const all = await resources();
      assert.ok(all.length > 50);
      const text = JSON.stringify(all);
      assert.doesNotMatch(text, /BEGIN [A-Z ]*PRIVATE KEY|"(masterPassword|password)":"[^"]/);
    });

    async function refusesEvenPastOurCommands() {
      const urns = async () => (await resources()).map(({ urn }) => urn).sort();
      const before = await urns();
      // A younger CLI destroys the protected ones as well; an older one can leave them out.
      const { output: help } = await engine.pulumi("destroy", "--help");
      const past = /--ignore-protect\b/.test(help) ? ["--ignore-protect"] : ["--exclude-protected"];
      const destroy = (...args: string[]) => engine.pulumi("destroy", ...AT_ONCE, ...past, ...args);
      for (const [args, sentence] of [
        [[], /npm run destroy -- --stack STACK --yes-really/],
        [["--run-program"], /stack prod is a prod environment: npm run destroy -- --stack prod --yes-really/],
      ] as const) {
        const { code, output } = await destroy(...args);
        assert.notEqual(code, 0, output);
        assert.match(output, sentence);
        assert.deepEqual(await urns(), before);
      }
    }

    it("is destroyed except for the data that it keeps", async () => {
      const protectedOnes = async () =>
        (await resources())
          .filter(({ protect }) => protect)
          .map(({ urn }) => urn)
          .sort();
      const kept = await protectedOnes();
      assert.equal(kept.length > 0, ["stag", "prod"].includes(name));
      if (name === "prod") {
        const { code, output } = await engine.npmRun("destroy", ...AT_ONCE);
        assert.equal(code, 1);
        assert.match(output, /destroying it takes --yes-really/);
        await refusesEvenPastOurCommands();
      }
      succeeded(await engine.npmRun("destroy", ...AT_ONCE, "--yes-really"));
      assert.deepEqual(await protectedOnes(), kept);
      const left = (await resources()).filter(({ type }) => !OWN_OF_PULUMI.test(type)).map(line);
      matchesGolden(`${left.sort().join("\n")}\n`, path.join(__dirname, "stays", `${name}.txt`));
    });
  });
