import { ageHours, due, Inventory } from "./inventory";

export interface KeeperPorts {
  /** Whether the database's PostgreSQL runs on this node and takes queries. */
  serves(): Promise<boolean>;
  inventory(): Promise<Inventory>;
  /** Registers this database with the repository. */
  register(): Promise<void>;
  backUp(type: "full" | "incr"): Promise<void>;
  /** How long the oldest change that is missing from the repository has been waiting. */
  waitingSeconds(): Promise<number>;
  /** Restores the newest backup to one side, if that is due here. */
  drill(): Promise<"good" | "bad" | "not due">;
  report(figures: Record<string, number>): Promise<void>;
  log(message: string, detail?: Record<string, unknown>): void;
}

/**
 * Makes the backups on the node that serves; on the other node, checks that they can be restored. The repository alone decides what
 * is due, so a node that takes over continues where the last one stopped.
 */
export class Keeper {
  private running?: Promise<void>;

  constructor(
    private readonly ports: KeeperPorts,
    private readonly fullDays: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** One check. A backup or drill that it starts runs on beside the checks that follow. */
  async look(): Promise<void> {
    const { ports } = this;
    if (!(await ports.serves())) return this.practise();
    let inventory = await ports.inventory();
    if (!inventory.known) {
      await ports.register();
      inventory = await ports.inventory();
    }
    const type = due(inventory, this.fullDays, this.now());
    if (type && !this.running) this.running = this.backUp(type);
    const age = ageHours(inventory, this.now());
    await ports.report({
      UnarchivedSeconds: await ports.waitingSeconds(),
      // No backup yet sends no metric, and missing data raises the alarm.
      ...(age === undefined ? {} : { BackupAgeHours: age }),
    });
  }

  /** Resolves when everything it started has ended. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async backUp(type: "full" | "incr"): Promise<void> {
    try {
      await this.ports.backUp(type);
      this.ports.log("backed up", { type });
    } catch (error) {
      this.ports.log("the backup failed", { type, error: (error as Error).message });
    } finally {
      this.running = undefined;
    }
  }

  /** Also beside later checks: this node may have to serve before it is done. */
  private practise(): void {
    this.running ??= this.ports
      .drill()
      .then(async (outcome) => {
        if (outcome !== "not due") await this.ports.report({ DrillsFailed: outcome === "bad" ? 1 : 0 });
      })
      .catch((error: Error) => this.ports.log("the drill was not reported", { error: error.message }))
      .finally(() => (this.running = undefined));
  }
}
