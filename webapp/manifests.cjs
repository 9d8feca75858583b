const fs = require("node:fs");
const path = require("node:path");

/** The folders of the packages that an esbuild build included something from. */
const packagesOf = ({ inputs }) =>
  Object.keys(inputs).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);

/**
 * Writes name and version of each bundled package where npm would have left them, in npm's two forms: a file for each, and one for all. Image
 * scanners recognise packages by one or the other; without them a bundle belongs to no package, and scanners find nothing in it.
 */
module.exports = function writeManifests(folder, metafiles) {
  const packages = {};
  for (const from of [...new Set(metafiles.flatMap(packagesOf))].sort()) {
    const { name, version } = JSON.parse(fs.readFileSync(path.join(from, "package.json"), "utf8"));
    const at = from.slice(from.indexOf("node_modules/"));
    packages[at] = { version };
    fs.mkdirSync(path.join(folder, at), { recursive: true });
    fs.writeFileSync(path.join(folder, at, "package.json"), JSON.stringify({ name, version }));
  }
  const all = { lockfileVersion: 3, requires: true, packages };
  fs.writeFileSync(path.join(folder, "node_modules/.package-lock.json"), JSON.stringify(all));
};
