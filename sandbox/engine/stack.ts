import { Inputs, Outputs } from "./types";

/** What stands on the emulators of a resource that the program declared. */
export interface Standing {
  type: string;
  name: string;
  /** The topmost component that it belongs to. */
  component: string;
  id: string;
  /** As the next run's are compared with them: `comparable`. */
  inputs: Inputs;
  outputs: Outputs;
  tags: Record<string, string>;
  provider?: string;
  /** How often it was made anew: the old one and the new one have not the same name. */
  generation: number;
  /** When the program declared it last: what others are made from comes before them. */
  order: number;
  protect: boolean;
}

const keyOf = ({ type, name }: { type: string; name: string }) => `${type} ${name}`;

interface Saved {
  standing: Standing[];
  providers: [name: string, inputs: Inputs][];
}

/** All that stands, from one run of the program to the next. */
export class Stack {
  /** The arguments of each provider that the program declared, by its name. */
  readonly providers = new Map<string, Inputs>();
  private readonly standing = new Map<string, Standing>();
  private readonly replaced = new Set<Standing>();
  private readonly declared = new Set<string>();
  private order = 0;

  /** As another process goes on from it. */
  toJSON(): Saved {
    return { standing: this.all, providers: [...this.providers] };
  }

  static from({ standing, providers }: Saved): Stack {
    const stack = new Stack();
    for (const one of [...standing].sort((a, b) => a.order - b.order)) stack.put(one);
    for (const [name, inputs] of providers) stack.providers.set(name, inputs);
    return stack;
  }

  get all(): Standing[] {
    return [...this.standing.values()];
  }

  find(type: string, name: string): Standing | undefined {
    return this.standing.get(keyOf({ type, name }));
  }

  /** A run begins: nothing is declared yet. */
  begin(): void {
    this.declared.clear();
  }

  /** Notes that the program has it, and answers what stands of it. */
  declare(resource: { type: string; name: string }): Standing | undefined {
    const key = keyOf(resource);
    if (this.declared.has(key)) throw new Error(`${resource.type} "${resource.name}" is declared twice`);
    this.declared.add(key);
    return this.standing.get(key);
  }

  put(standing: Omit<Standing, "order">): void {
    this.standing.set(keyOf(standing), { ...standing, order: ++this.order });
  }

  /** The same, and nothing to do; what the program declared it after may be something else than last time. */
  keep(standing: Standing): void {
    standing.order = ++this.order;
  }

  /** Another one takes its place, and it goes at the end. */
  replace(standing: Standing): void {
    this.standing.delete(keyOf(standing));
    this.replaced.add(standing);
  }

  /** Whether it stands in its place, and no other one. */
  holds(standing: Standing): boolean {
    return this.standing.get(keyOf(standing)) === standing;
  }

  forget(standing: Standing): void {
    this.replaced.delete(standing);
    if (this.holds(standing)) this.standing.delete(keyOf(standing));
  }

  /** What no run declares any more, and what was replaced: what others are made from goes after them. */
  leaving(): Standing[] {
    const undeclared = this.all.filter((one) => !this.declared.has(keyOf(one)));
    return [...this.replaced, ...undeclared].sort((a, b) => b.order - a.order);
  }
}
