/// <reference lib="dom" />
import assert from "node:assert/strict";
import axe from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import type { FastifyInstance } from "fastify";
import { build } from "../../webapp/build";
import { readConfig } from "../../webapp/config";
import type { Session } from "../../webapp/plugins/session";
import { leftToAll } from "../left-to-all";
import { closeBrowser, keepPicture, openPage } from "../browser";
import { some } from "../some";
import { freshDatabase } from "./helper";
import { person, platform, platformWith, sealed, WITH_PEOPLE } from "./identity/platform";
import { Pool } from "./identity/pool";
import { PROJECTS_API } from "./projects-api";

const NARROWEST = 320;
const PHONE = 390;
const WIDE = 1280;
const COLOURS = { runOnly: ["color-contrast", "link-in-text-block"] };
const UPLOADS = "/groundwork/dev/uploads/settings";
const PROJECTS = "/groundwork/dev/provisioner/api-url";
const EMAIL = "someone.with.a.rather.long.name@example.org";
const SECRET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRST";

const signedIn: Session = {
  id: "a",
  person: { ...person(Date.now() + 3_600_000), email: EMAIL, groups: ["admin"] },
  refreshToken: "refresh",
};
const asked = (name: "SOFTWARE_TOKEN_MFA" | "NEW_PASSWORD_REQUIRED" | "MFA_SETUP"): Session => ({
  id: "a",
  challenge: { name, username: "ann", email: EMAIL, session: "s", secret: SECRET },
});

const file = (name: string, where: string, number: number) => ({
  id: String(number).padStart(30, "0"),
  key: `uploads/p/${number}/${name}`,
  name,
  size: 1_234_567 * number,
  uploadedAt: "2026-11-20T10:00:00.000Z",
  where,
});
const LIST = {
  files: [
    file("holiday.jpg", "normal", 1),
    file("salaries-of-everybody-in-the-northern-branch-2026-final-version-two.xlsx", "sensitive", 2),
    file("averyveryveryveryveryveryveryverylongnamewithoutanyblankatwhichonecouldbreakit.pdf", "moving", 3),
  ],
  next: "/uploads?after=3",
};

const passkey = (name: string, site: string) => ({
  CredentialId: name,
  FriendlyCredentialName: name,
  RelyingPartyId: site,
  AuthenticatorTransports: ["internal"],
  CreatedAt: 1_764_230_400,
});

interface Shown {
  path: string;
  /** What its first heading says. */
  heading: string;
  session?: Session;
  /** What the addresses that a page's script asks are answered. */
  answers?: Record<string, [status: number, body: object]>;
  /** Whether the person has a second factor. */
  factor?: boolean;
  /** The passkeys of a person, where the site has any. */
  passkeys?: object[];
  /** Something to do on the page before it is looked at. */
  then?: (page: Page) => Promise<unknown>;
}

