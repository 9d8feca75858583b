import { strict as assert } from "node:assert";
import { ignoredBy, images } from "../../../functions/provisioner/builds";
import { some } from "../../some";
import { build, Files, Outcome } from "./build-runner";
import { copied } from "./docker-context";
import { leftToAll } from "../../left-to-all";

/** What a repository holds beside its program, and nobody may read. */
const PRIVATE: Files = {
  ".env": "SECRET=1",
  ".env.production": "SECRET=1",
  "config/.env": "SECRET=1",
  ".aws/credentials": "SECRET",
  ".svn/entries": "history",
};

function image(framework: string, files: Files, more: Record<string, string> = {}): Outcome {
  const kind = images[framework]!;
  return build(
    "server",
    {},
    {
      VARIABLES: "{}",
      DOCKERFILE: kind.dockerfile,
      IGNORED: ignoredBy(kind),
      REGISTRY: "registry",
      IMAGES: "gw-x",
      GROUP: "group",
      MIN_HEALTHY: "100",
      ACCESS_TOKEN: "",
      PRIVATE_KEY: "",
      ...more,
    },
    files,
  );
}

describe("the build of an image in a shell", function () {
  this.timeout(60_000);

  for (const framework of some(["php", "wordpress", "drupal"]))
    it(`gives ${framework}'s web server no hidden files, least of all history and secrets`, function () {
      if (framework !== "wordpress") leftToAll(this);
      const { status, context, log } = image(framework, {
        ...PRIVATE,
        "index.php": "page",
        ".htaccess": "Options -Indexes",
        "themes/.htaccess": "Options -Indexes",
        "themes/.settings": "",
        ".well-known/security.txt": "Contact: us",
        ".well-known/.draft": "",
        ".github/workflows/ci.yml": "",
      });
      assert.equal(status, 0, log);
      assert.deepEqual(copied(context!), [
        ".htaccess",
        ".well-known/security.txt",
        "index.php",
        "themes/.htaccess",
      ]);
    });

  it("keeps history and secrets out of every image that our Dockerfile builds", function () {
    leftToAll(this);
    for (const framework of some(Object.keys(images))) {
      const { status, context, log } = image(framework, { ...PRIVATE, "server.js": "", "config/a.json": "" });
      assert.equal(status, 0, log);
      const names = copied(context!).filter((name) => !["Dockerfile", ".dockerignore"].includes(name));
      assert.deepEqual(names, ["config/a.json", "server.js"], framework);
    }
  });

  it("keeps hidden settings of tools where the program does not serve its own folder", () => {
    const { context } = image("node", { ".npmrc": "", ".babelrc": "", "server.js": "" });
    assert.deepEqual(copied(context!), [".babelrc", ".dockerignore", ".npmrc", "Dockerfile", "server.js"]);
  });

  it("adds to the team's ignored files, and lets nothing back in", () => {
    for (const name of some([".dockerignore", "Dockerfile.dockerignore"])) {
      const { context } = image("node", {
        [name]: "drafts\n!.env\n!.git",
        ".env": "",
        "drafts/a": "",
        "a.js": "",
      });
      const names = copied(context!).filter(
        (each) => each === "a.js" || /^(\.env|\.git\/|drafts)/.test(each),
      );
      assert.deepEqual(names, name === ".dockerignore" ? ["a.js"] : ["a.js", "drafts/a"]);
    }
    const linked = image("node", {
      ".dockerignore": "-> lists/docker",
      "lists/docker": "a.txt",
      "a.txt": "",
    });
    assert.deepEqual(copied(linked.context!), [".dockerignore", "Dockerfile", "lists/docker"]);
  });

  it("uses a team's own Dockerfile and .dockerignore, and keeps history out where there is no .dockerignore", () => {
    const own = { Dockerfile: "FROM scratch", ".env": "", ".tool": "", "a.js": "" };
    const { context } = image("php", own);
    assert.equal(context!["Dockerfile"], "FROM scratch");
    assert.deepEqual(copied(context!), [".dockerignore", ".tool", "Dockerfile", "a.js"]);
    for (const name of some([".dockerignore", "Dockerfile.dockerignore"]))
      assert.equal(image("php", { ...own, [name]: "a.js" }).context![name], "a.js");
  });

  it("passes the project's variables unchanged to our Dockerfile and to the team's", () => {
    const variables = { NEXT_PUBLIC_TITLE: `It's "50 %" $HOME $(id)\nand \\ more`, REGISTRY: "elsewhere" };
    const more = { VARIABLES: JSON.stringify(variables) };
    const given = [`NEXT_PUBLIC_TITLE=${variables.NEXT_PUBLIC_TITLE}`, "REGISTRY=elsewhere"];
    const { status, context, buildArgs, log } = image("node", { "a.js": "" }, more);
    assert.deepEqual([status, buildArgs], [0, given], log);
    const [from, ...rest] = images["node"]!.dockerfile.split("\n");
    assert.deepEqual(context!["Dockerfile"]!.trimEnd().split("\n"), [
      from,
      "ARG NEXT_PUBLIC_TITLE",
      "ARG REGISTRY",
      ...rest,
    ]);
    const own = image("node", { Dockerfile: "FROM scratch" }, more);
    assert.deepEqual([own.context!["Dockerfile"], own.buildArgs], ["FROM scratch", given]);
    assert.equal(image("node", { "a.js": "" }).context!["Dockerfile"], `${images["node"]!.dockerfile}\n`);
  });

  it("cancels a running replacement of servers, and starts its own", () => {
    const asked = (busy: number) => {
      const { status, calls } = image("node", { "a.js": "" }, { REFRESHES_BUSY: String(busy) });
      return [
        status,
        calls
          .filter((call) => /^autoscaling (start|cancel)/.test(call))
          .map((call) => call.split(" ")[1]!.split("-")[0]),
      ];
    };
    assert.deepEqual(asked(2), [0, ["start", "cancel", "start", "cancel", "start"]]);
    assert.equal(asked(100)[0], 1);
  });

  it("replaces no server for the first image, which each server fetches by itself", () => {
    const { status, calls } = image("node", { "a.js": "" }, { IMAGES_BEFORE: "0" });
    assert.deepEqual([status, calls.some((call) => call.startsWith("autoscaling"))], [0, false]);
  });

  it("replaces the servers when its image replaces another", () => {
    const { status, calls } = image("node", { "a.js": "" });
    const asked = calls.map((call) => call.split(" ").slice(0, 2).join(" "));
    const looks = Array<string>(3).fill("autoscaling describe-instance-refreshes");
    const begins = "autoscaling start-instance-refresh";
    assert.deepEqual(
      [status, asked],
      [0, ["ecr get-login-password", "ecr describe-images", begins, ...looks]],
    );
    for (const call of some(calls.filter((one) => one.startsWith("autoscaling"))))
      assert.match(call, / --auto-scaling-group-name group( |$)/);
    assert.match(calls[asked.indexOf("ecr describe-images")]!, / --repository-name gw-x( |$)/);
    // Each serves until another has taken its place.
    assert.match(calls[asked.indexOf(begins)]!, /\bMinHealthyPercentage=100\b/);
    for (const call of some(calls.slice(-looks.length)))
      assert.match(call, / --instance-refresh-ids refresh-1( |$)/);
  });

  it("runs the release command of the new image on one server before any server may fetch it", () => {
    const { status, calls, pushed, log } = image(
      "node",
      { "a.js": "" },
      { RELEASE_DOCUMENT: "release-doc", SERVER_NOT_YET: "1", RELEASE_SAYS: "2 migrations" },
    );
    assert.equal(status, 0, log);
    assert.deepEqual(pushed, ["registry/gw-x:next", "registry/gw-x:latest"]);
    assert.match(log, /^2 migrations$/m);
    const sent = calls.filter((call) => call.startsWith("ssm send-command"));
    assert.equal(sent.length, 2);
    assert.match(sent[1]!, /--document-name release-doc --instance-ids i-1 --parameters Digest=sha256:next /);
    const commands = calls.map((call) => call.split(" ")[1]);
    assert.ok(commands.lastIndexOf("get-command-invocation") < commands.indexOf("start-instance-refresh"));
  });

  it("leaves the previous image in place when the release command fails or no server takes it", () => {
    for (const [how, says] of some<[Record<string, string>, RegExp]>([
      [{ RELEASED: "Failed" }, /^column exists\n.*did not come through \(Failed\)/ms],
      [{ SERVER_NOT_YET: "100" }, /did not come through \(no server took it\): what served before stays\./],
    ])) {
      const more = { RELEASE_DOCUMENT: "release-doc", RELEASE_SAYS: "column exists", ...how };
      const { status, calls, pushed, log } = image("node", { "a.js": "" }, more);
      assert.equal(status, 1);
      assert.deepEqual(pushed, ["registry/gw-x:next"]);
      assert.match(log, says);
      assert.ok(!calls.some((call) => call.includes("instance-refresh")));
    }
  });

  it("fails, and says so, when the old servers could not be replaced", () => {
    const { status, log } = image("node", { "a.js": "" }, { REFRESHED: "Failed" });
    assert.equal(status, 1);
    assert.match(log, /The servers could not be replaced: Failed/);
  });
});
