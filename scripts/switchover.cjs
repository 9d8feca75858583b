// npm run switchover -- TABLE REGION KEY INSTANCE: moves PostgreSQL as planned, with the very file that the nodes run.
const { spawnSync } = require("node:child_process");

require("./install.cjs")();
require("./loader.cjs");
const { agentFile } = require("../components/database/agent-file");

const args = [agentFile().path, "switchover", ...process.argv.slice(2)];
// The SDK's warning about an old Node is meant for maintainers, not for whoever moves a database.
const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit", env }).status ?? 1;
