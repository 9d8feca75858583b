// Leaves out what Pulumi's Node.js SDK does for nobody: half of a preview's time. Required before a program or a test loads
// Pulumi. Each part steps between two of Pulumi's own modules, and test/scripts/main.test.ts says when a newer Pulumi has moved them.
const { Module, createRequire } = require("node:module");

const pulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));

/** A stack trace of each promise, to show it for one that never ends: taken only where it would be shown. */
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

/** A message to the engine for each debug line, each after the answer to the one before: as many lines as there are in one message. */
function gatherDebugLines() {
  const log = pulumi("./log");
  const { debug } = log;
  const lines = [];
  log.debug = (line) => {
    if (lines.push(line) === 1) setTimeout(() => void debug(lines.splice(0).join("\n")), 100);
    return Promise.resolve();
  };
}

/** npm's whole resolver, loaded to find the packages of an aws.lambda.CallbackFunction: only once one is made. */
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
