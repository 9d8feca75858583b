// node webapp/bundle.cjs FOLDER: the web app as a folder that needs only Node.js. The image, the sandbox and the benchmarks
// run it.
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
  // Names stay as they are, for stack traces in the log. With short names and esbuild's keepNames, an extra call would name each
  // function created during a request: a fifth of the time of `GET /`.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  // Optional native accelerators; the packages that use them work without.
  external: ["pg-native", "@napi-rs/nice"],
};

// The AWS SDK is half of all code, and a start does not use it: it goes into a separate file that the first import loads.
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

// OpenTelemetry is used only if traces are enabled: its importer is a separate file, too.
const traces = path.join(__dirname, "traces/traces.ts");
const loadTracesLater = {
  name: "load-traces-later",
  setup(build) {
    build.onResolve({ filter: /\/traces\/traces$/ }, () => ({ path: "./traces.js", external: true }));
  },
};

/** Bundles into `folder` and returns the file that `node` starts. */
module.exports = async function bundle(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const app = await build({
    entryPoints: {
      server: path.join(__dirname, "server.ts"),
      "prime-worker": path.join(__dirname, "prime-worker.ts"),
      // Piscina starts the file with this name next to its own.
      worker: path.join(path.dirname(require.resolve("piscina")), "worker.js"),
    },
    outdir: folder,
    plugins: [loadSdkLater, loadTracesLater],
    ...common,
  });
  const later = await build({ stdin: sdk, outfile: path.join(folder, "sdk.js"), ...common });
  // As ES modules, its packages are tree-shaken, which drops most of them.
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
