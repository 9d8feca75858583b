// What the tests need beside npm's packages, installed once and before the first of them, so that no two install the same. It needs none of
// npm's packages itself.
const { spawn } = require("node:child_process");
const path = require("node:path");
const { isInstalled, list } = require("../tools/index.cjs");

/** Resolves when each is there, or has said why it cannot be. */
module.exports = async function prepare({ quick }) {
  const tools = Object.keys(list).filter((name) => list[name].asked === undefined && !isInstalled(name));
  await Promise.all([
    ...(quick ? [] : [node(["sandbox/emulators/packages.cjs"])]),
    ...tools.map((name) => node(["scripts/tools/install.cjs", name])),
  ]);
};

/** What cannot be had is told by the tests that need it, each as a skip with its reason. */
const node = (args) =>
  new Promise((resolve) => {
    spawn(process.execPath, args, {
      cwd: path.join(__dirname, "../.."),
      stdio: ["ignore", "inherit", "inherit"],
    }).once("close", resolve);
  });
