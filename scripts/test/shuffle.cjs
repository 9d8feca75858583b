const { createHash } = require("node:crypto");

/** The same list in another order, determined by the seed. */
exports.shuffled = (list, seed) => {
  const draw = (item) =>
    createHash("sha256")
      .update(`${seed} ${JSON.stringify(item)}`)
      .digest("hex");
  return [...list].sort((a, b) => (draw(a) < draw(b) ? -1 : 1));
};
