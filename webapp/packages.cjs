// node webapp/packages.cjs FILE: writes a package.json for the web app alone, from the whole one and the imports of its
// sources. With it and the lockfile, `npm install` fetches those versions and nothing of the infrastructure.
const fs = require("node:fs");
const path = require("node:path");

/** The packages that the TypeScript files under `folder` import. */
function importedBy(folder) {
  const files = fs.readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".ts"));
  const paths = files.flatMap((file) => {
    const source = fs.readFileSync(path.join(folder, file), "utf8");
    return [...source.matchAll(/(?:\bfrom|\bimport\(|^import)\s*"([^."][^"]*)"/gm)].map(([, found]) => found);
  });
  const names = paths
    .filter((each) => !each.startsWith("node:"))
    .map((each) => each.split("/", each.startsWith("@") ? 2 : 1).join("/"));
  return [...new Set(names)].sort();
}

/** A package.json with the web app's imports, and the bundler. */
function cut({ name, version, dependencies, devDependencies }, folder = __dirname) {
  const wanted = [...importedBy(folder), "esbuild"];
  const unknown = wanted.filter((each) => !dependencies[each] && !devDependencies[each]);
  if (unknown.length > 0)
    throw new Error(`package.json must name what webapp/ imports, got no ${unknown.join(", ")}`);
  return {
    name,
    version,
    private: true,
    dependencies: Object.fromEntries(
      wanted.map((each) => [each, dependencies[each] ?? devDependencies[each]]),
    ),
  };
}

module.exports = { cut, importedBy };

if (require.main === module) {
  const whole = JSON.parse(fs.readFileSync(path.join(__dirname, "../package.json"), "utf8"));
  fs.writeFileSync(process.argv[2], `${JSON.stringify(cut(whole), null, 2)}\n`);
}
