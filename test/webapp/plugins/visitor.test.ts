import assert from "node:assert/strict";
import { start } from "../helper";
import { person, platform, sealed, WITH_PEOPLE } from "../identity/platform";

const BROWSER = { accept: "text/html" };
const UPLOADS = "/groundwork/dev/uploads/settings";
// Made when it is used: it ends after a minute.
const signedIn = () => ({ cookie: sealed({ id: "a", person: person(), refreshToken: "refresh" }) });

/** Where the header of a page leads this visitor. */
async function linksOf(
  environment: Record<string, string>,
  headers: Record<string, string> = {},
  more: Record<string, string> = {},
  path = "/",
) {
  const parameters = async (names: string[]) => ({ ...(await platform.parameters(names)), ...more });
  const { app } = await start(environment, { platform: { ...platform, parameters } });
  const { body } = await app.inject({ url: path, headers: { ...BROWSER, ...headers } });
  const header = /<header[^]*<\/header>/.exec(body)![0];
  return [...header.matchAll(/(?:href|action)="([^"]+)"/g)].map(([, address]) => address);
}

describe("the header of every page", () => {
  const files = { [UPLOADS]: JSON.stringify({ normalBucket: "a", sensitiveBucket: "b" }) };

  it("links strangers to the login, and to the sign-up if they may sign up", async () => {
    assert.deepEqual(await linksOf(WITH_PEOPLE), ["/", "/login", "/signup"]);
    const closed = { "/groundwork/dev/identity/self-sign-up": "false" };
    assert.deepEqual(await linksOf(WITH_PEOPLE, {}, closed), ["/", "/login"]);
  });

  it("links signed-in people to what the stack offers, and to the logout", async () => {
    assert.deepEqual(await linksOf(WITH_PEOPLE, signedIn()), ["/", "/account", "/logout"]);
    const all = {
      ...WITH_PEOPLE,
      UPLOADS_PARAMETER: UPLOADS,
      PROVISIONER_PARAMETER: "/groundwork/dev/provisioner/api-url",
    };
    const wanted = ["/", "/home", "/console", "/account", "/logout"];
    for (const path of ["/", "/account", "/documentation", "/nowhere"])
      assert.deepEqual(await linksOf(all, signedIn(), files, path), wanted, path);
  });

  it("links only to the first page if nobody can sign in", async () => {
    assert.deepEqual(await linksOf({}), ["/"]);
  });

  it("is shown as for a stranger while the settings cannot be read", async () => {
    const failing = { ...platform, parameters: () => Promise.reject(new Error("away")) };
    const { app } = await start(WITH_PEOPLE, { platform: failing });
    const { statusCode, body } = await app.inject({ url: "/", headers: { ...BROWSER, ...signedIn() } });
    assert.deepEqual([statusCode, /href="\/login"/.test(body)], [200, true]);
  });

  it("offers the form for users only to people who may add them", async () => {
    const has = async (environment: Record<string, string>, headers = {}) => {
      const { app } = await start(environment, { platform });
      const { body } = await app.inject({ url: "/", headers: { ...BROWSER, ...headers } });
      return [/id="add"/.test(body), /id="people"/.test(body)];
    };
    assert.deepEqual(await has({}), [true, true]);
    assert.deepEqual(await has(WITH_PEOPLE), [false, true]);
    assert.deepEqual(await has(WITH_PEOPLE, signedIn()), [true, true]);
    assert.deepEqual(await has({ ...WITH_PEOPLE, OPEN_USERS: "no" }), [false, false]);
    assert.deepEqual(await has({ ...WITH_PEOPLE, OPEN_USERS: "no" }, signedIn()), [true, true]);
  });
});
