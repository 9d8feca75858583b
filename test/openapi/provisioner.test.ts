// Cases made of the provisioner's own OpenAPI document, against its API on the emulators.
import { strict as assert } from "node:assert";
import { skipWithoutEmulators } from "../emulated";
import { type Rig, startRig, type User } from "../provisioner/rig";
import { needsTool } from "../tools";
import { found } from "./schemathesis";
import { newFolder } from "../folder";

/** Whatever is right is judged, and nothing is made. */
const BOSS: User = { email: "boss@example.org", unit: "platform", quota: 0, admin: true };

describe("the provisioner's OpenAPI document", function () {
  this.timeout(480_000);
  let rig: Rig;
  let folder: string;
  before(async function () {
    await skipWithoutEmulators(this);
    needsTool(this, "schemathesis");
    folder = newFolder("groundwork-openapi");
    rig = await startRig();
  });
  after(async () => {
    await rig?.stop();
  });

  it("matches what an admin without a quota gets", async () => {
    const headers = { Authorization: await rig.token(BOSS) };
    assert.equal(await found(`${rig.outputs.apiUrl}/openapi`, folder, headers, "provisioner.toml"), "");
  });
});
