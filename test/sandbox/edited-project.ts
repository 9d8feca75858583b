import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { home, root } from "../../sandbox/paths";

/** What a start reads of the repository. */
const SOURCES = [
  ...["components", "examples/projects", "functions", "sandbox", "scripts", "stacks", "webapp"],
  ...["index.ts", "main.cjs", "package.json", "package-lock.json", "tsconfig.json", "Pulumi*.yaml"],
];

/** A copy of the project for tests that edit its sources, while other tests read them. */
export class EditedProject {
  private readonly originals = new Map<string, string>();

  constructor(readonly folder: string) {
    const files = execFileSync(
      "git",
      ["ls-files", "-z", "--cached", "--others", "--exclude-standard", ...SOURCES],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    for (const name of files.split("\0").filter((one) => one && fs.existsSync(path.join(root, one)))) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.copyFileSync(path.join(root, name), path.join(folder, name));
    }
    fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    fs.mkdirSync(path.join(folder, ".sandbox"));
    fs.symlinkSync(path.join(home, "python"), path.join(folder, ".sandbox/python"));
  }

  /** Replaces a text, which must be there. */
  edit(file: string, from: string, to: string): void {
    const at = path.join(this.folder, file);
    const text = fs.readFileSync(at, "utf8");
    if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
    if (!this.originals.has(file)) this.originals.set(file, text);
    fs.writeFileSync(
      at,
      text.replace(from, () => to),
    );
  }

  /** Takes all edits back. */
  restoreAll(): void {
    for (const [file, text] of this.originals) fs.writeFileSync(path.join(this.folder, file), text);
  }
}
