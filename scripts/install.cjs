// Installs the locked dependencies if they are missing or older than the lockfile, so that each npm script works on a fresh clone.
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const OLDEST = [20, 19];
const NEEDED_MIB = 800;

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  console.error(
    `Groundwork needs Node.js ${OLDEST.join(".")} or newer, and this is ${process.versions.node}. Install it from https://nodejs.org.`,
  );
  process.exit(1);
}

/** On a full disk npm retries for minutes without printing anything. */
function requireDisk() {
  const { bavail, bsize } = fs.statfsSync(root);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  if (free >= NEEDED_MIB) return;
  console.error(
    `The dependencies need ${NEEDED_MIB} MiB of disk and there are ${free} in ${root}: make room, then run the command again.`,
  );
  process.exit(1);
}

const packagesOf = (file) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")).packages;

/** npm itself records what it installed in node_modules/.package-lock.json. */
function isCurrent({ dev = true } = {}) {
  if (!fs.existsSync(path.join(root, "node_modules/.package-lock.json"))) return false;
  const installed = packagesOf("node_modules/.package-lock.json");
  const locked = Object.entries(packagesOf("package-lock.json")).filter(([name]) => name !== "");
  return locked.every(([name, entry]) =>
    installed[name] ? installed[name].version === entry.version : entry.optional || (!dev && entry.dev),
  );
}

/** Runs `npm ci` unless node_modules already matches the lockfile exactly; without `dev`, only what deploying needs. */
module.exports = function install(options) {
  requireNode();
  if (isCurrent(options)) return;
  // Otherwise npm first removes the existing packages, which frees space.
  if (!fs.existsSync(path.join(root, "node_modules"))) requireDisk();
  console.log("Installing the dependencies from the lockfile (once) ...");
  const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (done.status !== 0) {
    console.error(
      "The dependencies could not be installed. Check that this machine reaches the npm registry, then run the command again.",
    );
    process.exit(1);
  }
};

module.exports.isCurrent = isCurrent;

if (require.main === module) module.exports();
