import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import { newFolder } from "../folder";

interface Output {
  outputText: string;
  sourceMapText?: string;
  diagnostics?: ts.Diagnostic[];
}
type Create = (given: { service: { config: { options: ts.CompilerOptions } } }) => {
  transpile(code: string, at: { fileName: string }): Output;
};
const { createIn } = require("../../scripts/transpiler.cjs") as { createIn: (folder: string) => Create };

describe("the transpiler", () => {
  const fileName = "/anywhere/file.ts";
  const code = "export const one: number = 1;\n";
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2021,
    sourceMap: true,
  };
  let folder: string;
  const transpile = (text = code, options = compilerOptions) =>
    createIn(folder)({ service: { config: { options } } }).transpile(text, { fileName });
  const entries = () => fs.readdirSync(folder).map((name) => path.join(folder, name));

  beforeEach(() => {
    folder = newFolder("groundwork-transpiler");
  });

  it("returns TypeScript's own output, the first time and every time after", () => {
    const { outputText, sourceMapText } = ts.transpileModule(code, { fileName, compilerOptions });
    for (const answer of [transpile(), transpile()])
      assert.deepEqual([answer.outputText, answer.sourceMapText], [outputText, sourceMapText]);
  });

  it("uses the cached output", () => {
    transpile();
    const [entry] = entries();
    const marked = { ...JSON.parse(fs.readFileSync(entry!, "utf8")), outputText: "kept" };
    fs.writeFileSync(entry!, JSON.stringify(marked));
    assert.equal(transpile().outputText, "kept");
  });

  it("recompiles a changed file, and replaces the old output", () => {
    transpile();
    assert.match(transpile("export const two = 2;\n").outputText, /exports\.two = 2/);
    assert.equal(entries().length, 1);
  });

  it("recompiles for other options", () => {
    transpile();
    const esm = transpile(code, { ...compilerOptions, module: ts.ModuleKind.ESNext });
    assert.match(esm.outputText, /^export const one = 1;/);
  });

  it("recompiles if the cached output is damaged", () => {
    transpile();
    fs.writeFileSync(entries()[0]!, '{"key":');
    assert.match(transpile().outputText, /exports\.one = 1/);
  });

  it("works without write access", () => {
    fs.writeFileSync(path.join(folder, "file"), "");
    const create = createIn(path.join(folder, "file"));
    const { outputText } = create({ service: { config: { options: compilerOptions } } }).transpile(code, {
      fileName,
    });
    assert.match(outputText, /exports\.one = 1/);
  });

  it("refuses to cache what does not compile", () => {
    assert.equal(transpile("export const = ;\n").diagnostics!.length > 0, true);
    assert.deepEqual(entries(), []);
  });
});
