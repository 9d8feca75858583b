/// <reference lib="dom" />
// Passkeys in a real browser, with an authenticator that its developer tools stand in for, against a pool that verifies each answer.
import assert from "node:assert/strict";
import type { CDPSession, Page } from "playwright-core";
import type { FastifyInstance } from "fastify";
import { build } from "../../webapp/build";
import { readConfig } from "../../webapp/config";
import { closeBrowser, keepPicture, openPage } from "../browser";
import { some } from "../some";
import { freshDatabase } from "./helper";
import { platformWith, WITH_PEOPLE } from "./identity/platform";
import { PasskeyPool } from "./identity/passkey-pool";
import { Pool } from "./identity/pool";
import { leftToAll } from "../left-to-all";

const PASSWORD = "Correct-horse-1-battery";
const ANN = "ann@example.com";
const BOB = "bob@example.com";
const REFUSED =
  "This passkey does not log you in: try another one, or log in with your password. " +
  "With a second factor, log in with password and code.";

describe("passkeys", function () {
  this.timeout(60_000);
  const pool = new Pool();
  let people: PasskeyPool;
  let app: FastifyInstance;
  let url: string;
  let opened: Awaited<ReturnType<typeof openPage>>;

  before(async () => {
    await pool.start();
    const limits = { ACCOUNT_ANSWER_MS: "0", SIGN_IN_TRIES_PER_MINUTE: "1000" };
    const config = readConfig({ ...(await freshDatabase()), ...WITH_PEOPLE, ...limits });
    app = build(config, {
      log: { write: () => {} },
      platform: platformWith({ "passkey-site": "localhost" }),
    });
    url = (await app.listen({ port: 0, host: "127.0.0.1" })).replace("127.0.0.1", "localhost");
  });
  after(async () => {
    await closeBrowser();
    await app?.close();
    await pool.stop();
  });
  beforeEach(async () => {
    pool.calls.length = 0;
    people = new PasskeyPool(
      (email) => pool.token({ "cognito:username": email, email }),
      () => url,
    );
    pool.answer = people.answer;
    people.join(ANN, PASSWORD);
    people.join(BOB, PASSWORD);
    opened = await openPage();
  });
  afterEach(() => opened.close());

  /** A device with a lock, which its owner opens. */
  async function device(page: Page): Promise<{ tools: CDPSession; authenticatorId: string }> {
    const tools = await page.context().newCDPSession(page);
    await tools.send("WebAuthn.enable");
    const { authenticatorId } = await tools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return { tools, authenticatorId };
  }

  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
  const told = (page: Page) => page.getByRole("alert").filter({ visible: true }).innerText();
  const logIn = async (page: Page, email: string) => {
    await page.goto(`${url}/login`);
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await press(page, "Log in");
    await page.waitForURL(/\/home$/);
  };
  const add = async (page: Page, password = PASSWORD) => {
    await page.goto(`${url}/account`);
    await page.getByLabel("Password, to add a passkey").fill(password);
    await press(page, "Add a passkey");
  };
  const added = async (page: Page, email: string) => {
    await logIn(page, email);
    await add(page);
    await page.getByRole("status").filter({ hasText: "Your passkey is added" }).waitFor();
  };
  const logOut = async (page: Page) => {
    await press(page, "Log out");
    await page.waitForURL(/\/login$/);
  };
  const byPasskey = async (page: Page, email: string) => {
    await page.goto(`${url}/login`);
    await page.getByLabel("E-mail address").fill(email);
    await press(page, "Log in with a passkey");
  };
  /** Whether the pool itself has judged an answer since the last time this was asked. */
  const judged = () => pool.calls.splice(0).some(([name]) => name === "RespondToAuthChallenge");
  const shown = (page: Page) => page.locator("#passkeys li").allInnerTexts();

  it("are added, log their owner in, and are removed, and then log nobody in", async () => {
    const { page, problems } = opened;
    await device(page);
    await added(page, ANN);
    assert.deepEqual(people.passkeysOf(ANN).length, 1);
    assert.deepEqual((await shown(page)).length, 1);
    await keepPicture(page, "passkeys-account.png");
    await logOut(page);

    await keepPicture(page, "passkeys-login.png");
    await byPasskey(page, ANN);
    await page.waitForURL(/\/home$/);
    await page.goto(`${url}/account`);
    assert.match(await page.locator("main").innerText(), /You are signed in as ann@example\.com/);

    await press(page, "Remove Passkey 1");
    await page.getByRole("heading", { name: "Remove this passkey?" }).waitFor();
    assert.equal(people.passkeysOf(ANN).length, 1, "it is asked about first");
    await keepPicture(page, "passkeys-remove.png");
    await press(page, "Remove it");
    await page.getByRole("status").filter({ hasText: "The passkey Passkey 1 is removed." }).waitFor();
    assert.deepEqual([people.passkeysOf(ANN), await shown(page)], [[], []]);
    await logOut(page);
    await byPasskey(page, ANN);
    await page.getByText(REFUSED).waitFor();
    assert.equal(new URL(page.url()).pathname, "/login");
    await keepPicture(page, "passkeys-login-refused.png");
    assert.deepEqual(problems, []);
  });

  it("are kept if a person changes their mind", async function () {
    leftToAll(this);
    const { page } = opened;
    await device(page);
    await added(page, ANN);
    await press(page, "Remove Passkey 1");
    await page.getByRole("link", { name: "Keep it" }).click();
    assert.equal((await shown(page)).length, 1);
  });

  it("are reported to the pool with the user's IP address", async () => {
    const { page } = opened;
    await device(page);
    await added(page, ANN);
    await logOut(page);
    pool.calls.length = 0;
    await byPasskey(page, ANN);
    await page.waitForURL(/\/home$/);
    const calls = pool.calls.filter(
      ([, { AuthFlow, ChallengeName }]) => AuthFlow === "USER_AUTH" || ChallengeName,
    );
    assert.deepEqual(
      calls.map(([name, { UserContextData }]) => [name, UserContextData]),
      [
        ["InitiateAuth", { IpAddress: "127.0.0.1" }],
        ["RespondToAuthChallenge", { IpAddress: "127.0.0.1" }],
      ],
    );
  });

  it("log nobody in as somebody else", async () => {
    const { page } = opened;
    await device(page);
    await added(page, ANN);
    await logOut(page);
    await byPasskey(page, BOB);
    await page.getByText(REFUSED).waitFor();
    assert.ok(!judged(), "there is nothing to judge of who has no passkey");
    // Nor as somebody who has passkeys, elsewhere.
    const other = await openPage();
    await device(other.page);
    await added(other.page, BOB);
    await other.close();
    await byPasskey(page, BOB);
    await page.getByText(REFUSED).waitFor();
    assert.ok(judged());
    await page.goto(`${url}/home`);
    assert.equal(new URL(page.url()).pathname, "/login");
  });

  it("log nobody in with another key under the same id", async () => {
    const { page } = opened;
    const { tools, authenticatorId } = await device(page);
    await added(page, ANN);
    await logOut(page);
    const { credentials } = await tools.send("WebAuthn.getCredentials", { authenticatorId });
    const { privateKey } = await crypto.subtle
      .generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"])
      .then(async (pair) => ({
        privateKey: Buffer.from(await crypto.subtle.exportKey("pkcs8", pair.privateKey)).toString("base64"),
      }));
    await tools.send("WebAuthn.removeCredential", {
      authenticatorId,
      credentialId: credentials[0]!.credentialId,
    });
    await tools.send("WebAuthn.addCredential", {
      authenticatorId,
      credential: { ...credentials[0]!, privateKey },
    });
    await byPasskey(page, ANN);
    await page.getByText(REFUSED).waitFor();
    assert.ok(judged());
  });

  it("log nobody in if the device has no passkey, and say what to do", async () => {
    const { page, problems } = opened;
    const { tools, authenticatorId } = await device(page);
    await added(page, ANN);
    await logOut(page);
    await tools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
    await byPasskey(page, ANN);
    await page.getByText("No passkey was used. Try again, or log in with your password.").waitFor();
    assert.deepEqual(problems, []);
  });

  it("are added only by a person who knows the password", async () => {
    const { page } = opened;
    await device(page);
    await logIn(page, ANN);
    await add(page, "guess");
    assert.equal(await told(page), "The password is wrong.");
    assert.deepEqual(people.passkeysOf(ANN), []);
    assert.ok(!pool.calls.some(([name]) => name === "StartWebAuthnRegistration"));
  });

  it("are limited to one for each device", async function () {
    leftToAll(this);
    const { page } = opened;
    await device(page);
    await added(page, ANN);
    await add(page);
    await page.getByText("This device already has a passkey for your account.").waitFor();
    assert.equal(people.passkeysOf(ANN).length, 1);
  });

  it("are not offered beside a second factor, and the page says why", async () => {
    const { page } = opened;
    people.join(ANN, PASSWORD, true);
    await device(page);
    await logIn(page, ANN);
    await page.goto(`${url}/account`);
    assert.match(await page.locator("#passkeys").innerText(), /Your second factor is on, so passkeys cannot/);
    assert.equal(await page.locator("#add-passkey").count(), 0);
  });

  it("leave the password form as it is without scripts", async function () {
    leftToAll(this);
    const plain = await openPage({ javaScriptEnabled: false });
    const { page } = plain;
    await device(opened.page);
    await added(opened.page, ANN);
    await page.goto(`${url}/login`);
    assert.equal(await page.getByRole("button", { name: "Log in with a passkey" }).count(), 0);
    await logIn(page, ANN);
    await page.goto(`${url}/account`);
    assert.match(
      await page.locator("#passkeys").innerText(),
      /open this page in a browser that has passkeys/,
    );
    await press(page, "Remove Passkey 1");
    await press(page, "Remove it");
    await page.waitForURL(/\/account$/);
    assert.deepEqual(people.passkeysOf(ANN), []);
    await plain.close();
  });

  it("are not offered at an address that they are not bound to", async () => {
    const { page } = opened;
    for (const path of some(["/login", "/account"])) {
      await logIn(page, ANN);
      await page.goto(url.replace("localhost", "127.0.0.1") + path);
      assert.equal(await page.getByText("passkey").count(), 0, path);
    }
  });
});
