// The plan of a request in the console, through the real web app; the API behind it is stood in for.
import assert from "node:assert/strict";
import { type ConsoleApp, startConsole } from "./console-app";
import { PROJECTS_API } from "./projects-api";

describe("the console's plan of a request", function () {
  this.timeout(60_000);
  let app: ConsoleApp;
  const plan = {
    template: "static",
    parts: ["2 buckets"],
    monthlyPrice: 1,
    quota: { left: 100, enough: true },
  };

  before(async () => {
    app = await startConsole((_, url) => {
      if (url === "/projects?dryRun=1") return [200, { ...plan, mail: "No e-mail will reach you." }];
      return PROJECTS_API[`/console/api${url}`] ?? [200, {}];
    });
  });
  after(() => app?.close());

  it("says that no e-mail would arrive", async () => {
    const { page, problems, close } = await app.open();
    await page.getByLabel("Name", { exact: true }).fill("shop");
    await page.getByLabel("Repository", { exact: true }).fill("https://github.com/example/site");
    await page.locator("#type option").first().waitFor({ state: "attached" });
    await page.locator("#check").click();
    await page.locator("#plan", { hasText: "No e-mail will reach you." }).waitFor();
    assert.deepEqual(problems, []);
    await close();
  });
});
