// main.cjs under Pulumi's own runner: what a person reads there of an error, and what Pulumi no longer does for nobody.
import { strict as assert } from "node:assert";
import { runMain } from "./runner";
import { leftToAll } from "../left-to-all";

describe("a program under Pulumi's own runner", function () {
  this.timeout(60_000);

  it("names the line of our TypeScript where an error was thrown", async () => {
    const { code, errors } = await runMain({
      "index.ts":
        'import { fail } from "./fail";\n\nexport = () => Promise.resolve().then(() => fail({ why: "it broke" }));\n',
      "fail.ts":
        "interface Gone {\n  why: string;\n}\n\nexport function fail({ why }: Gone): never {\n  type Gone = string;\n\n  throw new Error(why as Gone);\n}\n",
    });
    assert.equal(code, 32); // it has told the person all
    assert.match(
      errors.join("\n"),
      /Error: it broke\n +at fail \(\/.+\/fail\.ts:8:9\)\n +at \/.+\/index\.ts:3:\d+\n/,
    );
  });

  it("names the place in a file that does not compile", async () => {
    const { code, errors } = await runMain({ "index.ts": "export const one = 1;\nexport const two = ;\n" });
    assert.equal(code, 32);
    assert.match(errors.join("\n"), /index\.ts\(2,20\): error TS1109: Expression expected\./);
  });

  const PROMISES = `
    import * as pulumi from "@pulumi/pulumi";

    const format = Error.prepareStackTrace!;
    let taken = 0;
    Error.prepareStackTrace = (error, frames) => {
      if (frames[0]?.getFunctionName() === "debuggablePromise") taken++;
      return format(error, frames);
    };
    new pulumi.ComponentResource("test:index:Component", "one");
    void pulumi.log.info(String(taken > 0));
  `;

  it("records no stack traces for Pulumi's promises", async () => {
    assert.deepEqual((await runMain({ "index.ts": PROMISES })).info, ["false"]);
  });

  it("records them if told to look for a promise that never ends", async () => {
    const { info } = await runMain({ "index.ts": PROMISES }, { PULUMI_DEBUG_PROMISE_LEAKS: "true" });
    assert.deepEqual(info, ["true"]);
  });

  it("sends the engine every debug line, many at a time and in their order", async () => {
    const { code, debug } = await runMain({
      "index.ts": `
        import * as pulumi from "@pulumi/pulumi";

        for (let i = 0; i < 500; i++) void pulumi.log.debug(\`line \${i};\`);
      `,
    });
    assert.equal(code, 0);
    const lines = debug
      .join("\n")
      .split("\n")
      .filter((line) => line.startsWith("line "));
    assert.deepEqual(
      lines,
      Array.from({ length: 500 }, (_, i) => `line ${i};`),
    );
    assert.ok(debug.length < 20, `${debug.length} messages`);
  });

  it("loads npm's resolver only when a function's packages are needed", async function () {
    leftToAll(this);
    const { info, errors } = await runMain({
      "index.ts": `
        import * as pulumi from "@pulumi/pulumi";

        const loaded = () => Object.keys(require.cache).some((file) => file.includes("@npmcli/arborist/lib/arborist/"));
        void pulumi.log.info(String(loaded()));
        export const packages = pulumi.runtime
          .computeCodePaths({ extraIncludePackages: ["semver"] })
          .then((paths) => pulumi.log.info(\`\${loaded()} \${paths.has("node_modules/semver")}\`));
      `,
    });
    assert.deepEqual(errors, []);
    assert.deepEqual(info, ["false", "true true"]);
  });
});
