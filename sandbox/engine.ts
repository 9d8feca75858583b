import * as pulumi from "@pulumi/pulumi";
import { answerCall } from "./engine/calls";
import { comparable } from "./engine/comparable";
import { Configuration } from "./engine/config";
import { Progress } from "./engine/progress";
import { Providers } from "./engine/providers";
import { Stack, Standing } from "./engine/stack";
import { deletion, Step, stepTo } from "./engine/step";
import { Inputs, Outputs, Request } from "./engine/types";
import { Problem, messageOf } from "./problem";
import { rowOf } from "./resources";
import { changingOf } from "./resources/changes";

export interface Resource {
  type: string;
  name: string;
  id: string;
  component: string;
}

export interface Deployment {
  outputs: Outputs;
  resources: Resource[];
}

export interface Deployed extends Deployment {
  /** What was done, or would be done. */
  steps: Step[];
}

export interface DeployOptions {
  /** Called for each component whose resources are all ready. */
  report?: (line: string) => void;
  /** Resolves when the emulators answer. */
  ready?: Promise<unknown>;
  /** The existing state. @default nothing */
  stack?: Stack;
  /** Only reports what would change. @default false */
  preview?: boolean;
  /** Called for each resource as the program declares it. */
  declared?: (resource: pulumi.Resource, type: string, name: string) => void;
}

/**
 * Runs a Pulumi program in this process and turns the existing state into what it declares, in the order and with the parallelism of
 * Pulumi's own engine: creates, updates, replaces, and finally deletes. The first resource that fails ends it with an error that names
 * the resource.
 */
export async function deploy(
  configuration: Configuration,
  program: () => unknown,
  { report = () => {}, ready, stack = new Stack(), preview = false, declared = () => {} }: DeployOptions = {},
): Promise<Deployed> {
  const progress = new Progress(report);
  const steps: Step[] = [];
  let failed = false;
  let fail: (error: unknown) => void = () => {};
  const failure = new Promise<never>((_, reject) => (fail = reject));
  const worker = new Worker(configuration, stack, progress, steps, preview);
  process.on("unhandledRejection", fail);
  stack.begin();

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      await ready;
      if (failed) throw new Error("the run has failed already");
      return await work();
    } catch (error) {
      failed = true;
      fail(error);
      throw error;
    }
  };
  pulumi.runtime.setAllConfig(configuration.values);
  await pulumi.runtime.setMocks(
    {
      newResource: (args) =>
        guarded(() => worker.take(args)).finally(() => {
          progress.done(args);
        }),
      call: ({ token, inputs, provider }) =>
        guarded(async () => answerCall(token, plain(inputs) as Inputs, await worker.providers.of(provider))),
    },
    configuration.project,
    configuration.stack,
    preview,
  );
  try {
    const outputs = await Promise.race([run(program, progress, worker, declared), failure]);
    await worker.clear();
    const resources = stack.all.map(({ type, name, id, component }) => ({ type, name, id, component }));
    return { outputs, resources, steps };
  } finally {
    process.off("unhandledRejection", fail);
  }
}

async function run(
  program: () => unknown,
  progress: Progress,
  worker: Worker,
  declared: NonNullable<DeployOptions["declared"]>,
): Promise<Outputs> {
  const outputs = (await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation((args) => {
      progress.declared(args);
      declared(args.resource, args.type, args.name);
      worker.declared(args);
      return undefined;
    });
    const exported = await program();
    progress.complete();
    return exported;
  })) as Outputs | undefined;
  for (let before = -1; before !== worker.taken;) {
    before = worker.taken; // a finished resource may let another be declared
    await pulumi.runtime.disconnect();
  }
  return (plain(outputs) ?? {}) as Outputs;
}

/** Does whatever each declared resource needs. */
class Worker {
  readonly providers: Providers;
  taken = 0;
  private readonly resources = new Map<string, pulumi.Resource>();

  constructor(
    configuration: Configuration,
    private readonly stack: Stack,
    private readonly progress: Progress,
    private readonly steps: Step[],
    private readonly preview: boolean,
  ) {
    this.providers = new Providers(configuration, stack.providers);
  }

  declared({ type, name, resource }: { type: string; name: string; resource: pulumi.Resource }): void {
    this.resources.set(`${type} ${name}`, resource);
  }

