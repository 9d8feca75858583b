import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { Paths, root } from "../paths";

const AUTHOR = { name: "Groundwork", email: "sandbox@example.com" };

export interface Commit {
  id: string;
  message: string;
  authorDate: string;
}

/**
 * The stand-in for the repository on GitHub: this checkout's HEAD as it was at the start, to be pushed to. It borrows the checkout's
 * objects and changes nothing there.
 */
export class SourceRepository {
  readonly folder: string;
  private readonly environment: NodeJS.ProcessEnv;

  constructor({ repositories }: Pick<Paths, "repositories">) {
    this.folder = path.join(repositories, "groundwork.git");
    const who = ["AUTHOR", "COMMITTER"].flatMap((one) =>
      Object.entries(AUTHOR).map(([key, value]) => [`GIT_${one}_${key.toUpperCase()}`, value]),
    );
    this.environment = {
      PATH: process.env["PATH"],
      HOME: repositories,
      GIT_CONFIG_NOSYSTEM: "1",
      // The checkout may belong to another user than the one who starts the sandbox.
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
      ...Object.fromEntries(who),
    };
  }

  /** Creates it, with the branch that is released. */
  make(branch: string): void {
    if (fs.existsSync(this.folder)) return;
    fs.mkdirSync(path.dirname(this.folder), { recursive: true, mode: 0o700 });
    const made = `${this.folder}.new`;
    fs.rmSync(made, { recursive: true, force: true });
    this.git("init", "--quiet", "--bare", `--initial-branch=${branch}`, made);
    const at = ["--git-dir", made];
    const head = this.headOfCheckout();
    if (head) {
      fs.writeFileSync(path.join(made, "objects", "info", "alternates"), `${head.objects}\n`);
      if (fs.existsSync(head.shallow)) fs.copyFileSync(head.shallow, path.join(made, "shallow"));
      this.git(...at, "update-ref", `refs/heads/${branch}`, head.commit);
    } else {
      const work = [...at, "--work-tree", root];
      this.git(...work, "add", "--all", ".");
      this.git(...work, "commit", "--quiet", "--message", "The files of this folder");
    }
    fs.renameSync(made, this.folder);
  }

  /** What a branch points to, at no cost. */
  tip(branch: string): string | undefined {
    try {
      return fs.readFileSync(path.join(this.folder, "refs", "heads", branch), "utf8").trim();
    } catch {
      return undefined;
    }
  }

  /** The latest commit of a branch; undefined if there is no such branch. */
  async latest(branch: string): Promise<Commit | undefined> {
    const format = ["%H", "%aI", "%B"].join("%x00");
    try {
      const text = await this.read("log", "-1", `--format=${format}`, `refs/heads/${branch}`, "--");
      const [id = "", authorDate = "", message = ""] = text.toString().split("\0");
      return { id, authorDate, message: message.trim() };
    } catch {
      return undefined;
    }
  }

  /** A commit's files. */
  zip(commit: string): Promise<Buffer> {
    return this.read("archive", "--format=zip", commit);
  }

  private async read(...args: string[]): Promise<Buffer> {
    const { stdout } = await promisify(execFile)("git", ["--git-dir", this.folder, ...args], {
      env: this.environment,
      encoding: "buffer",
      maxBuffer: 2 ** 29,
    });
    return stdout;
  }

  private headOfCheckout(): { commit: string; objects: string; shallow: string } | undefined {
    try {
      // A folder inside somebody else's checkout is not one itself.
      if (fs.realpathSync(this.git("-C", root, "rev-parse", "--show-toplevel")) !== fs.realpathSync(root))
        return undefined;
      const at = (name: string) => path.resolve(root, this.git("-C", root, "rev-parse", "--git-path", name));
      return {
        commit: this.git("-C", root, "rev-parse", "HEAD"),
        objects: at("objects"),
        shallow: at("shallow"),
      };
    } catch {
      return undefined; // no checkout, or one without a commit
    }
  }

  private git(...args: string[]): string {
    return execFileSync("git", args, {
      cwd: root,
      encoding: "utf8",
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  }
}
