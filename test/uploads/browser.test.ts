/// <reference lib="dom.iterable" />
/// <reference lib="dom" />
import { strict as assert } from "node:assert";
import type { Page } from "playwright-core";
import { closeBrowser, keepPicture, openPage } from "../browser";
import { s3Event } from "./events";
import type { Rig } from "./rig";
import { needsRig, sharedRig } from "./shared-rig";
import { CODE, PASSWORD } from "./visitor";
import { startWebApp, type WebApp } from "./web-app";

describe("a person with a browser", function () {
  this.timeout(120_000);
  let rig: Rig;
  let web: WebApp;
  before(needsRig);
  before(async () => {
    rig = await sharedRig();
    web = await startWebApp(rig, {}, rig.sitePort);
  });
  after(async () => {
    await closeBrowser();
    await web?.close();
  });

  const join = async (page: Page, email: string) => {
    await page.goto(`${web.url}/signup`);
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.waitForURL(/\/confirm$/);
    assert.equal(await page.getByLabel("E-mail address").inputValue(), email);
    await page.getByLabel("Code").fill(CODE);
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.waitForURL(/\/login$/);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.waitForURL(/\/home$/);
  };
  const upload = async (page: Page, name: string, text: string, sensitive: boolean) => {
    await page.getByLabel("These files are sensitive").setChecked(sensitive);
    await page.setInputFiles("#files", { name, mimeType: "text/plain", buffer: Buffer.from(text) });
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    await page.locator("#progress li", { hasText: name }).locator(".done").waitFor();
  };
  /** The type that a file of this name is stored under. */
  const typeOf = async (name: string) => {
    const { Contents = [] } = await rig.s3.listObjectsV2({ Bucket: rig.outputs.normal });
    const { Key } = Contents.find((one) => one.Key!.endsWith(`/${name}`))!;
    return (await rig.s3.headObject({ Bucket: rig.outputs.normal, Key })).ContentType;
  };
  const location = (page: Page, name: string) =>
    page.locator("#stored tr", { hasText: name }).locator(".location");

  it("signs up, confirms, logs in, uploads both kinds, sees a file move, and logs out", async () => {
    const { page, problems, close } = await openPage();
    await join(page, "browser@example.com");
    await upload(page, "holiday.txt", "sunny", false);
    await upload(page, "salary.txt", "secret", true);
    await location(page, "holiday.txt").getByText("Normal store").waitFor();
    await location(page, "salary.txt").getByText("Sensitive store").waitFor();
    await keepPicture(page, "home-1280.png");

    const { Contents } = await rig.s3.listObjectsV2({ Bucket: rig.outputs.normal, Prefix: "uploads/" });
    const key = Contents!.map((one) => one.Key!).find((one) => one.endsWith("/holiday.txt"))!;
    await page.getByRole("button", { name: "Mark as sensitive: holiday.txt" }).click();
    await page
      .locator("#told", { hasText: "holiday.txt moves to the sensitive store." })
      .waitFor({ state: "attached" });
    const { TagSet } = await rig.s3.getObjectTagging({ Bucket: rig.outputs.normal, Key: key });
    assert.deepEqual(TagSet, [{ Key: "sensitive", Value: "yes" }]);
    // MiniStack never fires this event.
    await rig.sqs.sendMessage({
      QueueUrl: rig.outputs.queueUrl,
      MessageBody: s3Event(rig.outputs.normal, key),
    });
    for (let tries = 0; tries < 50; tries++) {
      await page.getByRole("button", { name: "Refresh" }).click();
      await page.waitForTimeout(200);
      if ((await location(page, "holiday.txt").textContent()) === "Sensitive store") break;
    }
    assert.equal(await location(page, "holiday.txt").textContent(), "Sensitive store");

    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForURL(/\/login$/);
    await page.goto(`${web.url}/home`);
    assert.match(page.url(), /\/login$/);
    assert.deepEqual(problems, []);
    await close();
  });

  it("can sign in from the first page, and add a user there afterwards", async () => {
    const { page, problems, close } = await openPage();
    const add = async (name: string) => {
      await page.getByLabel("Username").fill(name);
      await page.getByLabel("E-mail", { exact: true }).fill(`${name}@example.com`);
      await page.getByRole("button", { name: "Add user" }).click();
    };
    const message = (text: string) => page.locator("#users-message", { hasText: text }).waitFor();
    await page.goto(web.url);
    assert.equal(await page.getByRole("button", { name: "Add user" }).count(), 0);
    await page.getByRole("link", { name: "Log in" }).first().click();
    await page.waitForURL(/\/login$/);
    await join(page, "first.page@example.com");
    await page.goto(web.url);
    await page.getByRole("button", { name: "Log out" }).waitFor();
    await keepPicture(page, "page-signed-in.png");
    await add("acquaintance");
    await message("User [acquaintance] added successfully");
    assert.deepEqual(
      // Chromium itself reports the refusal that is wanted here.
      problems.filter((problem) => !problem.includes("401")),
      [],
    );
    await close();
  });

  it("drops several files at once, on a phone, and sees which was refused", async () => {
    const { page, problems, close } = await openPage({ viewport: { width: 375, height: 812 } });
    await page.goto(`${web.url}/login`);
    await keepPicture(page, "login-375.png");
    await join(page, "phone@example.com");
    const files = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      for (const name of ["one.txt", "two.txt", "three.txt", "four.txt"])
        data.items.add(new File([name], name, { type: "text/plain" }));
      // As Windows names them; of a kind that it does not know it says nothing.
      data.items.add(new File(["a;b"], "table.csv", { type: "application/vnd.ms-excel" }));
      data.items.add(new File(["PK"], "PHOTOS.ZIP", { type: "application/x-zip-compressed" }));
      data.items.add(new File(["?"], "unknown.bin"));
      data.items.add(new File(["<b>"], "page.html", { type: "text/html" }));
      return data;
    });
    await page.dispatchEvent("#upload", "drop", { dataTransfer: files });
    await page.locator("#progress .done").nth(5).waitFor();
    const refused = page.locator("#progress li", { has: page.locator(".failed") });
    await refused.nth(1).waitFor();
    const words = "This kind of file cannot be stored: see what is accepted above.";
    assert.deepEqual(
      (await refused.allTextContents()).sort(),
      ["page.html", "unknown.bin"].map((name) => name + words),
    );
    await page.locator("#stored tbody tr").nth(5).waitFor();
    assert.deepEqual(
      [await typeOf("table.csv"), await typeOf("PHOTOS.ZIP")],
      ["text/csv", "application/zip"],
    );
    await keepPicture(page, "home-375.png");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false);
    assert.deepEqual(problems, []);
    await close();
  });

  it("views a file, downloads it, and deletes it for good", async () => {
    const { page, problems, close } = await openPage();
    await join(page, "keeper@example.com");
    await upload(page, "notes.txt", "dear diary", false);
    await upload(page, "secret.txt", "hush", true);
    const row = (name: string) => page.locator("#stored tr", { hasText: name });
    await row("notes.txt").waitFor();
    const opened = page.context().waitForEvent("page");
    await page.getByRole("link", { name: "Open: notes.txt" }).click();
    const shown = await opened;
    await shown.getByText("dear diary").waitFor();
    await shown.close();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download: notes.txt" }).click();
    assert.equal((await download).suggestedFilename(), "notes.txt");
    // What is sensitive is not opened from here, and deleted all the same.
    assert.equal(await row("secret.txt").getByRole("link").count(), 0);
    for (const name of ["secret.txt", "notes.txt"]) {
      await page.getByRole("button", { name: `Delete: ${name}` }).click();
      await page.getByRole("button", { name: "Delete it" }).click();
      await row(name).waitFor({ state: "detached" });
    }
    await page.getByText("Nothing yet.").waitFor();
    assert.deepEqual(problems, []);
    await close();
  });

  it("uploads without scripts, through the server", async () => {
    const { page, close } = await openPage({ javaScriptEnabled: false });
    await join(page, "plain@example.com");
    await page.setInputFiles("#files", {
      name: "plain.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("plain"),
    });
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    await page.waitForURL(/\/home$/);
    const { Contents } = await rig.s3.listObjectsV2({ Bucket: rig.outputs.normal, Prefix: "uploads/" });
    assert.equal(Contents!.filter(({ Key }) => Key!.endsWith("/plain.txt")).length, 1);
    await close();
  });
});
