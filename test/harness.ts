import "../scripts/lean-pulumi.cjs"; // before Pulumi, as main.cjs does
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { load } from "js-yaml";
import type { Declared } from "../policies/declared";
import { answerCall, computedOutputs } from "./harness-answers";

export interface Run<T> {
  outputs: T;
  resources: Declared[];
  /** All resources of a type; the type may be given by its end, such as `ec2/subnet:Subnet`. */
  all(type: string): Declared[];
  /** The one resource of a type, or the one of that name. */
  one(type: string, name?: string): Declared;
}

export interface RunOptions {
  stack?: string;
  preview?: boolean;
  config?: Record<string, unknown>;
  /** Lines of the stack's file that are left out. @default none */
  without?: string[];
  /** What the provider's functions answer instead, by their tokens. */
  answers?: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>;
}

/** Runs a program, or a component's construction, under recording mocks: nothing is created, all is known. */
export async function run<T extends object>(
  program: () => T | Promise<T>,
  options: RunOptions = {},
): Promise<Run<T>> {
  const stack = options.stack ?? "test";
  const resources: Declared[] = [];
  pulumi.runtime.setAllConfig({ "aws:region": "eu-west-1", ...flatten(options.config ?? {}) });
  const options_ = new Map<string, pulumi.ResourceOptions>();
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        const opts = options_.get(`${args.type} ${args.name}`);
        const outputs = { id: `${args.name}-id`, ...args.inputs, ...computedOutputs(args) };
        if (args.type !== "pulumi:pulumi:Stack") resources.push(declared(args, outputs, opts));
        if (args.custom === false && !args.type.startsWith("awsx:")) return { id: undefined, state: {} };
        return options.preview
          ? { id: undefined, state: args.inputs }
          : { id: `${args.name}-id`, state: outputs };
      },
      call: (args) => options.answers?.[args.token]?.(args.inputs) ?? answerCall(args),
    },
    "groundwork",
    stack,
    options.preview ?? false,
    "organization",
  );
  const outputs = await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation((args) => {
      options_.set(`${args.type} ${args.name}`, args.opts);
      return undefined;
    });
    return program();
  });
  await settled(resources);
  return { outputs: outputs as T, resources, ...finders(resources) };
}

/** Runs index.ts as `pulumi up` would, with the settings of Pulumi.<stack>.yaml. */
export async function runStack(
  stack: string,
  options: Omit<RunOptions, "stack"> = {},
): Promise<Run<Record<string, unknown>>> {
  const root = path.join(__dirname, "..");
  const file = load(fs.readFileSync(path.join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  for (const key of options.without ?? []) delete file.config[key];
  const entry = path.join(root, "index.ts");
  const program = () => {
    delete require.cache[entry]; // the program runs when it is loaded
    return { ...require(entry) };
  };
  return run(program, { ...options, stack, config: { ...file.config, ...options.config } });
}

function declared(
  args: pulumi.runtime.MockResourceArgs,
  outputs: Declared["outputs"],
  opts: pulumi.ResourceOptions | undefined,
): Declared {
  const dependsOn = Array.isArray(opts?.dependsOn) ? opts.dependsOn : [opts?.dependsOn].filter(Boolean);
  return {
    type: args.type,
    name: args.name,
    inputs: args.inputs,
    outputs,
    parent: nameOf(opts?.parent),
    parentType: (opts?.parent as { __pulumiType?: string } | undefined)?.__pulumiType ?? "",
    protect: opts?.protect ?? false,
    retainOnDelete: opts?.retainOnDelete ?? false,
    custom: args.custom ?? true,
    dependsOn: dependsOn.map(nameOf),
    ignoreChanges: (opts?.ignoreChanges as string[] | undefined) ?? [],
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

/** A registration may start another one when its outputs arrive: waits until none does any more. */
async function settled(resources: Declared[]): Promise<void> {
  for (let before = -1; before !== resources.length;) {
    before = resources.length;
    await pulumi.runtime.disconnect();
  }
}

function flatten(config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.includes(":") ? key : `groundwork:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** The value of an output, for assertions. */
export function valueOf<T>(output: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve) => pulumi.output(output).apply((value) => resolve(value as T)));
}
