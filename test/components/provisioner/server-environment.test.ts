import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { images } from "../../../functions/provisioner/builds";
import { Values } from "../../../functions/provisioner/values";
import { skip } from "../../skip";
import { some } from "../../some";
import { substituted } from "./build-runner";
import { readTemplate } from "./template-files";
import { newFolder } from "../../folder";

interface Server {
  engine?: "none" | "postgres" | "mysql";
  framework?: string;
  values?: Partial<Values>;
  url?: string;
  uploads?: string;
  /** An image of which only the release command is to run. */
  prepares?: string;
}

interface Started {
  /** What the container finds. */
  environment: Record<string, string>;
  /** All that anybody on the machine could read of how it was started. */
  args: string[];
}

const CA = "/etc/project/database-ca.pem";
const DATABASE = "arn:database";
const VALUES = "arn:values";
const RELEASE = "npm run migrate -- --to 'newest' $DATABASE_URL";

/** The script of a server's user data, between the lines that put it into a file. */
function scriptOf(marker: string, values: Record<string, string>): string {
  const template = readTemplate("server");
  const data =
    template.Resources["ServerTemplate"]!.Properties.LaunchTemplateData.UserData["Fn::Base64"]["!Sub"];
  const text = substituted((data as [string])[0], values);
  return new RegExp(`<<'${marker}'\\n([\\s\\S]*?)\\n${marker}\\n`).exec(text)![1]!;
}

/** What CloudFormation fills into the scripts. */
function filled({ engine = "none", framework = "node", values, url, uploads = "" }: Server) {
  const database = engine !== "none";
  return {
    "AWS::Region": "eu-west-1",
    Registry: "registry",
    Store: "registry/image",
    ReleaseCommand: RELEASE,
    AppPort: "3000",
    AppLog: "/groundwork/gw-x/app",
    AppEnvironment: JSON.stringify(images[framework]!.environment ?? {}),
    ValuesArn: values ? VALUES : "",
    Uploads: uploads,
    FileSystemId: uploads && "fs-1",
    FolderId: uploads && "fsap-1",
    TargetAddress: uploads && "10.0.0.7",
    Url: url ?? "",
    DatabaseSecret: database ? DATABASE : "",
    DatabaseHost: database ? "db.internal" : "",
    DatabasePort: database ? "5432" : "",
    DatabaseScheme: engine === "postgres" ? "postgresql" : engine,
  };
}

