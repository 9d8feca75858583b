// What a page of a stranger, or a process without a key, gets from a sandbox: nothing.
/// <reference lib="dom" />
import assert from "node:assert/strict";
import * as http from "node:http";
import { connect } from "node:net";
import * as fs from "node:fs";
import { zipSync } from "fflate";
import { runningSandbox } from "../../sandbox/processes";
import { closeBrowser, openPage } from "../browser";
import { openPorts } from "./open-ports";
import { SharedSandbox, sharedSandbox } from "./shared";
import { listen, Listener } from "../listener";
import { some } from "../some";
import { skip } from "../skip";

const CODE = `exports.handler = async () => require("child_process").execSync("id").toString();`;
const CODE_ZIP = Buffer.from(zipSync({ "index.js": new TextEncoder().encode(CODE) })).toString("base64");
const TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** Runs in the page: all that a script can send without asking a person. Gives what it could read or do. */
async function attack(aims: {
  ministack: string;
  moto: string;
  page: string;
  url: string;
  zip: string;
  trust: string;
}) {
  const got: string[] = [];
  const ask = (what: string, url: string, options: RequestInit = {}) =>
    fetch(url, options).then(
      async (answer) => answer.ok && got.push(`${what}: ${(await answer.text()).slice(0, 80)}`),
      () => {},
    );
  const form = { "content-type": "application/x-www-form-urlencoded" };
  for (const key of ["123456789012", "test"]) {
    const signed = (service: string) => ({
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=none`,
    });
    const role = new URLSearchParams({
      Action: "CreateRole",
      Version: "2010-05-08",
      RoleName: `stranger-${key}`,
      AssumeRolePolicyDocument: aims.trust,
    });
    const makes = { FunctionName: `stranger-${key}`, Runtime: "nodejs22.x", Handler: "index.handler", Role: `arn:aws:iam::123456789012:role/stranger-${key}`, Code: { ZipFile: aims.zip } }; // prettier-ignore
    const json = { "content-type": "application/json" };
    const functions = `${aims.ministack}/2015-03-31/functions`;
    await ask("role", aims.ministack, { method: "POST", headers: { ...signed("iam"), ...form }, body: role });
    await ask("function", functions, { method: "POST", headers: { ...signed("lambda"), ...json }, body: JSON.stringify(makes) }); // prettier-ignore
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await ask("run", `${functions}/stranger-${key}/invocations`, { method: "POST", headers: signed("lambda"), body: "{}" }); // prettier-ignore
    await ask("instances", aims.moto, { method: "POST", headers: { ...signed("ec2"), ...form }, body: "Action=DescribeInstances&Version=2016-11-15" }); // prettier-ignore
  }
  await ask("moto's state", `${aims.moto}/moto-api/data.json`);
  await ask("mail", `${aims.ministack}/_ministack/ses/messages`);
  await ask("passwords", `${aims.page}/sandbox/state.json`);
  await ask("site", `${aims.url}/login`);
  // These need no leave of the other side: their answers stay hidden, what they do would be done.
  const blind = { method: "POST", mode: "no-cors" } as const;
  await ask("blind", aims.ministack, { ...blind, headers: form, body: new URLSearchParams({ Action: "CreateQueue", QueueName: "stranger" }) }); // prettier-ignore
  await ask("blind", `${aims.ministack}/_ministack/reset`, blind);
  await ask("blind", `${aims.moto}/moto-api/reset`, blind);
  return got;
}

describe("the running sandbox, among foreign pages and other users,", () => {
  let sandbox: SharedSandbox;
  let foreign: Listener;
  before(async function () {
    sandbox = await sharedSandbox(this);
    this.timeout(60_000);
    foreign = await listen((_, response) => response.setHeader("content-type", "text/html").end("<h1>Hello"));
  });
  after(async () => {
    await closeBrowser();
    await foreign?.close();
  });

  it("refuses a foreign page, which can neither run code, nor change or read anything", async function () {
    this.timeout(60_000);
    const { ministack, moto } = sandbox.state.endpoints;
    const { page: sandboxPage, url } = sandbox.state;
    const { page, close } = await openPage();
    await page.goto(`http://attacker.example:${foreign.port}/`);
    const aims = { ministack, moto, page: sandboxPage, url, zip: CODE_ZIP, trust: JSON.stringify(TRUST) };
    assert.deepEqual(await page.evaluate(attack, aims), []);
    await close();

    const names = async () => ({
      roles: (await (await sandbox.use("iam")).listRoles({ MaxItems: 1000 })).Roles!.map(
        (one) => one.RoleName!,
      ),
      functions: (await (await sandbox.use("lambda")).listFunctions({})).Functions!.map(
        (one) => one.FunctionName!,
      ),
      queues: (await (await sandbox.use("sqs")).listQueues({})).QueueUrls ?? [],
      instances: (await (await sandbox.use("ec2")).describeInstances({})).Reservations!,
    });
    const { roles, functions, queues, instances } = await names();
    assert.ok(roles.length > 5 && functions.length > 5 && queues.length > 0 && instances.length > 3); // nothing was reset
    assert.deepEqual(
      [...roles, ...functions, ...queues].filter((name) => name.includes("stranger")),
      [],
    );
  });

  it("refuses a page whose own name leads here, at the sandbox's page and at the site", async function () {
    this.timeout(60_000);
    const { page: sandboxPage, url, endpoints } = sandbox.state;
    const { page, close } = await openPage();
    for (const address of [
      `${sandboxPage}/sandbox/state.json`,
      `${url}/login`,
      `${endpoints.moto}/moto-api/data.json`,
    ]) {
      const answer = await page.goto(address.replace("127.0.0.1", "attacker.example"));
      assert.equal(answer!.status(), 403, address);
      assert.match(await answer!.text(), /^The sandbox refuses this: the Host must be 127\.0\.0\.1|<Message>The sandbox refuses this: the Host/); // prettier-ignore
    }
    await close();
  });

  it("shows its page and the site in the person's own browser, also after a link from elsewhere", async function () {
    this.timeout(60_000);
    const { page, close } = await openPage();
    for (const address of [`${sandbox.state.page}/sandbox`, `${sandbox.state.url}/login`]) {
      await page.goto(`http://attacker.example:${foreign.port}/`);
      await page.evaluate((href) => void (location.href = href), address);
      await page.waitForURL(address);
      assert.match(await page.content(), /<form|Groundwork sandbox/);
    }
    await page.goto(`${sandbox.state.page}/sandbox`);
    await page.getByText("ada@example.com", { exact: true }).waitFor();
    await close();
  });

  it("refuses foreign pages even where AWS wants no signature: sign-in, a pool's keys, an API", async () => {
    const { userPoolId, provisionerUrl } = sandbox.state.outputs as Record<string, string>;
    const { ministack } = sandbox.state.endpoints;
    const target = { "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth" };
    const open: [string, string, Record<string, string>][] = [
      ["GET", `/${userPoolId}/.well-known/jwks.json`, {}],
      ["GET", `${new URL(provisionerUrl!).pathname}/projects`, {}],
      ["POST", "/", { ...target, "content-type": "application/x-amz-json-1.1" }],
    ];
    const { port } = new URL(ministack);
    for (const [method, path, headers] of open)
      for (const [strange, refused] of [
        [{}, false],
        [{ host: `127.0.0.1:${port}` }, false],
        [{ host: "attacker.example" }, true],
        [{ host: `127.0.0.1.attacker.example:${port}` }, true],
        [{ origin: "http://attacker.example" }, true],
        [{ origin: `http://127.0.0.1:${port}1` }, true],
        [{ origin: "null" }, true],
        [{ "sec-fetch-site": "cross-site" }, true],
      ] as [Record<string, string>, boolean][]) {
        const answer = await asked(ministack, method, path, { ...headers, ...strange });
        assert.equal(
          /The sandbox refuses/.test(answer),
          refused,
          `${method} ${path} ${JSON.stringify(strange)}`,
        );
      }
  });

  it("hides its files from other users", () => {
    const { run, state, processes, logs } = sandbox.paths;
    assert.equal(fs.statSync(run).mode & 0o066, 0);
    assert.equal(fs.statSync(logs).mode & 0o077, 0);
    for (const file of [state, processes]) assert.equal(fs.statSync(file).mode & 0o077, 0, file);
  });

  describe("at every open port", () => {
    let ports: ReturnType<typeof openPorts>;
    before(function () {
      if (process.platform !== "linux") skip(this, "Linux", "only Linux lists a process's ports");
      // A project's own program answers whom it likes, as it does on AWS; what stands before it is the sandbox's.
      ports = openPorts(runningSandbox(sandbox.paths.processes)!).filter(
        ({ command }) => !/^node server\.js$|gunicorn|uvicorn/.test(command),
      );
      assert.ok(ports.length >= 10, JSON.stringify(ports));
    });

    it("listens on this machine alone", () => {
      assert.deepEqual(
        ports.filter(({ address }) => address !== "127.0.0.1"),
        [],
      );
    });

    it("refuses a foreign Host and a foreign Origin", async () => {
      const strange = [
        (port: number) => `GET / HTTP/1.1\r\nHost: attacker.example:${port}\r\n\r\n`,
        (port: number) =>
          `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://attacker.example\r\n\r\n`,
        (port: number) => `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: null\r\n\r\n`,
        (port: number) => `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nSec-Fetch-Site: cross-site\r\n\r\n`,
        (port: number) => `GET http://attacker.example/ HTTP/1.0\r\nHost: attacker.example:${port}\r\n\r\n`,
      ];
      const let_in: string[] = [];
      const refused: number[] = [];
      for (const { port, command } of some(ports))
        for (const words of strange) {
          const answer = await raw(port, words(port));
          // PostgreSQL does not speak HTTP: it closes, or says what it awaited.
          if (!answer.startsWith("HTTP/")) assert.match(`${command}`, /postgres|start\.ts/, answer);
          else if (/^HTTP\/1\.[01] (403|400) /.test(answer)) refused.push(port);
          else let_in.push(`${command}: ${words(port)}${answer.slice(0, 200)}`);
        }
      assert.deepEqual(let_in, []);
      assert.ok(new Set(refused).size >= 8, `${refused.join()}`);
    });
  });
});

/** What a server answers; unlike fetch this sends any Host. */
function asked(base: string, method: string, path: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(base + path, { method, headers }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text += part.toString()));
      response.on("end", () => resolve(text));
    });
    request.on("error", reject).end(method === "POST" ? "{}" : undefined);
  });
}

/** What a server says to these bytes. */
function raw(port: number, words: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(words));
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on("data", (part) => {
      text += part.toString("latin1");
      if (text.includes("\r\n\r\n")) socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
}
