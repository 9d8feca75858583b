import * as pulumi from "@pulumi/pulumi";
import { answerCall, computedOutputs, Inputs } from "./answers";
import type { Declared } from "./declared";

export interface Run<T> {
  /** What the program exports. */
  outputs: T;
  resources: Declared[];
  /** All resources of a type. The end of the type is enough, such as `ec2/subnet:Subnet`. */
  all(type: string): Declared[];
  /** The only resource of a type, or the one with this name. */
  one(type: string, name?: string): Declared;
}

export interface RunOptions {
  /** @default "test" */
  stack?: string;
  /** @default "project" */
  project?: string;
  /** Runs like `pulumi preview`: what AWS would compute is unknown. @default false */
  preview?: boolean;
  /** The stack's configuration; a key without a namespace is the project's. @default none */
  config?: Record<string, unknown>;
  /** Answers to functions of providers, by token, such as `aws:ec2/getAmi:getAmi`. @default those that the components call */
  calls?: Record<string, (inputs: Inputs) => Inputs>;
  /** What AWS computes for resources of a type, by token. @default an ARN, a name, and what the components read */
  computed?: Record<string, (name: string, inputs: Inputs) => Inputs>;
}

/** Pulumi's runtime knows one program at a time: a second one would declare its resources among those of the first. */
let last: Promise<unknown> = Promise.resolve();

/** Runs a program, or a component's constructor, under recording mocks. It creates nothing and records everything. Runs that overlap wait for each other. */
export function run<T extends object>(
  program: () => T | Promise<T>,
  options: RunOptions = {},
): Promise<Run<T>> {
  const mine = last.then(() => runAlone(program, options));
  last = mine.catch(() => undefined);
  return mine;
}

async function runAlone<T extends object>(
  program: () => T | Promise<T>,
  options: RunOptions,
): Promise<Run<T>> {
  const { stack = "test", project = "project", preview = false, config = {}, calls, computed = {} } = options;
  const resources: Declared[] = [];
  const given = new Map<pulumi.Resource, pulumi.ResourceOptions>();
  const byName = new Map<string, pulumi.Resource>();
  const needs = new Map<string, string[]>();
  pulumi.runtime.setAllConfig({ "aws:region": "eu-west-1", ...flatten(project, config) });
  await pulumi.runtime.setMocks(
    {
      async newResource(args) {
        const { inputs, opts } = await transformed(args, byName.get(`${args.type} ${args.name}`), given);
        const known = {
          ...computedOutputs({ ...args, inputs }),
          ...computed[args.type]?.(args.name, inputs),
        };
        const outputs = { id: `${args.name}-id`, ...inputs, ...known };
        if (args.type !== "pulumi:pulumi:Stack")
          resources.push(
            declared({ ...args, inputs }, outputs, opts, needs.get(`${args.type} ${args.name}`)),
          );
        if (args.custom === false && !args.type.startsWith("awsx:")) return { id: undefined, state: {} };
        return preview ? { id: undefined, state: inputs } : { id: `${args.name}-id`, state: outputs };
      },
      call: (args) => answerCall(args, calls),
    },
    project,
    stack,
    preview,
    "organization",
  );
  noteNeeds(needs);
  const outputs = await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation(({ resource, type, name, props, opts }) => {
      given.set(resource, opts);
      byName.set(`${type} ${name}`, resource);
      // Pulumi's mocks refuse transforms: `transformed` applies them instead.
      return opts.transforms && { props, opts: { ...opts, transforms: undefined } };
    });
    return program();
  });
  await settled(resources);
  return { outputs: outputs as T, resources, ...finders(resources) };
}

/** Makes the engine's stand-in record what each resource needs, since it does not pass that on to the mocks. */
function noteNeeds(needs: Map<string, string[]>): void {
  const monitor = pulumi.runtime.getMonitor() as {
    registerResource(
      request: { getType(): string; getName(): string; getDependenciesList(): string[] },
      ...rest: unknown[]
    ): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    needs.set(`${request.getType()} ${request.getName()}`, request.getDependenciesList().map(typeAndName));
    return register(request, ...rest);
  };
}

/** Splits `urn:pulumi:stack::project::parent$type::name` into type and name. */
const typeAndName = (urn: string) => {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1)} ${name.join("::")}`;
};

/** Applies `transforms` as the engine does: first a resource's own, then those of each component above it. */
async function transformed(
  { type, name, custom = true, inputs }: pulumi.runtime.MockResourceArgs,
  resource: pulumi.Resource | undefined,
  given: ReadonlyMap<pulumi.Resource, pulumi.ResourceOptions>,
): Promise<{ inputs: Inputs; opts: pulumi.ResourceOptions }> {
  const optsOf = (one: pulumi.Resource | undefined) => (one && given.get(one)) ?? {};
  let changed = { props: inputs as Inputs, opts: optsOf(resource) };
  for (let one = resource; one; one = optsOf(one).parent)
    for (const transform of optsOf(one).transforms ?? [])
      changed = (await transform({ type, name, custom, ...changed })) ?? changed;
  return { inputs: changed.props, opts: changed.opts };
}

function declared(
  args: pulumi.runtime.MockResourceArgs,
  outputs: Declared["outputs"],
  opts: pulumi.ResourceOptions,
  needs: string[] = [],
): Declared {
  const dependsOn = Array.isArray(opts.dependsOn) ? opts.dependsOn : [opts.dependsOn].filter(Boolean);
  return {
    type: args.type,
    name: args.name,
    inputs: args.inputs,
    outputs,
    parent: nameOf(opts.parent),
    parentType: (opts.parent as { __pulumiType?: string } | undefined)?.__pulumiType ?? "",
    protect: opts.protect ?? false,
    retainOnDelete: opts.retainOnDelete ?? false,
    custom: args.custom ?? true,
    dependsOn: dependsOn.map(nameOf),
    needs,
    ignoreChanges: (opts.ignoreChanges as string[] | undefined) ?? [],
  };
}

const nameOf = (resource: unknown) => (resource as { __name?: string } | undefined)?.__name ?? "";

function finders(resources: Declared[]): Pick<Run<object>, "all" | "one"> {
  const all = (type: string) => resources.filter((r) => r.type === type || r.type.endsWith(`:${type}`));
  const one = (type: string, name?: string) => {
    const found = all(type).filter((r) => name === undefined || r.name === name);
    if (found.length !== 1)
      throw new Error(
        `expected one ${type}${name ? ` named ${name}` : ""}, found ${found.length}: ${found.map((r) => r.name).join(", ")}`,
      );
    return found[0]!;
  };
  return { all, one };
}

/** A registration may start another one when its outputs arrive, so this waits until none does any more. */
async function settled(resources: Declared[]): Promise<void> {
  for (let before = -1; before !== resources.length;) {
    before = resources.length;
    await pulumi.runtime.disconnect();
  }
}

function flatten(project: string, config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.includes(":") ? key : `${project}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** The value of an output, for assertions. */
export function valueOf<T>(output: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve) => pulumi.output(output).apply((value) => resolve(value as T)));
}
