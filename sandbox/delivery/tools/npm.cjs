// The `npm` command of the pipeline's builds. Packages that this checkout has in the wanted versions are taken from it: the same result as an
// install, immediately and without a network. Everything else goes to the machine's own npm.
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const args = process.argv.slice(2);
/** Filled in where this is copied to: an image's step has no variables of the build. */
const checkout = "CHECKOUT";

function isHere() {
  if (!["ci", "install"].includes(args[0]) || args.slice(1).some((one) => !one.startsWith("--")))
    return false;
  try {
    if (
      !fs.readFileSync("package-lock.json").equals(fs.readFileSync(path.join(checkout, "package-lock.json")))
    )
      return false;
    const { dependencies = {}, devDependencies = {} } = JSON.parse(fs.readFileSync("package.json", "utf8"));
    const wanted = Object.keys({ ...dependencies, ...devDependencies });
    return wanted.every((name) => fs.existsSync(path.join(checkout, "node_modules", name)));
  } catch {
    return false; // no such files
  }
}

if (isHere()) {
  fs.rmSync("node_modules", { recursive: true, force: true });
  fs.symlinkSync(path.join(checkout, "node_modules"), "node_modules");
  console.log(`The packages of this lockfile are those of ${checkout}.`);
} else {
  const own = path.join(path.dirname(process.execPath), "npm");
  process.exit(spawnSync(own, args, { stdio: "inherit" }).status ?? 1);
}
