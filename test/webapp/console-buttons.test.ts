// What the console's buttons ask of the provisioner's API, through the real web app; the API itself is stood in for.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../../sandbox/problem";
import { keepPicture } from "../browser";
import { type ConsoleApp, type Opened, startConsole } from "./console-app";
import { project, PROJECTS_API } from "./projects-api";

const PROBLEMS = [
  'name must be lower-case letters, got "Shop"',
  "repository must be an address, got something else",
  "plan is not a field; accepted are name, repository",
];

describe("the console's buttons", function () {
  this.timeout(60_000);
  let app: ConsoleApp;
  let opened: Opened;
  /** What the API was asked to change. */
  let asked: string[] = [];
  let projects: object[] = [];
  let units: object[] = [];
  let admin = false;
  /** Where the API says another one than it does for the others. */
  let unit: string | undefined;
  /** The projects once a change is taken. */
  let next: object[] | undefined;
  /** What a hook is made with. */
  let made: { url: string; secret: string } | undefined;
  let refused: [status: number, body: object] | undefined;

  before(async () => {
    app = await startConsole((method, url) => {
      if (method !== "GET") asked.push(`${method} ${url}`);
      return answerTo(method, url);
    });
  });
  after(() => app?.close());
  afterEach(async () => {
    await opened.close();
    refused = next = undefined;
    admin = false;
    asked = [];
  });

  function answerTo(method: string, url: string): [status: number, body: object] {
    if (method !== "GET") {
      if (refused) return refused;
      projects = next ?? projects;
      return method === "PUT" ? [201, made!] : [202, {}];
    }
    if (url === "/projects") return [200, { projects }];
    if (url === "/projects?waiting=1") return [200, { projects: [] }];
    if (url === "/units") return [200, { units }];
    if (url === "/quota" && unit !== undefined)
      return [200, { unit, quota: 0, committed: 0, reserved: 0, left: 0 }];
    return PROJECTS_API[`/console/api${url}`] ?? [200, {}];
  }

  /** The console of whoever asked for this project. */
  async function consoleOf(...own: object[]): Promise<Page> {
    projects = own;
    opened = await app.open(admin);
    const { page } = opened;
    if (own.length > 0) await page.locator("#projects summary").first().click();
    return page;
  }

  const button = (page: Page, name: string) => page.locator("#projects").getByRole("button", { name });
  const waiting = (askedBy: string, more: object = {}) =>
    project("aaaaaaaaaa", "updating", { step: "approve", moving: true, askedBy, ...more });
  const released = (...releases: string[]) =>
    project("aaaaaaaaaa", "ready", { template: "server", releases, secrets: [] });

  it("withdraw an update that waits for approval", async () => {
    const page = await consoleOf(waiting("ann@example.com"));
    await keepPicture(page, "console-withdraw-390.png");
    next = [project("aaaaaaaaaa", "ready")];
    await button(page, "Withdraw").click();
    await button(page, "Withdraw").waitFor({ state: "detached" });
    assert.deepEqual(asked, ["POST /projects/aaaaaaaaaa/withdrawal"]);
    assert.deepEqual(opened.problems, []);
  });

  it("show what an update would change", async () => {
    const wants = { branch: "next", previewSecrets: true, secretNames: ["KEY"], variables: { A: "1" } };
    const page = await consoleOf(waiting("bob@example.com", { wants }));
    assert.deepEqual(await page.locator("#projects .facts ul li").allTextContents(), [
      "branch: next",
      "previews get its secrets: yes",
      "secrets: KEY",
      "variables: A",
    ]);
  });

  it("show the last decision, and the approval before it if that was a rejection", async () => {
    const at = (day: string) => ({ at: `2026-11-${day}T10:00:00.000Z` });
    const approved = { by: "eve@example.com", verdict: "approve", comment: "go ahead", ...at("02") };
    const decision = { by: "bob@example.com", verdict: "reject", comment: "not today", ...at("09") };
    const page = await consoleOf(project("aaaaaaaaaa", "ready", { approved, decision }));
    const facts = await page.locator("#projects .facts dd").allTextContents();
    assert.deepEqual(
      facts.filter((fact) => / by /.test(fact)),
      ["approved by eve@example.com: go ahead", "rejected by bob@example.com: not today"],
    );
  });

  it("are not offered to a person without a business unit, who sees what is missing instead", async () => {
    unit = "";
    const page = await consoleOf();
    await page.getByText("once an admin has given you a business unit and a quota").waitFor();
    assert.equal(await page.getByRole("button", { name: "Send the request" }).isVisible(), false);
    await opened.close();
    unit = undefined;
    await (await consoleOf()).getByRole("button", { name: "Send the request" }).waitFor();
  });

  it("offer withdrawal to the person who asked for the update, and to nobody else", async () => {
    const page = await consoleOf(waiting("bob@example.com"));
    await page.locator("#projects .stages li").first().waitFor();
    assert.equal(await button(page, "Withdraw").count(), 0);
  });

  it("go back to the previous release, and say why that was refused", async () => {
    const page = await consoleOf(released("two", "one"));
    refused = [409, { message: "There is no release before this one.", code: "no-release" }];
    await button(page, "Back to the release before").click();
    await page.locator("#projects .problem").getByText("There is no release before this one.").waitFor();
    await keepPicture(page, "console-back-390.png");
    refused = undefined;
    next = [project("aaaaaaaaaa", "updating", { moving: true })];
    await button(page, "Back to the release before").click();
    await button(page, "Back to the release before").waitFor({ state: "detached" });
    const path = "POST /projects/aaaaaaaaaa/rollback";
    assert.deepEqual(asked, [path, path]);
    assert.deepEqual(opened.problems, []);
  });

  it("set up deployment on push, show the secret once, and turn it off", async () => {
    const page = await consoleOf(project("aaaaaaaaaa", "ready"));
    const url = "https://api.example.org/v1/projects/aaaaaaaaaa/hook";
    made = { url, secret: "f".repeat(64) };
    next = [
      project("aaaaaaaaaa", "ready", { hook: { at: "2026-11-20T10:00:00.000Z", by: "ann@example.com" } }),
    ];
    await button(page, "Deploy on push").click();
    const dialog = page.locator("#hook");
    await dialog.getByRole("button", { name: "Make the address" }).click();
    assert.equal(await dialog.getByLabel("Secret", { exact: true }).inputValue(), made.secret);
    assert.equal(await dialog.getByLabel("Address").inputValue(), url);
    await keepPicture(page, "console-hook-390.png", false);
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.locator("#hook-secret").waitFor({ state: "detached" });
    await page.getByText("set up by ann@example.com").waitFor();
    await button(page, "Deploy on push").click();
    await dialog.getByRole("button", { name: "Turn it off" }).click();
    await dialog.waitFor({ state: "hidden" });
    assert.deepEqual(
      asked,
      ["PUT", "DELETE"].map((method) => `${method} /projects/aaaaaaaaaa/hook`),
    );
    assert.deepEqual(opened.problems, []);
  });

  it("show the commits of the kept releases, and what is built next", async () => {
    const page = await consoleOf(
      project("aaaaaaaaaa", "ready", {
        ...{ template: "server", secrets: [], releases: ["sha256:22", "sha256:11"] },
        ...{ commit: "b".repeat(40), commits: { "sha256:22": "b".repeat(40) } },
        nextPush: { commit: "c".repeat(40), at: "2026-11-20T10:00:00.000Z" },
      }),
    );
    assert.deepEqual(await page.locator(".releases li").allTextContents(), [
      "commit bbbbbbbbbb, runs now",
      "image 11",
    ]);
    await page.getByText("cccccccccc, once the current run has ended").waitFor();
  });

  it("return a site to its previous release, even if its commit is unknown", async () => {
    const releases = ["2".repeat(40), "1".repeat(40)];
    const page = await consoleOf(
      project("aaaaaaaaaa", "ready", { ...{ template: "static", secrets: [], releases }, commits: {} }),
    );
    assert.deepEqual(await page.locator(".releases li").allTextContents(), [
      "files 2222222222, runs now",
      "files 1111111111",
    ]);
    await button(page, "Back to the release before").click();
    await until("The request", () => asked.length > 0);
    assert.deepEqual(asked, ["POST /projects/aaaaaaaaaa/rollback"]);
  });

  it("show the place of a waiting build in the queue", async () => {
    const queued = { step: "deliver", queued: true, queuePlace: 3, moving: true };
    const page = await consoleOf(project("aaaaaaaaaa", "updating", queued));
    await page.getByText("waits to be built, number 3 in the queue").waitFor();
  });

  it("set a unit's quota, for admins, and show at its field why it was refused", async () => {
    const page = await consoleOf();
    assert.equal(await page.locator("#quotas").count(), 0, "others have no such part");
    await opened.close();
    admin = true;
    units = [{ unit: "ct1", committed: 20, reserved: 1 }];
    const own = await consoleOf();
    await own.getByText("Quotas of units").click();
    await own
      .getByText("no quota of its own: each person's quota counts; 20 USD a month taken, 1 set aside")
      .waitFor();
    await own.getByRole("button", { name: "Change the quota of ct1" }).click();
    await own.getByLabel("Quota in USD a month").fill("5");
    const problems = ["quota must be more, got 5"];
    refused = [400, { message: problems[0], code: "invalid", problems }];
    await own.getByRole("button", { name: "Set the quota" }).click();
    await own.locator("#quota-amount-error", { hasText: "Must be more, got 5." }).waitFor();
    refused = undefined;
    units = [{ unit: "ct1", quota: 50, setBy: "ann@example.com", committed: 20, reserved: 0 }];
    await own.getByRole("button", { name: "Set the quota" }).click();
    await own.getByText("50 USD a month, set by ann@example.com; 20 USD a month taken").waitFor();
    await keepPicture(own, "console-quotas-390.png");
    assert.equal(await own.evaluate("document.documentElement.scrollWidth"), 390);
    assert.deepEqual(asked, ["PUT /units", "PUT /units"]);
    assert.deepEqual(opened.problems, []);
  });

  it("offer no rollback if there is only one release", async () => {
    const page = await consoleOf(released("one"));
    await button(page, "Restart").waitFor();
    assert.equal(await button(page, "Back to the release before").count(), 0);
  });

  for (const [state, template, words, act] of [
    ["running", "server", "Its setup stops, and what exists of it so far is deleted.", "Cancel"],
    ["ready", "static", "This deletes the site and its address for good.", "Delete"],
    [
      "ready",
      "server",
      "This deletes its servers, everything that it has stored, its database if it has one",
      "Delete",
    ],
  ] as const)
    it(`warn only about losses that a project can have: ${template}, ${state}`, async () => {
      const page = await consoleOf(project("aaaaaaaaaa", state, { template, secrets: [] }));
      await button(page, act).click();
      const dialog = page.getByRole("dialog");
      assert.ok((await dialog.innerText()).includes(words));
      await keepPicture(page, `console-remove-${template}-${state}-390.png`, false);
      await dialog.getByLabel("Name of the project").fill("shop-aaaaaaaaaa");
      const answered = page.waitForResponse((response) => response.request().method() === "DELETE");
      await dialog.getByRole("button", { name: `${act} it` }).click();
      assert.equal((await answered).status(), 202);
      assert.deepEqual(asked, ["DELETE /projects/aaaaaaaaaa"]);
    });

  it("turn on previews, and show them under their project", async () => {
    const of = {
      template: "server",
      secrets: [],
      hook: { at: "2026-11-20T10:00:00.000Z", by: "ann@example.com" },
    };
    const preview = { previewOf: "aaaaaaaaaa", branch: "fix/cart", template: "server", secrets: [] };
    const page = await consoleOf(
      project("cccccccccc", "ready", preview),
      project("bbbbbbbbbb", "ready"),
      project("aaaaaaaaaa", "ready", of),
    );
    const names = () => page.locator("#projects summary .name").allTextContents();
    assert.deepEqual(
      await names(),
      ["bbbbbbbbbb", "aaaaaaaaaa", "cccccccccc"].map((id) => `shop-${id}`),
    );
    const line = page.locator("#projects > li.preview");
    await line.getByText("preview of fix/cart").click();
    await line.getByRole("button", { name: "Build again" }).waitFor();
    assert.equal(await line.getByRole("button", { name: "Deploy on push" }).count(), 0);
    await line.getByRole("button", { name: "Change and build" }).click();
    assert.equal(await page.getByLabel("Branch to build").isVisible(), false);
    await page.getByRole("button", { name: "Not now" }).click();
    const own = page.locator('[data-id="aaaaaaaaaa"]');
    await own.locator("summary").first().click();
    await keepPicture(page, "console-previews-390.png");
    await own.getByRole("button", { name: "Deploy on push" }).click();
    const dialog = page.locator("#hook");
    await dialog.getByLabel("Make a preview of every other branch that is pushed").check();
    await dialog.getByLabel("Previews get the project's secrets, too").check();
    await keepPicture(page, "console-hook-previews-390.png", false);
    next = [project("aaaaaaaaaa", "ready", { ...of, previews: true, previewSecrets: true })];
    const sent = page.waitForRequest((request) => request.method() === "PATCH");
    await dialog.getByRole("button", { name: "Save the previews' settings" }).click();
    assert.deepEqual((await sent).postDataJSON(), { previews: true, previewSecrets: true });
    await page.getByText("of every other branch that is pushed, with the project's secrets").waitFor();
    assert.deepEqual(asked, ["PATCH /projects/aaaaaaaaaa"]);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
    assert.deepEqual(opened.problems, []);
  });

  it("fill in the starter's address for the chosen kind", async () => {
    const page = await consoleOf();
    await page.getByRole("button", { name: "Begin with the starter for react" }).click();
    const repository = page.getByLabel("Repository", { exact: true });
    assert.equal(await repository.inputValue(), "https://git.example.org/react");
    await repository.scrollIntoViewIfNeeded();
    await keepPicture(page, "console-starter-390.png", false);
    assert.deepEqual(opened.problems, []);
  });

  it("show what is wrong with a request at its field, until it is sent again", async () => {
    const page = await consoleOf();
    await page.getByLabel("Name", { exact: true }).fill("Shop");
    await page.getByLabel("Repository", { exact: true }).fill("nowhere");
    await page.locator("#type option").first().waitFor({ state: "attached" });
    refused = [400, { message: PROBLEMS.join("; "), code: "invalid", problems: PROBLEMS }];
    await page.getByRole("button", { name: "Send the request" }).click();
    await page.locator("#name-error").waitFor();
    assert.equal(await page.locator("#name-error").innerText(), 'Must be lower-case letters, got "Shop".');
    assert.equal(
      await page.locator("#repository-error").innerText(),
      "Must be an address, got something else.",
    );
    assert.equal(await page.locator("#request-problem").innerText(), PROBLEMS[2]);
    const name = page.getByLabel("Name", { exact: true });
    assert.equal(await name.getAttribute("aria-describedby"), "name-hint name-error");
    await keepPicture(page, "console-errors-390.png");
    refused = undefined;
    await page.getByRole("button", { name: "Send the request" }).click();
    await page.locator("#name-error").waitFor({ state: "detached" });
    assert.equal(await name.getAttribute("aria-invalid"), null);
    assert.equal(await name.getAttribute("aria-describedby"), "name-hint");
    assert.deepEqual(opened.problems, []);
  });
});
