import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildContext } from "../../../components/web/build-context";
import { newFolder } from "../../folder";

/** An app's folder with these files; a name that ends in `!` is a program. */
function app(files: Record<string, string>): string {
  const folder = newFolder("groundwork-context");
  for (const [name, text] of Object.entries({ Dockerfile: "FROM scratch\n", ...files })) {
    const file = path.join(folder, name.replace(/!$/, ""));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { mode: name.endsWith("!") ? 0o755 : 0o644 });
  }
  return folder;
}

const contextOf = (folder: string, dockerfile = path.join(folder, "Dockerfile")) =>
  buildContext(folder, dockerfile);

async function assetsOf(folder: string, dockerfile?: string) {
  const { archive } = contextOf(folder, dockerfile);
  return (archive as unknown as { assets: Promise<Record<string, { text?: Promise<string> }>> }).assets;
}

const filesOf = async (folder: string, dockerfile?: string) =>
  Object.keys(await assetsOf(folder, dockerfile))
    .filter((name) => name.startsWith("context/"))
    .map((name) => name.slice("context/".length));

describe("the build context of an image", () => {
  it("is the whole folder if nothing is left out", async () => {
    const folder = app({ "server.js": "", "lib/a/b.js": "", ".hidden": "" });
    assert.deepEqual(await filesOf(folder), [".hidden", "Dockerfile", "lib/a/b.js", "server.js"]);
  });

  it("leaves out what Docker leaves out", async () => {
    const files = { "a.js": "", "b.md": "", "docs/c.md": "", "docs/d.txt": "", "README.md": "", "A.JS": "" };
    const left = async (lines: string[]) => {
      const kept = new Set(await filesOf(app({ ...files, ".dockerignore": lines.join("\n") })));
      return Object.keys(files).filter((name) => !kept.has(name));
    };
    assert.deepEqual(await left(["a.js"]), ["a.js"]);
    assert.deepEqual(await left(["*.md"]), ["b.md", "README.md"]);
    assert.deepEqual(await left(["*.md", "!README.md"]), ["b.md"]);
    assert.deepEqual(await left(["**/*.md"]), ["b.md", "docs/c.md", "README.md"]);
    assert.deepEqual(await left(["docs"]), ["docs/c.md", "docs/d.txt"]);
    assert.deepEqual(await left(["/docs/", "!docs/c.md"]), ["docs/d.txt"]);
    assert.deepEqual(await left(["docs", "!**/c.md"]), ["docs/d.txt"]);
    assert.deepEqual(await left(["# a.js", ""]), []);
  });

  it("uses the Dockerfile's own ignore list before the folder's", async () => {
    const folder = app({
      "a.js": "",
      "b.js": "",
      ".dockerignore": "a.js",
      "Dockerfile.dockerignore": "b.js",
    });
    assert.deepEqual(await filesOf(folder), [
      ".dockerignore",
      "Dockerfile",
      "Dockerfile.dockerignore",
      "a.js",
    ]);
  });

  it("does not read a folder that is left out completely", async () => {
    const folder = app({ "a.js": "", ".dockerignore": "*\n!a.js" });
    fs.mkdirSync(path.join(folder, "node_modules"));
    fs.symlinkSync("nowhere", path.join(folder, "node_modules", "link"));
    assert.deepEqual(await filesOf(folder), ["a.js"]);
  });

  it("refuses a link, and says where to leave it out", () => {
    const folder = app({ "a.js": "" });
    fs.symlinkSync("a.js", path.join(folder, "link"));
    assert.throws(
      () => contextOf(folder),
      new RegExp(
        `accepts only files and folders, and ${folder}/link is neither: put it into ${folder}/\\.dock`,
      ),
    );
  });

  it("lists executable files, because an archive would lose that", async () => {
    const assets = await assetsOf(app({ "run.sh!": "", "a.js": "" }));
    assert.equal(await assets["programs"]!.text, "run.sh\n");
    assert.equal((await assetsOf(app({ "a.js": "" })))["programs"], undefined);
  });

  it("can have a Dockerfile from elsewhere", async () => {
    const [folder, other] = [app({ "a.js": "" }), app({ Dockerfile: "FROM other\n" })];
    const dockerfile = path.join(other, "Dockerfile");
    const file = (await assetsOf(folder, dockerfile))["Dockerfile"] as unknown as { path: Promise<string> };
    assert.equal(await file.path, dockerfile);
  });

  it("has another checksum when anything in it changes, and the same one otherwise", () => {
    const files = { "a.js": "1", "b/c.js": "2" };
    const sum = (more = {}) => contextOf(app({ ...files, ...more })).sha256;
    assert.equal(sum(), sum());
    const others = [{}, { "a.js": "2" }, { "d.js": "" }, { "d.js!": "" }, { Dockerfile: "FROM other\n" }];
    assert.equal(new Set(others.map((more) => sum(more))).size, others.length);
    assert.equal(sum({ ".dockerignore": ".dockerignore\nnode_modules", "node_modules/x.js": "" }), sum());
  });

  it("of this app contains what its Dockerfile copies", async () => {
    const root = path.join(__dirname, "../../..");
    const files = await filesOf(root, path.join(root, "webapp/Dockerfile"));
    const listed = fs
      .readdirSync(path.join(root, "webapp"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
    assert.deepEqual(files, ["package-lock.json", "package.json", ...listed].sort());
  });
});
