// A project's own domain in the console, through the real web app; the API itself is stood in for.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { keepPicture } from "../browser";
import { type ConsoleApp, type Opened, startConsole } from "./console-app";
import { project, PROJECTS_API } from "./projects-api";

describe("the console, for a project's own domain,", function () {
  this.timeout(60_000);
  let app: ConsoleApp;
  let opened: Opened;
  let projects: object[] = [];
  /** The projects once a change is taken. */
  let next: object[] | undefined;
  let refused: [status: number, body: object] | undefined;

  before(async () => {
    app = await startConsole((method, url) => {
      if (method !== "GET" && refused) return refused;
      if (method !== "GET") projects = next ?? projects;
      if (url === "/projects") return [200, { projects }];
      return PROJECTS_API[`/console/api${url}`] ?? [200, {}];
    });
  });
  after(() => app?.close());
  afterEach(async () => {
    await opened.close();
    refused = next = undefined;
  });

  async function consoleOf(...own: object[]): Promise<Page> {
    projects = own;
    opened = await app.open();
    await opened.page.locator("#projects summary").first().click();
    return opened.page;
  }
  const button = (page: Page, name: string) => page.locator("#projects").getByRole("button", { name });

  it("gives a project a domain of its own, shows the records to copy, and takes it away", async () => {
    const domain = "www.shop.example.com";
    const page = await consoleOf(project("aaaaaaaaaa", "ready", { template: "server", secrets: [] }));
    await button(page, "Own domain").click();
    const dialog = page.locator("#domain-dialog");
    assert.equal(await dialog.getByRole("button", { name: "Take it away" }).isVisible(), false);
    await dialog.getByLabel("Domain").fill("www");
    refused = [400, { message: "no", problems: ["domain must be a public name of your own, got www"] }];
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.locator("#domain-name-error", { hasText: "Must be a public name of your own" }).waitFor();
    refused = undefined;
    await dialog.getByLabel("Domain").fill(domain);
    const records = [
      {
        name: `_0123456789abcdef0123456789abcdef.${domain}`,
        type: "CNAME",
        value: `_${"f".repeat(32)}.acm-validations.aws`,
      },
      { name: domain, type: "CNAME", value: "shop.projects.example.org" },
    ];
    const waits = { domain, state: "waits", until: "2026-11-30T10:00:00.000Z", records };
    const shown = project("aaaaaaaaaa", "ready", {
      template: "server",
      secrets: [],
      domain,
      domainState: waits,
    });
    next = [shown];
    const sent = page.waitForRequest((request) => request.method() === "PATCH");
    await dialog.getByRole("button", { name: "Save" }).click();
    assert.deepEqual((await sent).postDataJSON(), { domain });
    await dialog.waitFor({ state: "hidden" });
    const facts = page.locator("#projects .facts");
    await facts.getByText(`${domain}: waits for you to enter these records, until`).waitFor();
    assert.deepEqual(
      await facts.locator("li").allTextContents(),
      records.map(({ name, type, value }) => `${name} ${type} ${value}`),
    );
    await page.setViewportSize({ width: 360, height: 800 });
    await keepPicture(page, "console-domain-facts-360.png");
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 360);
    await button(page, "Own domain").click();
    assert.deepEqual(
      await dialog
        .locator("input[readonly]")
        .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value)),
      records.flatMap(({ name, value }) => [name, value]),
    );
    await keepPicture(page, "console-domain-360.png", false);
    await page.setViewportSize({ width: 1280, height: 900 });
    await keepPicture(page, "console-domain-1280.png", false);
    next = [project("aaaaaaaaaa", "ready", { template: "server", secrets: [] })];
    const gone = page.waitForRequest((request) => request.method() === "PATCH");
    await dialog.getByRole("button", { name: "Take it away" }).click();
    assert.deepEqual((await gone).postDataJSON(), { domain: null });
    await facts.getByText(domain).first().waitFor({ state: "detached" });
    // Chromium itself reports every answer of 400.
    assert.deepEqual(
      opened.problems.filter((one) => !one.includes("400")),
      [],
    );
  });

  it("says why one was given up, and offers none if there can be none", async () => {
    const given = {
      domain: "a.example.com",
      state: "given-up",
      reason: "Its record was not found within 72 hours.",
    };
    const page = await consoleOf(
      project("bbbbbbbbbb", "ready", { template: "server", environment: "dev", secrets: [] }),
      project("aaaaaaaaaa", "ready", { domainState: given }),
    );
    const [first, second] = ["bbbbbbbbbb", "aaaaaaaaaa"].map((id) => page.locator(`[data-id="${id}"]`));
    await second!.locator("summary").first().click();
    await second!
      .getByText("a.example.com: was given up. Its record was not found within 72 hours.")
      .waitFor();
    await second!.getByRole("button", { name: "Own domain" }).waitFor();
    await first!.getByRole("button", { name: "Build again" }).waitFor();
    assert.equal(await first!.getByRole("button", { name: "Own domain" }).count(), 0);
    assert.deepEqual(opened.problems, []);
  });
});
