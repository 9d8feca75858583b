// judge-scan.cjs REPOSITORY DIGEST: waits for ECR's scan of an image, of either kind that the registry may have, and decides whether
// the image may be released. Exits with 1, and the reason, if it may not.
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const [repository, digest] = process.argv.slice(2);
const refused = (process.env.REFUSED_SEVERITIES ?? "CRITICAL HIGH").split(" ").filter(Boolean);
const seconds = Number(process.env.SCAN_SECONDS ?? 900);
const pause = Number(process.env.SCAN_PAUSE ?? 10);
const LIST = path.join(__dirname, "allowed-findings.json");
const today = new Date().toISOString().slice(0, 10);
/** Nobody would review a list again that is valid for years. */
const LONGEST_DAYS = 180;

/** A basic scan ends; an enhanced one continues for as long as Amazon Inspector watches the image. */
const ENDED = ["COMPLETE", "ACTIVE"];
/** What the scan of a fresh image may return before it has begun. */
const ON_ITS_WAY = ["IN_PROGRESS", "PENDING", "FINDINGS_UNAVAILABLE", "NOT_FOUND"];

const fail = (reason) => {
  console.error(`Refused: ${reason}`);
  process.exit(1);
};

/** The scan as ECR reports it; the CLI goes through all pages. */
function describe() {
  const command = ["ecr", "describe-image-scan-findings", "--output", "json"];
  const image = ["--repository-name", repository, "--image-id", `imageDigest=${digest}`];
  try {
    const answer = execFileSync("aws", [...command, ...image], {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: "pipe",
    });
    const { imageScanStatus = {}, imageScanFindings = {} } = JSON.parse(answer);
    return { ...imageScanStatus, findings: imageScanFindings };
  } catch (error) {
    if (String(error.stderr).includes("ScanNotFoundException")) return { status: "NOT_FOUND" };
    return fail(`the scan of ${digest} cannot be read: ${String(error.stderr).trim()}`);
  }
}

async function ended() {
  const end = Date.now() + seconds * 1_000;
  for (;;) {
    const scan = describe();
    const words = [scan.status, scan.description].filter(Boolean).join(", ");
    if (ENDED.includes(scan.status)) return scan.findings;
    if (!ON_ITS_WAY.includes(scan.status)) fail(`the scan of ${digest} did not end well: ${words}`);
    if (Date.now() >= end)
      fail(
        `the scan of ${digest} did not end within ${seconds} seconds: ${words}. ` +
          "Does the registry's scanning configuration cover the repository?",
      );
    await new Promise((resolve) => setTimeout(resolve, pause * 1_000));
  }
}

/** Findings of either kind of scan: their id, severity, packages, and known fix. */
const found = ({ findings = [], enhancedFindings = [] }) => [
  ...findings.map(({ name, severity, attributes = [] }) => ({
    finding: name,
    severity,
    packages: attributes.filter(({ key }) => key === "package_name").map(({ value }) => value),
    fix: "",
  })),
  ...enhancedFindings
    .filter(({ status }) => status !== "CLOSED")
    .map(({ severity, fixAvailable, packageVulnerabilityDetails: details = {} }) => ({
      finding: details.vulnerabilityId,
      severity,
      packages: (details.vulnerablePackages ?? []).map(({ name }) => name),
      fix:
        fixAvailable === "NO"
          ? ", without a fix yet"
          : fixAvailable
            ? `, fix available: ${fixAvailable}`
            : "",
    })),
];

/** The reviewed list. An invalid one allows nothing. */
function allowed() {
  const lines = JSON.parse(fs.readFileSync(LIST, "utf8"));
  const last = new Date(Date.now() + LONGEST_DAYS * 86_400_000).toISOString().slice(0, 10);
  for (const line of lines) {
    const { finding, package: name, reason, until } = line;
    if (![finding, name, reason].every((text) => typeof text === "string" && text.trim()))
      fail(
        `${path.basename(LIST)}: each line must name finding, package, reason and until, got ${JSON.stringify(line)}`,
      );
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(Date.parse(until)) || until > last)
      fail(
        `${path.basename(LIST)}: until of ${finding} must be a day as 2026-12-31, at most ${LONGEST_DAYS} off, got ${until}`,
      );
  }
  return lines;
}

/** Why a finding blocks the image; undefined if it does not. */
function objection({ finding, severity, packages, fix }, lines) {
  if (!refused.includes(severity)) return undefined;
  const told = `${severity} ${finding} in ${packages.join(", ") || "an unnamed package"}${fix}`;
  const about = (name) => lines.find((line) => line.finding === finding && line.package === name);
  const excuses = packages.map(about);
  if (excuses.length === 0 || excuses.some((line) => !line)) return told;
  const late = excuses.find(({ until }) => until < today);
  return late && `${told}: it was allowed until ${late.until}`;
}

async function judge() {
  const lines = allowed();
  const all = found(await ended());
  const objections = [...new Set(all.flatMap((one) => objection(one, lines) ?? []))];
  for (const { finding, package: name } of lines)
    if (!all.some((one) => one.finding === finding && one.packages.includes(name)))
      console.log(`${path.basename(LIST)} allows ${finding} in ${name}, which is no longer found: remove it`);
  if (objections.length > 0) fail([`the scan of ${digest} has found`, ...objections].join("\n  "));
  console.log(`The scan of ${digest} has nothing that holds it up, of ${all.length} findings`);
}

void judge();
