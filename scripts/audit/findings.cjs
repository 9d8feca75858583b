/** Sorts what a scanner found: a waiver excuses a check, for the resources that its pattern fits, for a reason. */
function judge(findings, waivers) {
  const used = new Set();
  const excused = ({ check, resource }) => {
    const waiver = waivers.find((w) => w.check === check && new RegExp(w.resource ?? ".").test(resource));
    if (waiver) used.add(waiver);
    return waiver !== undefined;
  };
  const failing = findings.filter((f) => f.status === "FAIL");
  const waived = failing.filter(excused);
  return {
    passed: findings.filter((f) => f.status === "PASS"),
    failed: failing.filter((f) => !waived.includes(f)),
    waived,
    unused: waivers.filter((w) => !used.has(w)),
  };
}

/** Findings by their check, in the checks' order. */
function count(findings) {
  const byCheck = {};
  for (const finding of [...findings].sort((a, b) => a.check.localeCompare(b.check)))
    (byCheck[finding.check] ??= []).push(finding);
  return byCheck;
}

module.exports = { judge, count };
