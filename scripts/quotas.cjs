// The check of npm run up and preview before the engine starts: whether the account's quotas allow the stack.
const { Refusal } = require("./pulumi-options.cjs");

module.exports = async function requireQuotas(stack, config) {
  require("./loader.cjs");
  require("./lean-pulumi.cjs");
  const { askQuotas } = require("./quotas/ask.ts");
  const { lines, refusal } = await askQuotas(stack, config);
  // Readers of the preview as JSON read the other stream.
  for (const line of lines) console.error(line);
  if (refusal) throw new Refusal(refusal);
};
