import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { some } from "../some";
import { deployFolder, Machine } from "./scripts";

const DIGEST = `sha256:${"ab".repeat(32)}`;
const day = (away: number) => new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);

const scan = (status: string, imageScanFindings: object = {}) => ({
  imageScanStatus: { status, description: "in words" },
  imageScanFindings,
});

/** As a basic scan tells it, which knows nothing of a fix. */
const basic = (name: string, severity: string, ...packages: string[]) => ({
  name,
  severity,
  attributes: packages.map((value) => ({ key: "package_name", value })),
});
/** As Amazon Inspector tells it. */
const enhanced = (
  vulnerabilityId: string,
  severity: string,
  fixAvailable: string,
  ...packages: string[]
) => ({
  severity,
  fixAvailable,
  status: "ACTIVE",
  packageVulnerabilityDetails: {
    vulnerabilityId,
    vulnerablePackages: packages.map((name) => ({ name })),
  },
});

describe("the verdict about an image's scan", () => {
  let machine: Machine;
  let script: string;
  beforeEach(() => {
    machine = new Machine();
    script = path.join(machine.folder, "judge-scan.cjs");
    fs.copyFileSync(path.join(deployFolder, "judge-scan.cjs"), script);
    allow();
  });
  afterEach(() => machine.end());

  const allow = (...lines: object[]) =>
    fs.writeFileSync(path.join(machine.folder, "allowed-findings.json"), JSON.stringify(lines));

  /** Asks about the scans in their order; a text is an error of AWS's. */
  async function judge(scans: (object | string)[], environment: Record<string, string> = {}) {
    fs.writeFileSync(path.join(machine.folder, "calls"), "");
    const SCANS = scans.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n");
    const more = { SCANS, SCAN_PAUSE: "0.01", SCAN_SECONDS: "2", ...environment };
    return machine.run("-c", more, "", [`exec node ${script} repository ${DIGEST}`]);
  }

  it("waits for either kind of scan, even before it has begun, and accepts nothing severe", async () => {
    for (const ended of ["COMPLETE", "ACTIVE"]) {
      const way = [
        "ScanNotFoundException",
        scan("PENDING"),
        scan("IN_PROGRESS"),
        scan("FINDINGS_UNAVAILABLE"),
      ];
      const { code, output } = await judge([...way, scan(ended, { findings: [basic("CVE-1", "LOW", "a")] })]);
      assert.deepEqual(
        [code, output],
        [0, `The scan of ${DIGEST} has nothing that holds it up, of 1 findings\n`],
      );
      assert.equal(machine.calls().length, 5);
    }
  });

  it("refuses an image that will never be scanned, by its name, at once", async () => {
    for (const status of [
      "FAILED",
      "UNSUPPORTED_IMAGE",
      "SCAN_ELIGIBILITY_EXPIRED",
      "LIMIT_EXCEEDED",
      "IMAGE_ARCHIVED",
      "IMAGE_SIZE_EXCEEDED",
      "SOMETHING_NEW",
    ]) {
      const { code, output } = await judge([scan(status)]);
      assert.deepEqual(
        [code, output],
        [1, `Refused: the scan of ${DIGEST} did not end well: ${status}, in words\n`],
      );
      assert.equal(machine.calls().length, 1);
    }
    const { code, output } = await judge(["AccessDeniedException"]);
    assert.equal(code, 1);
    assert.match(output, /^Refused: the scan of sha256:\S+ cannot be read: An error .*AccessDeniedException/);
  });

  it("refuses a scan that does not end, with its last status", async () => {
    for (const [last, told] of [
      ["ScanNotFoundException", "NOT_FOUND"],
      [scan("PENDING"), "PENDING, in words"],
    ] as const) {
      const { code, output } = await judge([last], { SCAN_SECONDS: "0.2" });
      assert.equal(code, 1);
      assert.ok(
        output.startsWith(`Refused: the scan of ${DIGEST} did not end within 0.2 seconds: ${told}. `),
      );
    }
  });

  it("refuses each finding of a refused severity once, with or without a fix", async () => {
    const twice = basic("CVE-1", "CRITICAL", "a");
    const findings = [twice, twice, basic("CVE-2", "HIGH"), basic("CVE-3", "MEDIUM", "b")];
    const old = await judge([scan("COMPLETE", { findings })]);
    assert.deepEqual(
      [old.code, old.output],
      [
        1,
        `Refused: the scan of ${DIGEST} has found\n  CRITICAL CVE-1 in a\n  HIGH CVE-2 in an unnamed package\n`,
      ],
    );
    const enhancedFindings = [
      enhanced("CVE-4", "HIGH", "YES", "a", "b"),
      enhanced("CVE-5", "HIGH", "NO", "c"),
      { ...enhanced("CVE-6", "CRITICAL", "YES", "d"), status: "CLOSED" },
      { severity: "HIGH" },
    ];
    const { output } = await judge([scan("ACTIVE", { enhancedFindings })]);
    assert.deepEqual(output.split("\n").slice(1, -1), [
      "  HIGH CVE-4 in a, b, fix available: YES",
      "  HIGH CVE-5 in c, without a fix yet",
      "  HIGH undefined in an unnamed package",
    ]);
    const severities = (REFUSED_SEVERITIES: string) =>
      judge([scan("ACTIVE", { enhancedFindings })], { REFUSED_SEVERITIES });
    assert.equal((await severities("CRITICAL MEDIUM")).code, 0);
    assert.equal((await severities("")).code, 0);
  });

  it("accepts a listed finding until its date, and only in its package", async () => {
    const line = { finding: "CVE-1", package: "a", reason: "not reached", until: day(0) };
    const one = scan("COMPLETE", { findings: [basic("CVE-1", "HIGH", "a")] });
    allow(line);
    assert.equal((await judge([one])).code, 0);
    const both = await judge([
      scan("ACTIVE", { enhancedFindings: [enhanced("CVE-1", "HIGH", "NO", "a", "b")] }),
    ]);
    assert.match(both.output, /HIGH CVE-1 in a, b, without a fix yet$/m);
    allow({ ...line, until: day(-1) });
    const { code, output } = await judge([one]);
    assert.equal(code, 1);
    assert.match(output, new RegExp(`^  HIGH CVE-1 in a: it was allowed until ${day(-1)}$`, "m"));
  });

  it("names an expired line of the list", async () => {
    allow({ finding: "CVE-9", package: "gone", reason: "not reached", until: day(9) });
    const { code, output } = await judge([scan("COMPLETE")]);
    assert.equal(code, 0);
    assert.match(
      output,
      /^allowed-findings\.json allows CVE-9 in gone, which is no longer found: remove it$/m,
    );
  });

  it("refuses an invalid list, or one that is valid for too long, before it asks for a scan", async () => {
    const line = { finding: "CVE-1", package: "a", reason: "not reached", until: day(1) };
    for (const [wrong, words] of [
      [{ ...line, reason: " " }, /each line must name finding, package, reason and until, got \{/],
      [{ ...line, package: undefined }, /each line must name/],
      [{ ...line, until: "soon" }, /until of CVE-1 must be a day as 2026-12-31, at most 180 off, got soon/],
      [{ ...line, until: "2026-13-40" }, /got 2026-13-40/],
      [{ ...line, until: day(181) }, /at most 180 off/],
    ] as const) {
      allow(line, wrong);
      const { code, output } = await judge([scan("COMPLETE")]);
      assert.equal(code, 1);
      assert.match(output, words);
      assert.deepEqual(machine.calls(), []);
    }
  });

  it("accepts the project's own list", async () => {
    fs.copyFileSync(
      path.join(deployFolder, "allowed-findings.json"),
      path.join(machine.folder, "allowed-findings.json"),
    );
    assert.equal((await judge([scan("COMPLETE")])).code, 0);
  });
});

describe("the web app's image", () => {
  const lines = fs.readFileSync(path.join(deployFolder, "..", "Dockerfile"), "utf8").split("\n");
  const images = lines
    .filter((line) => line.startsWith("FROM "))
    .map((line) => line.replace(/^FROM (--platform=\S+ )?/, "").split(" ")[0]!);

  it("is based on Node.js alone, by its digest", () => {
    assert.match(images.at(-1)!, /^gcr\.io\/distroless\/nodejs22-debian13:latest@sha256:[0-9a-f]{64}$/);
  });

  it("is built from images that need no account, named where Dependabot reads them", () => {
    for (const image of some(images)) assert.match(image, /^(public\.ecr\.aws|gcr\.io)\//);
    assert.deepEqual(
      lines.filter((line) => line.startsWith("ARG ")),
      [],
    );
  });

  it("starts and checks its health without a shell", () => {
    for (const command of some(
      lines.filter((line) => /^ *(CMD|ENTRYPOINT|RUN) /.test(line) && !/^RUN n/.test(line)),
    ))
      assert.match(command, /^ *(CMD|ENTRYPOINT) \["(\/nodejs\/bin\/node|server\.js)"/);
  });
});
