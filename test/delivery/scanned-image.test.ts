// A scanner that we did not write, before the web app's image: whether it sees what is in it, and what it knows of that.
import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import bundle from "../../webapp/bundle.cjs";
import { newFolder } from "../folder";
import { skip } from "../skip";
import { toolIfAsked } from "../tools";
import { deployFolder, Machine, root } from "./scripts";

/** What the scanner says of a package, as far as it is read here. */
interface Scan {
  results: {
    packages: {
      package: { name: string; version: string };
      groups: { ids: string[]; max_severity: string }[];
    }[];
  }[];
}

/** As FIRST, who wrote CVSS, names the numbers; a finding without one counts as the worst. */
const severityOf = (score: string) =>
  score === "" || Number(score) >= 9 ? "CRITICAL" : Number(score) >= 7 ? "HIGH" : "MEDIUM";

describe("the web app's image before a scanner", function () {
  this.timeout(1_800_000); // the first time builds the scanner
  let scanner: string;
  let image: string;

  before(async function () {
    scanner = toolIfAsked(this, "osv-scanner");
    image = await built(newFolder("groundwork-image"));
  });

  /** The image as Docker saves it, where a daemon answers; else the one layer that is ours, as Docker would save that. */
  async function built(folder: string): Promise<string> {
    const archive = path.join(folder, "image.tar");
    const docker = (...words: string[]) => execFileSync("docker", words, { cwd: root, stdio: "pipe" });
    if (spawnSync("docker", ["info"]).status === 0) {
      docker("build", "--file", "webapp/Dockerfile", "--tag", "groundwork-scanned", ".");
      docker("save", "--output", archive, "groundwork-scanned");
      return archive;
    }
    await bundle(path.join(folder, "app"));
    const tar = (name: string, ...files: string[]) =>
      execFileSync("tar", ["--create", "--file", path.join(folder, name), "--directory", folder, ...files]);
    tar("layer.tar", "app");
    const layer = createHash("sha256")
      .update(fs.readFileSync(path.join(folder, "layer.tar")))
      .digest("hex");
    const write = (name: string, content: object) =>
      fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
    write("config.json", {
      architecture: "arm64",
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
    });
    write("manifest.json", [{ Config: "config.json", RepoTags: ["web:1"], Layers: ["layer.tar"] }]);
    tar("image.tar", "manifest.json", "config.json", "layer.tar");
    return archive;
  }

  function scan(words: string[], environment: Record<string, string> = {}) {
    const args = ["scan", "image", "--archive", image, "--format", "json", ...words];
    const { status, stdout, stderr } = spawnSync(scanner, args, {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: { ...process.env, ...environment },
    });
    const found = stdout.startsWith("{") ? (JSON.parse(stdout) as Scan) : { results: [] };
    return { status, stderr, packages: found.results.flatMap(({ packages }) => packages) };
  }

  it("can be scanned: an advisory about a package inside the bundle is found", () => {
    const known = newFolder("groundwork-advisories");
    const advisory = {
      id: "MADE-UP-1",
      modified: "2026-01-01T00:00:00Z",
      severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
      affected: [
        {
          package: { ecosystem: "npm", name: "pg-protocol" },
          ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }],
        },
      ],
    };
    fs.writeFileSync(path.join(known, "MADE-UP-1.json"), JSON.stringify(advisory));
    const folder = path.join(known, "osv-scanner/npm");
    fs.mkdirSync(folder, { recursive: true });
    execFileSync("python3", ["-m", "zipfile", "-c", path.join(folder, "all.zip"), "MADE-UP-1.json"], {
      cwd: known,
    });
    const { packages } = scan(["--offline"], { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: known });
    const manifest = path.join(root, "node_modules/pg-protocol/package.json");
    const { version } = JSON.parse(fs.readFileSync(manifest, "utf8")) as { version: string };
    assert.deepEqual(
      packages.map(({ package: { name, version }, groups }) => ({
        name,
        version,
        found: groups.map(({ ids, max_severity }) => [...ids, severityOf(max_severity)]),
      })),
      [{ name: "pg-protocol", version, found: [["MADE-UP-1", "CRITICAL"]] }],
    );
  });

  it("has no severe finding known today, except those on the reviewed list", async function () {
    const { status, stderr, packages } = scan([]);
    if (![0, 1].includes(status!) || /no such host|dial tcp|max retries/.test(stderr))
      skip(this, "advisories", "the advisories of osv.dev cannot be had here");
    const findings = packages.flatMap(({ package: { name }, groups }) =>
      groups.map(({ ids, max_severity }) => ({
        name: ids[0],
        severity: severityOf(max_severity),
        attributes: [{ key: "package_name", value: name }],
      })),
    );
    const machine = new Machine();
    try {
      const SCANS = JSON.stringify({
        imageScanStatus: { status: "COMPLETE" },
        imageScanFindings: { findings },
      });
      const script = path.join(deployFolder, "judge-scan.cjs");
      const verdict = await machine.run("-c", { SCANS }, "", [
        `exec node ${script} repository sha256:${"0".repeat(64)}`,
      ]);
      assert.equal(verdict.code, 0, verdict.output);
    } finally {
      await machine.end();
    }
  });
});
