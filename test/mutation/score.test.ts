import { strict as assert } from "node:assert";
import { Equivalent, Mutant, Report, scores, share, stale } from "./score";

const SOURCE = "const a = 1;\nif (a < 2) {\n  go();\n}\n";
const mutant = (status: string, place: [number, number, number, number], replacement: string): Mutant => {
  const [line, column, endLine, endColumn] = place;
  return {
    status,
    replacement,
    location: { start: { line, column }, end: { line: endLine, column: endColumn } },
  };
};
const report = (...mutants: Mutant[]): Report => ({ files: { "a.ts": { source: SOURCE, mutants } } });
const TEST: [number, number, number, number] = [2, 5, 2, 10];
const change = { file: "a.ts", line: "if (a < 2) {", was: "a < 2", becomes: "true" };
const known: Equivalent = { ...change, why: "a is 1" };

describe("the score of a file", () => {
  it("counts what the tests noticed, and what they waited for in vain", () => {
    const [score] = scores(
      report(
        mutant("Killed", TEST, "true"),
        mutant("Timeout", TEST, "false"),
        mutant("RuntimeError", TEST, "null"),
        mutant("Ignored", TEST, "0"),
      ),
      [],
    );
    assert.deepEqual(score, {
      file: "a.ts",
      mutants: 2,
      killed: 2,
      timeouts: 1,
      equivalent: 0,
      survivors: [],
    });
  });

  it("names each survivor by its place, and in words that outlive an edit elsewhere", () => {
    const [score] = scores(
      report(mutant("Survived", TEST, "true"), mutant("NoCoverage", [2, 12, 4, 2], "{}")),
      [],
    );
    assert.deepEqual(score!.survivors, [
      { ...change, at: "a.ts:2:5", uncovered: false },
      { ...change, at: "a.ts:2:12", was: "{ go(); }", becomes: "{}", uncovered: true },
    ]);
  });

  it("cuts short what is long", () => {
    const long = `const text = "${"x".repeat(200)}";`;
    const source = { source: long, mutants: [mutant("Survived", [1, 14, 1, long.length], '""')] };
    const { line, was } = scores({ files: { "a.ts": source } }, [])[0]!.survivors[0]!;
    assert.deepEqual([line.length, was.length, was.slice(-2)], [90, 90, "x…"]);
  });

  it("leaves out what is known to be the same", () => {
    const survived = report(mutant("Survived", TEST, "true"), mutant("Killed", TEST, "false"));
    const all = scores(survived, [known]);
    assert.deepEqual([all[0]!.equivalent, all[0]!.survivors, share(all)], [1, [], 100]);
    for (const other of [{ file: "b.ts" }, { line: "x" }, { was: "a" }, { becomes: "false" }])
      assert.equal(scores(survived, [{ ...known, ...other }])[0]!.survivors.length, 1);
  });

  it("refuses an equivalent that a test tells apart, or that is gone from its file", () => {
    const killed = report(mutant("Killed", TEST, "true"));
    assert.deepEqual(stale(killed, [known]), [known]);
    assert.deepEqual(stale(report(mutant("Survived", TEST, "true")), [known]), []);
    assert.deepEqual(stale(killed, [{ ...known, file: "b.ts" }]), []);
  });
});

describe("the share of several files", () => {
  const of = (mutants: number, killed: number, equivalent = 0) => ({ mutants, killed, equivalent });

  it("is that of all their mutants together", () => {
    assert.equal(share([of(10, 10), of(30, 10)]), 50);
    assert.equal(share([of(10, 8, 2)]), 100);
    assert.equal(share([of(3, 0, 3)]), 100);
    assert.equal(share([]), 100);
  });
});
