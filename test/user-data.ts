import { strict as assert } from "node:assert";
import { matchesGolden } from "./golden";
import { cloudInitSchema, shellcheckUserData, whenThere } from "./tools";

/**
 * Tests that a machine's user data is the one of its golden file, and passes the tools that know. What the scripts do is tested by running
 * them; the text is held because each changed byte of it replaces every machine of a running stack.
 */
export function checksUserData(text: () => string, goldenFile: string): void {
  it("is the text of its golden file", () => matchesGolden(text(), goldenFile));

  whenThere("shellcheck", "has scripts in which shellcheck finds nothing", () => {
    assert.equal(shellcheckUserData(text()), "");
  });
  whenThere("cloud-init", "is what cloud-init takes", () => {
    assert.equal(cloudInitSchema(text()), "");
  });
}
