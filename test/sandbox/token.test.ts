// What a program does with the stack's APIs, by `npm run token` as its operator runs it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../../sandbox/paths";
import { PEOPLE } from "../../sandbox/program";
import { totp } from "../uploads/totp";
import { Visitor } from "../uploads/visitor";
import { SharedSandbox, sharedSandbox } from "./shared";
import { leftToAll } from "../left-to-all";

const [ADA] = PEOPLE as [(typeof PEOPLE)[number]];

describe("a token for programs", function () {
  this.timeout(60_000);
  let sandbox: SharedSandbox;
  before(async function () {
    sandbox = await sharedSandbox(this);
  });

  const token = async (args: string[], ...lines: string[]) => {
    const child = spawn(process.execPath, ["scripts/with-install.cjs", "scripts/token/run.ts", ...args], {
      cwd: root,
      env: { ...process.env, NODE_NO_WARNINGS: "1", GROUNDWORK_SANDBOX: sandbox.paths.run },
    });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].on("data", (part: Buffer) => (said[name] += part));
    child.stdin.end(lines.map((line) => `${line}\n`).join(""));
    const status = await new Promise<number>((resolve) => child.once("close", resolve));
    return { status, ...said };
  };
  const ofSandbox = (email: string) => ["--stack", "sandbox", "--email", email];
  const ask = async (output: string, route: string, authorization: string, options: RequestInit = {}) => {
    const headers = { Authorization: authorization, "Content-Type": "application/json" };
    const response = await fetch(`${sandbox.state.outputs[output]}${route}`, { ...options, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it("is all that is printed, and opens the APIs to the person it names", async () => {
    const { status, stdout, stderr } = await token(ofSandbox(ADA.email), ADA.password);
    assert.deepEqual([status, stderr], [0, "Password: \n"]);
    assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const quota = await ask("provisionerUrl", "/quota", stdout.trim());
    assert.deepEqual([quota.status, quota.body["unit"]], [200, "engines"]);
    const page = fs.readFileSync(path.join(root, "docs/programs.md"), "utf8");
    const wanted = /```json\n([^`]+)```/.exec(page)![1]!;
    const plan = await ask("provisionerUrl", "/projects?dryRun=1", stdout.trim(), {
      method: "POST",
      body: wanted,
    });
    assert.equal(plan.status, 200, JSON.stringify(plan.body));
    assert.equal((await ask("deliveryUrl", "/pipeline", stdout.trim())).status, 200);
    assert.equal((await ask("provisionerUrl", "/quota", "none")).status, 401);
  });

  it("can add a user in the web app", async () => {
    const { stdout } = await token(["--stack", "sandbox"], ADA.email, ADA.password);
    const added = await fetch(`${sandbox.state.url}/users`, {
      method: "POST",
      headers: { Authorization: `Bearer ${stdout.trim()}`, "Content-Type": "application/json" },
      body: JSON.stringify({ username: "by a program", email: "program@example.com" }),
    });
    assert.deepEqual(
      [added.status, await added.json()],
      [201, { message: "user [by a program] added successfully" }],
    );
  });

  describe("for a new person", () => {
    const password = "Ready-to-use-2!";
    const made = async (Username: string, Permanent: boolean) => {
      const cognito = await sandbox.use("cognito");
      const UserPoolId = sandbox.state.outputs["userPoolId"] as string;
      await cognito.adminCreateUser({ UserPoolId, Username, MessageAction: "SUPPRESS" });
      await cognito.adminSetUserPassword({ UserPoolId, Username, Password: password, Permanent });
    };

    it("also requires the code of an authenticator app", async function () {
      leftToAll(this);
      const email = "second-factor@example.com";
      await made(email, true);
      const visitor = await new Visitor(sandbox.state.url).logIn(email, password);
      await visitor.get("/account");
      await visitor.post("/account/authenticator", { password });
      const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(await (await visitor.get("/account")).text())![1]!;
      await visitor.post("/account/authenticator/code", { code: totp(secret) });

      const given = await token(ofSandbox(email), password, totp(secret));
      assert.deepEqual([given.status, given.stderr], [0, "Password: \nCode of the authenticator app: "]);
      const wrong = await token(ofSandbox(email), password, "000000");
      assert.deepEqual([wrong.status, wrong.stdout], [1, ""]);
      assert.match(wrong.stderr, /The user pool refuses: /);
    });

    it("is refused until the person has chosen a password", async () => {
      await made("first-password@example.com", false);
      const { status, stdout, stderr } = await token(ofSandbox("first-password@example.com"), password);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, /log in on the site first, and choose one\./);
    });
  });

  const REFUSALS: [why: string, args: string[], lines: string[], said: RegExp][] = [
    [
      "a wrong password",
      ofSandbox(ADA.email),
      ["Wrong-password-1!"],
      /The user pool refuses: Incorrect username/,
    ],
    ["an unknown address", ofSandbox("nobody@example.com"), ["Wrong-password-1!"], /The user pool refuses: /],
    ["no password", ofSandbox(ADA.email), [], /Password must be given, got nothing\./],
    ["a password among its arguments", ["--password", "Sec-ret-1"], [], /Only --stack and --email are taken/],
    ["no stack", [], [], /Say whose pool: --stack/],
  ];
  for (const [why, args, lines, said] of REFUSALS)
    it(`refuses ${why}, and prints nothing on standard output and nothing that was typed`, async () => {
      const { status, stdout, stderr } = await token(args, ...lines);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /Wrong-password|Sec-ret/);
    });
});
