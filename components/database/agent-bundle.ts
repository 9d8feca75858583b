import { createHash } from "node:crypto";
import * as path from "node:path";
import { buildSync } from "esbuild";

/** The sources of the agent and of its watchdog function. The published library ships them as they are. */
export const SOURCES = path.join(__dirname, "../../functions/database");

export interface Bundle {
  code: string;
  sha256: string;
}

/** Bundles the agent into one file for Node 20 or later. AWS, the tests, the rig and the sandbox all run this same file. */
export function bundleAgent(): Bundle {
  const { outputFiles } = buildSync({
    entryPoints: [require.resolve(path.join(SOURCES, "agent/main"))],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    legalComments: "none",
    // The SDK's ES modules let esbuild drop the commands that nothing uses.
    mainFields: ["module", "main"],
    external: ["pg-native"],
    write: false,
    logLevel: "warning",
  });
  const code = outputFiles[0]!.text;
  return { code, sha256: createHash("sha256").update(code).digest("hex") };
}
