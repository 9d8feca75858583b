// A pool with passkeys as the sandbox makes it, and what the web app does before an emulator that has no passkeys.
import { strict as assert } from "node:assert";
import { skipWithoutEmulators } from "../emulated";
import { type Rig, startRig } from "./rig";
import { Visitor } from "./visitor";
import { startWebApp, type WebApp } from "./web-app";

describe("a pool with passkeys", function () {
  this.timeout(120_000);
  let rig: Rig;
  let web: WebApp;
  before(async function () {
    await skipWithoutEmulators(this);
    rig = await startRig({ pool: { passkeys: true, siteName: "passkeys.localhost" } });
    web = await startWebApp(rig);
  });
  after(async () => {
    await web?.close();
    await rig?.stop();
  });

  it("accepts them beside passwords, bound to the site", async () => {
    const UserPoolId = rig.outputs.userPoolId;
    const { UserPool } = await rig.cognito.describeUserPool({ UserPoolId });
    assert.deepEqual(UserPool!.Policies!.SignInPolicy, {
      AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"],
    });
    const { MfaConfiguration, WebAuthnConfiguration } = await rig.cognito.getUserPoolMfaConfig({
      UserPoolId,
    });
    assert.equal(MfaConfiguration, "OPTIONAL");
    assert.deepEqual(WebAuthnConfiguration, {
      RelyingPartyId: "passkeys.localhost",
      UserVerification: "required",
    });
  });

  it("offers none at the emulators' address, and accepts passwords there", async () => {
    const visitor = await new Visitor(web.url).join("plain@example.com");
    for (const path of ["/login", "/account"])
      assert.doesNotMatch(await (await visitor.get(path)).text(), /passkey/i, path);
  });
});
