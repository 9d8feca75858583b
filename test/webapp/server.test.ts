import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { until } from "../../sandbox/problem";
import bundle from "../../webapp/bundle.cjs";
import { cut } from "../../webapp/packages.cjs";
import { awsCallOf, listen } from "../listener";
import { sharedPostgres } from "../postgres";
import { freshDatabase } from "./helper";
import { newFolder } from "../folder";
import { some } from "../some";

const root = path.resolve(__dirname, "../..");

interface Server {
  process: ChildProcess;
  url: string;
  lines: Record<string, unknown>[];
  /** All it said on standard error, once it has ended. */
  ended: Promise<{ code: number | null; errors: string }>;
}

describe("the bundled server", () => {
  let folder: string;
  let file: string;
  const running: ChildProcess[] = [];

  before(async () => {
    folder = newFolder("groundwork-bundle");
    file = await bundle(folder);
  });
  afterEach(() => running.splice(0).forEach((each) => each.kill("SIGKILL")));

  function launch(environment: Record<string, string>): Omit<Server, "url"> {
    // An empty folder as working folder and nothing inherited: the bundle needs Node.js only.
    const env = {
      PATH: process.env.PATH,
      PORT: "0",
      HOST: "127.0.0.1",
      INSTANCE_NAME: "web-1",
      ...environment,
    };
    const child = spawn(process.execPath, [file], {
      env,
      cwd: os.tmpdir(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.push(child);
    const lines: Record<string, unknown>[] = [];
    let rest = "";
    child.stdout.on("data", (chunk) => {
      const parts = (rest + String(chunk)).split("\n");
      rest = parts.pop()!;
      lines.push(...parts.map((line) => JSON.parse(line) as Record<string, unknown>));
      child.emit("line");
    });
    let errors = "";
    child.stderr.on("data", (chunk) => (errors += String(chunk)));
    const ended = once(child, "close").then(([code]) => ({ code: code as number | null, errors }));
    return { process: child, lines, ended };
  }

  async function listening(environment: Record<string, string> = {}): Promise<Server> {
    const server = launch(environment);
    for (;;) {
      const line = server.lines.find(({ msg }) => String(msg).startsWith("Server listening at "));
      if (line) return { ...server, url: String(line.msg).slice("Server listening at ".length) };
      const ended = await Promise.race([once(server.process, "line").then(() => undefined), server.ended]);
      if (ended) throw new Error(`the server ended with ${ended.code}: ${ended.errors}`);
    }
  }

  it("serves everything from its own folder", async () => {
    const { url } = await listening(await freshDatabase());
    const get = async (where: string, accept = "*/*") => {
      const response = await fetch(url + where, { headers: { accept } });
      return `${response.status} ${response.headers.get("content-type")}`;
    };
    assert.equal(await get("/"), "200 application/json; charset=utf-8");
    assert.equal(await get("/", "text/html"), "200 text/html; charset=utf-8");
    assert.equal(await get("/assets/app.css"), "200 text/css; charset=utf-8");
    assert.equal(await get("/users"), "200 application/json; charset=utf-8");
    assert.equal(await get("/health/ready"), "200 application/json; charset=utf-8");
    assert.equal(await get("/load?number=112272535095293"), "200 application/json; charset=utf-8");
    assert.equal(await get("/documentation/"), "200 text/html; charset=utf-8");
    assert.equal(await get("/assets/documentation.css"), "200 text/css; charset=utf-8");
    assert.equal(await get("/documentation/json"), "200 application/json; charset=utf-8");
  });

  it("lists each bundled package with its version where an image scanner looks", () => {
    const manifest = (...at: string[]) =>
      JSON.parse(fs.readFileSync(path.join(...at, "package.json"), "utf8")) as Record<string, string>;
    const whole = manifest(root) as unknown as Parameters<typeof cut>[0];
    // What is imported, and one that is there only because another needs it. The bundler itself is in nothing.
    const { esbuild: _, ...imported } = cut(whole).dependencies;
    for (const name of some([...Object.keys(imported), "pg-protocol"])) {
      const { version } = manifest(root, "node_modules", name);
      assert.deepEqual(manifest(folder, "node_modules", name), { name, version });
    }
    assert.deepEqual(
      ["esbuild", "@pulumi/aws"].filter((name) => fs.existsSync(path.join(folder, "node_modules", name))),
      [],
    );
  });

  it("reads its database's secret with a role of another account, through the SDK beside it", async () => {
    const postgres = await sharedPostgres();
    const dbname = await postgres.createDatabase();
    const { user: username, password, host, port } = postgres;
    const actions: string[] = [];
    const aws = await listen(async (request, response) => {
      const { target } = await awsCallOf(request);
      actions.push(target);
      response.end(
        target === "AssumeRole"
          ? ASSUMED
          : JSON.stringify({ SecretString: JSON.stringify({ username, password, port, dbname }) }),
      );
    });
    try {
      const { url } = await listening({
        AWS_ENDPOINT_URL: aws.url,
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "instance",
        AWS_SECRET_ACCESS_KEY: "key",
        DATABASE_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:111111111111:secret:CloudyDB-AbCdEf",
        DATABASE_ROLE_ARN: ROLE,
        DATABASE_HOST: host,
        DATABASE_TLS: "off",
      });
      assert.deepEqual(await (await fetch(`${url}/users`)).json(), []);
      assert.deepEqual(actions, ["AssumeRole", "secretsmanager.GetSecretValue"]);
    } finally {
      await aws.close();
    }
  });

  it("sends traces with a separate file, which it does not load if tracing is off", async () => {
    const sent: unknown[] = [];
    const agent = await listen((request, response) => {
      sent.push(request.url);
      response.end("{}");
    });
    const traces = path.join(folder, "traces.js");
    const traced = { TRACED_PERCENT: "100", TRACES_ENDPOINT: `${agent.url}/v1/traces` };
    const headers = { "x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678" };
    try {
      const server = await listening(traced);
      await fetch(`${server.url}/health`, { headers });
      server.process.kill("SIGTERM");
      assert.equal((await server.ended).code, 0);
      assert.deepEqual(sent, ["/v1/traces"]);

      fs.renameSync(traces, `${traces}.away`);
      assert.equal((await fetch(`${(await listening()).url}/health`, { headers })).status, 200);
      await assert.rejects(listening(traced), /Cannot find module '.\/traces.js'/);
    } finally {
      fs.renameSync(`${traces}.away`, traces);
      await agent.close();
    }
  });

  it("closes gracefully: accepts nothing new, finishes what runs, ends by itself", async () => {
    const server = await listening(await freshDatabase());
    const loads = Array.from({ length: 6 }, () => fetch(`${server.url}/load?number=9007199254740881`));
    const held = heldRequest(server.url);
    await held.sent;
    // Connections are accepted in their order: once this one is answered, the server has the others.
    assert.equal((await fetch(`${server.url}/health`)).status, 200);
    server.process.kill("SIGTERM");
    await says(server, "closing");
    await until("The refusal of a new connection", () => isRefused(server.url), { everyMs: 0 });
    held.finish();
    assert.deepEqual(await Promise.all(loads.map(async (each) => (await each).status)), Array(6).fill(200));
    assert.equal(await held.status, 201);
    assert.deepEqual(await server.ended, { code: 0, errors: "" });
  });

  it("does not outlive the time it was given to close", async () => {
    const server = await listening({ SHUTDOWN_SECONDS: "1", ...(await freshDatabase()) });
    const held = heldRequest(server.url);
    await held.sent;
    server.process.kill("SIGTERM");
    assert.equal((await server.ended).code, 1);
    assert.equal(server.lines.at(-1)!.msg, "not closed after 1 s, exiting");
    await assert.rejects(held.status);
  });

  it("starts while its database is not available, and says so", async () => {
    const server = await listening({
      DATABASE_URL: "postgresql://u:hush@127.0.0.1:1/x",
      DATABASE_TLS: "off",
    });
    await says(server, "the database is not available yet");
    assert.equal((await fetch(`${server.url}/health`)).status, 200);
    assert.ok(!JSON.stringify(server.lines).includes("hush"));
  });

  it("refuses to start in a wrong environment, with one message that names every variable", async () => {
    const { ended, lines } = launch({
      PORT: "x",
      LOG_LEVEL: "loud",
      DATABASE_URL: "mysql://u:hush@h/x",
      DATABASE_ROLE_ARN: ROLE,
    });
    const { code, errors } = await ended;
    assert.equal(code, 1);
    assert.deepEqual(lines, []);
    assert.deepEqual(errors.trim().split("\n"), [
      "The web app cannot start, its environment is wrong:",
      '  PORT must be a whole number from 0 to 65535, got "x"',
      '  LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, got "loud"',
      "  DATABASE_URL must be a postgresql:// URL, got something else",
      "  DATABASE_ROLE_ARN must come with DATABASE_SECRET_ARN, got it alone",
    ]);
  });
});

const ASSUMED = `<AssumeRoleResponse><AssumeRoleResult><Credentials>
<AccessKeyId>assumed</AccessKeyId><SecretAccessKey>other</SecretAccessKey><SessionToken>session</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
const ROLE = "arn:aws:iam::111111111111:role/SecretsManagerCloudy";

/** A request whose body is not complete until told so: it runs while the server closes. */
function heldRequest(url: string) {
  const body = JSON.stringify({ username: "late", email: "late@example.com" });
  const headers = { "content-type": "application/json", "content-length": body.length };
  const request = http.request(`${url}/users`, { method: "POST", headers });
  const sent = new Promise<void>((resolve) =>
    request.write(body.slice(0, 5), () => setTimeout(resolve, 100)),
  );
  const status = once(request, "response").then(
    ([response]) => (response as http.IncomingMessage).statusCode,
  );
  status.catch(() => undefined);
  return { sent, status, finish: () => request.end(body.slice(5)) };
}

/** Whether a new connection is refused. */
function isRefused(url: string): Promise<boolean> {
  return new Promise((resolve, reject) =>
    http
      .get(`${url}/`, { agent: new http.Agent() }, (response) =>
        response.resume().on("end", () => resolve(false)),
      )
      .on("error", ({ code, message }: NodeJS.ErrnoException) =>
        ["ECONNREFUSED", "ECONNRESET"].includes(code ?? "") ? resolve(true) : reject(new Error(message)),
      ),
  );
}

const says = (server: Server, wanted: string) =>
  until(`The line "${wanted}"`, () => server.lines, {
    wanted: (lines) => lines.some(({ msg }) => msg === wanted),
    everyMs: 10,
  });
