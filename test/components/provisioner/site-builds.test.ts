import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import * as path from "node:path";
import { sites } from "../../../functions/provisioner/builds";
import { some } from "../../some";
import { build, commandsOf, Files, Outcome, write } from "./build-runner";
import { newFolder } from "../../folder";
import { leftToAll } from "../../left-to-all";

/** What a repository holds beside its page, and nobody may read. */
const PRIVATE: Files = {
  ".env": "SECRET=1",
  ".github/workflows/ci.yml": "on: push",
  "src/main.js": "source",
  "node_modules/left-pad/index.html": "a package's page",
};

/**
 * @param files or the folder of a repository that is there
 * @param told what this build is told besides
 */
function publish(
  framework: string,
  files: Files | string,
  folder?: string,
  variables = {},
  { told, ...more }: { told?: Record<string, string>; later?: Files; releases?: string } = {},
): Outcome {
  const { commands, folders } = sites[framework]!;
  return build(
    "static",
    {},
    {
      COMMANDS: commands,
      VARIABLES: JSON.stringify(variables),
      FOLDER: folder ?? folders,
      BUCKET: "site",
      DISTRIBUTION: "E1",
      RELEASES: "releases",
      ACCESS_TOKEN: "t0ken",
      PRIVATE_KEY: "k3y",
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/r1ghts",
      AWS_ACCESS_KEY_ID: "r1ghts",
      AWS_SESSION_TOKEN: "r1ghts",
      ...told,
    },
    files,
    more,
  );
}
/** A repository whose build writes these files. */
const making = (...names: string[]): Files => ({
  ...PRIVATE,
  "package.json": "{}",
  "make.sh": names
    .map((name) => `mkdir -p "$(dirname "${name}")" && echo made > "${name}"`)
    .concat("true")
    .join("\n"),
});

