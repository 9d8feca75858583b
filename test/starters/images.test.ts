// Images of kinds that need Docker, built by a real one as CodeBuild is told, and run as a project's machine runs them, on a database that takes TLS
// only.
import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { ignoredBy, images } from "../../functions/provisioner/builds";
import { kinds } from "../../functions/provisioner/catalogue";
import { unprivileged } from "../../sandbox/nodes/installation";
import { pathsOf } from "../../sandbox/paths";
import { freePort } from "../../sandbox/ports";
import { until } from "../../sandbox/problem";
import { Processes } from "../../sandbox/processes";
import { certify, ProjectDatabases } from "../../sandbox/sites/databases";
import { containerOf } from "../../sandbox/sites/start-script";
import { build, filesIn, substituted } from "../components/provisioner/build-runner";
import { readTemplate } from "../components/provisioner/template-files";
import { skip } from "../skip";
import { some } from "../some";
import { newFolder } from "../folder";

const STARTERS = path.join(__dirname, "../../examples/projects");
const AUTHORITY = "/etc/project/database-ca.pem";
const LOGIN = { username: "project", password: "pa55word" };

/** What is found by the name may be a script that changes where programs are looked for. */
const PYTHON = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).trim();

const docker = (...args: string[]) =>
  execFileSync("docker", args, { encoding: "utf8", stdio: "pipe" }).trim();
const works = (...args: string[]) => spawnSync("docker", args, { stdio: "ignore" }).status === 0;

interface Database {
  scheme: string;
  port: number;
  ca: string;
}

