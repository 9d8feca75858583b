import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** Installs a folder's own package.json, once: what we compare with is no dependency of the product. Returns the versions. */
export function installPeers(folder: string): Record<string, string> {
  const wanted = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"))
    .dependencies as Record<string, string>;
  const installed = (name: string) => {
    const file = path.join(folder, "node_modules", name, "package.json");
    return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")).version as string) : undefined;
  };
  if (Object.entries(wanted).every(([name, version]) => installed(name) === version)) return wanted;
  console.log(`Installing ${Object.keys(wanted).join(", ")} (once) ...`);
  const done = spawnSync(
    "npm",
    ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: folder,
      stdio: ["ignore", 2, 2],
    },
  );
  if (done.status !== 0) throw new Error(`the peers of ${folder} could not be installed`);
  return wanted;
}
