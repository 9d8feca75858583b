import { randomInt } from "node:crypto";
import { answerCall } from "../engine/calls";
import { Providers } from "../engine/providers";
import { stepTo } from "../engine/step";
import { Inputs, Look, Outputs, Request } from "../engine/types";
import { Problem } from "../problem";
import { rowOf } from "../resources";
import { changingOf } from "../resources/changes";
import { ifThere, isAbsent } from "../resources/changes/calls";
import { lookOf } from "../resources/looks";
import { asFound } from "./drift";
import { named } from "./names";
import { Asked, Kept, Provider } from "./server";
import { compared, received, toSend } from "./values";

/** What the state keeps beside the outputs, under names that Pulumi never shows. */
const GENERATION = "__generation";
/** Set when an update has changed the id, which the engine does not accept. */
const ID = "__id";

/** The AWS provider's place under Pulumi's own engine: what the sandbox's tables create, update, delete and find on the emulators. */
export class Emulated implements Provider {
  private readonly callers = new Map<string, Providers>();

  configure(caller: string, settings: Inputs): void {
    const given = read(settings);
    const region: string = given["region"] ?? process.env["AWS_REGION"];
    this.callers.set(
      caller,
      new Providers({ region, defaultTags: given["defaultTags"]?.tags ?? {} }, new Map([["", given]])),
    );
  }

  check({ type, name }: Asked, before: Inputs | undefined, inputs: Inputs): Inputs {
    rowOf(type);
    changingOf(type);
    return named(type, name, before, inputs);
  }

  async diff(asked: Asked, { inputs: before, outputs }: Kept, inputs: Inputs) {
    const { type, name } = asked;
    const wanted = compared(inputs);
    const { tags } = await this.request(asked, wanted, 0);
    const step = stepTo(
      { type, name, inputs: wanted, tags },
      { inputs: compared(before), tags: compared(outputs["tagsAll"] ?? {}) },
      changingOf(type),
    );
    return {
      changed: step?.changed.map(({ argument }) => argument) ?? [],
      replaces: step?.replaces ?? [],
      deleteBeforeReplace: step?.deleteFirst ?? false,
      remarks:
        step?.changed.flatMap(({ argument, remark }) => (remark ? `${argument}: ${remark}` : [])) ?? [],
    };
  }

  async create(asked: Asked, inputs: Inputs) {
    const generation = randomInt(1, 2 ** 47);
    const request = await this.request(asked, received(inputs), generation);
    const known = { ...inputs, ...toldOf(request) };
    if (asked.preview) return { id: "", outputs: known };
    const { id, outputs } = await saying(() => rowOf(asked.type)!(request));
    // As in AWS's provider; policy packs use it to find what belongs together.
    return { id, outputs: { ...known, ...sendable(outputs), id, [GENERATION]: generation } };
  }

  async update(asked: Asked, kept: Kept, inputs: Inputs): Promise<Inputs> {
    const changing = changingOf(asked.type);
    const request = await this.request(asked, received(inputs), kept.outputs[GENERATION] as number);
    const known = { ...inputs, ...toldOf(request), ...computedIn(kept) };
    if (asked.preview) return without(known, changing.moves ?? []);
    const { changed } = await this.diff(asked, kept, inputs);
    const { id, outputs } = ownOf(kept);
    const done = await saying(() =>
      changing.update!({
        ...{ ...request, id, outputs, changed, before: compared(kept.inputs) },
        again: () => rowOf(asked.type)!(request),
      }),
    );
    return { ...known, ...sendable(done?.outputs), ...(done?.id && { [ID]: done.id }) };
  }

  async delete(asked: Asked, kept: Kept): Promise<void> {
    const standing = await this.standing(asked, kept);
    try {
      await saying(() => changingOf(asked.type).remove(standing));
    } catch (error) {
      // Somebody has already deleted it; or only a part of it, and the rest stays.
      if (!isAbsent(error as Error) || (lookOf(asked.type) && (await found(asked.type, standing))))
        throw error;
    }
  }

  async read(asked: Asked, kept: Kept): Promise<Kept | undefined> {
    if (Object.keys(kept.outputs).length === 0)
      throw new Problem(
        `${asked.type} ${kept.id} cannot be taken in: the sandbox reads back only some arguments, and of what it has made itself.`,
      );
    const standing = await this.standing(asked, kept);
    if (lookOf(asked.type) && !(await found(asked.type, standing))) return undefined;
    const { tags } = await this.request(asked, { region: standing.region }, 0);
    return saying(() => asFound(kept, standing, tags));
  }

  async invoke(caller: string, token: string, inputs: Inputs): Promise<Inputs> {
    const { use, region, account } = await this.providersOf(caller).of(undefined, inputs["region"] as string);
    return sendable(await saying(() => answerCall(token, received(inputs), { use, region, account })));
  }

  private async standing(asked: Asked, kept: Kept) {
    // The state keeps no content of files and archives.
    const request = await this.request(asked, compared(kept.inputs), kept.outputs[GENERATION] as number);
    const tags = (kept.outputs["tagsAll"] ?? {}) as Record<string, string>;
    return { ...request, ...ownOf(kept), tags };
  }

  private request({ type, name, caller }: Asked, inputs: Inputs, generation: number): Promise<Request> {
    return this.providersOf(caller).request({ type, name }, inputs, generation);
  }

  private providersOf(caller: string): Providers {
    const providers = this.callers.get(caller);
    if (!providers) throw new Problem("The provider must be configured before it is asked.");
    return providers;
  }
}

/** A provider's settings arrive as texts, whatever their type. */
const read = (settings: Inputs): Inputs =>
  Object.fromEntries(
    Object.entries(compared(settings)).map(([key, value]) => [
      key,
      typeof value === "string" && /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : (value as unknown),
    ]),
  );

/** What AWS's provider returns for each resource. */
const toldOf = ({ region, tags }: Request): Inputs => sendable({ region, tagsAll: tags });

const sendable = (outputs: Outputs = {}): Outputs => toSend(outputs) as Outputs;

/** The outputs that are not the arguments themselves. */
const computedIn = ({ inputs, outputs }: Kept): Outputs => {
  const [before, now] = [compared(inputs), compared(outputs)];
  const echoed = Object.keys(before).filter(
    (key) => JSON.stringify(before[key]) === JSON.stringify(now[key]),
  );
  return without(outputs, [...echoed, "region", "tagsAll"]);
};

const without = (outputs: Outputs, names: readonly string[]): Outputs =>
  Object.fromEntries(Object.entries(outputs).filter(([name]) => !names.includes(name)));

const ownOf = ({ id, outputs }: Kept) => ({
  id: (outputs[ID] as string | undefined) ?? id,
  outputs: compared(outputs),
});

/** Whether the emulators have the resource. */
async function found(type: string, standing: Parameters<Look>[0]): Promise<boolean> {
  const seen = await saying(() => ifThere(lookOf(type)!(standing)));
  return seen !== undefined && !(Array.isArray(seen) && seen.length === 0);
}

/** With the API's own error name, which the SDK's errors keep separately. */
async function saying<T>(work: () => T): Promise<Awaited<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem || !(error instanceof Error) || error.name === "Error") throw error;
    throw new Problem(`${error.name}: ${error.message}`);
  }
}
