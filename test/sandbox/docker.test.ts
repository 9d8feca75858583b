// Projects that need Docker, on a sandbox that uses this machine's: from the request to their pages, with the database and uploads that they have on AWS.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { findDocker } from "../../sandbox/docker/daemon";
import { Docker } from "../../sandbox/docker/docker";
import { rootClients } from "../../sandbox/engine/clients";
import { home } from "../../sandbox/paths";
import { until } from "../../sandbox/problem";
import { readState } from "../../sandbox/state";
import { skipWithoutEmulators } from "../emulated";
import { newFolder } from "../folder";
import { skip } from "../skip";
import { some } from "../some";
import { RunningSandbox, startSandbox } from "./launch";
import { machinesOf } from "./project-parts";
import { visit } from "./project-visit";
import { readyProject, StarterWish } from "./ready-project";
import { SharedSandbox } from "./shared";
import { Answer, ask } from "./visitor";

const works = (...args: string[]) => spawnSync("docker", args, { stdio: "ignore" }).status === 0;
const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8" }).trim();
const HUB = "public.ecr.aws/docker/library";
const PHP = `${HUB}/php:8.4-apache`;

/** Keeps a file where WordPress has its uploads. */
const KEEPER = {
  Dockerfile: `FROM ${PHP}\nCOPY . /var/www/html\n`,
  "index.php": `<?php
$file = __DIR__ . '/wp-content/uploads/note.txt';
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    file_put_contents($file, file_get_contents('php://input'));
    http_response_code(201);
}
echo is_file($file) ? file_get_contents($file) : 'nothing';
`,
};
/** Greets a PostgreSQL by TLS. */
const GREETER = {
  Dockerfile: `FROM ${PHP}\nCOPY . /app\nWORKDIR /app\nCMD php -S 0.0.0.0:$PORT\n`,
  "index.php": `<?php
$socket = stream_socket_client('tcp://' . getenv('DATABASE_HOST') . ':' . getenv('DATABASE_PORT'));
fwrite($socket, pack('NN', 8, 80877103));
fread($socket, 1);
$own = ['cafile' => getenv('DATABASE_CA'), 'peer_name' => getenv('DATABASE_HOST')];
stream_context_set_option($socket, ['ssl' => $own]);
echo stream_socket_enable_crypto($socket, true, STREAM_CRYPTO_METHOD_TLS_CLIENT) ? 'by TLS' : 'not by TLS';
`,
};

function requireDocker(context: Mocha.Context, ...images: string[]): void {
  if (!process.env["KINDS"]) skip(context, "asked for", "set KINDS=1 to build projects by Docker");
  if (!works("info")) skip(context, "docker", "no Docker daemon answers");
  for (const image of images)
    if (!works("image", "inspect", image) && !works("pull", image))
      skip(context, "docker", `${image} is not here and cannot be fetched`);
}

