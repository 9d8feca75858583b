import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { STANDARDS } from "../../policies/standards";

describe("docs/security.md", () => {
  it("lists every rule with its numbers", () => {
    const page = fs.readFileSync(path.join(__dirname, "../../docs/security.md"), "utf8");
    const rows = Object.entries(STANDARDS).map(
      ([rule, { fsbp, cis }]) => `| ${rule} | ${fsbp.join(", ") || "ours"} | ${cis.join(", ")} |`,
    );
    assert.deepEqual(
      rows.filter((row) => !page.includes(row)),
      [],
    );
  });
});
