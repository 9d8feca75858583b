// Cases made of the provisioner's own OpenAPI document, against its API on the emulators.
import { strict as assert } from "node:assert";
import { skipWithoutEmulators } from "../emulated";
import { call } from "../provisioner/driver";
import { type Rig, startRig, type User } from "../provisioner/rig";
import { needsTool } from "../tools";
import { found } from "./schemathesis";
import { newFolder } from "../folder";
import { leftToAll } from "../left-to-all";

/** Whatever is right is judged, and nothing is made. */
const BOSS: User = { email: "boss@example.org", unit: "platform", quota: 0, admin: true };

describe("the provisioner's OpenAPI document", function () {
  this.timeout(480_000);
  let rig: Rig;
  let folder: string;
  let document: string;
  before(async function () {
    await skipWithoutEmulators(this);
    needsTool(this, "schemathesis");
    folder = newFolder("groundwork-openapi");
    rig = await startRig();
    document = `${rig.outputs.apiUrl}/openapi`;
  });
  after(async () => {
    await rig?.stop();
  });

  it("names the API's address, and is hidden from anyone who is not signed in", async () => {
    const { status, body } = await call(rig, BOSS, "GET", "/openapi");
    assert.deepEqual([status, body.servers], [200, [{ url: rig.outputs.apiUrl }]]);
    assert.equal((await fetch(document)).status, 401);
  });

  it("matches what an admin without a quota gets", async function () {
    leftToAll(this);
    const headers = { Authorization: await rig.token(BOSS) };
    assert.equal(await found(document, folder, headers, "provisioner.toml"), "");
  });
});