const PAGES: Record<string, Shown> = {
  "the first page": { path: "/", heading: "You were served by" },
  "the first page, signed in": { path: "/", heading: "You were served by", session: signedIn },
  "the first page, with what was refused": {
    path: "/",
    heading: "You were served by",
    session: signedIn,
    then: async (page) => {
      await page.fill("#username", "x");
      await page.fill("#email", "nowhere");
      await page.click("#add-user");
      await page.locator("#email-error:not(:empty)").waitFor();
      await page.fill("#number", "twelve");
      await page.click("#compute");
      await page.locator("#number-error:not(:empty)").waitFor();
    },
  },
  "signing up": { path: "/signup", heading: "Sign up" },
  confirming: { path: "/confirm", heading: "Confirm your address" },
  "a new code": { path: "/confirm/again", heading: "Send a new code" },
  "logging in": { path: "/login", heading: "Log in" },
  "logging in, refused": {
    path: "/login",
    heading: "Log in",
    then: async (page) => {
      await page.fill("#email", EMAIL);
      await page.fill("#password", "wrong");
      await page.click("main button");
      await page.locator(".problem").waitFor();
    },
  },
  "the second factor": {
    path: "/login/code",
    heading: "Second factor",
    session: asked("SOFTWARE_TOKEN_MFA"),
  },
  "a first password": {
    path: "/login/password",
    heading: "Choose your password",
    session: asked("NEW_PASSWORD_REQUIRED"),
  },
  "a first second factor": {
    path: "/login/authenticator",
    heading: "Set up your second factor",
    session: asked("MFA_SETUP"),
  },
  "a forgotten password": { path: "/forgot", heading: "Forgotten password" },
  "a new password": { path: "/reset", heading: "Choose a new password" },
  "nothing here": { path: "/nowhere", heading: "Nothing here" },
  "nothing here, signed in": { path: "/nowhere", heading: "Nothing here", session: signedIn },
  "a person's files": {
    path: "/home",
    heading: "Your files",
    session: signedIn,
    answers: { "/uploads": [200, LIST] },
  },
  "a person without files": {
    path: "/home",
    heading: "Your files",
    session: signedIn,
    answers: { "/uploads": [200, { files: [] }] },
  },
  "a person whose files cannot be listed": {
    path: "/home",
    heading: "Your files",
    session: signedIn,
    answers: { "/uploads": [503, { message: "the store is not available, try again in a moment" }] },
  },
  "an account": { path: "/account", heading: "Your account", session: signedIn },
  "an account with a second factor": {
    path: "/account",
    heading: "Your account",
    session: signedIn,
    factor: true,
  },
  "an account that gets one": {
    path: "/account",
    heading: "Your account",
    session: { ...signedIn, secret: SECRET },
  },
  "logging in, with passkeys": {
    path: "/login",
    heading: "Log in",
    passkeys: [],
    then: (page) => page.getByRole("button", { name: "Log in with a passkey" }).waitFor(),
  },
  "logging in, with a passkey that is refused": {
    path: "/login",
    heading: "Log in",
    passkeys: [],
    answers: { "/login/passkey": [409, { message: "passkeys are off here: log in with your password" }] },
    then: async (page) => {
      await page.fill("#email", EMAIL);
      await page.click("#use-passkey");
      await page.locator("#passkey-problem:not(:empty)").waitFor();
    },
  },
  "an account without passkeys": {
    path: "/account",
    heading: "Your account",
    session: signedIn,
    passkeys: [],
  },
  "an account with passkeys": {
    path: "/account",
    heading: "Your account",
    session: signedIn,
    passkeys: [
      passkey("iCloud Keychain", "localhost"),
      passkey("averyveryveryveryveryveryverylongnameofadevicewithoutanyblank", "old.example.org"),
    ],
    answers: { "/account/passkeys": [401, { message: "the password is wrong" }] },
    then: async (page) => {
      await page.fill("#passkey-password", "wrong");
      await page.click("#add-passkey button");
      await page.locator("#passkey-problem:not(:empty)").waitFor();
    },
  },
  "an account with a second factor and a passkey": {
    path: "/account",
    heading: "Your account",
    session: signedIn,
    factor: true,
    passkeys: [passkey("iCloud Keychain", "localhost")],
  },
  "a passkey that goes": {
    path: "/account",
    heading: "Remove this passkey?",
    session: signedIn,
    passkeys: [passkey("iCloud Keychain", "localhost")],
    then: (page) => page.getByRole("button", { name: "Remove iCloud Keychain" }).click(),
  },
  projects: {
    ...{ path: "/console", heading: "Your projects", session: signedIn, answers: PROJECTS_API },
    then: (page) => page.evaluate("for (const part of request.querySelectorAll('details')) part.open = true"),
  },
  documentation: { path: "/documentation", heading: "The API" },
};

