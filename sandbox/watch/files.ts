import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** An editor saves in several steps: together they are one edit. */
const SETTLED_MS = 40;
/** What editors and systems leave beside a file. */
const ASIDE = /(^|\/)(\.|#|~)|~$|\.(swp|swx|tmp|bak|orig)$|(^|\/)(4913|node_modules)(\/|$)/;

/** Reports which files of some folders, and of the root itself, have changed content; paths are relative to the root. */
export class Files {
  private readonly sums = new Map<string, string>();
  private readonly watchers = new Map<string, fs.FSWatcher>();
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
    for (const folder of this.folders) this.take(folder);
    for (const name of fs.readdirSync(this.root).filter((one) => this.files.test(one)))
      this.sums.set(name, this.sumOf(name));
    this.watch("");
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers.values()) watcher.close();
  }

  /** A folder with everything below it, as it is now. */
  private take(folder: string): void {
    for (const { name, isFolder } of this.inside(folder)) {
      if (isFolder) this.take(name);
      else this.sums.set(name, this.sumOf(name));
    }
    this.watch(folder);
  }

  /** Each folder by itself: a watch of a whole tree misses files on Linux (Node 20). */
  private watch(folder: string): void {
    if (this.watchers.has(folder)) return;
    const watcher = fs.watch(path.join(this.root, folder), (_, name) => {
      if (name === null) return;
      const file = path.posix.join(folder, name);
      if (ASIDE.test(file) || (folder === "" && !this.files.test(file))) return;
      this.touched.add(file);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), SETTLED_MS);
    });
    const forget = () => {
      watcher.close();
      this.watchers.delete(folder);
    };
    watcher.on("error", forget); // a deleted folder shows in its files
    this.watchers.set(folder, watcher);
  }

  private look(): void {
    const files = [...this.touched].flatMap((one) => this.below(one));
    this.touched.clear();
    const changed = [...new Set(files)].filter((file) => {
      const sum = this.sumOf(file);
      if (sum === (this.sums.get(file) ?? "")) return false;
      this.sums.set(file, sum);
      return true;
    });
    if (changed.length) this.changed(changed.sort());
  }

  /** The file itself; for a folder, which may be new, all files in it, which are watched from now on. */
  private below(one: string): string[] {
    if (!fs.statSync(path.join(this.root, one), { throwIfNoEntry: false })?.isDirectory()) {
      const lost = [...this.sums.keys()].filter((file) => file.startsWith(`${one}/`)); // a folder that is gone
      return [one, ...lost];
    }
    this.watch(one);
    return this.inside(one).flatMap(({ name }) => this.below(name));
  }

  private inside(folder: string): { name: string; isFolder: boolean }[] {
    return fs
      .readdirSync(path.join(this.root, folder), { withFileTypes: true })
      .map((entry) => ({ name: path.posix.join(folder, entry.name), isFolder: entry.isDirectory() }))
      .filter(({ name }) => !ASIDE.test(name));
  }

  /** Empty if it is no file, or none any more. */
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
