import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { count, judge } from "../../scripts/audit/findings.cjs";
import { usedIn } from "../../scripts/audit/permissions.cjs";
import { waiversPage } from "./waivers-page";
import waivers from "../../policies/waivers.json";
import { newFolder } from "../folder";

const finding = (check: string, resource: string, status = "FAIL", stack = "prod") => ({
  check,
  resource,
  status,
  stack,
  title: check,
});

describe("the audit's findings", () => {
  it("fail without a waiver", () => {
    const { failed, passed, waived } = judge([finding("A", "x"), finding("B", "y", "PASS")], []);
    assert.deepEqual([failed.length, passed.length, waived.length], [1, 1, 0]);
  });

  it("are excused for the resources that a waiver's pattern matches, and for no others", () => {
    const { failed, waived } = judge(
      [finding("A", "logs-1"), finding("A", "files-1"), finding("B", "logs-1")],
      [{ check: "A", resource: "^logs-", reason: "" }],
    );
    assert.deepEqual(
      [waived, failed].map((some) => some.map(({ check, resource }) => `${check} ${resource}`)),
      [["A logs-1"], ["A files-1", "B logs-1"]],
    );
  });

  it("are excused in the stacks that a waiver names, and in no others", () => {
    const { failed } = judge(
      [finding("A", "x", "FAIL", "dev"), finding("A", "x", "FAIL", "prod")],
      [{ check: "A", stacks: ["dev"], reason: "" }],
    );
    assert.deepEqual(
      failed.map(({ stack }) => stack),
      ["prod"],
    );
  });

  it("include waivers that excuse nothing, unless their stack was not scanned", () => {
    const needless = { check: "A", reason: "" };
    const elsewhere = { check: "A", stacks: ["dev"], reason: "" };
    assert.deepEqual(judge([finding("A", "x", "PASS")], [needless, elsewhere]).unused, [needless]);
  });

  it("are listed by check, in order", () => {
    assert.deepEqual(Object.keys(count([finding("B", "x"), finding("A", "x"), finding("B", "y")])), [
      "A",
      "B",
    ]);
  });
});

describe("policies/waivers.json", () => {
  const all = Object.values(waivers).flat() as { check: string; reason: string; resource?: string }[];

  it("gives a reason for each waiver", () => {
    assert.deepEqual(
      all.filter(({ reason }) => !/^[A-Z].{10,}\.$/.test(reason)).map(({ check }) => check),
      [],
    );
  });

  it("is what docs/waivers.md shows (UPDATE_INVENTORY=1 writes it anew)", () => {
    const page = path.join(__dirname, "../../docs/waivers.md");
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(page, waiversPage());
    assert.equal(fs.readFileSync(page, "utf8"), waiversPage());
  });

  it("points to existing tests", () => {
    const named = all.flatMap(({ reason }) => reason.match(/(?:test|docs)\/[\w./-]*\w/g) ?? []);
    assert.deepEqual(
      [...new Set(named)].filter((file) => !fs.existsSync(path.join(__dirname, "../..", file))),
      [],
    );
  });
});

describe("npm run audit", () => {
  const audit = (...args: string[]) => auditOf(".test/no-sandbox-here", ...args);
  const auditOf = (sandbox: string, ...args: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, ["scripts/audit.cjs", ...args], {
      cwd: path.join(__dirname, "../.."),
      env: { ...process.env, GROUNDWORK_SANDBOX: sandbox, GROUNDWORK_PERMISSIONS: "" },
      encoding: "utf8",
    });
    return [status, stderr];
  };

  it("refuses an unknown scanner", () => {
    assert.deepEqual(audit("nessus"), [2, "audit takes prowler, checkov, permissions, got nessus.\n"]);
  });

  it("refuses to scan a sandbox that does not run", () => {
    for (const scanner of [[], ["prowler"], ["permissions", "file"]])
      assert.deepEqual(audit(...scanner), [
        2,
        "The sandbox does not run: start it with npm start, then audit it.\n",
      ]);
  });

  it("finds a sandbox in any folder, and refuses to read permissions without a file", () => {
    const folder = newFolder("audit");
    fs.writeFileSync(path.join(folder, "state.json"), "{}");
    assert.deepEqual(auditOf(folder, "permissions"), [
      2,
      "audit permissions takes the file that GROUNDWORK_PERMISSIONS named while tests or a sandbox ran, got nothing.\n",
    ]);
  });

  it("refuses a folder without stacks", () => {
    const wanted = "audit checkov takes a folder with stacks as Terraform JSON (prod.tf.json), got";
    assert.deepEqual(audit("checkov"), [2, `${wanted} nothing.\n`]);
    assert.deepEqual(audit("checkov", "docs"), [2, `${wanted} docs.\n`]);
  });
});

describe("the used permissions", () => {
  it("are attributed to roles by Pulumi's names, also if a call was made by a key", () => {
    const lines = [
      "used\tuploads-mover-2d38d0c\ts3:PutObject",
      "key\tASIA1\tdatabase-failover-6a6212c",
      "by-key\tASIA1\tec2:ReplaceRoute",
      "by-key\tASIA2\tec2:DescribeVpcs",
      "",
    ];
    assert.deepEqual(
      [...usedIn(lines.join("\n"))],
      ["uploads-mover s3:putobject", "database-failover ec2:replaceroute"],
    );
  });
});