describe("the build of a site in a shell", function () {
  this.timeout(20_000);

  for (const [what, framework, made, published] of some<[string, string, string[], string[]]>([
    ["Vite", "react", ["dist/index.html", "dist/assets/a.js"], ["assets/a.js", "index.html"]],
    ["Create React App", "react", ["build/index.html", "build/a.js"], ["a.js", "index.html"]],
    ["an export of Next.js", "react", ["out/index.html", "out/a/index.html"], ["a/index.html", "index.html"]],
    ["Vue", "vue", ["dist/index.html"], ["index.html"]],
    ["Nuxt", "vue", [".output/public/index.html"], ["index.html"]],
    ["Angular", "angular", ["dist/shop/browser/index.html", "dist/shop/3rdparty.txt"], ["index.html"]],
    ["Angular before 17", "angular", ["dist/shop/index.html", "dist/shop/a.js"], ["a.js", "index.html"]],
    ["Hugo", "hugo", ["public/index.html", "public/en/index.html"], ["en/index.html", "index.html"]],
    ["Jekyll", "jekyll", ["_site/index.html"], ["index.html"]],
  ]))
    it(`publishes exactly what ${what} wrote`, function () {
      if (!["Vite", "Angular", "Hugo"].includes(what)) leftToAll(this);
      const outcome = publish(framework, making(...made));
      assert.deepEqual([outcome.status, outcome.published], [0, published], outcome.log);
      assert.deepEqual(outcome.calls.slice(1), [
        "s3 sync --delete --no-follow-symlinks . s3://site",
        "cloudfront create-invalidation --distribution-id E1 --paths /*",
      ]);
    });

  it("publishes a plain page with everything around it except hidden files", () => {
    const { status, published, log } = publish("html", {
      "index.html": "page",
      "style.css": "",
      "about/index.html": "page",
      "about/.env": "SECRET=1",
      ".well-known/security.txt": "Contact: us",
      ".well-known/.env": "SECRET=1",
      ".env": "SECRET=1",
      ".htpasswd": "us:secret",
      "node_modules/left-pad/index.html": "",
      "passwords.txt": "-> /etc/passwd",
    });
    const page = [".well-known/security.txt", "about/index.html", "index.html", "style.css"];
    assert.deepEqual([status, published], [0, page], log);
  });

  for (const [what, framework, files, folder] of some<[string, string, Files, string?]>([
    ["wrote nothing", "react", making()],
    ["wrote no page", "react", making("dist/main.js")],
    ["left the page's template where the sources are", "react", making("public/index.html")],
    ["wrote elsewhere than the request says", "react", making("dist/index.html"), "web"],
    ["was of another kind", "html", PRIVATE],
    ["wrote a link for a page", "html", { ...PRIVATE, "secret.html": "", "index.html": "-> secret.html" }],
    ["was asked for what is hidden", "html", making("index.html"), ".git"],
  ]))
    it(`refuses to publish anything of a build that ${what}, and says where it looked`, () => {
      const { status, published, calls, log } = publish(framework, files, folder);
      assert.deepEqual([status, published, calls], [1, undefined, []]);
      const folders = folder ?? sites[framework]!.folders;
      assert.ok(
        log.includes(`no index.html in any of these folders of the repository after its build: ${folders}\n`),
        log,
      );
    });

  it("refuses to choose between two pages, and names both", () => {
    const { status, published, log } = publish(
      "angular",
      making("dist/admin/browser/index.html", "dist/shop/browser/index.html"),
    );
    assert.deepEqual([status, published], [1, undefined]);
    assert.match(log, /dist\/admin\/browser\/index\.html\n.*dist\/shop\/browser\/index\.html/);
  });

  it("takes the branch's newest commit, or the pushed one whatever came after it, and says which", () => {
    const newest = publish("html", { "index.html": "<h1>Shop</h1>" });
    assert.deepEqual([newest.status, newest.commits.told], [0, newest.commits.first], newest.log);
    const files = { "index.html": "<h1>Shop</h1>" };
    const pushed = publish(
      "html",
      files,
      undefined,
      {},
      {
        later: { "later.html": "" },
      },
    );
    assert.deepEqual(
      [pushed.status, pushed.published, pushed.commits.told],
      [0, ["index.html"], pushed.commits.first],
      pushed.log,
    );
  });

  it("publishes the folder that the request names", () => {
    const files = making("dist/admin/browser/index.html", "dist/shop/browser/a/index.html");
    const { status, published, log } = publish("angular", files, "dist/admin");
    assert.deepEqual([status, published], [0, ["index.html"]], log);
  });

  it("fetches the repository's submodules, such as a theme of Hugo", () => {
    const theme = newFolder("theme");
    const author = ["-c", "user.name=Team", "-c", "user.email=team@example.org"];
    const git = (cwd: string, ...args: string[]) =>
      execFileSync("git", ["-c", "protocol.file.allow=always", ...author, ...args], { cwd, stdio: "pipe" });
    write(theme, { "theme/index.html": "page", "site/make.sh": "cp -r theme public" });
    for (const one of ["theme", "site"]) {
      git(path.join(theme, one), "init", "-q", "-b", "main");
      if (one === "site") git(path.join(theme, one), "submodule", "add", "-q", path.join(theme, "theme"));
      git(path.join(theme, one), "add", "-A");
      git(path.join(theme, one), "commit", "-q", "-m", "All");
    }
    const { status, published, log } = publish("react", path.join(theme, "site"), "public");
    assert.deepEqual([status, published], [0, ["index.html"]], log);
  });

  it("gives the access token to the repository's own host, and to no submodule's host", () => {
    const configure = commandsOf("static", {}).find((command) => command.startsWith("git config"))!;
    const home = newFolder("home");
    const ask = (host: string) =>
      spawnSync(
        "bash",
        ["-c", `${configure}\nprintf 'protocol=https\nhost=${host}\n\n' | git credential fill`],
        {
          encoding: "utf8",
          env: {
            PATH: process.env["PATH"],
            HOME: home,
            GIT_TERMINAL_PROMPT: "0",
            REPOSITORY: "https://git.example.org/team/site.git",
            ACCESS_TOKEN: "t0ken",
          },
        },
      ).stdout;
    assert.match(ask("git.example.org"), /password=t0ken/);
    assert.doesNotMatch(ask("git.example.net"), /t0ken/);
  });

  it("fails when the commands of its kind fail", () => {
    const { status, published } = publish("react", { ...making("dist/index.html"), "make.sh": "exit 7" });
    assert.deepEqual([status, published], [7, undefined]);
  });

  it("hides its secrets and its permissions from the repository's own commands", () => {
    const { status, log } = publish("react", {
      "package.json": "{}",
      "make.sh": 'env; set -- $GIT_SSH_COMMAND; cat "$3"; mkdir dist; echo > dist/index.html',
    });
    assert.equal(status, 0, log);
    assert.match(log, /^FOLDER=/m);
    assert.ok(!/t0ken|k3y|r1ghts/.test(log), log);
  });

  it("sees the project's variables unchanged, and keeps its own settings", () => {
    const variables = {
      VITE_TITLE: `It's "50 %" $HOME $(id)\nand \\ more`,
      BUCKET: "another's",
      COMMANDS: "false",
      UID: "0",
    };
    const { status, calls, log } = publish(
      "react",
      {
        "package.json": "{}",
        "make.sh": 'mkdir dist; touch dist/index.html; printf "<%s>" "$VITE_TITLE" "$BUCKET"',
      },
      undefined,
      variables,
    );
    assert.equal(status, 0, log);
    assert.ok(log.includes(`<${variables.VITE_TITLE}><another's>`), log);
    assert.equal(calls[1], "s3 sync --delete --no-follow-symlinks . s3://site");
  });
});

