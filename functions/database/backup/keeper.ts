import { ageHours, due, Inventory } from "./inventory";

export interface KeeperPorts {
  /** Whether the database's PostgreSQL runs on this node, and takes queries. */
  serves(): Promise<boolean>;
  inventory(): Promise<Inventory>;
  /** Tells the repository of this database. */
  register(): Promise<void>;
  backUp(type: "full" | "incr"): Promise<void>;
  /** For how long the oldest change that is not in the repository has been waiting. */
  waitingSeconds(): Promise<number>;
  /** Restores the newest backup aside, where that is due here. */
  drill(): Promise<"good" | "bad" | "not due">;
  report(figures: Record<string, number>): Promise<void>;
  log(message: string, detail?: Record<string, unknown>): void;
}

/**
 * Looks after the backups on the node that serves, and on the other one sees whether they can be restored. What is due is judged by
 * the repository alone: a node that takes over goes on where the last one stopped.
 */
export class Keeper {
  private running?: Promise<void>;

  constructor(
    private readonly ports: KeeperPorts,
    private readonly fullDays: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** One look. A backup or a drill that it starts goes on beside the looks that follow. */
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
      // None yet is silence, and silence is an alarm.
      ...(age === undefined ? {} : { BackupAgeHours: age }),
    });
  }

  /** Until what it started has ended. */
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

  /** Beside the looks that follow, too: this node may have to serve before it is done. */
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
