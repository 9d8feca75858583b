// node scripts/tools/install.cjs NAME: installs a tool, or says why it cannot be had here.
const { tool } = require("./index.cjs");

try {
  tool(process.argv[2]);
} catch (error) {
  console.log(error.message);
}
