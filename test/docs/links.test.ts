// The links between our own pages.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { some } from "../some";

const ROOT = path.join(__dirname, "../..");

const PAGES = ["", "docs", "examples"].flatMap((folder) =>
  fs
    .readdirSync(path.join(ROOT, folder), { recursive: folder !== "", encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.join(folder, file))
    // A starter's pages lead to each other where they are published.
    .filter((file) => !file.startsWith("examples/projects/")),
);

const read = (page: string) => fs.readFileSync(path.join(ROOT, page), "utf8");

/** A heading's anchor as GitHub makes it. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replace(/ /g, "-");

const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!));

/** Where a page's links lead that are not on the web: `[words](target)`, outside of code. */
const linksOf = (page: string) =>
  [
    ...read(page)
      .replace(/```[\s\S]*?```|`[^`\n]*`/g, "")
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));

function leadsNowhere(page: string, link: string): boolean {
  const [file, heading] = link.split("#") as [string, string?];
  const target = file === "" ? page : path.join(path.dirname(page), decodeURI(file));
  if (!fs.existsSync(path.join(ROOT, target))) return true;
  return heading !== undefined && !anchorsOf(target).includes(heading);
}

/** The files and folders of this repository that a page names as code: `components/web/args.ts`. */
const FOLDERS = "components|docs|examples|functions|policies|sandbox|scripts|stacks|test|webapp|bench";
const pathsOf = (page: string) =>
  [...read(page).matchAll(new RegExp(`\`((?:${FOLDERS})/[\\w./-]*\\w)\``, "g"))].map(([, name]) => name!);

describe("the paths that our pages name", () => {
  it("exist", () => {
    const named = PAGES.flatMap((page) => pathsOf(page).map((name) => ({ page, name })));
    const gone = some(named).filter(({ name }) => !fs.existsSync(path.join(ROOT, name)));
    assert.deepEqual(gone, []);
  });
});

describe("the links between our pages", () => {
  for (const page of some(PAGES))
    it(`lead somewhere in ${page}`, () => {
      assert.deepEqual(
        linksOf(page).filter((link) => leadsNowhere(page, link)),
        [],
      );
    });

  it("number more than a hundred", () => {
    assert.ok(PAGES.flatMap(linksOf).length > 100);
  });

  it("reach each page of docs/ from another page, or from the README", () => {
    const linked = new Set(
      PAGES.flatMap((page) =>
        linksOf(page).map((link) => path.join(path.dirname(page), link.split("#")[0]!)),
      ),
    );
    const alone = PAGES.filter((page) => page.startsWith("docs/") && !linked.has(page));
    assert.deepEqual(alone, []);
  });
});
