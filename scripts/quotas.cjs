// What npm run up and preview ask before the engine starts: whether the account's quotas let the stack be made.
const { Refusal } = require("./pulumi-options.cjs");

module.exports = async function requireQuotas(stack, config) {
  require("./loader.cjs");
  require("./lean-pulumi.cjs");
  const { askQuotas } = require("./quotas/ask.ts");
  const { lines, refusal } = await askQuotas(stack, config);
  // Who reads the preview as JSON reads the other stream.
  for (const line of lines) console.error(line);
  if (refusal) throw new Refusal(refusal);
};
