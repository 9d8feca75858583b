// The build of each kind of site as CloudFormation hands it to CodeBuild, on its starter, with the package managers and builders themselves.
import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { sites } from "../../functions/provisioner/builds";
import { skip } from "../skip";
import { some } from "../some";
import { build, Files, filesIn } from "../components/provisioner/build-runner";
import { newFolder } from "../folder";

const STARTERS = path.join(__dirname, "../../examples/projects");

const starter = (name: string): Files => filesIn(path.join(STARTERS, name));

function publish(framework: string, files: Files) {
  const { commands, folders } = sites[framework]!;
  const told = {
    COMMANDS: commands,
    FOLDER: folders,
    VARIABLES: "{}",
    BUCKET: "site",
    DISTRIBUTION: "E1",
    RELEASES: "r",
  };
  return build("static", {}, { ...told, ACCESS_TOKEN: "", PRIVATE_KEY: "" }, files, { real: true });
}

/** What builders put into a name changes with what is in the file. */
const withoutSums = (names: string[] = []) =>
  names.map((name) => name.replace(/([.-])[\w-]{8,64}\.(js|css)$/, "$1SUM.$2"));

/** As on a machine that reaches no RubyGems: what is installed there, which Bundler then looks for nowhere else. */
function withInstalledGems(files: Files): Files {
  const folder = newFolder("gems");
  fs.writeFileSync(path.join(folder, "Gemfile"), files["Gemfile"]!);
  execFileSync("bundle", ["lock", "--local"], { cwd: folder, stdio: "pipe" });
  return { ...files, "Gemfile.lock": fs.readFileSync(path.join(folder, "Gemfile.lock"), "utf8") };
}

const ONE_PAGE = ["index.html"];
const PAGES = ["404.html", "about/index.html", "index.html"];

describe("a starter's build publishes just what its builder wrote:", function () {
  this.timeout(300_000);

  for (const [name, framework, published] of some<[string, string, string[]]>([
    ["html", "html", [...PAGES, "style.css"]],
    ["vue", "vue", ["assets/index-SUM.js", ...ONE_PAGE]],
    ["react", "react", [...ONE_PAGE, "main.js"]],
    ["dapp", "react", [...ONE_PAGE, "main.js"]],
    ["angular", "angular", [...ONE_PAGE, "main-SUM.js"]],
    ["hugo", "hugo", [...PAGES, "sitemap.xml", "style.SUM.css"]],
    ["jekyll", "jekyll", ["404.html", "about/index.html", "assets/style.css", "index.html"]],
  ]))
    it(`${name}'s`, function () {
      if (!["html", "vue"].includes(name) && !process.env["KINDS"])
        skip(this, "asked for", "set KINDS=1 to build every starter");
      if (name === "jekyll" && spawnSync("bundle", ["--version"]).error)
        skip(this, "ruby", "bundle and jekyll are not installed");
      const files = name === "jekyll" ? withInstalledGems(starter(name)) : starter(name);
      const outcome = publish(framework, files);
      assert.deepEqual([outcome.status, withoutSums(outcome.published)], [0, published], outcome.log);
    });
});
