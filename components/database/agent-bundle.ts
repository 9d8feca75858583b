import { createHash } from "node:crypto";
import * as path from "node:path";
import { buildSync } from "esbuild";

/** The agent, and what it shares with the function that watches over it; the library brings them along as they are. */
export const SOURCES = path.join(__dirname, "../../functions/database");

export interface Bundle {
  code: string;
  sha256: string;
}

/** The agent as one file for Node 20 or later: the same file on AWS, in the tests, in the rig and in the sandbox. */
export function bundleAgent(): Bundle {
  const { outputFiles } = buildSync({
    entryPoints: [require.resolve(path.join(SOURCES, "agent/main"))],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    legalComments: "none",
    // The ES modules of the SDK: only the commands in use stay in the file.
    mainFields: ["module", "main"],
    external: ["pg-native"],
    write: false,
    logLevel: "warning",
  });
  const code = outputFiles[0]!.text;
  return { code, sha256: createHash("sha256").update(code).digest("hex") };
}