describe("an image of a starter, built by Docker,", function () {
  this.timeout(600_000);
  const folder = newFolder("images");
  fs.chmodSync(folder, 0o755); // databases go through it, which root runs as somebody else
  const at = (name: string) => path.join(folder, name);
  let processes: Processes;
  let databases: ProjectDatabases;

  before(function () {
    if (!process.env["KINDS"]) skip(this, "asked for", "set KINDS=1 to build images of starters by Docker");
    if (!works("info")) skip(this, "docker", "no Docker daemon answers");
    processes = new Processes(at("processes.json"));
    databases = new ProjectDatabases(processes, pathsOf(at("run")));
  });
  after(async () => {
    await databases?.stop();
    await processes?.close();
  });

  async function postgres(starter: string): Promise<Database> {
    return { scheme: "postgresql", ...(await databases.of(starter, LOGIN)) };
  }

  /** MariaDB in MySQL's place, with the same word for what it demands. */
  async function mysql(): Promise<Database> {
    const user = unprivileged();
    const home = at("mysql");
    fs.mkdirSync(home);
    certify(home);
    if (user.uid !== undefined)
      for (const name of ["", ...fs.readdirSync(home)])
        fs.chownSync(path.join(home, name), user.uid, user.gid!);
    const data = `--datadir=${path.join(home, "data")}`;
    const socket = path.join(home, "socket");
    execFileSync("mariadb-install-db", ["--no-defaults", data, "--auth-root-authentication-method=normal"], {
      ...user,
      stdio: "pipe",
    });
    const port = await freePort();
    const tls = ["cert=server.pem", "key=server.key", "ca=ca.pem"].map((one) => {
      const [name, file] = one.split("=") as [string, string];
      return `--ssl-${name}=${path.join(home, file)}`;
    });
    const where = [`--port=${port}`, "--bind-address=127.0.0.1", `--socket=${socket}`];
    processes.start(
      "mariadb",
      "mariadbd",
      ["--no-defaults", data, ...where, ...tls, "--require-secure-transport=ON"],
      { log: at("mysql.log"), cwd: home, ...user },
    );
    const sql = `CREATE DATABASE project; CREATE USER project@'127.0.0.1' IDENTIFIED BY '${LOGIN.password}'; GRANT ALL ON project.* TO project@'127.0.0.1'`;
    await until("The start of MariaDB", () => {
      const args = ["--no-defaults", `--socket=${socket}`, "--user=root", "--execute", sql];
      return spawnSync("mariadb", args, { stdio: "ignore" }).status === 0;
    });
    return { scheme: "mysql", port, ca: fs.readFileSync(path.join(home, "ca.pem"), "utf8") };
  }

  /** What the machine's own script would hand to the container. */
  async function given({ scheme, port, ca }: Database, framework: string, appPort: number) {
    const data = readTemplate("server").Resources["ServerTemplate"]!.Properties.LaunchTemplateData.UserData;
    const [text] = data["Fn::Base64"]["!Sub"] as [string];
    const values: Record<string, string> = {
      ...{ "AWS::Region": "eu-west-1", Registry: "registry", Image: "image", AppLog: "log", Uploads: "" },
      ...{ FileSystemId: "", FolderId: "", TargetAddress: "", Url: "http://127.0.0.1" },
      AppPort: String(appPort),
      AppEnvironment: JSON.stringify(images[framework]!.environment ?? {}),
      ValuesArn: "values",
      DatabaseSecret: "database",
      DatabaseScheme: scheme,
      DatabaseHost: "127.0.0.1",
      DatabasePort: String(port),
    };
    const made = Object.fromEntries((kinds["dynamic"]![framework]!.made ?? []).map((name) => [name, "made"]));
    const secrets = { database: JSON.stringify(LOGIN), values: JSON.stringify({ made }) };
    fs.writeFileSync(at("ca.pem"), ca);
    const { environment } = await containerOf({
      userData: substituted(text, values),
      instead: [],
      secrets,
      folder: at("start"),
      python: PYTHON,
    });
    return { environment, volume: `${at("ca.pem")}:${AUTHORITY}:ro` };
  }

  for (const [framework, starter] of some([
    ["node", "express"],
    ["flask", "flask"],
    ["php", "php"],
  ] as const))
    it(`serves ${starter}, writes a row, and finds it again after a restart`, async function () {
      const kind = images[framework]!;
      const [, base] = /^FROM (\S+)/.exec(kind.dockerfile)!;
      if (!works("image", "inspect", base!) && !works("pull", base!))
        skip(this, "docker", `${base} is not here and cannot be fetched`);
      if (framework === "php" && spawnSync("mariadbd", ["--version"]).error)
        skip(this, "docker", "mariadbd is not installed");
      const tag = `starters/${starter}:latest`;
      const told = { DOCKERFILE: kind.dockerfile, IGNORED: ignoredBy(kind), VARIABLES: "{}", GROUP: "g" };
      const built = build(
        "server",
        {},
        {
          ...told,
          ...{ REGISTRY: "starters", IMAGES: starter, MIN_HEALTHY: "0", IMAGES_BEFORE: "0" },
          ...{ ACCESS_TOKEN: "", PRIVATE_KEY: "" },
          ...Object.fromEntries(
            ["DOCKER_HOST", "DOCKER_BUILDKIT"].flatMap((name) =>
              process.env[name] ? [[name, process.env[name]]] : [],
            ),
          ),
        },
        filesIn(path.join(STARTERS, starter)),
        { real: true },
      );
      assert.equal(built.status, 0, built.log);

      // A web server of its own listens where it does.
      const port = kind.served ? kind.port : await freePort();
      const database = await (framework === "php" ? mysql() : postgres(starter));
      const { environment, volume } = await given(database, framework, port);
      const name = `starter-${process.pid}`;
      const start = () =>
        docker(
          ...["run", "--detach", "--rm", "--name", name, "--network", "host", "--volume", volume],
          ...Object.entries(environment).map(([key, value]) => `--env=${key}=${value}`),
          tag,
        );
      const ask = (where: string, init?: RequestInit) =>
        fetch(`http://127.0.0.1:${port}${where}`, init).catch(() => undefined);
      const answers = (where: string) =>
        until(`The answer of ${starter}`, () => ask(where), {
          wanted: (answer) => answer?.status === 200,
          advice: () => spawnSync("docker", ["logs", name], { encoding: "utf8" }).stderr,
        });
      try {
        start();
        assert.match(await (await answers("/")).text(), /<h1>It works<\/h1><p>Notes: 0<\/p>/);
        assert.equal((await ask("/notes", { method: "POST", body: "First's" }))?.status, 201);
        docker("stop", "--time", "2", name);
        await until("The container's end", () => !works("container", "inspect", name));
        start();
        assert.deepEqual(await (await answers("/notes")).json(), ["First's"]);
        if (kind.served) assert.equal((await ask("/.htaccess"))?.status, 403);
      } finally {
        spawnSync("docker", ["rm", "--force", name], { stdio: "ignore" });
        spawnSync("docker", ["rmi", "--force", tag], { stdio: "ignore" });
      }
    });
});
