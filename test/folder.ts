import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const made: string[] = [];

/** A new empty folder among the system's temporary ones. It goes with the process, whatever becomes of the test. */
export function newFolder(name: string): string {
  if (made.length === 0)
    process.once("exit", () => {
      for (const folder of made) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    });
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), `${name}-`)));
  made.push(folder);
  return folder;
}
