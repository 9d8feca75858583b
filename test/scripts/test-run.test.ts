import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { newFolder } from "../folder";

const ROOT = path.join(__dirname, "../..");

/** `npm test` of a small project with the same scripts. */
describe("a run of the tests", function () {
  this.timeout(120_000);
  let clone: string;
  beforeEach(() => {
    clone = newFolder("test-run");
    for (const each of [
      "scripts",
      "tsconfig.json",
      ".mocharc.cjs",
      "test/reporter.cjs",
      "test/skip.ts",
      "test/left-to-all.ts",
    ])
      fs.cpSync(path.join(ROOT, each), path.join(clone, each), { recursive: true });
    fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(clone, "node_modules"));
    for (const each of ["scripts/install.cjs", "scripts/test/prepare.cjs"])
      fs.writeFileSync(path.join(clone, each), "module.exports = () => {};");
  });

  function write(file: string, text: string) {
    const full = path.join(clone, "test", file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, text);
  }

  function run(args: string[] = [], environment: NodeJS.ProcessEnv = {}) {
    const {
      CI: _,
      GROUNDWORK_MUST_RUN: __,
      NODE_CHANNEL_FD: ___,
      GROUNDWORK_SHORT: ____,
      ...own
    } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/test.cjs", ...args], {
      cwd: clone,
      env: { ...own, ...environment },
      encoding: "utf8",
    });
    return { status, lines: `${stdout}${stderr}`.trimEnd().split("\n"), output: `${stdout}${stderr}` };
  }

  it("ends with what was skipped, grouped by its reason, what failed, and the totals", () => {
    write(
      "a/one.test.ts",
      `import { skip } from "../skip";
       it("passes", () => {});
       it("is left out", function () { skip(this, "asked for", "nobody asked"); });
       describe("a suite", () => {
         before(function () { skip(this, "asked for", "nobody asked"); });
         it("is left out, too", () => {});
       });`,
    );
    write("b/two.test.ts", `it("breaks", () => { throw new Error("as it should\\nand more"); });`);
    const { status, lines } = run();
    assert.equal(status, 1);
    assert.deepEqual(lines.slice(lines.indexOf("Skipped:")), [
      "Skipped:",
      "    2  nobody asked",
      "",
      "Failed:",
      "  breaks",
      "      as it should",
      "",
      "1 passed, 1 failed, 2 skipped",
    ]);
  });

  it("fails if a test is skipped without a reason, or must run here", () => {
    write("a/one.test.ts", `it("is left out", function () { this.skip(); });`);
    assert.match(run().output, /is left out\n +was skipped without a reason\n\n0 passed, 1 failed$/m);
    write(
      "a/one.test.ts",
      `import { skip } from "../skip";
       it("is left out", function () { skip(this, "emulators", "no Python"); });`,
    );
    assert.match(
      run([], { GROUNDWORK_MUST_RUN: "namespaces emulators" }).output,
      /emulators must run here, and cannot: no Python\n\n0 passed, 1 failed$/m,
    );
  });

  it("fails when a room ends before its tests, or runs none", () => {
    write("a/one.test.ts", `it("leaves", () => process.exit(0));`);
    assert.match(run().output, / {2}a\n +ended with 0 before its results were known\n\n0 passed, 1 failed$/m);
    const none = run(["--grep", "nothing is called so"]);
    assert.equal(none.status, 1);
  });

  it("runs a file alone, files by name, and the quick ones", () => {
    write("emulated.ts", "export const rig = 1;");
    write("a/helper.ts", `export { rig } from "../emulated";`);
    write("a/slow.test.ts", `import { rig } from "./helper";\nit("is slow", () => void rig);`);
    write("a/quick.test.ts", `it("is quick", () => {});`);
    assert.equal(run().lines.at(-1), "2 passed, 0 failed");
    assert.match(run(["--quick"]).output, /is quick[^]*\n1 passed, 0 failed$/m);
    assert.match(run(["test/a/slow.test.ts"]).output, /is slow[^]*\n1 passed, 0 failed$/m);
    // Two at a time: whichever ends first is told first.
    const alone = run(["--alone"]).output;
    for (const file of ["quick", "slow"]) assert.match(alone, new RegExp(`━━ a/${file}\\.test\\.ts `));
  });

  it("leaves slow tests to --all, and says so, unless they are named", () => {
    write(
      "a/one.test.ts",
      `import { leftToAll } from "../left-to-all";
       it("passes", () => {});
       it("goes deeper", function () { leftToAll(this); });`,
    );
    const { status, lines } = run();
    assert.deepEqual(
      [status, ...lines.slice(lines.indexOf("Skipped:"))],
      [
        0,
        "Skipped:",
        "    1  left to npm test -- --all, as continuous integration runs it",
        "",
        "1 passed, 0 failed, 1 skipped",
      ],
    );
    assert.equal(run(["--all"]).lines.at(-1), "2 passed, 0 failed");
    assert.equal(run(["test/a/one.test.ts"]).lines.at(-1), "2 passed, 0 failed");
    assert.equal(run(["--grep", "deeper"]).lines.at(-1), "1 passed, 0 failed");
  });

  it("runs a benchmark's own tests, and none of the packages below it", () => {
    write("../bench/figure.test.ts", `it("adds up", () => {});`);
    write("../bench/web/node_modules/peer/its.test.ts", `it("is not ours", () => {});`);
    const { output } = run();
    assert.match(output, /━━ bench [^]*adds up[^]*\n1 passed, 0 failed$/m);
  });

  it("shuffles the files of a room by a seed that it prints", () => {
    for (const name of ["a", "b", "c", "d", "e"]) write(`x/${name}.test.ts`, `it("${name}", () => {});`);
    const order = (...args: string[]) => run(args).output.match(/✔ (\w)/g);
    assert.deepEqual(
      order(),
      ["a", "b", "c", "d", "e"].map((name) => `✔ ${name}`),
    );
    assert.deepEqual(order("--shuffle", "7"), order("--shuffle", "7"));
    assert.notDeepEqual(order("--shuffle", "7"), order());
    assert.match(run(["--shuffle"]).output, /^Shuffled by the seed \d+\.$/m);
  });

  it("refuses files that are not tests, and to update goldens in continuous integration", () => {
    assert.deepEqual(run(["test/skip.ts"]), {
      status: 2,
      lines: [`npm test takes files that end in .test.ts, got ${clone}/test/skip.ts.`],
      output: `npm test takes files that end in .test.ts, got ${clone}/test/skip.ts.\n`,
    });
    const { status, output } = run([], { CI: "true", UPDATE_INVENTORY: "1" });
    assert.deepEqual([status, /^UPDATE_INVENTORY would write/.test(output)], [2, true]);
  });
});