/** Starts the container with stand-ins for AWS and Docker, which takes from its own environment what it is given only the name of. */
function start(server: Server): Started {
  const given = filled({ url: "https://shop.example.org", ...server });
  const folder = newFolder("server");
  try {
    const at = (name: string) => path.join(folder, name);
    const standIn = (name: string, does: string) =>
      fs.writeFileSync(at(name), `#!/bin/bash\n${does}\n`, { mode: 0o755 });
    fs.writeFileSync(
      at("values"),
      JSON.stringify({ made: {}, variables: {}, secrets: {}, ...server.values }),
    );
    standIn(
      "aws",
      `case "$*" in
  *"--secret-id ${VALUES} "*) cat ${at("values")} ;;
  *"--secret-id ${DATABASE} "*) echo '{"username":"project","password":"a/b"}' ;;
  *) exit 1 ;;
esac`,
    );
    standIn(
      "docker",
      `printf '%s\\0' "$@" > ${at("args")}
for arg; do
  case "$arg" in --env=*) name=\${arg#--env=}; printf '%s=%s\\0' "$name" "$(printenv "$name"; printf .)" ;; esac
done > ${at("container")}`,
    );
    fs.writeFileSync(at("environment.json"), scriptOf("ENVIRONMENT", given));
    fs.writeFileSync(at("release"), scriptOf("COMMAND", given));
    const script = scriptOf("RUN", given)
      .replace("/etc/project/environment.json", at("environment.json"))
      .replace("/etc/project/release", at("release"));
    fs.writeFileSync(at("run"), script, { mode: 0o755 });
    const { status, stderr } = spawnSync(at("run"), server.prepares ? [server.prepares] : [], {
      env: { PATH: `${folder}:${process.env["PATH"]!}` },
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    const read = (name: string) => fs.readFileSync(at(name), "utf8").split("\0").slice(0, -1);
    const pairs = read("container").map((pair) => [
      pair.split("=")[0]!,
      // What a shell would take off the end is kept by the dot, which stands after printenv's own line break.
      pair.slice(pair.indexOf("=") + 1).replace(/\n\.$/, ""),
    ]);
    return { environment: Object.fromEntries(pairs), args: read("args") };
  } finally {
  }
}

describe("a project's server", () => {
  before(function () {
    if (!fs.existsSync("/usr/bin/python3")) skip(this, "Linux", "/usr/bin/python3 is not installed");
  });

  const AWKWARD: Record<string, string> = {
    SPACES: "  two  spaces ",
    QUOTES: `'single' "double" \`back\``,
    DOLLARS: "$HOME ${PATH} $(id) $$ %s",
    LINES: "-----BEGIN KEY-----\n\tabc\\n\r\n-----END KEY-----\n",
    EQUALS: "a=b=c",
    SIGNS: "\\ ! # & ; | < > * ? ~ é ✓ 😀",
    EMPTY: "",
    UID: "a name that a shell keeps for itself",
    mail__from: "lower case",
  };

  it("gets variables and secrets unchanged, whatever characters they contain", () => {
    for (const list of some(["variables", "secrets"] as const)) {
      const { environment } = start({ values: { [list]: AWKWARD } });
      const { PORT, PROJECT_URL, ...rest } = environment;
      assert.deepEqual(rest, AWKWARD, list);
      assert.deepEqual([PORT, PROJECT_URL], ["3000", "https://shop.example.org"]);
    }
  });

  it("puts only names on the container's command line, which a list of processes shows", () => {
    const { args } = start({
      engine: "postgres",
      values: { secrets: { KEY: "hush" }, made: { SALT: "hush" } },
    });
    assert.ok(
      args.includes("--env=KEY") && args.includes("--env=SALT") && args.includes("--env=DATABASE_URL"),
    );
    assert.ok(!/hush|a\/b|a%2Fb/.test(args.join(" ")), args.join(" "));
    assert.deepEqual(args.at(-1), "registry/image:latest");
  });

  it("gives a release command the same environment, in the new image", () => {
    const values = { secrets: { KEY: "hush" } };
    const { environment, args } = start({ engine: "postgres", values, prepares: "registry/image@sha256:2" });
    assert.deepEqual([environment["KEY"], environment["DATABASE_NAME"]], ["hush", "project"]);
    assert.deepEqual(args.slice(0, 3), ["run", "--rm", args[2]]);
    assert.deepEqual(args.slice(-4), ["--entrypoint=sh", "registry/image@sha256:2", "-c", RELEASE]);
    assert.ok(
      !args.includes("--publish") && !args.includes("--name"),
      "the release command takes the name or port of the serving container",
    );
  });

  it("prefers a team's value to one made for its kind, and the platform's to both", () => {
    const values = { made: { SECRET_KEY: "made" }, secrets: { SECRET_KEY: "own" }, variables: { PORT: "1" } };
    const { SECRET_KEY, PORT } = start({ values }).environment;
    assert.deepEqual([SECRET_KEY, PORT], ["own", "3000"]);
  });

  it("starts for a project that was created before there were variables", () => {
    assert.deepEqual(start({}).environment, { PORT: "3000", PROJECT_URL: "https://shop.example.org" });
  });

  it("gets a database address that checks the database's certificate", () => {
    const { environment, args } = start({ engine: "postgres" });
    assert.deepEqual(environment, {
      PORT: "3000",
      PROJECT_URL: "https://shop.example.org",
      DATABASE_HOST: "db.internal",
      DATABASE_PORT: "5432",
      DATABASE_NAME: "project",
      DATABASE_USER: "project",
      DATABASE_PASSWORD: "a/b",
      DATABASE_TLS: "require",
      DATABASE_CA: CA,
      DATABASE_URL: `postgresql://project:a%2Fb@db.internal:5432/project?sslmode=verify-full&sslrootcert=${CA}`,
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: CA,
      NODE_EXTRA_CA_CERTS: CA,
    });
    assert.ok(args.includes(`--volume=${CA}:${CA}:ro`));
    assert.equal(
      start({ engine: "mysql" }).environment["DATABASE_URL"],
      "mysql://project:a%2Fb@db.internal:5432/project",
    );
  });

  it("also gets these settings under the names that its framework expects", () => {
    const { WORDPRESS_DB_HOST, WORDPRESS_DB_PASSWORD } = start({
      engine: "mysql",
      framework: "wordpress",
    }).environment;
    assert.deepEqual([WORDPRESS_DB_HOST, WORDPRESS_DB_PASSWORD], ["db.internal:5432", "a/b"]);
    const ghost = start({ engine: "mysql", framework: "ghost" }).environment;
    assert.equal(ghost["url"], "https://shop.example.org");
  });

  it("keeps uploads outside the container, where its kind has a folder for them", () => {
    assert.ok(start({ uploads: "/srv/files" }).args.includes("--volume=/srv/uploads:/srv/files"));
    assert.ok(!start({}).args.some((arg) => arg.startsWith("--volume")));
  });

  it("mounts the file system for uploads once, from its own zone or else from another", () => {
    const mounted = (uploads: string, { there = false, alone = false } = {}) => {
      const folder = newFolder("server");
      for (const [name, does] of Object.entries({
        aws: "true",
        docker: "cat > /dev/null",
        mkdir: "true",
        mountpoint: there ? "true" : "false",
        mount: `echo "$*" >> ${folder}/asked; ${alone ? `[ $(wc -l < ${folder}/asked) = 2 ]` : "true"}`,
      }))
        fs.writeFileSync(path.join(folder, name), `#!/bin/bash\n${does}\n`, { mode: 0o755 });
      const env = { PATH: `${folder}:${process.env["PATH"]!}` };
      const ran = spawnSync("bash", ["-c", scriptOf("FETCH", filled({ uploads }))], { env, input: "" });
      assert.equal(ran.status, 0, String(ran.stderr));
      const file = path.join(folder, "asked");
      return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
    };
    const way = "-t efs -o tls,iam,accesspoint=fsap-1";
    const near = `${way} fs-1: /srv/uploads`;
    assert.deepEqual(mounted("/srv/files"), [near]);
    assert.deepEqual(mounted("/srv/files", { alone: true }), [
      near,
      `${way},mounttargetip=10.0.0.7 fs-1: /srv/uploads`,
    ]);
    assert.deepEqual(mounted("/srv/files", { there: true }), []);
    assert.deepEqual(mounted(""), []);
  });

  it("fetches the certificate authority of AWS's databases once, and only for a database", () => {
    const fetched = (engine: Server["engine"], there: boolean) => {
      const folder = newFolder("server");
      if (there) fs.writeFileSync(path.join(folder, "database-ca.pem"), "there");
      for (const [name, does] of Object.entries({
        aws: "true",
        docker: "cat > /dev/null",
        curl: `echo "$*" >> ${folder}/asked; echo fetched > "\${@: -2:1}"`,
      }))
        fs.writeFileSync(path.join(folder, name), `#!/bin/bash\n${does}\n`, { mode: 0o755 });
      const script = scriptOf("FETCH", filled({ engine })).replaceAll("/etc/project/", `${folder}/`);
      const env = { PATH: `${folder}:${process.env["PATH"]!}` };
      const { status, stderr } = spawnSync("bash", ["-c", script], { env, input: "", encoding: "utf8" });
      assert.equal(status, 0, stderr);
      const read = (name: string) =>
        fs.existsSync(path.join(folder, name)) ? fs.readFileSync(path.join(folder, name), "utf8").trim() : "";
      return [read("asked").split(" ").at(-1), read("database-ca.pem")];
    };
    const address = "https://truststore.pki.rds.amazonaws.com/eu-west-1/eu-west-1-bundle.pem";
    assert.deepEqual(fetched("mysql", false), [address, "fetched"]);
    assert.deepEqual(fetched("postgres", true), ["", "there"]);
    assert.deepEqual(fetched("none", false), ["", ""]);
  });
});
