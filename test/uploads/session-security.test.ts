/// <reference lib="dom" />
import { strict as assert } from "node:assert";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { SessionKeys } from "../../webapp/session/seal";
import type { Rig } from "./rig";
import { needsRig, sharedRig } from "./shared-rig";
import { Visitor } from "./visitor";
import { startWebApp, type WebApp } from "./web-app";

describe("sessions of the web app", () => {
  let rig: Rig;
  let web: WebApp;
  let ann: Visitor;
  before(needsRig);
  before(async () => {
    rig = await sharedRig();
    web = await startWebApp(rig);
    ann = await new Visitor(web.url).join("ann.session@example.com");
  });
  after(async () => web?.close());

  it("are stored in one cookie that scripts cannot read and other sites do not send", async () => {
    const fresh = await fetch(`${web.url}/login`);
    assert.match(fresh.headers.getSetCookie()[0]!, /^session=[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/);
    const secure = await fetch(`${web.url}/login`, { headers: { "x-forwarded-proto": "https" } });
    assert.match(
      secure.headers.getSetCookie()[0]!,
      /^__Host-session=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  it("fit into a cookie with tokens as long as Cognito's own", () => {
    const person = {
      id: "x".repeat(36),
      username: "x".repeat(36),
      email: "x".repeat(128),
      groups: ["admin", "member"],
      until: Date.now(),
    };
    const sealed = new SessionKeys(Buffer.alloc(32)).seal(
      { id: "x".repeat(24), person, refreshToken: "x".repeat(1_900) },
      Date.now(),
    );
    assert.ok(sealed.length < 3_900, `${sealed.length} characters`);
  });

  it("start afresh at each login", async () => {
    const eve = new Visitor(web.url);
    await eve.get("/login");
    const [cookie, token] = [eve.cookies["session"], eve.token];
    await eve.logIn("ann.session@example.com", "Correct-horse-1-battery");
    assert.notEqual(eve.cookies["session"], cookie);
    assert.notEqual(eve.token, token);
  });

  it("refuses tampered, foreign and invented cookies", async () => {
    const real = ann.cookies["session"]!;
    const other = new SessionKeys(Buffer.alloc(32, 1)).seal(
      { id: "x", person: { id: "somebody" } },
      Date.now() + 60_000,
    );
    for (const session of [`${real.slice(0, -3)}AAA`, real.slice(1), other, "x", ""]) {
      const mallory = new Visitor(web.url);
      mallory.cookies["session"] = session;
      assert.equal((await mallory.get("/uploads")).status, 401);
    }
  });

  it("show only the first page who is signed in", async () => {
    const seen = async (who: Visitor) =>
      (await (await who.get("/session")).json()) as Record<string, unknown>;
    assert.deepEqual(await seen(new Visitor(web.url)), { signIn: true });
    const { form, ...rest } = await seen(ann);
    assert.deepEqual(rest, { signIn: true, email: "ann.session@example.com" });
    const user = { username: "from-the-page", email: "from-the-page@example.com" };
    assert.equal((await ann.json("/users", user, { "x-form-token": "guess" })).status, 403);
    assert.equal((await ann.json("/users", user, { "x-form-token": String(form) })).status, 201);
    const { headers } = await ann.get("/session", { origin: "https://evil.example" });
    assert.deepEqual(
      [headers.get("access-control-allow-origin"), headers.get("cache-control")],
      [null, "no-store"],
    );
  });

  it("refuses what another site makes a browser send", async () => {
    const body = JSON.stringify({ name: "a.txt", size: 1, type: "text/plain", sensitive: false });
    const cookie = `session=${ann.cookies["session"]}`;
    const cross = async (headers: Record<string, string>, path = "/uploads", sent: BodyInit = body) =>
      (
        await fetch(web.url + path, {
          method: "POST",
          body: sent,
          headers: { cookie, origin: "https://evil.example", ...headers },
          redirect: "manual",
        })
      ).status;
    const json = { "content-type": "application/json" };
    assert.equal(await cross(json), 403);
    assert.equal(await cross({ ...json, "x-form-token": "guess" }), 403);
    assert.equal(
      await cross({ ...json, "x-form-token": await new Visitor(web.url).get("/login").then(() => "other") }),
      403,
    );
    assert.equal(await cross({ "content-type": "text/plain" }), 400);
    // A browser adds these credentials by itself once it was given them, so they must not stand for the form's token.
    assert.equal(await cross({ ...json, authorization: "Basic YTpi" }), 403);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    assert.equal(await cross(form, "/logout", "form=guess"), 403);
    assert.equal(await cross(form, "/account/authenticator", "form=guess&password=guess"), 403);
  });

  it("refuses expired, foreign and forged tokens", async () => {
    const pool = rig.outputs.userPoolId;
    const now = Math.floor(Date.now() / 1000);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
      sub: "somebody",
      aud: "client",
      token_use: "id",
      iss: `https://cognito-idp.eu-west-1.amazonaws.com/${pool}`,
      exp: now + 600,
      iat: now,
    };
    const signed = (header: object, payload: object) => {
      const text = `${encoded(header)}.${encoded(payload)}`;
      return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
    };
    const none = `${encoded({ alg: "none", typ: "JWT" })}.${encoded(claims)}.`;
    const text = `${encoded({ alg: "HS256" })}.${encoded(claims)}`;
    const symmetric = `${text}.${createHmac("sha256", "key").update(text).digest("base64url")}`;
    const tokens = [
      "nonsense",
      "a.b.c",
      none,
      symmetric,
      signed({ alg: "RS256", kid: "unknown" }, claims),
      signed({ alg: "RS256", kid: "unknown" }, { ...claims, exp: now - 10 }),
      signed({ alg: "RS256", kid: "unknown" }, { ...claims, iss: "https://evil.example" }),
    ];
    for (const token of tokens) {
      const response = await fetch(`${web.url}/uploads`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(response.status, 401, token.slice(0, 40));
      const { message } = (await response.json()) as { message: string };
      assert.equal(message, "the token must be a valid id token of this platform's user pool");
    }
  });

  it("refuses a real token of another pool, and an access token", async () => {
    const { UserPool } = await rig.cognito.createUserPool({ PoolName: "foreign" });
    const flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] as const;
    const { UserPoolClient } = await rig.cognito.createUserPoolClient({
      UserPoolId: UserPool!.Id,
      ClientName: "c",
      ExplicitAuthFlows: [...flows],
    });
    await rig.cognito.adminCreateUser({ UserPoolId: UserPool!.Id, Username: "mallory" });
    await rig.cognito.adminSetUserPassword({
      UserPoolId: UserPool!.Id,
      Username: "mallory",
      Password: "Correct-horse-1-battery",
      Permanent: true,
    });
    const { AuthenticationResult } = await rig.cognito.initiateAuth({
      ClientId: UserPoolClient!.ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "mallory", PASSWORD: "Correct-horse-1-battery" },
    });
    for (const token of [AuthenticationResult!.IdToken, AuthenticationResult!.AccessToken])
      assert.equal(
        (await fetch(`${web.url}/uploads`, { headers: { authorization: `Bearer ${token}` } })).status,
        401,
      );
  });

  it("end everywhere after a logout, at the latest when the token expires", async () => {
    const eve = await new Visitor(web.url).join("eve.session@example.com");
    const stolen = new Visitor(web.url);
    stolen.cookies["session"] = eve.cookies["session"]!;
    await eve.post("/logout", {});
    assert.equal((await eve.get("/uploads")).status, 401);
    // The copy is good until its token ends, then the refused renewal ends it.
    const { keys } = await web.app.identity!();
    const opened = keys.open(stolen.cookies["session"]) as { person: object };
    const aged = { ...opened, person: { ...opened.person, until: Date.now() - 1 } };
    stolen.cookies["session"] = keys.seal(aged, Date.now() + 60_000);
    assert.equal((await stolen.get("/uploads")).status, 401);
  });

  it("are renewed without a login when their token expires", async () => {
    const { keys } = await web.app.identity!();
    const opened = keys.open(ann.cookies["session"]!) as { person: object };
    ann.cookies["session"] = keys.seal(
      { ...opened, person: { ...opened.person, until: Date.now() - 1 } },
      Date.now() + 60_000,
    );
    assert.equal((await ann.get("/uploads")).status, 200);
    const renewed = keys.open(ann.cookies["session"]!) as { person: { until: number } };
    assert.ok(renewed.person.until > Date.now() + 60_000);
  });
});
