// What the tests need beside npm's packages, installed once before the first test, so that no two install the same. This file itself needs
// none of npm's packages.
const { spawn } = require("node:child_process");
const path = require("node:path");
const { isInstalled, list } = require("../tools/index.cjs");

/** Resolves when each is installed, or has reported why it cannot be. */
module.exports = async function prepare({ quick }) {
  const isWanted = ({ asked, left }) => asked === undefined && !(left && process.env.GROUNDWORK_SHORT);
  const tools = Object.keys(list).filter((name) => isWanted(list[name]) && !isInstalled(name));
  await Promise.all([
    ...(quick ? [] : [node(["sandbox/emulators/packages.cjs"])]),
    ...tools.map((name) => node(["scripts/tools/install.cjs", name])),
  ]);
};

/** The tests that need a missing tool report it, each as a skip with its reason. */
const node = (args) =>
  new Promise((resolve) => {
    spawn(process.execPath, args, {
      cwd: path.join(__dirname, "../.."),
      stdio: ["ignore", "inherit", "inherit"],
    }).once("close", resolve);
  });
