import * as fs from "node:fs";
import * as path from "node:path";
import { version } from "pulumi/package.json";
import { root } from "../paths";

/**
 * A separate home for the official CLI, in a folder that already exists. It contains a placeholder for each provider that our packages
 * name: otherwise the engine would download them all, although it then uses those that PULUMI_DEBUG_PROVIDERS names.
 */
export function layOutHome(home: string, cli: string): void {
  fs.mkdirSync(path.join(home, "versions", version), { recursive: true });
  const link = path.join(home, "versions", version, "bin");
  fs.rmSync(link, { force: true });
  fs.symlinkSync(cli, link);
  const modules = path.join(root, "node_modules");
  const packages = [modules, path.join(modules, "@pulumi")]
    .flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name, "package.json")))
    .filter((file) => fs.existsSync(file))
    .map((file) => JSON.parse(fs.readFileSync(file, "utf8")) as Package);
  for (const { pulumi, version: own } of packages) {
    if (!pulumi?.resource) continue;
    const folder = path.join(home, "plugins", `resource-${pulumi.name}-v${pulumi.version ?? own}`);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, `pulumi-resource-${pulumi.name}`), "", { mode: 0o755 });
  }
}

interface Package {
  version: string;
  pulumi?: { resource?: boolean; name: string; version?: string };
}
