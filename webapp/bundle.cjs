// node webapp/bundle.cjs FOLDER: the web app as a folder that needs Node.js and nothing else. The image, the sandbox and the
// benchmarks run it.
const { build } = require("esbuild");
const fs = require("node:fs");
const path = require("node:path");

const writeManifests = require("./manifests.cjs");
const { importedBy } = require("./packages.cjs");

const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // Names stay as they are, for the log's stack traces. With shorter ones kept by esbuild's keepNames, each function made while a
  // request is served would get its name by a call of its own: a fifth of the time of `GET /`.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  // Optional native speed-ups, which their users do without.
  external: ["pg-native", "@napi-rs/nice"],
};

// The AWS SDK is half of all code, and a start does not use it: it goes into a file of its own, which the first import loads.
const sdk = {
  contents: `module.exports = {
    ${importedBy(__dirname)
      .filter((name) => name.startsWith("@aws-sdk/"))
      .map((name) => `get "${name}"() { return require("${name}"); }`)
      .join(",\n")}
  };`,
  resolveDir: __dirname,
};
const loadSdkLater = {
  name: "load-sdk-later",
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\// }, ({ path: name, namespace }) =>
      namespace === "sdk" ? undefined : { path: name, namespace: "sdk" },
    );
    build.onResolve({ filter: /^\.\/sdk\.js$/, namespace: "sdk" }, () => ({
      path: "./sdk.js",
      external: true,
    }));
    build.onLoad({ filter: /.*/, namespace: "sdk" }, ({ path: name }) => ({
      contents: `module.exports = require("./sdk.js")["${name}"];`,
    }));
  },
};

// OpenTelemetry is used only where somebody wants traces: what imports it is a file of its own, too.
const traces = path.join(__dirname, "traces/traces.ts");
const loadTracesLater = {
  name: "load-traces-later",
  setup(build) {
    build.onResolve({ filter: /\/traces\/traces$/ }, () => ({ path: "./traces.js", external: true }));
  },
};

/** Bundles into `folder` and answers the file that `node` starts. */
module.exports = async function bundle(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const app = await build({
    entryPoints: {
      server: path.join(__dirname, "server.ts"),
      "prime-worker": path.join(__dirname, "prime-worker.ts"),
      // Piscina starts the file of this name beside its own.
      worker: path.join(path.dirname(require.resolve("piscina")), "worker.js"),
    },
    outdir: folder,
    plugins: [loadSdkLater, loadTracesLater],
    ...common,
  });
  const later = await build({ stdin: sdk, outfile: path.join(folder, "sdk.js"), ...common });
  // As modules its packages leave out what is not used, which is most of them.
  const tracing = await build({
    entryPoints: [traces],
    outfile: path.join(folder, "traces.js"),
    mainFields: ["module", "main"],
    ...common,
  });
  writeManifests(
    folder,
    [app, later, tracing].map(({ metafile }) => metafile),
  );
  fs.cpSync(path.join(__dirname, "public"), path.join(folder, "public"), { recursive: true });
  return path.join(folder, "server.js");
};

if (require.main === module) {
  const [, , folder] = process.argv;
  if (!folder) {
    console.error("usage: node webapp/bundle.cjs FOLDER");
    process.exit(2);
  }
  module.exports(path.resolve(folder)).then(
    (file) => console.log(`Bundled the web app: node ${path.relative(process.cwd(), file)}`),
    (error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
}
