import { messageOf } from "../../sandbox/problem";

interface Thing {
  what: string;
  remove(): Promise<unknown>;
  /** Whether it still exists: checked after its removal. */
  there(): Promise<boolean>;
}

export interface Removed {
  what: string;
  gone: boolean;
  /** Why it still exists. */
  problem?: string;
}

/** Everything that a run created in the stack. */
export class Made {
  /** What the stack itself offers no way to remove. */
  readonly stays: string[] = [];
  private readonly things: Thing[] = [];

  /** Registered before it is created, so that it is looked for even if its creation was cut off. */
  add(thing: Thing): void {
    this.things.push(thing);
  }

  get count(): number {
    return this.things.length;
  }

  /** Newest first. A failed removal does not stop the others. */
  async removeAll(): Promise<Removed[]> {
    const removed: Removed[] = [];
    for (const { what, remove, there } of this.things.splice(0).reverse())
      try {
        if (await there()) await remove();
        const left = await there();
        removed.push({ what, gone: !left, ...(left && { problem: "it was removed, but is still there" }) });
      } catch (error) {
        removed.push({ what, gone: false, problem: messageOf(error) });
      }
    return removed;
  }
}
