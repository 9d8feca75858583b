import * as path from "node:path";
import { build, stop as stopBundler } from "esbuild";
import { root } from "./paths";

/** The same bundle as in the image, with the access check that servers have only here. */
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
    await stopBundler(); // otherwise it stays, with a hundred megabytes
  }
}
