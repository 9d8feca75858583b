import { messageOf } from "../../sandbox/problem";

interface Thing {
  what: string;
  remove(): Promise<unknown>;
  /** Whether it is still there: asked after it was removed. */
  there(): Promise<boolean>;
}

export interface Removed {
  what: string;
  gone: boolean;
  /** Why it is still there. */
  problem?: string;
}

/** All that a run made in the stack. */
export class Made {
  /** What nobody can remove by the stack's own means. */
  readonly stays: string[] = [];
  private readonly things: Thing[] = [];

  /** Told before it is made, so that it is looked for even when its making was cut off. */
  add(thing: Thing): void {
    this.things.push(thing);
  }

  get count(): number {
    return this.things.length;
  }

  /** The newest first. One that cannot be removed does not keep the others. */
  async removeAll(): Promise<Removed[]> {
    const removed: Removed[] = [];
    for (const { what, remove, there } of this.things.splice(0).reverse())
      try {
        if (await there()) await remove();
        const left = await there();
        removed.push({ what, gone: !left, ...(left && { problem: "it was removed, and is still there" }) });
      } catch (error) {
        removed.push({ what, gone: false, problem: messageOf(error) });
      }
    return removed;
  }
}