describe("every page", function () {
  this.timeout(60_000);
  const pool = new Pool();
  let app: FastifyInstance;
  let url: string;
  let close: (() => Promise<void>) | undefined;

  before(async () => {
    await pool.start();
    const parameters = async (names: string[]) => ({
      ...(await platformWith({ "passkey-site": "localhost" }).parameters(names)),
      [UPLOADS]: JSON.stringify({
        ...{ normalBucket: "normal", sensitiveBucket: "sensitive", sensitiveKeyArn: "key" },
        ...{ maxBytes: 104_857_600, contentTypes: ["image/png", "text/csv", "application/zip"] },
      }),
    });
    const config = readConfig({
      ...(await freshDatabase()),
      ...WITH_PEOPLE,
      ...{ UPLOADS_PARAMETER: UPLOADS, PROVISIONER_PARAMETER: PROJECTS, ACCOUNT_ANSWER_MS: "0" },
      ...{ SIGN_IN_TRIES_PER_MINUTE: "1000", INSTANCE_NAME: "web-1" },
    });
    app = build(config, { log: { write: () => {} }, platform: { ...platform, parameters } });
    url = await app.listen({ port: 0, host: "127.0.0.1" });
  });
  after(async () => {
    await closeBrowser();
    await app?.close();
    await pool.stop();
  });
  afterEach(async () => {
    await close?.();
    close = undefined;
  });

  /** Opens a page as this person sees it. */
  async function open({ path, session, answers = {}, factor, passkeys, then }: Shown) {
    // Passkeys are bound to the site's name: by its number there are none.
    const site = passkeys ? url.replace("127.0.0.1", "localhost") : url;
    pool.answer = (name) => {
      if (name === "GetUser") return { UserMFASettingList: factor ? ["SOFTWARE_TOKEN_MFA"] : [] };
      if (name === "ListWebAuthnCredentials") return { Credentials: passkeys };
      if (session?.person)
        return { AuthenticationResult: { IdToken: pool.token(), AccessToken: "access", RefreshToken: "r" } };
      throw Object.assign(new Error("refused"), { name: "NotAuthorizedException" });
    };
    const opened = await openPage({
      reducedMotion: "reduce",
      viewport: { width: WIDE, height: 900 },
    });
    close = opened.close;
    const { page } = opened;
    if (session) await signInAs(page.context(), session, site);
    for (const [asked, [status, body]] of Object.entries(answers))
      await page.route(
        (one) => one.pathname === asked,
        (route) => route.fulfill({ status, contentType: "application/json", body: JSON.stringify(body) }),
      );
    await page.goto(site + path);
    await page.waitForLoadState("networkidle");
    await then?.(page);
    return opened;
  }

  async function signInAs(context: BrowserContext, session: Session, site: string) {
    const [name, value] = sealed(session).split("=") as [string, string];
    await context.addCookies([{ name, value, url: site }]);
  }

  it("is in this test's list, as far as the app's own API document has it", () => {
    const answersWithPage = ({ get }: { get?: { responses?: object } }) => {
      const { 200: found } = (get?.responses ?? {}) as Record<number, { content?: object }>;
      return "text/html" in (found?.content ?? {});
    };
    const served = Object.entries(app.swagger().paths!).filter(([, one]) => answersWithPage(one as object));
    const looked = Object.values(PAGES).map(({ path }) => path);
    assert.deepEqual(
      some(served)
        .map(([path]) => path)
        .filter((path) => !looked.includes(path)),
      [],
    );
  });

  /** What of a page shuts somebody out at these widths and in these colours, or does not fit. */
  async function wrongs({ page }: { page: Page }, name: string, widths: number[], schemes: ColorScheme[]) {
    await page.evaluate(axe.source);
    const wrong: string[] = [];
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) wrong.push(`${width}: scrolls to ${wide}`);
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme });
        await keepPicture(page, `${name} ${width} ${colorScheme}.png`.replaceAll(" ", "-"));
        // The narrowest has what the phone's has, only narrower; and a scheme has colours of its own, and nothing else.
        if (width === NARROWEST) continue;
        const rules = colorScheme === "light" ? {} : COLOURS;
        const { violations } = await page.evaluate((rules) => window.axe.run(rules), rules);
        for (const { id, nodes } of violations)
          wrong.push(...nodes.map(({ html }) => `${width} ${colorScheme}: ${id} ${html.slice(0, 200)}`));
      }
    }
    return wrong;
  }

  for (const [name, shown] of some(Object.entries(PAGES))) {
    it(`is accessible, and fits a phone: ${name}`, async () => {
      const opened = await open(shown);
      assert.equal(await opened.page.locator("h1").innerText(), shown.heading);
      assert.deepEqual(await wrongs(opened, name, [PHONE, NARROWEST], ["light"]), []);
      assert.deepEqual(opened.problems, []);
    });

    it(`is accessible in dark mode, and on a desktop: ${name}`, async function () {
      leftToAll(this);
      const opened = await open(shown);
      assert.deepEqual(await wrongs(opened, name, [PHONE], ["dark"]), []);
      assert.deepEqual(await wrongs(opened, name, [WIDE], ["light", "dark"]), []);
    });
  }
});

type ColorScheme = "light" | "dark";

declare global {
  interface Window {
    axe: typeof axe;
  }
}
