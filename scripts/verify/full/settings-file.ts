import * as fs from "node:fs";
import * as path from "node:path";
import { dump, load } from "js-yaml";

type Config = Record<string, unknown>;

/** A stack's settings, changed for a while. The file's content is restored byte for byte, even if this process is ended. */
export class SettingsFile {
  private readonly file: string;
  private readonly before: string;
  private changed = false;

  constructor(readonly stack: string) {
    this.file = path.join(__dirname, "../../..", `Pulumi.${stack}.yaml`);
    this.before = fs.readFileSync(this.file, "utf8");
    process.once("exit", () => this.restore());
  }

  get config(): Config {
    return ((load(this.before) ?? {}) as { config?: Config }).config ?? {};
  }

  /** Writes the settings as they were, with these replaced. */
  write(changes: Config): void {
    this.changed = true;
    const whole = (load(this.before) ?? {}) as object;
    fs.writeFileSync(this.file, dump({ ...whole, config: { ...this.config, ...changes } }));
  }

  restore(): void {
    if (this.changed) fs.writeFileSync(this.file, this.before);
    this.changed = false;
  }
}
