// node scripts/tools/install.cjs NAME: installs a tool, or reports why it is not available here.
const { tool } = require("./index.cjs");

try {
  tool(process.argv[2]);
} catch (error) {
  console.log(error.message);
}
