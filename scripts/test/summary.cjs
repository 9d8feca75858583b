/** The result of a run, or of a part of one. */
const nothing = () => ({ passed: 0, failures: [], skipped: [] });

const add = (a, b) => ({
  passed: a.passed + b.passed,
  failures: [...a.failures, ...b.failures],
  skipped: [...a.skipped, ...b.skipped],
});

/** `{reason: number of tests}`, the most frequent reason first. */
function reasons(skipped) {
  const counts = new Map();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** The block at the end of a run; other programs can read its last line. */
function summary({ passed, failures, skipped }) {
  const lines = [];
  if (skipped.length > 0)
    lines.push("Skipped:", ...reasons(skipped).map(([why, n]) => `${n}`.padStart(5) + `  ${why}`), "");
  if (failures.length > 0)
    lines.push(
      "Failed:",
      ...failures.flatMap(({ title, message }) => [`  ${title}`, `      ${message.split("\n")[0]}`]),
      "",
    );
  lines.push(
    `${passed} passed, ${failures.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`,
  );
  return lines.join("\n");
}

module.exports = { add, nothing, summary };
