import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { settingsPage } from "./settings-page";

const page = path.join(__dirname, "../../docs/settings.md");

describe("docs/settings.md", () => {
  it("lists every setting as the schemas have it (UPDATE_INVENTORY=1 writes it anew)", () => {
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(page, settingsPage());
    assert.equal(fs.readFileSync(page, "utf8"), settingsPage());
  });

  it("describes each setting", () => {
    const silent = settingsPage()
      .split("\n")
      .filter((line) => line.startsWith("| `") && line.endsWith("|  |"));
    assert.deepEqual(silent, []);
  });
});
