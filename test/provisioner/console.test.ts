// The page of projects in a real browser, against the real API on the emulators.
import { strict as assert } from "node:assert";
import type { Page } from "playwright-core";
import { closeBrowser, keepPicture, openPage } from "../browser";
import { Visitor } from "../uploads/visitor";
import { startWebApp, type WebApp } from "../uploads/web-app";
import { fillIn, logIn, unfold } from "./console-page";
import { ADMIN, call, failBuild, launchMachine, NOTHING, remains, settledProject, wish } from "./driver";
import { PASSWORD, Rig, User } from "./rig";
import { sharedRig } from "./shared-rig";
import { leftToAll } from "../left-to-all";

const TEAM: User = { email: "team@example.org", unit: "team", quota: 100 };

describe("the console", function () {
  this.timeout(180_000);
  let rig: Rig;
  let web: WebApp;
  before(async function () {
    rig = await sharedRig(this);
    await Promise.all([rig.token(ADMIN), rig.token(TEAM)]);
    web = await startWebApp(rig);
  });
  after(async () => {
    await closeBrowser();
    await web?.close();
  });

  const projectNamed = (page: Page, place: string, name: string) =>
    page.locator(`${place} li[data-id]`, { has: page.getByText(name, { exact: true }) });

  it("shows the plan, sends a request, lets another person approve it, reports every stage, and deletes", async () => {
    const team = await openPage();
    const answers = recorded(team.page);
    await team.page.goto(`${web.url}/console`);
    await logIn(team.page, TEAM);
    await team.page.waitForURL(/\/console$/);
    await team.page.getByText("100 of 100 USD a month are left").waitFor();
    await fillIn(team.page, "browser");
    assert.equal(await team.page.locator("#price").textContent(), "1.5 USD a month");
    await team.page.getByRole("button", { name: "See the plan" }).click();
    await team.page.getByText("98.5 USD of the quota would be left").waitFor();
    await team.page.locator("#plan li", { hasText: "2 buckets" }).first().waitFor();
    await keepPicture(team.page, "console-plan-1280.png");
    assert.deepEqual(await remains(rig), NOTHING);

    await team.page.getByRole("button", { name: "Send the request" }).click();
    const mine = projectNamed(team.page, "#projects", "browser");
    await mine.getByText("waits for approval").waitFor();
    assert.equal(await team.page.getByLabel("Access token of the repository").inputValue(), "");
    assert.equal(await team.page.getByLabel("Private key of the repository").inputValue(), "");
    const id = (await mine.getAttribute("data-id"))!;
    await settledProject(rig, id, { user: TEAM, step: "approve" });

    const admin = await openPage();
    await admin.page.goto(`${web.url}/console?project=${id}&decide=approve`);
    await logIn(admin.page, ADMIN);
    await admin.page.waitForURL(/\/console\?project=/);
    const asked = projectNamed(admin.page, "#decisions", "browser");
    await asked.getByText("team@example.org, team").waitFor();
    await asked.getByText("1 CloudFront distribution").waitFor();
    assert.equal(await admin.page.evaluate("document.activeElement.textContent"), "Approve");
    await asked.getByLabel("Comment for the team").fill("go ahead");
    await keepPicture(admin.page, "console-decision-1280.png");
    await asked.getByRole("button", { name: "Approve" }).click();
    await admin.page.locator("#decisions").waitFor({ state: "hidden" });

    assert.equal((await settledProject(rig, id, { user: TEAM })).state, "ready");
    await mine.getByText("ready", { exact: true }).waitFor();
    await mine.locator("summary").first().click();
    await mine.getByText("https://browser-stag.projects.example.org").waitFor();
    await mine.getByText("approved by admin@example.org: go ahead").waitFor();
    await mine.locator(".facts dd", { hasText: /^created/ }).waitFor();
    assert.deepEqual(await mine.locator(".stages li.done > span:nth-child(2)").allTextContents(), [
      ...["Quota reserved", "Approval", "Stack", "Build", "Answer at its address", "Finished"],
    ]);
    await team.page.getByText("98.5 of 100 USD a month are left. Your projects take 1.5 USD.").waitFor();
    await keepPicture(team.page, "console-1280.png");
    await team.page.setViewportSize({ width: 375, height: 812 });
    await keepPicture(team.page, "console-375.png");
    assert.equal(await team.page.evaluate("document.documentElement.scrollWidth"), 375);

    await mine.getByRole("button", { name: "Delete" }).click();
    const yes = team.page.getByRole("button", { name: "Delete it" });
    await team.page.getByLabel("Name of the project").fill("browse");
    assert.equal(await yes.isDisabled(), true);
    await keepPicture(team.page, "console-delete-375.png", false);
    await team.page.getByLabel("Name of the project").fill("browser");
    await yes.click();
    assert.equal((await settledProject(rig, id, { user: TEAM, skip: "ready" })).state, "deleted");
    await team.page.getByText("Past projects (1)").waitFor();
    await team.page.getByText("None yet").waitFor();

    const all = (await answers()).join("\n");
    assert.ok(all.includes('"kinds"'), "the page's answers were not recorded");
    assert.doesNotMatch(all, /SECRETTOKEN|SECRETKEY|eyJ[\w-]+\.eyJ|arn:aws:secretsmanager/);
    assert.deepEqual([...team.problems, ...admin.problems], []);
    await Promise.all([team.close(), admin.close()]);
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("accepts variables and secrets, changes them, and never shows a secret", async () => {
    const { page, problems, close } = await openPage();
    const answers = recorded(page);
    await page.goto(`${web.url}/console`);
    await logIn(page, TEAM);
    await page.getByLabel("Name", { exact: true }).fill("settings");
    const form = page.locator("#request");
    await page.getByLabel("Kind").selectOption("spa");
    await unfold(page, "Variables and program settings");
    assert.equal(await form.getByRole("button", { name: "Add a secret" }).isVisible(), false);
    await page.getByLabel("Kind").selectOption("cms");
    await page.getByText("Uploads are stored in the project's own file system").waitFor();
    await page.getByLabel("Kind").selectOption("realtime");
    await page.getByLabel("Repository", { exact: true }).fill("https://github.com/example/live");
    await page.getByLabel("Port").fill("4000");
    await form.getByRole("button", { name: "Add a variable" }).click();
    await form.getByLabel("Variable", { exact: true }).fill("GREETING");
    await form.getByLabel("Value of the variable").fill("two\nlines");
    await form.getByRole("button", { name: "Add a secret" }).click();
    await form.getByLabel("Secret", { exact: true }).fill("STRIPE_KEY");
    await form.getByLabel("Value of the secret").fill("SECRETWORD");
    await keepPicture(page, "console-values-1280.png");
    await page.setViewportSize({ width: 375, height: 812 });
    await keepPicture(page, "console-values-375.png");
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 375);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole("button", { name: "Send the request" }).click();
    const mine = projectNamed(page, "#projects", "settings");
    await mine.waitFor();
    assert.equal(await form.getByLabel("Value of the secret").count(), 0);
    assert.equal(await form.getByRole("button", { name: "Add a variable" }).isVisible(), false);
    const id = (await mine.getAttribute("data-id"))!;
    await settledProject(rig, id, { user: TEAM, step: "deliver", only: "stack" });
    await launchMachine(rig, id);
    const first = await settledProject(rig, id, { user: TEAM });
    assert.deepEqual(
      [first.state, first.variables, first.secrets, first.port],
      ["ready", { GREETING: "two\nlines" }, ["STRIPE_KEY"], 4000],
    );

    await mine.locator("summary").first().click();
    await mine.getByRole("button", { name: "Variables and secrets" }).click();
    const dialog = page.locator("#values");
    assert.equal(await dialog.getByLabel("Value of the variable").inputValue(), "two\nlines");
    assert.equal(await dialog.getByLabel("Value of the secret").inputValue(), "");
    await dialog.getByRole("button", { name: "Add a secret" }).click();
    await dialog.getByLabel("Secret", { exact: true }).last().fill("PORT");
    await dialog.getByLabel("Value of the secret").last().fill("SECRETWORD-2");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.locator("p.error", { hasText: /^Is a reserved name, as are AWS_\*/ }).waitFor();
    assert.equal(
      await dialog.getByLabel("Secret", { exact: true }).last().getAttribute("aria-invalid"),
      "true",
    );
    await keepPicture(page, "console-change-1280.png", false);
    await page.setViewportSize({ width: 375, height: 812 });
    await keepPicture(page, "console-change-375.png", false);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 375);
    await dialog.getByLabel("Secret", { exact: true }).last().fill("API_KEY");
    await dialog.getByRole("button", { name: "Remove GREETING" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "hidden" });
    const { state, variables, secrets } = await settledProject(rig, id, { user: TEAM });
    assert.deepEqual([state, variables, secrets], ["ready", {}, ["API_KEY", "STRIPE_KEY"]]);

    const all = (await answers()).join("\n");
    assert.ok(all.includes("STRIPE_KEY"), "the page's answers were not recorded");
    assert.doesNotMatch(all, /SECRETWORD|arn:aws:secretsmanager/);
    // Chromium itself reports every answer of 400.
    assert.deepEqual(
      problems.filter((one) => !one.includes("400")),
      [],
    );
    await close();
    await call(rig, TEAM, "DELETE", `/projects/${id}`);
    await settledProject(rig, id, { user: TEAM, skip: "ready" });
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("shows why a project did not get ready and the end of its build log, and builds it again after a correction", async function () {
    leftToAll(this);
    const asked = await call(rig, TEAM, "POST", "/projects", wish("typo", { branch: "mian" }));
    const id = asked.body.id as string;
    await settledProject(rig, id, { user: TEAM, step: "deliver", only: "stack" });
    await failBuild(
      rig,
      id,
      "Cloning into 'site'...\n",
      "fatal: Remote branch mian not found in upstream origin\n",
    );
    await settledProject(rig, id, { user: TEAM });
    const { page, problems, close } = await openPage();
    await page.goto(`${web.url}/console?project=${id}`);
    await logIn(page, TEAM);
    const mine = projectNamed(page, "#projects", "typo");
    await mine.getByText("did not get ready").waitFor();
    await mine.getByText("Build: The build was stopped.").waitFor();
    await mine.getByText("Remote branch mian not found").waitFor();
    await keepPicture(page, "console-failed-1280.png");
    await page.setViewportSize({ width: 375, height: 812 });
    await keepPicture(page, "console-failed-375.png");
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 375);
    await mine.getByRole("button", { name: "Correct and try again" }).click();
    assert.equal(await page.getByLabel("Branch to build").inputValue(), "mian");
    await page.getByLabel("Branch to build").fill("--main");
    await page.getByRole("button", { name: "Build it again" }).click();
    await page.locator("#correct-branch-error", { hasText: "Must be the name of a branch" }).waitFor();
    await keepPicture(page, "console-correct-375.png", false);
    await page.getByLabel("Branch to build").fill("main");
    await page.getByRole("button", { name: "Build it again" }).click();
    const { state, branch } = await settledProject(rig, id, { user: TEAM, skip: "failed" });
    assert.deepEqual([state, branch], ["ready", "main"]);
    await mine.getByText("ready", { exact: true }).waitFor();
    await mine.getByText("Remote branch mian not found").waitFor({ state: "hidden" });
    assert.deepEqual(
      problems.filter((one) => !one.includes("400")),
      [],
    );
    await close();
    await call(rig, TEAM, "DELETE", `/projects/${id}`);
    await settledProject(rig, id, { user: TEAM, skip: "ready" });
    assert.deepEqual(await remains(rig), NOTHING);
  });

  const signedIn = async ({ email }: User) => {
    const visitor = new Visitor(web.url);
    await visitor.get("/console");
    await visitor.get("/login");
    const entered = await visitor.post("/login", { email, password: PASSWORD });
    assert.equal(entered.headers.get("location"), "/console");
    await visitor.get("/console");
    return visitor;
  };

  it("refuses visitors who are not signed in, and requests that another site sent", async () => {
    const nobody = new Visitor(web.url);
    assert.equal((await nobody.get("/console/api/projects")).status, 401);
    assert.equal((await nobody.get("/console")).headers.get("location"), "/login");
    const visitor = await signedIn(TEAM);
    const before = (await call(rig, TEAM, "GET", "/projects")).body.projects;
    visitor.token = "";
    assert.equal((await visitor.json("/console/api/projects", wish("forged"))).status, 403);
    assert.equal((await visitor.send("/console/api/projects/abcdefghij", { method: "DELETE" })).status, 403);
    assert.deepEqual((await call(rig, TEAM, "GET", "/projects")).body.projects, before);
  });

  it("refuses paths and queries that its page does not use, and passes on the API's refusals", async () => {
    const visitor = await signedIn(TEAM);
    const status = async (where: string) => (await visitor.get(`/console/api${where}`)).status;
    assert.equal(await status("/projects/..%2Fquota"), 400);
    assert.equal(await status("/projects?waiting=1&x=1"), 400);
    assert.equal(await status("/uploads"), 404);
    assert.equal(await status("/projects/abcdefghij"), 404);
    assert.equal(await status("/projects?waiting=1"), 403);
    const taken = await visitor.json("/console/api/projects", wish("x!"));
    assert.equal(taken.status, 400);
    assert.match(((await taken.json()) as { message: string }).message, /^name must be/);
  });

  it("refuses only projects while the stack has not written the API's address yet, or has no projects", async () => {
    await web.close();
    const page = async (environment: Record<string, string>) => {
      web = await startWebApp(rig, environment);
      const visitor = new Visitor(web.url);
      await visitor.get("/console");
      await visitor.get("/login");
      await visitor.post("/login", { email: TEAM.email, password: PASSWORD });
      const statuses = [];
      for (const where of ["/console", "/console/api/quota", "/account"])
        statuses.push((await visitor.get(where)).status);
      return statuses;
    };
    assert.deepEqual(
      await page({ PROVISIONER_PARAMETER: "/groundwork/rig/provisioner/not-yet" }),
      [200, 503, 200],
    );
    await web.close();
    assert.deepEqual(await page({ PROVISIONER_PARAMETER: "" }), [404, 404, 200]);
  });
});

/** Every answer that the page gets. */
function recorded(page: Page): () => Promise<string[]> {
  const bodies: Promise<string>[] = [];
  page.on("response", (response) => {
    if (response.status() < 300 || response.status() >= 400)
      bodies.push(response.text().then((text) => text + JSON.stringify(response.headers()), String));
  });
  return () => Promise.all(bodies);
}
