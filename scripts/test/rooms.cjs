// Which test files run together. A room is a folder of test/, or bench/: its files share a process, and with it emulators, a PostgreSQL or a
// rendered stack, which are started once and run only while the room is tested.
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "../..");
const TESTS = path.join(root, "test");

/** So that all workers end at about the same time. */
const LONGEST_FIRST = [
  ...["sandbox", "provisioner", "webapp", "sandboxes", "components", "database", "stacks", "openapi"],
  ...["scripts", "uploads", "delivery", "package", "bootstrap", "functions", "examples"],
];

/** The longest of what needs nothing that runs outside of the test's own process. */
const QUICK_LONGEST = ["stacks", "components"];

/** They use the same rendered stacks, which take seconds each. */
const TOGETHER = { policies: "stacks", operations: "stacks" };

/** They start their own sandboxes, or wait for machines to be replaced: a room of their own beside all others, so that both end in time. */
const APART = ["leftovers", "lifecycle", "program", "servers", "watch"];

/** Imports that start something outside of the test's own process. */
const RIGS = [
  ...["emulated.ts", "postgres.ts", "browser.ts"],
  ...["components/provisioner/build-runner.ts", "delivery/scripts.ts"],
].map((file) => path.join(TESTS, file));
/** Rooms and files that run other programs, which take time as well. */
const NOT_QUICK = ["machine", "engine", "package", "starters", "scripts", "components/plugin.test.ts"];

function filesIn(folder, recursive = true) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join(folder, file))
    .sort();
}

/** Every test file. The folders below bench/ hold packages that it installs, whose tests are not ours. */
const testFiles = () => [...filesIn(TESTS), ...filesIn(path.join(root, "bench"), false)];

/** A file's name for people. */
const nameOf = (file) => path.relative(file.startsWith(TESTS) ? TESTS : root, file);
const folderOf = (file) => nameOf(file).split(path.sep)[0].replace(".test.ts", "");
const apart = (file) => APART.some((name) => nameOf(file) === path.join("sandbox", `${name}.test.ts`));
const roomOf = (file) => (apart(file) ? "sandboxes" : (TOGETHER[folderOf(file)] ?? folderOf(file)));

/** The files that a file imports from this repository, directly or indirectly. */
function closure(file, seen = new Set()) {
  if (seen.has(file) || !fs.existsSync(file)) return seen;
  seen.add(file);
  for (const [, name] of fs
    .readFileSync(file, "utf8")
    .matchAll(/^(?:import|export|\} from)\b.*?"(\.[^"]+)"/gm)) {
    const target = path.resolve(path.dirname(file), name);
    closure(fs.existsSync(`${target}.ts`) ? `${target}.ts` : path.join(target, "index.ts"), seen);
  }
  return seen;
}

function isQuick(file) {
  if ([roomOf(file), nameOf(file)].some((name) => NOT_QUICK.includes(name))) return false;
  const imported = closure(file);
  return !RIGS.some((rig) => imported.has(rig));
}

/** The rooms in the order in which they begin, each with its files. @param only the files wanted @default all */
function rooms({ only = testFiles(), quick = false } = {}) {
  const byRoom = new Map();
  for (const file of only.filter((one) => !quick || isQuick(one))) {
    const room = roomOf(file);
    byRoom.set(room, [...(byRoom.get(room) ?? []), file]);
  }
  const order = quick ? [...QUICK_LONGEST, ...LONGEST_FIRST] : LONGEST_FIRST;
  const rank = ([name]) => order.indexOf(name) + 1 || order.length + 1;
  return [...byRoom].sort((a, b) => rank(a) - rank(b)).map(([name, files]) => ({ name, files }));
}

module.exports = { nameOf, rooms, root, testFiles };
