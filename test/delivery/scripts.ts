import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { newFolder } from "../folder";

export const root = path.join(__dirname, "..", "..");
export const deployFolder = path.join(root, "webapp", "deploy");

export interface ScriptRun {
  code: number;
  output: string;
}

/** A machine of its own for scripts: a scratch folder, and stand-ins for docker, systemctl and aws in the path. */
export class Machine {
  readonly folder = newFolder("groundwork-machine");
  readonly etc = path.join(this.folder, "etc");

  constructor() {
    fs.mkdirSync(this.etc);
    fs.writeFileSync(path.join(this.folder, "calls"), "");
  }

  run(
    script: string,
    environment: Record<string, string> = {},
    input = "",
    words: string[] = [],
  ): Promise<ScriptRun> {
    const env = {
      ...process.env,
      PATH: `${path.join(__dirname, "stand-ins")}:${process.env.PATH}`,
      STAND_IN: this.folder,
      GROUNDWORK_ETC: this.etc,
      DOCKER_CONFIG: this.folder,
      ...environment,
    };
    return new Promise((resolve) => {
      const child = execFile("bash", [script, ...words], { env, cwd: root }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
      // A script that reads nothing may have ended before its input came.
      child.stdin!.on("error", () => undefined).end(input);
    });
  }

  /** What the stand-ins were asked to do, in order. */
  calls(): string[] {
    return fs.readFileSync(path.join(this.folder, "calls"), "utf8").trim().split("\n").filter(Boolean);
  }

  read(file: string): string | undefined {
    const full = path.join(this.etc, file);
    return fs.existsSync(full) ? fs.readFileSync(full, "utf8") : undefined;
  }

  async end(): Promise<void> {
    await this.run(path.join(deployFolder, "hooks", "stop.sh"));
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
