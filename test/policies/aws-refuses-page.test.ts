import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { awsRules } from "../../policies/rules/aws";
import { SOURCES } from "../../policies/rules/aws/sources";
import { declaredTypes } from "./programs";
import { awsRefusesPage } from "./aws-refuses-page";

const PAGE = path.join(__dirname, "../../docs/aws-refuses.md");

describe("docs/aws-refuses.md", () => {
  it("names the source of each rule", () => {
    assert.deepEqual(
      Object.keys(SOURCES).sort(),
      Object.keys(awsRules).sort(),
      "policies/rules/aws/sources.ts says how each rule is known",
    );
  });

  it("lists each type that our programs declare (UPDATE_INVENTORY=1 writes it anew)", async () => {
    const page = awsRefusesPage(await declaredTypes());
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(PAGE, page);
    assert.equal(fs.readFileSync(PAGE, "utf8"), page);
  });
});
