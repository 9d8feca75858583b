// A team's repository, from the request to its page: cloned, built and served by the running sandbox.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { installAwsCli } from "../../sandbox/builds/aws-cli";
import { installEmulators } from "../../sandbox/emulators/install";
import { clientsOf, rootClientsOfBoth } from "../../sandbox/engine/clients";
import type { Live } from "../../sandbox/page/live";
import { until } from "../../sandbox/problem";
import { SharedSandbox, sharedSandbox } from "./shared";
import { visit } from "./project-visit";
import { Answer, ask } from "./visitor";
import { leftToAll } from "../left-to-all";
import { starterOf } from "../../sandbox/state";

describe("the sandbox's builds", function () {
  this.timeout(120_000);
  let sandbox: SharedSandbox;
  before(async function () {
    leftToAll(this);
    sandbox = await sharedSandbox(this);
  });

  const starter = (name: string) => starterOf(sandbox.state, name);
  const request = async (name: string, type: string, stack: string, more: object = {}): Promise<string> => {
    const { status, body } = await ask(sandbox.state, "POST", "/console/api/projects", {
      ...{ name, environment: "dev", type, stack, repository: starter(stack), email: "team@example.com" },
      ...more,
    });
    assert.equal(status, 202, JSON.stringify(body));
    return body.id;
  };
  const resting = (id: string): Promise<Answer["body"]> =>
    until(
      "The project's rest",
      async () => (await ask(sandbox.state, "GET", `/console/api/projects/${id}`)).body,
      { wanted: ({ moving }) => !moving, seconds: 150 },
    );

  const ready = async (...wish: Parameters<typeof request>) => {
    const project = await resting(await request(...wish));
    assert.equal(project.state, "ready", JSON.stringify(project.failure));
    return project;
  };
  const logOf = async (id: string): Promise<string> => {
    const logs = await sandbox.use("logs");
    const { events = [] } = await logs.filterLogEvents({ logGroupName: `/groundwork/gwdev-${id}/build` });
    return events.map(({ message }) => message).join("\n");
  };

  it("publish a plain page at the project's own address, with its folders, headers and page for errors", async () => {
    const { id, url } = await ready("plain", "static", "html");
    assert.match(url, /^http:\/\/plain-dev\.projects\.localhost:\d+$/);
    const page = await visit(url);
    assert.deepEqual([page.status, page.headers["content-type"]], [200, "text/html"]);
    assert.match(page.text, /<h1>It works<\/h1>/);
    assert.equal(page.headers["x-content-type-options"], "nosniff");
    assert.match(String(page.headers["content-security-policy"]), /frame-ancestors 'self'/);
    assert.match((await visit(`${url}/about/`)).text, /<h1>About it<\/h1>/);
    assert.match((await visit(`${url}/about`)).text, /<h1>About it<\/h1>/);
    for (const path of ["/nothing.html", "/.git/config", "/%ff", "//"]) {
      const { status, text } = await visit(url + path);
      assert.deepEqual([status, /<h1>Not found<\/h1>/.test(text)], [404, true], path);
    }
    assert.equal((await visit(url.replace("plain-dev", "nobody"))).status, 404);

    // A build that fails leaves what was published, and its log says why.
    const { status } = await ask(sandbox.state, "PATCH", `/console/api/projects/${id}`, {
      folder: "nowhere",
    });
    assert.equal(status, 202);
    const failed = await resting(id);
    assert.deepEqual(
      [failed.state, failed.failure?.reason],
      ["ready", "The build failed in its phase BUILD."],
    );
    assert.match(
      await logOf(id),
      /Cloning into 'site'[^]*Nothing is published: no index.html in any of these folders[^]*: nowhere\n/,
    );
    assert.equal((await visit(url)).status, 200);
  });

  it("find the AWS CLI compiled, which their users could not keep", async () => {
    const { packages } = await installAwsCli(() => {});
    const { packages: shared } = await installEmulators(() => {});
    const of = { awscli: path.join(packages, "awscli"), s3transfer: path.join(shared, "s3transfer") };
    const compiled = (folder: string) =>
      fs.readdirSync(path.join(folder, "__pycache__")).map((name) => name.split(".")[0]);
    assert.ok(compiled(of.awscli).includes("clidriver"));
    assert.ok(compiled(of.s3transfer).includes("bandwidth"));
  });

  it("show what a repository's change has changed, once it is built again", async () => {
    const { id, url } = await ready("changing", "static", "html", { folder: "about" });
    assert.match((await visit(url)).text, /<h1>About it<\/h1>/);
    const clone = path.join(sandbox.paths.run, "clone");
    const bare = path.join(sandbox.paths.repositories, "html.git");
    const git = (...args: string[]) => execFileSync("git", args, { stdio: ["ignore", "ignore", "pipe"] });
    git("clone", "--quiet", bare, clone);
    fs.writeFileSync(path.join(clone, "about/index.html"), "<h1>Changed</h1>");
    const author = ["-c", "user.name=Team", "-c", "user.email=team@example.com"];
    git("-C", clone, ...author, "commit", "--quiet", "--all", "--message", "Change");
    git("-C", clone, "push", "--quiet");
    await ask(sandbox.state, "PATCH", `/console/api/projects/${id}`, { rebuild: true });
    await resting(id);
    assert.equal((await visit(url)).text, "<h1>Changed</h1>");
  });

  it("make a single-page app, whose every path is its own page", async () => {
    const { url } = await ready("paths", "spa", "react");
    const page = await visit(`${url}/some/where`);
    assert.deepEqual([page.status, page.headers["content-type"]], [200, "text/html"]);
    assert.match(page.text, /<div id="app">/);
    assert.match((await visit(`${url}/main.js`)).text, /It works/);
  });

  it("make a server of Node, which runs on the project's machine", async () => {
    const { id, url } = await ready("serving", "realtime", "node", { variables: { GREETING: "Hello." } });
    const page = await until("The server's answer", () => visit(url), {
      wanted: ({ status }) => status === 200,
    });
    assert.match(page.text, /^Hello\. Visits since the start: \d+\n$/);
    // A change of them starts the server anew, and builds nothing.
    const change = { variables: { GREETING: null }, secrets: { GREETING: "Psst!" } };
    const { status } = await ask(sandbox.state, "PATCH", `/console/api/projects/${id}`, change);
    assert.equal(status, 202);
    assert.equal((await resting(id)).state, "ready");
    await until("The server's new greeting", () => visit(url), {
      wanted: ({ text }) => text.startsWith("Psst! Visits"),
    });
  });

  it("say at the project's address that a kind needs Docker", async () => {
    const { url } = await ready("elephant", "dynamic", "php", { repository: starter("node") });
    const { status, text } = await visit(url);
    assert.deepEqual([status, /needs Docker[^]*php:8\.4-apache/.test(text)], [200, true], text);
    const page = await fetch(`${sandbox.state.page}/sandbox/state.json`);
    assert.deepEqual(((await page.json()) as Live).docker, { because: "turned off" });
  });

  it("write to their own project's bucket and to no other's", async () => {
    const [mine, theirs] = await Promise.all([
      ready("mine", "static", "html"),
      ready("theirs", "static", "html"),
    ]);
    const ministack = rootClientsOfBoth(sandbox.state.endpoints).ministack;
    const partOf = async (id: string, type: string) => {
      const cloudformation = await ministack("cloudformation");
      const { StackResources } = await cloudformation.describeStackResources({ StackName: `gwdev-${id}` });
      return StackResources!.find(({ ResourceType }) => ResourceType === type)!.PhysicalResourceId!;
    };
    const codebuild = await ministack("codebuild");
    const { projects } = await codebuild.batchGetProjects({ names: [`gwdev-${mine.id}`] });
    const sts = await ministack("sts");
    const { Credentials: given } = await sts.assumeRole({
      RoleArn: projects![0]!.serviceRole!,
      RoleSessionName: "build",
    });
    const { region, ministack: endpoint } = sandbox.state.endpoints;
    const credentials = {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    };
    const s3 = await clientsOf({ region, endpoint, credentials })("s3");
    const put = async (id: string) =>
      s3.putObject({ Bucket: await partOf(id, "AWS::S3::Bucket"), Key: "index.html", Body: "mine" });
    await put(mine.id);
    assert.equal((await visit(mine.url)).text, "mine");
    await assert.rejects(put(theirs.id), { name: "AccessDenied" });
  });
});

describe("the starters' repositories", () => {
  it("are read by git, and nothing else of them is", async function () {
    const { state } = await sharedSandbox(this);
    const base = starterOf(state, state.starters.names[0]!);
    const status = async (path: string, init?: RequestInit) => (await fetch(base + path, init)).status;
    assert.equal(await status("/info/refs?service=git-upload-pack"), 200);
    assert.deepEqual(
      [
        await status("/info/refs?service=git-receive-pack"),
        await status("/info/refs"),
        await status("/git-receive-pack", { method: "POST" }),
        await status("/config"),
        await status("/../../state.json"),
      ],
      [404, 404, 404, 404, 404],
    );
  });
});
