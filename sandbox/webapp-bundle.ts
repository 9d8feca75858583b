import * as path from "node:path";
import { build, stop as stopBundler } from "esbuild";
import { root } from "./paths";

/** The same bundle that the image holds, and the check of who may come in, which a server has only here. */
export async function bundleWebapp(folder: string): Promise<string> {
  const module = (await import(path.join(root, "webapp", "bundle.cjs"))) as {
    default: (folder: string) => Promise<string>;
  };
  try {
    const file = await module.default(folder);
    await build({
      entryPoints: [path.join(__dirname, "webapp-access.ts")],
      outfile: path.join(folder, "access.js"),
      bundle: true,
      platform: "node",
      logLevel: "warning",
    });
    return file;
  } finally {
    await stopBundler(); // else it stays, with a hundred megabytes
  }
}
