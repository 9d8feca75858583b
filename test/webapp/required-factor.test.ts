/// <reference lib="dom" />
// The way in where the pool requires a second factor of everybody, in a real browser.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { FastifyInstance } from "fastify";
import { build } from "../../webapp/build";
import { readConfig } from "../../webapp/config";
import { closeBrowser, keepPicture, openPage } from "../browser";
import { totp } from "../uploads/totp";
import { PASSWORD } from "../uploads/visitor";
import { freshDatabase } from "./helper";
import { platform, WITH_PEOPLE } from "./identity/platform";
import { Pool } from "./identity/pool";
import { CONFIRMATION, RequiredFactor } from "./identity/required-factor";

const TEMPORARY = "Temporary-3-password";
const WRONG_CODE = "The code is wrong or has expired: check it, or request a new one.";

describe("a second factor that everybody must have", function () {
  this.timeout(60_000);
  const pool = new Pool();
  let people: RequiredFactor;
  let app: FastifyInstance;
  let url: string;
  let opened: Awaited<ReturnType<typeof openPage>>;

  before(async () => {
    await pool.start();
    people = new RequiredFactor((email) => pool.token({ "cognito:username": email, email }));
    pool.answer = people.answer;
    const limits = { ACCOUNT_ANSWER_MS: "0", SIGN_IN_TRIES_PER_MINUTE: "1000" };
    const config = readConfig({ ...(await freshDatabase()), ...WITH_PEOPLE, ...limits });
    app = build(config, { log: { write: () => {} }, platform });
    url = await app.listen({ port: 0, host: "127.0.0.1" });
  });
  after(async () => {
    await closeBrowser();
    await app?.close();
    await pool.stop();
  });
  beforeEach(async () => {
    opened = await openPage();
  });
  afterEach(() => opened.close());

  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
  const logIn = async (page: Page, email: string, password: string) => {
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(password);
    await press(page, "Log in");
  };
  const enter = async (page: Page, code: string) => {
    await page.getByLabel("Code").fill(code);
    await press(page, "Log in");
  };
  /** A code that is not the one of this moment, nor of the next. */
  const wrong = (secret: string) =>
    ["000000", "111111", "222222"].find(
      (code) => ![totp(secret), totp(secret, Date.now() + 30_000)].includes(code),
    )!;
  const told = (page: Page) => page.getByRole("alert").innerText();

  /** Sets up an authenticator by what the page shows, once with a wrong code; gives its key. */
  async function setUp(page: Page): Promise<string> {
    await page.waitForURL(/\/login\/authenticator$/);
    const seen = await page.locator("main img").evaluate((one) => (one as HTMLImageElement).naturalWidth > 0);
    assert.ok(seen, "the picture to scan is shown");
    const secret = await page.locator("main code").innerText();
    await keepPicture(page, "required-factor-set-up.png");
    await enter(page, wrong(secret));
    assert.equal(await told(page), WRONG_CODE);
    assert.equal(await page.locator("main code").innerText(), secret);
    await enter(page, totp(secret));
    await page.waitForURL(/\/home$/);
    return secret;
  }

  async function isOn(page: Page) {
    await page.goto(`${url}/account`);
    assert.equal(await page.locator("#factor").innerText(), "on");
    await keepPicture(page, "required-factor-account.png");
  }

  it("is set up at the first login after signing up, and asked for at each one from then on", async () => {
    const { page, problems } = opened;
    const email = "ann@example.com";
    await page.goto(`${url}/signup`);
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await press(page, "Sign up");
    await page.waitForURL(/\/confirm$/);
    await page.getByLabel("Code").fill(CONFIRMATION);
    await press(page, "Confirm");
    await page.waitForURL(/\/login$/);
    await logIn(page, email, PASSWORD);
    const secret = await setUp(page);
    await isOn(page);

    await press(page, "Log out");
    await page.waitForURL(/\/login$/);
    await logIn(page, email, PASSWORD);
    await page.waitForURL(/\/login\/code$/);
    await enter(page, wrong(secret));
    assert.equal(await told(page), WRONG_CODE);
    await keepPicture(page, "required-factor-wrong-code.png");
    await page.goto(`${url}/home`);
    assert.equal(new URL(page.url()).pathname, "/login");
    await logIn(page, email, PASSWORD);
    await page.waitForURL(/\/login\/code$/);
    await enter(page, totp(secret));
    await page.waitForURL(/\/home$/);
    await isOn(page);
    assert.deepEqual(problems, []);
  });

  it("is set up by invited people once they have a password of their own", async () => {
    const { page, problems } = opened;
    const email = "bob@example.com";
    people.invite(email, TEMPORARY);
    await page.goto(`${url}/login`);
    await logIn(page, email, TEMPORARY);
    await page.waitForURL(/\/login\/password$/);
    await page.getByLabel("password").fill(PASSWORD);
    await press(page, "Save");
    await setUp(page);
    await isOn(page);
    assert.deepEqual(problems, []);
  });
});
