// The form of a new project in a real browser, against the real API on the emulators.
import { strict as assert } from "node:assert";
import { closeBrowser, keepPicture, openPage } from "../browser";
import { startWebApp, type WebApp } from "../uploads/web-app";
import { fillIn, logIn, unfold } from "./console-page";
import { NOTHING, remains, wish } from "./driver";
import { Rig, User } from "./rig";
import { sharedRig } from "./shared-rig";

const TEAM: User = { email: "team@example.org", unit: "team", quota: 100 };

describe("the console's form", function () {
  this.timeout(180_000);
  let rig: Rig;
  let web: WebApp;
  before(async function () {
    rig = await sharedRig(this);
    await rig.token(TEAM);
    web = await startWebApp(rig);
  });
  after(async () => {
    await closeBrowser();
    await web?.close();
  });

  it("shows each refusal at its field, and keeps what was entered", async () => {
    const { page, problems, close } = await openPage({ viewport: { width: 375, height: 812 } });
    await page.goto(`${web.url}/console`);
    await logIn(page, TEAM);
    await fillIn(page, "Not-A-Host");
    await page.getByRole("button", { name: "Send the request" }).click();
    await page.locator("#name-error", { hasText: "Must be 3 to 40 lower-case letters" }).waitFor();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Not-A-Host");
    await keepPicture(page, "console-form-375.png");
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 375);
    // Chromium itself reports every answer of 400.
    assert.deepEqual(
      problems.filter((one) => !one.includes("400")),
      [],
    );
    await close();
  });

  it("unfolds what holds a refused field", async () => {
    const { page, close } = await openPage();
    await page.goto(`${web.url}/console`);
    await logIn(page, TEAM);
    await fillIn(page, "folded");
    await page.getByLabel("Kind").selectOption("dynamic");
    const more = { others: "Domain, health check and previews", program: "Variables and program settings" };
    const port = page.getByLabel("Port");
    const health = page.getByLabel("Health path");
    assert.deepEqual([await port.isVisible(), await health.isVisible()], [false, false]);
    await unfold(page, more.program);
    await port.fill("70000");
    await unfold(page, more.others);
    await health.fill("health");
    for (const part of Object.values(more)) await unfold(page, part);
    assert.deepEqual([await port.isVisible(), await health.isVisible()], [false, false]);

    const send = page.getByRole("button", { name: "Send the request" });
    await send.click();
    await port.waitFor(); // the browser's own refusal
    assert.equal(await health.isVisible(), false);
    await port.fill("");
    await send.click();
    await page.locator("#healthPath-error").waitFor();
    assert.equal(await health.isVisible(), true);
    assert.deepEqual(await remains(rig), NOTHING);
    await close();
  });

  it("is filled from a chosen or dropped file, and shows each error of the file at its field", async () => {
    const { page, problems, close } = await openPage({ viewport: { width: 375, height: 812 } });
    await page.goto(`${web.url}/console`);
    await logIn(page, TEAM);
    await page.locator("#type option").first().waitFor({ state: "attached" });
    const content = { ...wish("From-File"), type: "dynamic", stack: "node", environment: "stag" };
    const more = {
      plan: "big",
      previews: true,
      previewSecrets: true,
      variables: { GREETING: "hello" },
      secrets: { KEY: "SECRETWORD" },
    };
    const file = (text: string) => ({
      ...{ name: "shop.json", mimeType: "application/json" },
      buffer: Buffer.from(text),
    });
    await page.getByLabel("From a file").setInputFiles(file("{name"));
    await page.getByText(/^shop\.json is not JSON: /).waitFor();
    await page.getByLabel("From a file").setInputFiles(file(JSON.stringify({ ...content, ...more })));
    await page.locator("#name-error", { hasText: "Must be 3 to 40 lower-case letters" }).waitFor();
    await page.getByText("plan is not a field").waitFor();
    await keepPicture(page, "console-file-375.png");
    const form = page.locator("#request");
    assert.deepEqual(
      [
        await page.getByLabel("Built with").inputValue(),
        await page.getByLabel("Environment").inputValue(),
        await form.getByLabel("Variable", { exact: true }).inputValue(),
        await form.getByLabel("Value of the secret").inputValue(),
        await form.getByLabel("A preview of every other branch").isChecked(),
        await form.getByLabel("Previews get the project's secrets, too").isChecked(),
      ],
      ["node", "stag", "GREETING", "SECRETWORD", true, true],
    );
    await page.evaluate(
      (text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "shop.json"));
        const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
        document.getElementById("request")!.dispatchEvent(event);
      },
      JSON.stringify({ ...wish("dropped"), type: "spa", stack: "vue" }),
    );
    await page.getByText("99 USD of the quota would be left").waitFor();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "dropped");
    assert.equal(await form.getByLabel("Variable", { exact: true }).count(), 0);
    assert.equal(await form.getByLabel("A preview of every other branch").isChecked(), false);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 375);
    assert.deepEqual(problems, []);
    await close();
    assert.deepEqual(await remains(rig), NOTHING);
  });
});
