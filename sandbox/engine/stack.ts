import { Inputs, Outputs } from "./types";

/** A declared resource's counterpart on the emulators. */
export interface Standing {
  type: string;
  name: string;
  /** The topmost component that contains it. */
  component: string;
  id: string;
  /** In the form for comparison with the next run's: `comparable`. */
  inputs: Inputs;
  outputs: Outputs;
  tags: Record<string, string>;
  provider?: string;
  /** How often it was replaced: the old and the new one have different names. */
  generation: number;
  /** The position of its last declaration: resources that others depend on come earlier. */
  order: number;
  protect: boolean;
}

const keyOf = ({ type, name }: { type: string; name: string }) => `${type} ${name}`;

interface Saved {
  standing: Standing[];
  providers: [name: string, inputs: Inputs][];
}

/** Everything that exists, from one run of the program to the next. */
export class Stack {
  /** The arguments of each declared provider, by name. */
  readonly providers = new Map<string, Inputs>();
  private readonly standing = new Map<string, Standing>();
  private readonly replaced = new Set<Standing>();
  private readonly declared = new Set<string>();
  private order = 0;

  /** In the form from which another process continues. */
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

  /** Records that the program declares it, and returns its existing counterpart. */
  declare(resource: { type: string; name: string }): Standing | undefined {
    const key = keyOf(resource);
    if (this.declared.has(key)) throw new Error(`${resource.type} "${resource.name}" is declared twice`);
    this.declared.add(key);
    return this.standing.get(key);
  }

  put(standing: Omit<Standing, "order">): void {
    this.standing.set(keyOf(standing), { ...standing, order: ++this.order });
  }

  /** The same without any change; its declaration may now follow another resource than last time. */
  keep(standing: Standing): void {
    standing.order = ++this.order;
  }

  /** Another one replaces it, and it is deleted at the end. */
  replace(standing: Standing): void {
    this.standing.delete(keyOf(standing));
    this.replaced.add(standing);
  }

  /** Whether it exists at its place, and is not replaced. */
  holds(standing: Standing): boolean {
    return this.standing.get(keyOf(standing)) === standing;
  }

  forget(standing: Standing): void {
    this.replaced.delete(standing);
    if (this.holds(standing)) this.standing.delete(keyOf(standing));
  }

  /** What no run declares any more, and what was replaced: dependencies come after their dependants. */
  leaving(): Standing[] {
    const undeclared = this.all.filter((one) => !this.declared.has(keyOf(one)));
    return [...this.replaced, ...undeclared].sort((a, b) => b.order - a.order);
  }
}
