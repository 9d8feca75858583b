import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import * as packages from "../../webapp/packages.cjs";
import { some } from "../some";

const root = path.resolve(__dirname, "../..");
const whole = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));

describe("the image's packages", () => {
  it("are exactly what the bundler finds imported, in the versions of package.json", async () => {
    const { metafile } = await build({
      entryPoints: ["server.ts", "prime-worker.ts"].map((file) => path.join(root, "webapp", file)),
      bundle: true,
      platform: "node",
      packages: "external",
      metafile: true,
      write: false,
      outdir: "out",
    });
    const imported = Object.values(metafile.outputs)
      .flatMap(({ imports }) => imports.filter(({ external }) => external).map((each) => each.path))
      .filter((name) => !name.startsWith("node:"))
      .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
    const { dependencies } = packages.cut(whole);
    assert.deepEqual(Object.keys(dependencies).sort(), [...new Set([...imported, "esbuild"])].sort());
    for (const [name, version] of some(Object.entries(dependencies))) {
      assert.equal(version, whole.dependencies[name] ?? whole.devDependencies[name]);
    }
  });

  it("refuses an import that package.json does not name", () => {
    const { fastify: _, ...dependencies } = whole.dependencies;
    assert.throws(
      () => packages.cut({ ...whole, dependencies }),
      /^Error: package.json must name what webapp\/ imports, got no fastify$/,
    );
  });
});
