import { strict as assert } from "node:assert";
import { some } from "../some";
import { renderSVG } from "uqr";
import type { Rig } from "./rig";
import { needsRig, sharedRig } from "./shared-rig";
import { totp } from "./totp";
import { CODE, PASSWORD, RESET_CODE, Visitor } from "./visitor";
import { problemOf, startWebApp, type WebApp } from "./web-app";

const location = (response: Response) => [response.status, response.headers.get("location")];

describe("signing up and in", () => {
  let rig: Rig;
  let web: WebApp;
  before(needsRig);
  before(async () => {
    rig = await sharedRig();
    web = await startWebApp(rig);
  });
  after(async () => web?.close());

  const visitor = () => new Visitor(web.url);
  const pool = () => rig.outputs.userPoolId;

  it("lead a person from sign-up and code to home, and out again", async () => {
    const ann = visitor();
    await ann.get("/signup");
    const email = "ann+1@example.com";
    const confirm = "/confirm";
    assert.deepEqual(location(await ann.post("/signup", { email, password: PASSWORD })), [303, confirm]);
    assert.deepEqual(location(await ann.post("/login", { email, password: PASSWORD })), [303, confirm]);
    assert.equal(
      await problemOf(await ann.post("/confirm", { email, code: "000000" })),
      "The code is wrong or has expired: check it, or request a new one.",
    );
    const login = "/login";
    assert.deepEqual(location(await ann.post("/confirm", { email, code: CODE })), [303, login]);
    assert.deepEqual(location(await ann.post("/login", { email, password: PASSWORD })), [303, "/home"]);
    const home = await ann.get("/home");
    assert.equal(home.status, 200);
    assert.match(await home.text(), /ann\+1@example\.com/);
    assert.deepEqual(location(await ann.post("/logout", {})), [303, "/login"]);
    assert.deepEqual(ann.cookies, {});
    assert.deepEqual(location(await ann.get("/home")), [303, "/login"]);
  });

  it("send a new code, and a code for a forgotten password", async () => {
    const bob = visitor();
    const email = "bob@example.com";
    await bob.get("/signup");
    await bob.post("/signup", { email, password: PASSWORD });
    assert.deepEqual(location(await bob.post("/confirm/again", { email })), [303, "/confirm"]);
    await bob.post("/confirm", { email, code: CODE });
    assert.deepEqual(location(await bob.post("/forgot", { email })), [303, "/reset"]);
    const password = "Another-horse-2-battery";
    assert.deepEqual(location(await bob.post("/reset", { email, code: RESET_CODE, password })), [
      303,
      "/login",
    ]);
    await bob.logIn(email, password);
  });

  it("return a person who had to log in first to the page they asked for", async () => {
    const email = "ida@example.com";
    await visitor().join(email);
    for (const asked of ["/account", "/home"]) {
      const ida = visitor();
      assert.deepEqual(location(await ida.get(asked)), [303, "/login"]);
      await ida.get("/login");
      assert.deepEqual(location(await ida.post("/login", { email, password: PASSWORD })), [303, asked]);
    }
  });

  it("let a person whom an admin created choose a password first", async () => {
    const email = "cara@example.com";
    const TemporaryPassword = "Temporary-3-password";
    await rig.cognito.adminCreateUser({ UserPoolId: pool(), Username: email, TemporaryPassword });
    const cara = visitor();
    await cara.get("/login");
    assert.deepEqual(location(await cara.post("/login", { email, password: TemporaryPassword })), [
      303,
      "/login/password",
    ]);
    await cara.get("/login/password");
    assert.deepEqual(location(await cara.post("/login/password", { password: PASSWORD })), [303, "/home"]);
    assert.equal((await cara.get("/home")).status, 200);
  });

  it("set up an authenticator, and ask for its code from then on", async () => {
    const email = "dan@example.com";
    const dan = await visitor().join(email);
    await dan.get("/account");
    assert.deepEqual(location(await dan.post("/account/authenticator", { password: PASSWORD })), [
      303,
      "/account",
    ]);
    const page = await (await dan.get("/account")).text();
    const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(page)![1]!;
    const picture = /src="data:image\/svg\+xml;base64,([^"]+)"/.exec(page)![1]!;
    const address = `otpauth://totp/Groundwork%3Adan%40example.com?secret=${secret.replaceAll(" ", "")}&issuer=Groundwork`;
    assert.equal(Buffer.from(picture, "base64").toString(), renderSVG(address, { border: 2 }));
    assert.equal(
      await problemOf(await dan.post("/account/authenticator/code", { code: "000000" })),
      "The code is wrong or has expired: check it, or request a new one.",
    );
    const done = await dan.post("/account/authenticator/code", { code: totp(secret) });
    assert.match(await done.text(), /From now on, logging in takes a code/);

    const again = visitor();
    await again.get("/login");
    assert.deepEqual(location(await again.post("/login", { email, password: PASSWORD })), [
      303,
      "/login/code",
    ]);
    await again.get("/login/code");
    assert.deepEqual(location(await again.get("/home")), [303, "/login"]);
    assert.equal((await again.post("/login/code", { code: "000000" })).status, 400);
    await again.get("/login/code");
    assert.deepEqual(location(await again.post("/login/code", { code: totp(secret) })), [303, "/home"]);
  });

  it("let everyone who is signed in add users, by session or token, and everyone see GET /", async () => {
    const eve = await visitor().join("eve@example.com");
    const user = { username: "eve", email: "eve@example.com" };
    assert.equal((await eve.json("/users", user)).status, 201);
    assert.equal((await visitor().json("/users", { ...user, username: "stranger" })).status, 401);
    assert.equal((await visitor().get("/")).status, 200);
    assert.equal((await visitor().get("/users")).status, 200);
    const token = await idTokenOf(rig, "eve@example.com");
    const byToken = await visitor().json(
      "/users",
      { username: "program", email: "program@example.com" },
      { authorization: `Bearer ${token}` },
    );
    assert.equal(byToken.status, 201);
  });

  it("refuses wrong passwords and unknown people in the same words", async () => {
    const anybody = visitor();
    await anybody.get("/login");
    const words = async (email: string) =>
      problemOf(await anybody.post("/login", { email, password: "Wrong-horse-1-battery" }));
    assert.equal(await words("ann+1@example.com"), "The e-mail address or the password is wrong.");
    assert.equal(await words("nobody@example.com"), "The e-mail address or the password is wrong.");
  });

  it("answer a stranger alike for an address that has an account, waits to be confirmed, or is unknown", async () => {
    const waiting = visitor();
    await waiting.get("/signup");
    await waiting.post("/signup", { email: "waits@example.com", password: PASSWORD });
    const stranger = visitor();
    await stranger.get("/signup");
    const ask = async (path: string, email: string) => {
      const response = await stranger.post(path, { email, password: PASSWORD, code: "000000" });
      const problem = response.status === 303 ? undefined : await problemOf(response);
      return [response.status, response.headers.get("location")?.replace(/=.*/, ""), problem];
    };
    for (const path of some(["/confirm/again", "/confirm", "/forgot", "/reset", "/signup"])) {
      const answers = [
        await ask(path, "ann+1@example.com"),
        await ask(path, "waits@example.com"),
        await ask(path, `new.${path.replace(/\W/g, "")}@example.com`),
      ];
      assert.deepEqual(answers, Array(3).fill(answers[0]), path);
    }
  });

  it("refuses 20 kinds of bad input, and says what is wrong", async () => {
    const anybody = visitor();
    await anybody.get("/signup");
    const good = { email: "zoe@example.com", password: PASSWORD, code: CODE };
    const cases: [path: string, fields: Record<string, string>, status: number][] = [
      ["/signup", { email: good.email, password: "short" }, 400],
      ["/signup", { email: good.email, password: "nouppercase-1-here" }, 400],
      ["/signup", { email: good.email, password: "NOLOWERCASE-1-HERE" }, 400],
      ["/signup", { email: good.email, password: "No-digits-in-this" }, 400],
      ["/signup", { email: good.email, password: "NoSymbols1InThisOne" }, 400],
      ["/signup", { email: good.email, password: "x".repeat(257) }, 400],
      ["/signup", { email: "e".repeat(129), password: good.password }, 400],
      ["/signup", { email: good.email }, 400],
      ["/signup", { password: good.password }, 400],
      ["/signup", { ...good, admin: "true" }, 400],
      ["/signup", { email: good.email, password: good.password, "custom:Quota": "1000000" }, 400],
      ["/confirm", { email: "ann+1@example.com", code: "12345678901" }, 400],
      ["/confirm", { email: "ann+1@example.com" }, 400],
      ["/confirm", { email: "ann+1@example.com", code: "000000" }, 400],
      ["/login", { email: good.email, password: "" }, 400],
      ["/login", { email: "", password: good.password }, 400],
      ["/login", { email: "<script>alert(1)</script>", password: good.password }, 401],
      ["/login/code", { code: CODE }, 401],
      ["/login/password", { password: good.password }, 401],
      ["/reset", { email: "bob@example.com", code: "000000", password: good.password }, 400],
    ];
    assert.equal(cases.length, 20);
    for (const [path, fields, status] of cases) {
      const response = await anybody.post(path, fields);
      const text = await response.text();
      assert.equal(
        response.status,
        status,
        `${path} ${JSON.stringify(fields).slice(0, 80)}: ${text.slice(0, 300)}`,
      );
      assert.doesNotMatch(text, /<script>alert|Exception|at .*\.ts:/);
    }
  });

  it("refuses only sign-in while the stack has not stored its settings yet", async () => {
    const early = await startWebApp(rig, { PARAMETER_PATH: "/groundwork/rig-not-yet" });
    try {
      const response = await new Visitor(early.url).get("/login");
      assert.equal(response.status, 503);
      assert.equal(response.headers.get("retry-after"), "5");
      assert.equal((await new Visitor(early.url).get("/health")).status, 200);
    } finally {
      await early.close();
    }
  });
});

async function idTokenOf(rig: Rig, email: string): Promise<string> {
  const { UserPoolClients } = await rig.cognito.listUserPoolClients({
    UserPoolId: rig.outputs.userPoolId,
    MaxResults: 10,
  });
  const web = UserPoolClients!.find(({ ClientName }) => ClientName!.startsWith("people-web"))!;
  const { UserPoolClient } = await rig.cognito.describeUserPoolClient({
    UserPoolId: rig.outputs.userPoolId,
    ClientId: web.ClientId,
  });
  const { createHmac } = await import("node:crypto");
  const SECRET_HASH = createHmac("sha256", UserPoolClient!.ClientSecret!)
    .update(email + web.ClientId!)
    .digest("base64");
  const { AuthenticationResult } = await rig.cognito.initiateAuth({
    ClientId: web.ClientId,
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: email, PASSWORD, SECRET_HASH },
  });
  return AuthenticationResult!.IdToken!;
}
