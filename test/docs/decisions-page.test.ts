import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { DECISIONS, decisionsPage } from "./decisions-page";

describe("docs/decisions/README.md", () => {
  it("lists each decision in a line (UPDATE_INVENTORY=1 writes it anew)", () => {
    const page = path.join(DECISIONS, "README.md");
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(page, decisionsPage());
    assert.equal(fs.readFileSync(page, "utf8"), decisionsPage());
  });
});
