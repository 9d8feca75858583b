/// <reference lib="dom" />
// Sessions that have ended while their person had a page open, or was away, in a real browser.
import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import type { FastifyInstance } from "fastify";
import { build } from "../../webapp/build";
import { readConfig } from "../../webapp/config";
import type { Session } from "../../webapp/plugins/session";
import { closeBrowser, openPage } from "../browser";
import { some } from "../some";
import { freshDatabase } from "./helper";
import { keys, person, platform, WITH_PEOPLE } from "./identity/platform";
import { Pool, refusal } from "./identity/pool";

const UPLOADS = "/groundwork/dev/uploads/settings";
const STORE = {
  ...{ normalBucket: "normal", sensitiveBucket: "sensitive", sensitiveKeyArn: "key" },
  ...{ maxBytes: 1024, contentTypes: ["text/plain"] },
};
const HOUR = 3_600_000;
const session = (until: number): Session => ({ id: "a", person: person(until), refreshToken: "refresh" });

/** How a session may have ended. */
const AGED: Record<string, () => string> = {
  "whose cookie is too old": () => keys.seal(session(Date.now() + HOUR), Date.now() - 1),
  "that the pool renews no more": () => keys.seal(session(Date.now() - 1), Date.now() + HOUR),
  "of a key that is replaced": () => "A".repeat(400),
};

describe("a session", function () {
  this.timeout(60_000);
  const pool = new Pool();
  let app: FastifyInstance;
  let url: string;
  let opened: Awaited<ReturnType<typeof openPage>>;

  before(async () => {
    await pool.start();
    const parameters = async (names: string[]) => ({
      ...(await platform.parameters(names)),
      [UPLOADS]: JSON.stringify(STORE),
    });
    const more = { UPLOADS_PARAMETER: UPLOADS, SIGN_IN_TRIES_PER_MINUTE: "1000" };
    const config = readConfig({ ...(await freshDatabase()), ...WITH_PEOPLE, ...more });
    app = build(config, { log: { write: () => {} }, platform: { ...platform, parameters } });
    url = await app.listen({ port: 0, host: "127.0.0.1" });
  });
  after(async () => {
    await closeBrowser();
    await app?.close();
    await pool.stop();
  });
  beforeEach(async () => {
    pool.answer = (_name, { AuthFlow }) => {
      if (AuthFlow === "REFRESH_TOKEN_AUTH") throw refusal("NotAuthorizedException");
      return { AuthenticationResult: { IdToken: pool.token(), AccessToken: "access", RefreshToken: "r" } };
    };
    opened = await openPage();
  });
  afterEach(() => opened.close());

  const give = (context: BrowserContext, value: string) =>
    context.addCookies([{ name: "session", value, url }]);
  const logIn = async (page: Page) => {
    await page.getByLabel("E-mail address").fill("ann@example.com");
    await page.getByLabel("Password").fill("secret");
    await page.getByRole("button", { name: "Log in", exact: true }).click();
  };

  for (const [how, aged] of some(Object.entries(AGED))) {
    it(`${how} leads to the login page, and from there to where its person wanted to go`, async () => {
      const { page, problems } = opened;
      await give(page.context(), aged());
      await page.goto(`${url}/account`);
      assert.equal(new URL(page.url()).pathname, "/login");
      await logIn(page);
      await page.waitForURL(/\/account$/);
      assert.deepEqual(problems, []);
    });

    it(`${how} ends an upload on the login page`, async () => {
      const { page } = opened;
      // Else the page would ask for its list with the cookie that it is given next, on a busy machine.
      await page.route("**/uploads", (route) =>
        route.request().method() === "GET" ? route.fulfill({ json: { files: [] } }) : route.continue(),
      );
      await give(page.context(), keys.seal(session(Date.now() + HOUR), Date.now() + HOUR));
      await page.goto(`${url}/home`);
      await give(page.context(), aged());
      await page.setInputFiles("#files", {
        name: "a.txt",
        mimeType: "text/plain",
        buffer: Buffer.from("text"),
      });
      await page.getByRole("button", { name: "Upload", exact: true }).click();
      await page.waitForURL(/\/login$/);
    });

    it(`${how} sends no form, and explains how to go on`, async () => {
      const { page } = opened;
      await page.goto(`${url}/login`);
      await give(page.context(), aged());
      pool.calls.length = 0;
      await logIn(page);
      await page.getByText("This form has expired").waitFor();
      assert.ok(!pool.calls.some(([, { AuthFlow }]) => AuthFlow === "USER_PASSWORD_AUTH"));
      await page.goto(`${url}/login`);
      await logIn(page);
      await page.waitForURL(/\/home$/);
    });
  }
});
