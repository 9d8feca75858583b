// How often the console asks for what may have changed, through the real web app; the API behind it is stood in for.
import assert from "node:assert/strict";
import { until } from "../../sandbox/problem";
import { type ConsoleApp, startConsole } from "./console-app";
import { project, PROJECTS_API } from "./projects-api";

describe("the console", function () {
  this.timeout(60_000);
  let app: ConsoleApp;
  /** How often the projects were read. */
  let looks = 0;

  before(async () => {
    const moves = project("aaaaaaaaaa", "updating", { step: "deliver", moving: true });
    app = await startConsole((_, url) => {
      if (url !== "/projects") return PROJECTS_API[`/console/api${url}`] ?? [200, {}];
      looks++;
      return [200, { projects: [moves] }];
    });
  });
  after(() => app?.close());

  it("asks less often the longer a project takes, because everybody behind one address shares the firewall's limit", async () => {
    const { page, close } = await app.open();
    // Answered in turn: what the page has asked before has arrived.
    const answered = () => page.evaluate(() => fetch("/console/api/units").then((answer) => answer.text()));
    const looked = async (wanted: number) => {
      await until("The page's look", () => looks, { wanted: (count) => count === wanted });
      await answered();
    };
    const card = page.locator("#projects summary").first();
    await card.waitFor();
    await page.clock.install();
    looks = 0;
    await page.reload();
    await looked(1);
    await card.waitFor();
    await page.clock.runFor(2_100);
    await looked(2);
    await page.clock.fastForward(300_000);
    await looked(3);
    await page.clock.runFor(9_500);
    await answered();
    assert.equal(looks, 3);
    await page.clock.runFor(1_000);
    await looked(4);
    await close();
  });
});
