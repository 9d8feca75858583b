// npm test: every room of test/ in a process of its own, one more at a time than there are cores, and one block at the end.
//   npm test -- --all                everything: what leftToAll of test/left-to-all.ts leaves out otherwise, too
//   npm test -- test/web/*.test.ts   these files only
//   npm test -- --quick              what needs no emulator, browser or PostgreSQL, and runs no builds or scripts
//   npm test -- --shuffle [SEED]     the files of each room in another order
//   npm test -- --alone              each file in a process of its own
//   npm test -- --grep WORDS         the tests whose titles hold them
const { spawn } = require("node:child_process");
const os = require("node:os");
const path = require("node:path");
const { parseArgs } = require("node:util");
const install = require("./install.cjs");
const { add, nothing, summary } = require("./test/summary.cjs");
const { nameOf, rooms, root, testFiles } = require("./test/rooms.cjs");
const { shuffled } = require("./test/shuffle.cjs");
const { status } = require("./test/status.cjs");
const prepare = require("./test/prepare.cjs");

const MOCHA = path.join(root, "node_modules/mocha/bin/mocha.js");
/** In MiB. Rooms that render many stacks spent a quarter of their processor time collecting garbage with Node's default of 16. */
const YOUNG_OBJECTS = "--max-semi-space-size=128";
/** A room that has reported its results but does not exit by then has left something running. */
const END_MS = 30_000;

// A third of a run is waiting: for health checks, alarms, and processes to be killed.
const AT_ONCE = os.availableParallelism() + 1;

const OPTIONS = {
  all: { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
  alone: { type: "boolean", default: false },
  shuffle: { type: "boolean", default: false },
  grep: { type: "string" },
};

async function main() {
  const began = Date.now();
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const seeds = values.shuffle ? positionals.filter((word) => /^\d+$/.test(word)) : [];
  const named = positionals.filter((word) => !seeds.includes(word)).map((file) => path.resolve(file));
  refuse(named);
  const only = named.length > 0 ? named : testFiles();
  // If somebody names what to run, nothing of it is left out.
  if (!values.all && !values.grep && named.length === 0) process.env.GROUNDWORK_SHORT = "1";
  let queue = rooms({ only, quick: values.quick });
  if (values.alone)
    queue = queue.flatMap(({ files }) => files.map((file) => ({ name: nameOf(file), files: [file] })));
  if (values.shuffle) {
    const seed = Number(seeds[0] ?? Date.now() % 1_000_000);
    console.log(`Shuffled by the seed ${seed}.`);
    queue = shuffled(queue, seed).map((room) => ({ ...room, files: shuffled(room.files, seed) }));
  }
  const prepared = prepare({ quick: values.quick });
  install(); // meanwhile
  await prepared;

  const mochaArgs = values.grep ? ["--grep", values.grep] : [];
  const board = status();
  let total = nothing();
  const worker = async () => {
    for (let room; !interrupted && (room = queue.shift());) {
      const { results, output, seconds } = await run(room, mochaArgs, board);
      board.print(`\n━━ ${room.name} (${seconds} s)\n${output.trimEnd()}\n`);
      total = add(total, results);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  board.clear();
  console.log(`\n━━ ${((Date.now() - began) / 1000).toFixed(0)} s in all\n\n${summary(total)}`);
  return total.failures.length > 0 || total.passed === 0 ? 1 : 0;
}

function refuse(files) {
  for (const file of files)
    if (!file.endsWith(".test.ts"))
      throw new Error(`npm test takes files that end in .test.ts, got ${file}.`);
  const updates = Object.keys(process.env).filter((name) => name.startsWith("UPDATE_"));
  if (process.env.CI && updates.length > 0)
    throw new Error(
      `${updates.join(", ")} would write what the tests are held to: not in continuous integration.`,
    );
}

/** Runs a room to its end; a process that ends without reporting its results is a failure as well. */
function run({ name, files }, mochaArgs, board) {
  const began = Date.now();
  const child = spawn(process.execPath, [YOUNG_OBJECTS, MOCHA, ...mochaArgs, ...files], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let [output, results, late] = ["", undefined, undefined];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  running.add(child);
  board.begin(name);
  child.on("message", (message) => {
    board.update(name, message);
    if (!message.results) return;
    results = message.results;
    late = setTimeout(() => child.kill("SIGKILL"), END_MS);
  });
  return new Promise((resolve) => {
    child.once("close", (code, signal) => {
      clearTimeout(late);
      running.delete(child);
      board.end(name);
      const fail = (message) => ({ ...nothing(), failures: [{ title: name, message }] });
      let ended = results ?? fail(`ended with ${signal ?? code} before its results were known`);
      if (results && signal)
        ended = add(ended, fail(`did not end by itself within ${END_MS / 1000} s of its last test`));
      resolve({ results: ended, output, seconds: ((Date.now() - began) / 1000).toFixed(0) });
    });
  });
}

/** The rooms clean up what they started, and no other room begins. */
let interrupted = false;
const running = new Set();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    interrupted = true;
    // A terminal's Ctrl-C reaches them directly; a second one would cut them short.
    if (signal !== "SIGINT" || !process.stdin.isTTY) for (const child of running) child.kill("SIGINT");
  });

main().then(
  (code) => {
    process.exitCode = interrupted ? 130 : code;
  },
  (error) => {
    console.error(error.message);
    process.exitCode = 2;
  },
);
