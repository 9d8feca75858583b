import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** An editor saves in several steps: together they are one edit. */
const SETTLED_MS = 40;
/** What editors and systems leave beside a file. */
const ASIDE = /(^|\/)(\.|#|~)|~$|\.(swp|swx|tmp|bak|orig)$|(^|\/)(4913|node_modules)(\/|$)/;

/** Tells which files of some folders, and of the root itself, have another content than before; paths are the root's. */
export class Files {
  private readonly sums = new Map<string, string>();
  private readonly watchers: fs.FSWatcher[] = [];
  private readonly touched = new Set<string>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly root: string,
    private readonly folders: string[],
    /** Which of the root's own files. */
    private readonly files: RegExp,
    private readonly changed: (paths: string[]) => void,
  ) {}

  start(): void {
    for (const folder of this.folders) {
      for (const file of this.filesIn(folder)) this.sums.set(file, this.sumOf(file));
      this.watch(folder, true);
    }
    for (const name of fs.readdirSync(this.root).filter((one) => this.files.test(one)))
      this.sums.set(name, this.sumOf(name));
    this.watch("", false);
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers) watcher.close();
  }

  private watch(folder: string, recursive: boolean): void {
    const watcher = fs.watch(path.join(this.root, folder), { recursive }, (_, name) => {
      if (name === null) return;
      const file = path.posix.join(folder, name.split(path.sep).join("/"));
      if (ASIDE.test(file) || (!recursive && !this.files.test(file))) return;
      this.touched.add(file);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), SETTLED_MS);
    });
    watcher.on("error", () => {}); // a folder that goes is told by its files
    this.watchers.push(watcher);
  }

  private look(): void {
    // A folder that was moved here tells of itself alone.
    const files = [...this.touched].flatMap((file) => [file, ...this.filesIn(file)]);
    this.touched.clear();
    const changed = [...new Set(files)].filter((file) => {
      const sum = this.sumOf(file);
      if (sum === (this.sums.get(file) ?? "")) return false;
      this.sums.set(file, sum);
      return true;
    });
    if (changed.length) this.changed(changed.sort());
  }

  private filesIn(folder: string): string[] {
    const at = path.join(this.root, folder);
    if (!fs.statSync(at, { throwIfNoEntry: false })?.isDirectory()) return [];
    return fs
      .readdirSync(at, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        path.relative(this.root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"),
      )
      .filter((file) => !ASIDE.test(file));
  }

  /** Empty for what is no file, or none any more. */
  private sumOf(file: string): string {
    try {
      return createHash("sha256")
        .update(fs.readFileSync(path.join(this.root, file)))
        .digest("hex");
    } catch {
      return "";
    }
  }
}
