import * as fs from "node:fs";
import * as path from "node:path";

/** A `docker` that comes first in the path and does this. */
export function withDocker<T>(folder: string, script: string, then: () => Promise<T>): Promise<T> {
  const before = process.env["PATH"];
  fs.writeFileSync(path.join(folder, "docker"), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  process.env["PATH"] = `${folder}${path.delimiter}${before}`;
  return then().finally(() => (process.env["PATH"] = before));
}