describe("a sandbox with Docker", function () {
  this.timeout(900_000);
  let running: RunningSandbox;
  let sandbox: SharedSandbox;
  const projects: Record<string, { id: string; url: string }> = {};

  before(async function () {
    requireDocker(this, PHP, `${HUB}/mysql:8.4`);
    await skipWithoutEmulators(this);
    running = await startSandbox(path.join(home, `test-${process.pid}-docker`), ["--port", "0", "--no-logs"]);
    const state = readState(running.paths);
    assert.match(
      running.output(),
      /^ {2}Docker +\d[^ ]* builds and runs projects on other than Node and Python/m,
    );
    sandbox = { state, paths: running.paths, use: rootClients(state.endpoints) };
  });
  after(async () => {
    if (!running) return;
    assert.equal(await running.stop(), 0);
    const mine = ["--filter", `label=groundwork.sandbox=${running.paths.run}`, "--quiet"];
    for (const args of [["ps", "--all"], ["network", "ls"], ["volume", "ls"], ["images"]])
      assert.equal(docker(...args, ...mine), "", args.join(" "));
    fs.rmSync(running.paths.run, { recursive: true, force: true, maxRetries: 5 });
  });

  const serving = (url: string) =>
    until("The server's page", () => visit(url), { wanted: ({ status }) => status === 200, seconds: 120 });
  async function project(wish: StarterWish) {
    return (projects[wish.name] ??= await readyProject(sandbox, wish));
  }
  /** Gives the starter of PHP a branch with these files alone. */
  function branch(name: string, files: Record<string, string>): string {
    const clone = path.join(sandbox.paths.run, `clone-${name}`);
    const git = (...args: string[]) => execFileSync("git", args, { stdio: ["ignore", "ignore", "pipe"] });
    git("clone", "--quiet", path.join(sandbox.paths.repositories, "php.git"), clone);
    git("-C", clone, "checkout", "--quiet", "-b", name);
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(clone, file), text);
    const author = ["-c", "user.name=Team", "-c", "user.email=team@example.com"];
    git("-C", clone, "add", ".");
    git("-C", clone, ...author, "commit", "--quiet", "--message", name);
    git("-C", clone, "push", "--quiet", "origin", name);
    return name;
  }
  async function replaceMachine(id: string): Promise<void> {
    const [before, server] = [await machinesOf(sandbox.use, id), serverOf(id)];
    await (await sandbox.use("ec2")).stopInstances({ InstanceIds: before });
    await until("Another machine", () => machinesOf(sandbox.use, id), {
      wanted: (now) => now.length === before.length && now.every((one) => !before.includes(one)),
    });
    await until("The end of its container", () => !works("container", "inspect", server));
  }
  /** The containers in a project's network: its server, and its database where that is one. */
  const containersOf = (id: string) =>
    docker("ps", "--quiet", "--filter", `network=${networkOf(id)}`).split("\n");
  const networkOf = (id: string) =>
    docker("network", "ls", "--filter", `name=gwdev-${id}`, "--format", "{{.Name}}");
  const serverOf = (id: string) => containersOf(id).find((one) => works("exec", one, "php", "-v"))!;
  const php = (id: string, code: string) => docker("exec", serverOf(id), "php", "-r", code);

  const elephant = () =>
    project({
      ...{ name: "elephant", type: "dynamic", stack: "php", starter: "php" },
      releaseCommand: `php -r 'echo "Prepares for ", getenv("DATABASE_HOST"), "\\n";'`,
    });
  const keeper = () =>
    project({ ...{ name: "keeper", type: "cms", stack: "wordpress", starter: "php" }, branch: "keeper" });
  const greeter = () =>
    project({ ...{ name: "greeter", type: "dynamic", stack: "rails", starter: "php" }, branch: "greeter" });

  it("builds and serves PHP, and keeps its rows in a MySQL when the server is replaced", async () => {
    const { id, url } = await elephant();
    assert.match((await serving(url)).text, /<h1>It works<\/h1><p>Notes: 0<\/p>/);
    assert.equal((await visit(`${url}/notes`, { method: "POST", body: "First's" })).status, 201);
    assert.equal((await visit(`${url}/Dockerfile`)).text, "<h1>Not found</h1>");
    await replaceMachine(id);
    const { text } = await until("The next server's page", () => visit(`${url}/notes`), {
      ...{ wanted: ({ status }) => status === 200, seconds: 120 },
    });
    assert.deepEqual(JSON.parse(text), ["First's"]);
  });

  it("takes no connection to that MySQL without TLS", async () => {
    const { id } = await elephant();
    const connect = (options: string) =>
      php(
        id,
        `try { new PDO('mysql:host='.getenv('DATABASE_HOST').';dbname=project', getenv('DATABASE_USER'), getenv('DATABASE_PASSWORD'), ${options}); echo 'in'; } catch (PDOException $e) { echo 'out'; }`,
      );
    const authority = "[PDO::MYSQL_ATTR_SSL_CA => getenv('DATABASE_CA')]";
    assert.deepEqual([connect(authority), connect("[]")], ["in", "out"]);
  });

  it("runs a release command in a container of the new image, and lets the one before serve where it fails", async () => {
    const { id, url } = await elephant();
    const address = `/console/api/projects/${id}`;
    const change = async (wish: object): Promise<Answer["body"]> => {
      const { status, body } = await ask(sandbox.state, "PATCH", address, { ...wish, rebuild: true });
      assert.equal(status, 202, JSON.stringify(body));
      return until("The end of the update", async () => (await ask(sandbox.state, "GET", address)).body, {
        ...{ wanted: ({ moving }) => !moving, seconds: 300 },
      });
    };
    branch("second", { "index.php": "<?php echo '<h1>The second release</h1>';" });
    const failed = await change({ branch: "second", releaseCommand: "echo No such column; exit 3" });
    assert.deepEqual([failed.state, failed.failure?.step], ["ready", "deliver"]);
    assert.match(failed.logTail, /^No such column$/m);
    assert.match((await serving(url)).text, /<h1>It works<\/h1>/);

    const { state, failure } = await change({
      branch: "second",
      releaseCommand: 'php -r \'echo getenv("DATABASE_HOST"), " is ready\\n";\'',
    });
    assert.deepEqual([state, failure], ["ready", undefined]);
    await until("The second release", () => visit(url), {
      wanted: ({ text }) => text === "<h1>The second release</h1>",
      seconds: 60,
    });
    const { events = [] } = await (
      await sandbox.use("logs")
    ).filterLogEvents({ logGroupName: `/groundwork/gwdev-${id}/build` });
    assert.ok(events.some(({ message }) => message === "database is ready"));
  });

  it("keeps what is uploaded when the server is replaced, in a folder that belongs to its program", async () => {
    await elephant(); // by whose build the repository is there
    branch("keeper", KEEPER);
    const { id, url } = await keeper();
    assert.equal((await serving(url)).text, "nothing");
    assert.equal((await visit(url, { method: "POST", body: "kept" })).status, 201);
    await replaceMachine(id);
    assert.equal((await serving(url)).text, "kept");
  });

  it("leads a container to its project's PostgreSQL, by a certificate for the name that it has there", async () => {
    await elephant();
    branch("greeter", GREETER);
    assert.equal((await serving((await greeter()).url)).text, "by TLS");
  });

  it("lets two projects reach neither each other's containers and databases nor the loopback of this machine", async () => {
    const [mine, theirs, third] = [(await elephant()).id, (await keeper()).id, (await greeter()).id];
    const addressesOf = (id: string) =>
      containersOf(id).map((one) =>
        docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", one),
      );
    const reached = (id: string, host: string, port: number | string) =>
      php(id, `echo @fsockopen('${host}', ${port}, $a, $b, 3) ? 'reached' : 'not';`);
    const [host, port] = php(third, "echo getenv('DATABASE_HOST'), ' ', getenv('DATABASE_PORT');").split(
      " ",
    ) as [string, string];
    const gateway = php(third, `echo gethostbyname('${host}');`);
    assert.equal(reached(third, gateway, port), "reached", "its own database");
    assert.equal(reached(mine, "database", 3306), "reached", "its own database");
    // The forwarder of another project takes the connection and ends it without a word.
    const answered = `$s = @fsockopen('${gateway}', ${port}, $a, $b, 3); if ($s) { fwrite($s, pack('NN', 8, 80877103)); echo bin2hex(fread($s, 1)); }`;
    assert.deepEqual([php(third, answered), php(mine, answered)], [Buffer.from("S").toString("hex"), ""]);
    for (const address of some(addressesOf(theirs)))
      for (const inside of [80, 3306])
        assert.equal(reached(mine, address, inside), "not", `${address}:${inside}`);
    const site = new URL(sandbox.state.url).port;
    for (const of of ["127.0.0.1", gateway])
      assert.equal(reached(third, of, site), "not", `the site by ${of}`);
  });
});

describe("what a sandbox has in Docker", function () {
  this.timeout(120_000);

  it("is found and removed by the next one of its folder, and by no other's", async function () {
    requireDocker(this, PHP);
    const found = await findDocker();
    assert.ok("engine" in found);
    const runs = ["mine", "theirs"].map((name) => path.join(newFolder("docker"), name));
    const begin = async (run: string) => {
      const sandbox = new Docker(found.engine, run);
      const network = await sandbox.networks.of("project");
      const volume = { name: await sandbox.volume("project", 33, PHP), at: "/srv" };
      const sleeps = { image: PHP, environment: {}, entrypoint: ["sleep"], command: ["300"] };
      const container = await sandbox.start({ ...sleeps, network, volume }, () => {});
      container.ended.catch(() => {});
    };
    const [mine, theirs] = runs as [string, string];
    await Promise.all(runs.map(begin));
    assert.equal(await new Docker(found.engine, mine).clear(), 3, "a container, a network and a volume");
    assert.equal(await new Docker(found.engine, mine).clear(), 0);
    assert.equal(await new Docker(found.engine, theirs).clear(), 3);
  });
});
