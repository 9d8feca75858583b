// Every function of every stack, as it is uploaded: what is in its package, how large that is, and that it loads.
import { strict as assert } from "node:assert";
import * as path from "node:path";
import { Lambda } from "../../components/shared/lambda";
import type { Declared } from "../../policies/declared";
import { run } from "../harness";
import { STACKS, stackView } from "./stacks";
import { filesOf, load, missingPackages, zipSize } from "./zips";
import { some } from "../some";

const ROOT = path.join(__dirname, "../..");
const LIMIT_BYTES = 10_000;
/** Functions that are larger, and why. */
const LARGER: Record<string, { bytes: number; reason: string }> = {
  "provisioner-steps": {
    bytes: 16_500,
    reason: "one function for all steps, forth and back, with the Dockerfile of each kind",
  },
  "provisioner-reconcile": { bytes: 14_000, reason: "it looks after all that a step may wait for" },
  "provisioner-api": {
    bytes: 20_000,
    reason: "one function for all routes of the API instead of eight to keep warm",
  },
  "database-app-user": {
    bytes: 120_000,
    reason: "PostgreSQL's client and the authorities of RDS in all regions; called once a stack",
  },
};

/** Everything that is wrong with a function's package. */
async function judge(declared: Declared): Promise<string[]> {
  const files = await filesOf(declared);
  const names = Object.keys(files);
  const text = files["__index.js"] ?? "";
  const size = zipSize(files);
  const problems: string[] = [];
  if (names.join() !== "__index.js")
    problems.push(`${declared.name} packs ${names.join()} instead of __index.js alone`);
  const limit = LARGER[declared.name]?.bytes ?? LIMIT_BYTES;
  if (size > limit) problems.push(`${declared.name} packs ${size} bytes where ${limit} are the limit`);
  const missing = missingPackages(text);
  if (missing.length > 0)
    return [
      ...problems,
      `${declared.name} asks for ${missing.join()}, which the Lambda runtime does not have`,
    ];
  const kind = typeof load(text, ROOT).handler;
  if (kind !== "function") problems.push(`${declared.name} exports a handler of type ${kind}`);
  return problems;
}

describe("every function's package", () => {
  for (const stack of some(STACKS))
    it(`${stack}: contains only the function's own code, is small, and loads with the runtime's packages`, async () => {
      const { resources } = await stackView(stack);
      const functions = resources.filter((r) => r.type === "aws:lambda/function:Function");
      assert.deepEqual((await Promise.all(functions.map(judge))).flat(), []);
      const sizes = await Promise.all(functions.map(async (f) => zipSize(await filesOf(f))));
      console.log(
        `      loaded ${functions.length} functions, the largest of ${Math.max(0, ...sizes)} bytes zipped`,
      );
    });
});

describe("the check of packages", () => {
  const declare = async (callback: (event: unknown) => Promise<unknown>) => {
    const { one } = await run(() => new Lambda("bad", { callback }));
    return one("lambda/function:Function");
  };

  it("accepts a function that answers", async () => {
    const answer = async () => "pong";
    const declared = await declare(answer);
    assert.deepEqual(await judge(declared), []);
    const { handler } = load((await filesOf(declared))["__index.js"]!, ROOT);
    assert.equal(await (handler as typeof answer)(), "pong");
  });

  it("refuses a package that the runtime does not have", async () => {
    const declared = await declare(async () => (await import("zod")).z);
    assert.deepEqual(await judge(declared), ["bad asks for zod, which the Lambda runtime does not have"]);
  });

  it("refuses more than 10 kB", async () => {
    const noise = Array.from({ length: 4_000 }, (_, i) => (i * 2_654_435_761) % 4_294_967_296);
    const [problem] = await judge(await declare(async () => noise));
    assert.match(problem!, /^bad packs \d{5} bytes where 10000 are the limit$/);
  });

  it("refuses a second file", async () => {
    const declared = await declare(async () => undefined);
    const archive = await declared.inputs.code;
    const own = await archive.assets;
    const assets = { ...own, "extra.js": own["__index.js"] };
    assert.deepEqual(await judge({ ...declared, inputs: { code: { assets } } }), [
      "bad packs __index.js,extra.js instead of __index.js alone",
    ]);
  });

  it("refuses code that exports no handler", async () => {
    const assets = { "__index.js": { text: "exports.other = () => {}" } };
    assert.deepEqual(await judge({ ...(await declare(async () => 1)), inputs: { code: { assets } } }), [
      "bad exports a handler of type undefined",
    ]);
  });
});
