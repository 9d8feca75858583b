// A team's way in a browser: from the form at /console to its own project's page, by the real builds and servers of the running sandbox.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Locator, Page } from "playwright-core";
import { until } from "../../sandbox/problem";
import { closeBrowser, keepPicture, openPage } from "../browser";
import { visit } from "./project-visit";
import { SharedSandbox, sharedSandbox } from "./shared";
import { ask } from "./visitor";
import { leftToAll } from "../left-to-all";
import { starterOf } from "../../sandbox/state";

describe("a team in the sandbox's console", function () {
  this.timeout(420_000);
  let sandbox: SharedSandbox;
  let page: Page;
  let problems: string[];
  before(async function () {
    sandbox = await sharedSandbox(this);
    ({ page, problems } = await openPage());
    const { email, password } = sandbox.state.people.find(({ group }) => group === "member")!;
    await page.goto(`${sandbox.state.url}/console`);
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.waitForURL(/\/console$/);
  });
  after(() => closeBrowser());

  const starter = (name: string) => starterOf(sandbox.state, name);
  const row = (name: string) =>
    page.locator("#projects li[data-id]", { has: page.getByText(name, { exact: true }) });
  /** Asks for a project as the form has it. */
  async function request(name: string, type: string, stack: string, from: string, branch = "main") {
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Environment").selectOption("dev");
    await page.getByLabel("Kind").selectOption(type);
    await page.getByLabel("Built with").selectOption(stack);
    await page.getByLabel("Repository", { exact: true }).fill(starter(from));
    await page.getByLabel("Branch", { exact: true }).fill(branch);
    await page.getByRole("button", { name: "Send the request" }).click();
    await row(name).waitFor();
    return (await row(name).getAttribute("data-id"))!;
  }
  const project = async (id: string) => (await ask(sandbox.state, "GET", `/console/api/projects/${id}`)).body;
  const resting = (id: string, state: string) =>
    until(`The project's becoming ${state}`, () => project(id), {
      wanted: (now) => !now.moving && now.state === state,
      seconds: 200,
    });
  /** Shows all that there is to know of a project. */
  async function unfold(name: string): Promise<void> {
    const all = row(name).locator("details").first();
    if ((await all.getAttribute("open")) === null) await all.locator("summary").first().click();
  }
  /** Opens a ready project by the link that its row has. */
  async function open(name: string): Promise<Page> {
    const mine: Locator = row(name);
    await mine.getByText("ready", { exact: true }).waitFor({ timeout: 60_000 });
    await unfold(name);
    const href = await mine
      .locator(`a[href^="http://${name}-dev.projects.localhost"]`)
      .first()
      .getAttribute("href");
    const own = await page.context().newPage();
    await own.goto(href!);
    return own;
  }
  /** A team's next commit, by its hash. */
  function commit(name: string, file: string, change: (text: string) => string, branch = "main"): string {
    const clone = fs.mkdtempSync(path.join(sandbox.paths.run, "clone-"));
    const git = (...args: string[]) =>
      execFileSync("git", args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" }).trim();
    git("clone", "--quiet", path.join(sandbox.paths.repositories, `${name}.git`), clone);
    fs.writeFileSync(path.join(clone, file), change(fs.readFileSync(path.join(clone, file), "utf8")));
    const author = ["-c", "user.name=Team", "-c", "user.email=team@example.com"];
    git("-C", clone, ...author, "commit", "--quiet", "--all", "--message", "Change");
    git("-C", clone, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
    return git("-C", clone, "rev-parse", "HEAD");
  }
  const rebuilt = async (id: string) => {
    await ask(sandbox.state, "PATCH", `/console/api/projects/${id}`, { rebuild: true });
    await until("The build's beginning", () => project(id), { wanted: ({ moving }) => moving });
    return resting(id, "ready");
  };

  it("asks for a site, a single-page app and a server, mends a failed build by its log, and opens all three", async () => {
    const typo = await request("journey-site", "static", "html", "html", "mian");
    const app = await request("journey-app", "spa", "react", "react");
    const server = await request("journey-server", "realtime", "node", "node");

    await resting(typo, "failed");
    const failed = row("journey-site");
    await unfold("journey-site");
    await failed.getByText("Remote branch mian not found").waitFor({ timeout: 60_000 });
    await keepPicture(page, "journey-failed-1280.png");
    await failed.getByRole("button", { name: "Correct and try again" }).click();
    await page.getByLabel("Branch to build").fill("main");
    await page.getByRole("button", { name: "Build it again" }).click();
    // Open from before the build is over, and shown to its end without anybody's asking.
    await failed.locator(".live summary").click();
    await failed.locator(".live .log", { hasText: "Phase complete: BUILD State: SUCCEEDED" }).waitFor({
      timeout: 120_000,
    });

    await Promise.all([typo, app, server].map((id) => resting(id, "ready")));
    const site = await open("journey-site");
    await site.getByRole("heading", { name: "It works" }).waitFor();
    const single = await open("journey-app");
    await single.getByRole("button", { name: "Pressed 0 times" }).click();
    await single.getByRole("button", { name: "Pressed 1 times" }).waitFor();
    await single.goto(`${single.url()}some/where`);
    await single.getByText("/some/where").waitFor();
    const own = await open("journey-server");
    await own.getByText(/^It works\. Visits since the start: \d+/).waitFor();
    const written = row("journey-server").locator(".live");
    await written.locator("summary").click();
    await written.getByRole("button", { name: "Servers, the whole day" }).click();
    await written.locator(".log", { hasText: "node server.js" }).waitFor();
    await keepPicture(page, "journey-ready-1280.png");
    assert.deepEqual(problems, []);
  });

  it("sees a branch that was pushed as a preview under its project, until the branch is gone", async function () {
    leftToAll(this);
    await unfold("journey-site");
    const site = row("journey-site").first();
    const id = (await site.getAttribute("data-id"))!;
    await site.getByRole("button", { name: "Deploy on push" }).click();
    const dialog = page.locator("#hook");
    await dialog.getByLabel("Make a preview of every other branch that is pushed").check();
    await dialog.getByRole("button", { name: "Save the previews' settings" }).click();
    await dialog.waitFor({ state: "hidden" });
    await resting(id, "ready");
    await site.getByRole("button", { name: "Deploy on push" }).click();
    await dialog.getByRole("button", { name: "Make the address" }).click();
    const url = await dialog.getByLabel("Address").inputValue();
    const secret = await dialog.getByLabel("Secret", { exact: true }).inputValue();
    await dialog.getByRole("button", { name: "Done" }).click();
    /** What the team's Git host tells. */
    const tell = async (after: string) => {
      const headers = { "X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": secret };
      const body = JSON.stringify({ ref: "refs/heads/fix/words", after });
      const answer = await fetch(url, { method: "POST", headers, body });
      assert.equal(answer.status, 202, await answer.clone().text());
      return (await answer.json()) as { id: string };
    };

    const change = (text: string) => text.replace("It works", "It will change");
    const made = commit("html", "index.html", change, "fix/words");
    const { id: preview } = await tell(made);
    assert.equal((await resting(preview, "ready")).commit, made);
    const own = await open("journey-site-fix-words");
    await own.getByRole("heading", { name: "It will change" }).waitFor();
    assert.match((await visit((await project(id)).url)).text, /It works/);
    const lines = page.locator("#projects > li");
    const names = await lines.locator("summary .name").allTextContents();
    assert.equal(names[names.indexOf("journey-site") + 1], "journey-site-fix-words");
    await keepPicture(page, "journey-preview-1280.png");

    await tell("0".repeat(40));
    await resting(preview, "deleted");
    assert.notEqual((await visit(own.url())).status, 200);
    assert.deepEqual(problems, []);
  });

  it("sees a change of its repository once it is built, and the release before it again", async function () {
    leftToAll(this);
    const { body } = await ask(sandbox.state, "GET", "/console/api/projects");
    const all = body.projects as { id: string; name: string; url: string }[];
    /** There and back. The words are of one length: what is put back is as large as what it replaces, and older. */
    const changed = async (
      name: string,
      repository: string,
      file: string,
      goBack: (id: string, made: string) => Promise<void>,
    ) => {
      const { id, url } = all.find((one) => one.name === name)!;
      const says = (words: string) =>
        until(`The words ${words}`, () => visit(url), {
          wanted: ({ text }) => text.includes(words),
          seconds: 60,
        });
      const [first] = (await project(id)).releases as string[];
      const made = commit(repository, file, (text) => text.replace("It works", "It broke"));
      const { releases, commits } = await rebuilt(id);
      assert.deepEqual([releases.length, releases[1], commits[releases[0]]], [2, first, made]);
      await says("It broke");
      await goBack(id, made);
      await until("The way back", () => project(id), { wanted: ({ moving }) => moving });
      const { releases: left, commit: now } = await resting(id, "ready");
      assert.deepEqual([left, now], [[first], commits[first!]]);
      await says("It works");
      commit(repository, file, (text) => text.replace("It broke", "It works"));
      return { id, url, given: releases[0] as string, kept: first! };
    };
    const [site] = await Promise.all([
      changed("journey-site", "html", "index.html", async (_id, made) => {
        await page.reload();
        await unfold("journey-site");
        const mine = row("journey-site").first();
        await mine.getByText(`commit ${made.slice(0, 10)}, runs now`).waitFor();
        await keepPicture(page, "journey-releases-1280.png");
        await mine.getByRole("button", { name: "Back to the release before" }).click();
      }),
      changed("journey-server", "node", "server.js", async (id) => {
        const back = await ask(sandbox.state, "POST", `/console/api/projects/${id}/rollback`, {});
        assert.equal(back.status, 202, JSON.stringify(back.body));
      }),
    ]);
    const cloudformation = await sandbox.use("cloudformation");
    const { Stacks } = await cloudformation.describeStacks({ StackName: `gwdev-${site.id}` });
    const Bucket = Stacks![0]!.Outputs!.find(({ OutputKey }) => OutputKey === "Releases")!.OutputValue!;
    const { Contents = [] } = await (await sandbox.use("s3")).listObjectsV2({ Bucket });
    assert.deepEqual(Contents.map(({ Key }) => Key).sort(), [site.given, site.kept].sort());
    for (const release of [site.given, site.kept])
      assert.equal((await visit(`${site.url}/${release}`)).status, 404, "what is kept has no address");
    assert.deepEqual(problems, []);
  });
});