describe("the releases of a site", function () {
  this.timeout(20_000);

  const page = (words: string): Files => ({
    "index.html": words,
    "about/index.html": "about",
    ".env": "SECRET=1",
    ".well-known/security.txt": "Contact: us",
    "linked.txt": "-> /etc/passwd",
  });
  /** What leaves a build of that page. */
  const files = (words: string): Files => {
    const {
      "index.html": first,
      "about/index.html": about,
      ".well-known/security.txt": contact,
    } = page(words);
    return { "index.html": first!, "about/index.html": about!, ".well-known/security.txt": contact! };
  };
  const built = (releases: string, words: string, told?: Record<string, string>) => {
    const outcome = publish("html", page(words), undefined, {}, { releases, told });
    assert.equal(outcome.status, 0, outcome.log);
    return outcome;
  };
  const sum = /^[0-9a-f]{40}$/;

  it("are named by their content: the same files are the same release, whatever else the repository has", () => {
    const releases = newFolder("releases");
    const { release, kept } = built(releases, "one");
    assert.match(release!, sum);
    assert.deepEqual(kept, [release]);
    const again = publish("html", { ...page("one"), ".env": "SECRET=2" }, undefined, {}, { releases });
    assert.deepEqual([again.release, again.kept], [release, [release]], again.log);
    assert.notEqual(built(releases, "two").release, release);
  });

  it("are kept beside a new one only if the build is told their names", () => {
    const releases = newFolder("releases");
    const [one, two, three] = ["one", "two", "three"].map((words) => built(releases, words).release!);
    const four = built(releases, "four", { KEPT: `${three} ${one}` });
    assert.deepEqual(four.kept, [one, three, four.release].sort());
    assert.ok(!four.kept.includes(two!));
    const five = built(releases, "five", { KEPT: "" });
    assert.deepEqual(five.kept, [five.release]);
  });

  it("are all kept when a person starts the build, which then names none", () => {
    const releases = newFolder("releases");
    const all = ["one", "two"].map((words) => built(releases, words).release!);
    assert.deepEqual(built(releases, "two").kept, all.sort());
  });

  it("are published again unchanged and under the same name, without the repository", () => {
    const releases = newFolder("releases");
    const first = built(releases, "one");
    const second = built(releases, "two", { KEPT: first.release! });
    const told = { RESTORE: first.release!, KEPT: `${second.release} ${first.release}` };
    const back = publish(
      "react",
      { "package.json": "{}", "make.sh": "exit 7" },
      undefined,
      {},
      { releases, told },
    );
    assert.equal(back.status, 0, back.log);
    assert.deepEqual(back.site, files("one"));
    assert.deepEqual([back.release, back.commits.told], [first.release, undefined]);
    assert.deepEqual(back.kept, [first.release, second.release].sort());
    assert.ok(!/Cloning/.test(back.log), back.log);
    assert.deepEqual(
      back.calls.filter((call) => call.startsWith("s3 sync") || call.startsWith("cloudfront")),
      [
        "s3 sync --delete --no-follow-symlinks . s3://site",
        "cloudfront create-invalidation --distribution-id E1 --paths /*",
      ],
    );
  });

  it("refuses one that is no longer kept, names it, and publishes nothing", () => {
    const releases = newFolder("releases");
    const { release, kept } = built(releases, "one");
    const gone = "f".repeat(40);
    const back = publish(
      "html",
      page("two"),
      undefined,
      {},
      { releases, told: { RESTORE: gone, KEPT: release! } },
    );
    assert.deepEqual([back.status, back.published, back.release, back.kept], [1, undefined, undefined, kept]);
    assert.ok(
      back.log.includes(`The release ${gone} is no longer kept: what is published stays as it is.`),
      back.log,
    );
  });

  it("stay the same after a failed build", () => {
    const releases = newFolder("releases");
    const { kept } = built(releases, "one");
    const failing = { "package.json": "{}", "make.sh": "exit 7" };
    const {
      status,
      published,
      release,
      kept: now,
    } = publish(
      "react",
      failing,
      undefined,
      {},
      {
        ...{ releases, told: { KEPT: "" } },
      },
    );
    assert.deepEqual([status, published, release, now], [7, undefined, undefined, kept]);
  });
});
