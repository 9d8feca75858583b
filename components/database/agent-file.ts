import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { bundleAgent, SOURCES } from "./agent-bundle";

const packages = [
  "@aws-sdk/client-dynamodb",
  "@aws-sdk/client-ec2",
  "@aws-sdk/client-secrets-manager",
  "@aws-sdk/client-sts",
  "pg",
  "esbuild",
];

/**
 * The agent as a file, built once for each state of its sources: bundling takes longer than the rest of a preview.
 * Its name contains its checksum, so that an instance can verify what it downloads.
 */
export function agentFile(): { path: string; sha256: string } {
  const cache = path.join(cacheFolder(), `agent-${stateOfSources()}`);
  const known = fs.existsSync(cache) ? fs.readdirSync(cache) : [];
  const file = known.find((name) => name.endsWith(".cjs"));
  if (file) return { path: path.join(cache, file), sha256: path.basename(file, ".cjs") };

  const { code, sha256 } = bundleAgent();
  const unfinished = `${cache}.${process.pid}`;
  fs.mkdirSync(unfinished, { recursive: true });
  fs.writeFileSync(path.join(unfinished, `${sha256}.cjs`), code);
  try {
    fs.renameSync(unfinished, cache);
  } catch {
    // Another process has built the same file meanwhile.
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  return { path: path.join(cache, `${sha256}.cjs`), sha256 };
}

function stateOfSources(): string {
  const hash = createHash("sha256");
  const sources = fs.readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  for (const name of sources.filter((one) => one.endsWith(".ts")).sort())
    hash.update(name).update(fs.readFileSync(path.join(SOURCES, name)));
  for (const name of packages) hash.update(fs.readFileSync(path.join(packageFolder(name), "package.json")));
  return hash.digest("hex").slice(0, 16);
}

/** Finds a package's folder as Node would, but without resolving its entry, which it may not have. */
function packageFolder(name: string): string {
  for (let at = __dirname; ; at = path.dirname(at)) {
    const candidate = path.join(at, "node_modules", name);
    if (fs.existsSync(candidate)) return candidate;
    if (at === path.dirname(at)) throw new Error(`the package ${name} must be installed, it was not found`);
  }
}

function cacheFolder(): string {
  return path.join(packageFolder("esbuild"), "..", ".cache", "groundwork");
}
