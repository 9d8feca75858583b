// Skips work in Pulumi's Node.js SDK that nobody uses: half of a preview's time. Required before a program or a test loads Pulumi. Each
// part replaces something between two of Pulumi's own modules, and test/scripts/main.test.ts fails when a newer Pulumi has moved them.
const { Module, createRequire } = require("node:module");

const pulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));

/** A stack trace of each promise, shown if it never ends: taken only if it would be shown. */
function sparePromiseTraces() {
  const debuggable = pulumi("./runtime/debuggable");
  const { debuggablePromise, debugPromiseLeaks } = debuggable;
  if (debugPromiseLeaks) return;
  debuggable.debuggablePromise = (...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...args);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/** A message to the engine for each debug line, each waiting for the previous answer: now one message carries all waiting lines. */
function gatherDebugLines() {
  const log = pulumi("./log");
  const { debug } = log;
  const lines = [];
  log.debug = (line) => {
    if (lines.push(line) === 1) setTimeout(() => void debug(lines.splice(0).join("\n")), 100);
    return Promise.resolve();
  };
}

/** npm's whole resolver, which finds the packages of an aws.lambda.CallbackFunction: loaded only once one is created. */
function delayArborist() {
  const file = pulumi.resolve("@npmcli/arborist");
  if (require.cache[file]) return;
  const later = new Module(file);
  later.exports = {
    Arborist: function (...args) {
      delete require.cache[file];
      return new (pulumi(file).Arborist)(...args);
    },
  };
  later.loaded = true;
  require.cache[file] = later;
}

sparePromiseTraces();
gatherDebugLines();
delayArborist();
