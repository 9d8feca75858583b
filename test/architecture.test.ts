// What may import what. A type is an import as well: whoever names another file's type has to be read beside it.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import { some } from "./some";

const ROOT = path.join(__dirname, "..");
const PRODUCT = ["components", "functions", "stacks", "webapp", "policies", "index.ts"];

/** Which files of the repository each of its files imports. */
type Graph = ReadonlyMap<string, readonly string[]>;

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(ts|cts|cjs|mjs)$/.test(file) && fs.existsSync(path.join(ROOT, file)));

const graph: Graph = new Map(files.map((file) => [file, importsOf(file)]));

/** The files behind relative names; whatever has another ending than code is none. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(fs.readFileSync(path.join(ROOT, file), "utf8"), true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .flatMap((name) => {
      const target = path.join(path.dirname(file), name);
      const source = target.replace(/\.js$/, "");
      return [target, `${source}.ts`, `${source}/index.ts`].find((one) => files.includes(one)) ?? [];
    });
}

const roomOf = (file: string) => file.split("/")[0]!;

/** Imports from files of some rooms to files of others, as `from -> to`. */
const arrows = (graph: Graph, from: string[], to: string[]): string[] =>
  [...graph].flatMap(([file, targets]) =>
    from.includes(roomOf(file))
      ? targets.filter((target) => to.includes(roomOf(target))).map((target) => `${file} -> ${target}`)
      : [],
  );

/** Groups of files each of which leads back to itself by way of the others, by the names of their files. */
function circles(graph: Graph): string[] {
  const reached = new Map([...graph.keys()].map((file) => [file, reachedFrom(file, graph)]));
  const groups = [...graph.keys()]
    .filter((file) => reached.get(file)!.has(file))
    .map((file) =>
      [...reached.get(file)!]
        .filter((other) => reached.get(other)?.has(file))
        .sort()
        .join(" "),
    );
  return [...new Set(groups)].sort();
}

function reachedFrom(file: string, graph: Graph): Set<string> {
  const seen = new Set<string>();
  const open = [...graph.get(file)!];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (!seen.has(next)) {
      seen.add(next);
      open.push(...(graph.get(next) ?? []));
    }
  return seen;
}

describe("the architecture", () => {
  it("has no circle of imports", () => {
    assert.deepEqual(circles(graph), []);
  });

  it("keeps tests, benchmarks and the sandbox out of the product", () => {
    assert.deepEqual(arrows(graph, PRODUCT, ["test", "bench", "sandbox"]), []);
  });

  it("lets nothing that is deployed import what the library has for tests", () => {
    const ofTests = (file: string) => file.startsWith("components/testing/");
    const arrows = [...graph].flatMap(([file, targets]) =>
      // Price and quotas are reckoned from the program under mocks.
      ["test", "scripts"].includes(roomOf(file)) || ofTests(file)
        ? []
        : targets.filter(ofTests).map((to) => `${file} -> ${to}`),
    );
    assert.deepEqual(arrows, []);
  });

  it("keeps tests and benchmarks out of the sandbox", () => {
    assert.deepEqual(arrows(graph, ["sandbox"], ["test", "bench"]), []);
  });

  it("lets nothing but a benchmark import a benchmark", () => {
    const others = [...new Set(files.map(roomOf))].filter((room) => room !== "bench");
    assert.deepEqual(arrows(graph, some(others), ["bench"]), []);
  });

  it("lets the policy pack, functions and web app stand by themselves", () => {
    const all = [...new Set(files.map(roomOf))];
    for (const room of ["policies", "functions", "webapp"])
      assert.deepEqual(
        arrows(
          graph,
          [room],
          all.filter((other) => other !== room),
        ),
        [],
      );
  });
});

describe("what finds that", () => {
  const small: Graph = new Map([
    ["index.ts", ["stacks/a.ts"]],
    ["stacks/a.ts", ["stacks/b.ts", "test/c.ts"]],
    ["stacks/b.ts", ["stacks/d.ts"]],
    ["stacks/d.ts", ["stacks/a.ts"]],
    ["test/c.ts", ["test/c.ts"]],
  ]);

  it("names each circle once, and a file that imports itself", () => {
    assert.deepEqual(circles(small), ["stacks/a.ts stacks/b.ts stacks/d.ts", "test/c.ts"]);
  });

  it("names each arrow", () => {
    assert.deepEqual(arrows(small, ["stacks"], ["test"]), ["stacks/a.ts -> test/c.ts"]);
  });

  it("sees imports of every kind", () => {
    const imports = (file: string) => graph.get(file)!;
    assert.ok(imports("policies/rules/alarms.ts").includes("policies/declared.ts"), "a type");
    assert.ok(imports("test/harness.ts").includes("scripts/lean-pulumi.cjs"), "for its effects");
    assert.ok(imports("main.cjs").includes("scripts/loader.cjs"), "by require");
    assert.ok(imports("policies/pack.ts").includes("policies/rules/index.ts"), "a folder");
  });
});
