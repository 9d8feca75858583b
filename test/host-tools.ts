import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { load } from "js-yaml";

const INSTALL_WAIT_MS = 180_000;
const found = new Map<string, string | undefined>();

/** A test that needs a tool. Where that is missing and cannot be installed, it says why it skips. */
export function whenThere(tool: "shellcheck" | "cloud-init", title: string, test: () => void): void {
  it(title, function () {
    this.timeout(INSTALL_WAIT_MS + 60_000);
    if (!found.has(tool)) found.set(tool, install(tool));
    const missing = found.get(tool);
    if (missing === undefined) return test();
    console.log(`      skipped: ${missing}`);
    this.skip();
  });
}

const isThere = (tool: string) => spawnSync("which", [tool]).status === 0;

/** Why a tool is missing, or nothing once it is there: where this is Debian and we may, it is installed. */
function install(tool: string): string | undefined {
  if (isThere(tool)) return undefined;
  if (process.getuid?.() !== 0 || !isThere("apt-get"))
    return `${tool} is not installed, and only root on Debian could install it here`;
  // The package would set the machine up anew when it boots; this file is how cloud-init itself is told not to.
  fs.mkdirSync("/etc/cloud", { recursive: true });
  fs.writeFileSync("/etc/cloud/cloud-init.disabled", "");
  const done = spawnSync("apt-get", ["install", "-y", "--no-install-recommends", tool], {
    timeout: INSTALL_WAIT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    encoding: "utf8",
  });
  return done.status === 0
    ? undefined
    : `${tool} could not be installed: ${done.stderr.trim().split("\n").pop()}`;
}

/** What shellcheck finds in each of the scripts that a machine's user data writes. */
export function shellcheck(userData: string): string {
  const { write_files } = load(userData) as { write_files: { path: string; content: string }[] };
  const scripts = write_files.filter(({ content }) => content.startsWith("#!"));
  if (scripts.length === 0) throw new Error("the user data writes no script");
  return scripts
    .map(({ path: name, content }) => {
      const { stdout, stderr } = spawnSync(
        "shellcheck",
        ["--enable=all", "--exclude=SC2250,SC2292,SC2312", "-"],
        {
          input: content,
          encoding: "utf8",
        },
      );
      return stdout + stderr && `${name}:${stdout}${stderr}`;
    })
    .join("");
}

/** What cloud-init says of a machine's user data. */
export function cloudInitSchema(userData: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-user-data-"));
  try {
    const file = path.join(folder, "user-data");
    fs.writeFileSync(file, userData);
    const done = spawnSync("cloud-init", ["schema", "--config-file", file], { encoding: "utf8" });
    return `${done.stdout}${done.stderr}`.replace(file, "user-data").trim();
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
