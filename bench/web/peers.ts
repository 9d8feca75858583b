import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { installPeers as installPackages } from "../peers";

export const peersFolder = path.join(__dirname, "peers");
const venv = path.join(peersFolder, ".venv");
export const python = path.join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** Installs the peers beside the bench, once; answers whether Python's are among them. */
export function installPeers(say: (line: string) => void): boolean {
  const run = (command: string, args: string[]) =>
    execFileSync(command, args, { cwd: peersFolder, stdio: ["ignore", "ignore", "inherit"] });
  installPackages(peersFolder);
  if (spawnSync("python3", ["-m", "venv", "--help"]).status !== 0) {
    say("Flask is left out: this machine has no python3 with venv.");
    return false;
  }
  if (!fs.existsSync(path.join(venv, "ready"))) {
    say("Installing the peers of Python (once) ...");
    try {
      run("python3", ["-m", "venv", venv]);
      run(python, [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        "requirements.txt",
      ]);
    } catch {
      say("Flask is left out: its packages could not be installed.");
      return false;
    }
    fs.writeFileSync(path.join(venv, "ready"), "");
  }
  return true;
}
