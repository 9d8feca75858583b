// The console's view of what a project's builds and servers write, through the real web app; the API behind it is stood in for.
import assert from "node:assert/strict";
import { until } from "../../sandbox/problem";
import { keepPicture } from "../browser";
import { type ConsoleApp, type Opened, startConsole } from "./console-app";
import { project, PROJECTS_API } from "./projects-api";

const LOGS = "/projects/aaaaaaaaaa/logs";
const AT = "2026-11-27T10:00:00.000Z";

describe("the console's log of a project", function () {
  this.timeout(60_000);
  let app: ConsoleApp;
  let opened: Opened | undefined;
  /** What was asked, with its query. */
  let asked: URLSearchParams[] = [];
  let answers: [status: number, body: object][] = [];
  let own: object = {};

  const line = (id: string, text: string, at = AT) => ({ id, at, text });
  const told = (lines: object[], more = false, next = AT): [number, object] => [200, { lines, next, more }];

  before(async () => {
    app = await startConsole((_, url) => {
      const { pathname, searchParams } = new URL(url, "http://api");
      if (pathname === "/projects") return [200, { projects: url.includes("?") ? [] : [own] }];
      if (pathname !== LOGS) return PROJECTS_API[`/console/api${url}`] ?? [200, {}];
      asked.push(searchParams);
      return answers.length > 1 ? answers.shift()! : answers[0]!;
    });
  });
  after(() => app?.close());
  afterEach(async () => {
    await opened?.close();
    asked = [];
  });

  async function logOf(state: string, template: string) {
    own = project("aaaaaaaaaa", state, { template, secrets: [], moving: state === "running" });
    opened = await app.open();
    const { page } = opened;
    await page.locator("#projects summary").first().click();
    await page.locator("#projects .live summary").click();
    const lines = page.locator("#projects .live .log");
    /** Without the time of each, which is told as it is where the browser is. */
    const shown = async () =>
      (await lines.innerText())
        .split("\n")
        .filter(Boolean)
        .map((text) => text.replace(/^[\d:]+( [AP]M)? /, ""));
    return { page, lines, shown };
  }

  it("continues as lines arrive, shows each once, and asks at once for the rest of many", async () => {
    const later = "2026-11-27T10:00:05.000Z";
    // At the page's own pace, forty parts would take longer than this test may.
    const parts = Array.from({ length: 40 }, (_, part) => told([line(`part ${part}`, "much")], true, AT));
    answers = [
      ...parts,
      told([line("1", "npm ci"), line("2", "added 12 packages")], true, AT),
      told([line("2", "added 12 packages"), line("3", "built", later)], false, later),
      told([line("3", "built", later), line("4", "<b>published</b>", later)], false, later),
      told([], false, later),
    ];
    const { page, shown } = await logOf("running", "static");
    await until("The last line", shown, { wanted: (lines) => lines.length === 44 });
    assert.deepEqual((await shown()).slice(40), ["npm ci", "added 12 packages", "built", "<b>published</b>"]);
    assert.deepEqual(
      [asked[0]!, asked[1]!, asked[42]!].map((query) => Object.fromEntries(query)),
      [{ of: "build" }, { of: "build", since: AT }, { of: "build", since: later }],
    );
    assert.equal(await page.getByRole("button", { name: "Servers", exact: true }).count(), 0);
    assert.deepEqual(opened!.problems, []);
    await keepPicture(page, "console-log-390.png", false);
  });

  it("shows what servers wrote in ten minutes or a day, and says if there is nothing", async () => {
    answers = [told([])];
    const { page, shown } = await logOf("ready", "server");
    await page.getByText("Its latest build has written nothing yet.").waitFor();
    answers = [told([line("1", "listening")])];
    await page.getByRole("button", { name: "Servers", exact: true }).click();
    await until("The server's line", shown, { wanted: (lines) => lines.join() === "listening" });
    answers = [told([])];
    const from = asked.length;
    await page.getByRole("button", { name: "Servers, the whole day" }).click();
    await page.getByText("Its servers have written nothing in this time.").waitFor();
    assert.deepEqual(await shown(), []);
    const [day] = asked.slice(from).filter((query) => query.get("since") !== AT);
    assert.equal(day!.get("of"), "app");
    const hours = (Date.now() - Date.parse(day!.get("since")!)) / 3_600_000;
    assert.ok(hours > 23.9 && hours < 24.1, `${hours} hours`);
  });

  it("says why it could not be read, and asks for nothing once it is closed", async () => {
    answers = [[503, { message: "This could not be done now; try again." }]];
    const { page } = await logOf("ready", "server");
    await page.getByText("This could not be done now; try again.").waitFor();
    answers = [told([line("1", "back")])];
    await page.clock.install();
    await page.getByRole("button", { name: "Build", exact: true }).click();
    await until("Its answer", () => asked.length, { wanted: (count) => count === 2 });
    await page.getByText("back").waitFor();
    await page.locator("#projects .live summary").click();
    await page.clock.runFor(30_000);
    assert.equal(asked.length, 2);
  });
});
