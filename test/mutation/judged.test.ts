import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { JudgedFiles, parts } from "./judged";
import { Mutant, Report } from "./score";
import { newFolder } from "../folder";

describe("what a mutation run keeps of each file", () => {
  let root: string;
  let judged: JudgedFiles;
  beforeEach(() => {
    root = newFolder("judged");
    judged = new JudgedFiles(root);
    write("a.ts", "a;\n");
    write("deep/b.ts", "b;\nb;\n");
  });

  function write(file: string, text: string): void {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
  const mutant: Mutant = {
    status: "Killed",
    location: { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } },
  };
  const saidOf = (file: string): Report => ({
    files: { [file]: { source: fs.readFileSync(path.join(root, file), "utf8"), mutants: [mutant] } },
  });

  it("joins runs of other days into one report, of the oldest day", () => {
    judged.keep(saidOf("a.ts"), "2026-01-02", "same");
    judged.keep(saidOf("deep/b.ts"), "2026-01-01", "same");
    assert.deepEqual(judged.missing(["a.ts", "deep/b.ts"]), []);
    const { report, day } = judged.together(["a.ts", "deep/b.ts"]);
    assert.deepEqual(report, { files: { ...saidOf("a.ts").files, ...saidOf("deep/b.ts").files } });
    assert.equal(day, "2026-01-01");
  });

  it("has no result of a file that has changed since, until it is judged again", () => {
    judged.keep(saidOf("a.ts"), "2026-01-02", "same");
    write("a.ts", "a; // changed\n");
    assert.equal(judged.of("a.ts"), undefined);
    assert.deepEqual(judged.missing(["a.ts", "deep/b.ts"]), ["a.ts", "deep/b.ts"]);
    judged.keep(saidOf("a.ts"), "2026-01-03", "other");
    assert.deepEqual([judged.of("a.ts")?.day, judged.of("a.ts")?.under], ["2026-01-03", "other"]);
  });

  it("judges a room in parts of so many lines, and a longer file by itself", () => {
    write("c.ts", "c;\n".repeat(20));
    write("d.ts", "d;\n");
    const files = ["a.ts", "deep/b.ts", "c.ts", "d.ts"];
    assert.deepEqual(parts(root, files, 6), [["a.ts", "deep/b.ts"], ["c.ts"], ["d.ts"]]);
    assert.deepEqual(parts(root, files, 1), [["a.ts"], ["deep/b.ts"], ["c.ts"], ["d.ts"]]);
    assert.deepEqual(parts(root, [], 6), []);
  });
});
