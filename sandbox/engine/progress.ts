interface Group {
  began: number;
  declared: number;
  done: number;
}

/** One line per component, when the last of its resources is ready. */
export class Progress {
  private readonly groups = new Map<string, Group>();
  private readonly groupOf = new Map<string, string>();
  private readonly parents = new WeakMap<
    object,
    { parent: object | undefined; name: string; type: string }
  >();
  private allDeclared = false;

  constructor(private readonly report: (line: string) => void) {}

  declared(args: { resource: object; type: string; name: string; opts: { parent?: object } }): void {
    this.parents.set(args.resource, { parent: args.opts.parent, name: args.name, type: args.type });
    const group = this.topmost(args.resource);
    this.groupOf.set(`${args.type} ${args.name}`, group);
    const counts = this.groups.get(group) ?? { began: performance.now(), declared: 0, done: 0 };
    counts.declared++;
    this.groups.set(group, counts);
  }

  done({ type, name }: { type: string; name: string }): void {
    const group = this.groupOf.get(`${type} ${name}`);
    const counts = group === undefined ? undefined : this.groups.get(group);
    if (!counts) return;
    counts.done++;
    this.tell(group!, counts);
  }

  /** The program has finished: from now on a component whose resources are all ready is complete. */
  complete(): void {
    this.allDeclared = true;
    for (const [group, counts] of this.groups) this.tell(group, counts);
  }

  componentOf({ type, name }: { type: string; name: string }): string {
    return this.groupOf.get(`${type} ${name}`) ?? name;
  }

  private tell(group: string, { began, declared, done }: Group): void {
    if (!this.allDeclared || done !== declared) return;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    this.report(`${group.padEnd(24)} ${String(declared).padStart(4)} resources  ${seconds.padStart(5)} s`);
  }

  private topmost(resource: object): string {
    let name = "";
    for (let node: object | undefined = resource; node;) {
      const known = this.parents.get(node);
      if (!known || known.type === "pulumi:pulumi:Stack") break;
      name = known.name;
      node = known.parent;
    }
    return name;
  }
}