  async take(args: pulumi.runtime.MockResourceArgs): Promise<{ id: string | undefined; state: Outputs }> {
    const { type, name, provider } = args;
    const create = rowOf(type, { component: args.custom === false });
    if (!create) return { id: undefined, state: {} };
    this.taken++;
    const given = plain(args.inputs) as Inputs;
    const before = this.stack.declare({ type, name });
    const generation = before?.generation ?? 0;
    const request = await this.providers.request(args, given, generation);
    const [inputs, tags] = await Promise.all([comparable(given), comparable(request.tags)]);
    const changing = changingOf(type);
    const step = stepTo({ type, name, inputs, tags }, before, changing);
    const state = { ...given, region: request.region, tagsAll: request.tags };
    const standing = {
      ...{ type, name, provider, inputs, tags, generation },
      component: this.progress.componentOf(args),
      protect: isProtected(this.resources.get(`${type} ${name}`)),
    };
    const put = (id: string, outputs: Outputs = {}, more: Partial<Standing> = {}) => {
      this.stack.put({ ...standing, id, outputs, ...more });
      return { id, state: { ...state, ...outputs } };
    };
    if (!step) {
      this.stack.keep(before!);
      return { id: before!.id, state: { ...state, ...before!.outputs } };
    }
    if (step.kind !== "create" || !type.startsWith("pulumi:")) this.steps.push(step);
    if (step.kind === "update") {
      const moved = changing.moves ?? [];
      if (this.preview) {
        this.stack.keep(before!);
        return { id: before!.id, state: { ...state, ...without(before!.outputs, moved) } };
      }
      const again = () => create(request);
      const changed = await named(step, () =>
        changing.update!({
          ...{ ...request, ...standingOf(before!), before: before!.inputs, again },
          changed: step.changed.map(({ argument }) => argument),
        }),
      );
      return put(changed?.id ?? before!.id, { ...before!.outputs, ...changed?.outputs });
    }
    if (step.kind === "replace") this.refuseProtected(before!, "replaced");
    if (this.preview) return { id: undefined, state };
    if (step.kind === "create") {
      const { id, outputs } = await named(step, () => create(request));
      return put(id, outputs);
    }
    if (step.deleteFirst) await this.remove(before!);
    const next = await this.providers.request(args, given, generation + 1);
    const { id, outputs } = await named(step, () => create(next));
    if (!step.deleteFirst) this.stack.replace(before!);
    return put(id, outputs, { generation: generation + 1 });
  }

  /** Resources that are no longer declared, and replaced ones, are deleted: those that others depend on come last. */
  async clear(): Promise<void> {
    const leaving = this.stack.leaving();
    for (const one of leaving) this.refuseProtected(one, "deleted");
    // A replacement was reported when it was created.
    const told = (one: Standing) => this.stack.holds(one) && !one.type.startsWith("pulumi:");
    this.steps.push(...leaving.filter(told).map(deletion));
    if (this.preview) return;
    for (const one of leaving) await this.remove(one);
  }

  private async remove(standing: Standing): Promise<void> {
    const { type, name, inputs, generation } = standing;
    const request: Request = await this.providers.request(standing, inputs, generation);
    await named(deletion(standing), () =>
      changingOf(type).remove({ ...request, ...standingOf(standing), tags: standing.tags, name }),
    );
    this.stack.forget(standing);
  }

  private refuseProtected({ type, name, protect }: Standing, done: string): void {
    if (protect)
      throw new Problem(`${type} "${name}" is protected and cannot be ${done}: take its protection first.`);
  }
}

/** Its own, or its parent's: only the SDK knows. */
const isProtected = (resource: pulumi.Resource | undefined) =>
  (resource as { __protect?: boolean } | undefined)?.__protect ?? false;

const standingOf = ({ id, outputs }: Standing) => ({ id, outputs });

const without = (outputs: Outputs, names: readonly string[]): Outputs =>
  Object.fromEntries(Object.entries(outputs).filter(([name]) => !names.includes(name)));

const FAILED: Record<Step["kind"], string> = {
  create: "made",
  update: "changed",
  replace: "replaced",
  delete: "deleted",
};

async function named<T>({ kind, type, name }: Step, work: () => T): Promise<Awaited<T>> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && error.name !== "Error" ? `${error.name}: ` : "";
    throw new Problem(`${type} "${name}" could not be ${FAILED[kind]}: ${code}${messageOf(error)}`);
  }
}

/** Pulumi wraps secrets; the emulators take the value itself. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const object = value as Record<string, unknown>;
  if (object[pulumi.runtime.specialSigKey] === pulumi.runtime.specialSecretSig) return plain(object["value"]);
  return Object.fromEntries(Object.entries(object).map(([key, one]) => [key, plain(one)]));
}
