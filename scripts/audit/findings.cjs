/** Sorts a scanner's findings: a waiver excuses a check, in the stacks that it names and for the resources that its pattern matches. */
function judge(findings, waivers) {
  const used = new Set();
  const excused = ({ check, resource, stack }) => {
    const waiver = waivers.find(
      (w) =>
        new RegExp(`^(?:${w.check})$`).test(check) &&
        (!w.stacks || w.stacks.includes(stack)) &&
        new RegExp(w.resource ?? ".").test(resource),
    );
    if (waiver) used.add(waiver);
    return waiver !== undefined;
  };
  const failing = findings.filter((f) => f.status === "FAIL");
  const waived = failing.filter(excused);
  const stacks = new Set(findings.map((f) => f.stack));
  return {
    passed: findings.filter((f) => f.status === "PASS"),
    failed: failing.filter((f) => !waived.includes(f)),
    waived,
    unused: waivers.filter((w) => !used.has(w) && (!w.stacks || w.stacks.some((s) => stacks.has(s)))),
  };
}

/** Findings by check, in the checks' order. */
function count(findings) {
  const byCheck = {};
  for (const finding of [...findings].sort((a, b) => a.check.localeCompare(b.check)))
    (byCheck[finding.check] ??= []).push(finding);
  return byCheck;
}

module.exports = { judge, count };
