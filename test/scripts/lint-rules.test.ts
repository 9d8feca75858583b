import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import { newFolder } from "../folder";

/** What the project's own lint rules say of a piece of a test, as a project of this one file. */
describe("the lint rules of tests", function () {
  this.timeout(60_000);
  const folder = newFolder("lint-rules");
  const linter = new Linter({ cwd: folder });
  let config: Linter.Config;
  before(async () => {
    const options = { target: "ES2021", lib: ["ES2021"], types: [], strict: true };
    fs.writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
    fs.writeFileSync(path.join(folder, "piece.ts"), "");
    const { default: groundwork } = (await import("../../eslint-rules/index.mjs" as string)) as {
      default: NonNullable<Linter.Config["plugins"]>[string];
    };
    config = {
      files: ["**/*.ts"],
      languageOptions: {
        parser: tseslint.parser as Linter.Parser,
        parserOptions: { projectService: true, tsconfigRootDir: folder },
      },
      plugins: { groundwork },
      rules: { "groundwork/loop-may-be-empty": "error", "groundwork/truth-is-certain": "error" },
    };
  });

  const found = (code: string) =>
    linter.verify(
      `declare function assert(value: unknown): void;
      declare namespace assert { function ok(value: unknown): void }
      ${code}`,
      config,
      path.join(folder, "piece.ts"),
    );
  const rules = (code: string) => found(code).map(({ ruleId, message }) => ruleId ?? message);

  it("refuse to assert the truth of a value that is always true", () => {
    assert.deepEqual(rules("assert.ok(Promise.resolve(false));"), ["groundwork/truth-is-certain"]);
    assert.deepEqual(rules("assert([].map(Number));"), ["groundwork/truth-is-certain"]);
    assert.match(found("assert.ok(Promise.resolve(false));")[0]!.message, /its type is Promise</);
  });

  it("accept a value that may be false", () => {
    const code = `export function check(a: boolean, b: string, c: object | undefined, d: { e?: number[] }) {
      assert.ok(a); assert(b); assert.ok(c); assert.ok(d.e); }`;
    assert.deepEqual(rules(code), []);
  });

  it("refuse assertions in a loop over a list that may be empty, however deep they are", () => {
    const loop = (list: string) =>
      `export function check(list: number[]) { for (const one of ${list}) if (one) { assert.ok(one > 0); } }`;
    for (const list of ["list", "list.filter(Boolean)", "Object.keys(list).map(Number)", "[...list]"])
      assert.deepEqual(rules(loop(list)), ["groundwork/loop-may-be-empty"], list);
  });

  it("accept a literal list, and one that some() has checked", () => {
    const loop = (list: string) =>
      `declare function some<T>(list: T[]): T[]; const KNOWN = { a: 1 } as const;
       export function check(list: number[]) { for (const one of ${list}) assert.ok(Number(one) > 0); }`;
    for (const list of ["some(list)", "[1, 2]", "[1, ...list]", "Object.values(KNOWN)", "[1].map(String)"])
      assert.deepEqual(rules(loop(list)), [], list);
  });

  it("accept a loop that asserts nothing", () => {
    assert.deepEqual(rules("export function f(l: number[]) { for (const one of l) f([one]); }"), []);
  });
});
