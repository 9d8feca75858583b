import { isDeepStrictEqual } from "node:util";
import { computedOutputs } from "../../../components/testing/answers";
import { byItsName, latestVersion, outputsOfItsOwn } from "./outputs";
import type { Answer, Inputs, Request, Rule, Standing, Thing } from "./rule";

/** How long a rule is asked again whose call the provider repeats, as it does for minutes. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 25;

/** What AWS answers to a call that it does not take. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    readonly code: string,
    { call, message }: Answer,
  ) {
    super(`operation error ${call}, api error ${code}: ${message}`);
    this.stack = ""; // the place in this account says nothing about the program
  }
}

/**
 * An AWS account as far as its rules know it: it holds what was made in it, and refuses what AWS refuses, in AWS's words. Several
 * stacks may stand in one.
 */
export class Account implements Standing {
  private readonly things = new Map<string, Thing>();
  private serial = 0;

  constructor(
    private readonly rules: Rule[],
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  async create(type: string, name: string, inputs: Inputs): Promise<Thing> {
    await this.ask({ operation: "create", type, name, inputs });
    return this.put(type, name, inputs);
  }

  /** Without a question: what stands in the account already, or stays behind in it. */
  put(type: string, name: string, inputs: Inputs): Thing {
    const unique = `${name}-${(++this.serial).toString(16).padStart(7, "0")}`;
    const made = byItsName(type, unique, inputs, {
      ...computedOutputs({ type, name: unique, inputs, custom: true }),
      ...outputsOfItsOwn(type, unique, inputs),
    });
    const id = String(made.id ?? `${unique}-id`);
    const computed = { ...made, id };
    const thing = { type, name, id, inputs, computed, outputs: { ...inputs, ...computed } };
    this.things.set(keyOf(type, id), thing);
    return thing;
  }

  /** What another run made here, as its state tells of it. */
  adopt(thing: Omit<Thing, "computed">): void {
    this.things.set(keyOf(thing.type, thing.id), { ...thing, computed: thing.outputs });
    this.serial++;
  }

  async update(type: string, id: string, inputs: Inputs): Promise<Thing> {
    const thing = this.get(type, id);
    await this.ask({ operation: "update", type, name: thing.name, inputs, thing });
    const computed = { ...thing.computed, ...latestVersion(thing) };
    const updated = { ...thing, inputs, computed, outputs: { ...inputs, ...computed } };
    this.things.set(keyOf(type, id), updated);
    for (const rule of this.rulesOf("update", type)) rule.leaves?.(thing, this, inputs);
    return updated;
  }

  /** What AWS would have computed, as far as it is known before. */
  afterUpdate(type: string, id: string): Inputs {
    const thing = this.get(type, id);
    const anew = Object.keys(latestVersion(thing));
    return Object.fromEntries(Object.entries(thing.computed).filter(([key]) => !anew.includes(key)));
  }

  async delete(type: string, id: string): Promise<void> {
    const thing = this.held(type, id);
    if (!thing) return;
    await this.ask({ operation: "delete", type, name: thing.name, inputs: thing.inputs, thing });
    this.things.delete(keyOf(type, id));
    for (const rule of this.rulesOf("delete", type)) rule.leaves?.(thing, this);
  }

  held(type: string, id: string): Thing | undefined {
    return this.things.get(keyOf(type, id));
  }

  get(type: string, id: string): Thing {
    const thing = this.held(type, id);
    if (!thing) throw new Error(`the account has no ${type} ${id}`);
    return thing;
  }

  /** Every thing of one of the types; a type may be given by its end. */
  all(...types: string[]): Thing[] {
    return [...this.things.values()].filter(({ type }) => types.some((one) => type.endsWith(one)));
  }

  /** The things of these types that name a value anywhere in their arguments. */
  naming(value: unknown, types: string[]): Thing[] {
    return this.all(...types).filter(({ inputs }) => holds(inputs, value));
  }

  /** The thing of a type that an argument points to, by its id, name or ARN. */
  find(type: string, reference: unknown): Thing | undefined {
    return this.all(type).find(
      ({ id, inputs, outputs }) =>
        id === reference || outputs.arn === reference || (inputs.name ?? outputs.name) === reference,
    );
  }

  private rulesOf(operation: Request["operation"], type: string): Rule[] {
    return this.rules.filter(
      (rule) => rule.on.includes(operation) && rule.types.some((one) => type.endsWith(one)),
    );
  }

  private async ask(request: Request): Promise<void> {
    const until = Date.now() + this.patienceMs;
    for (const rule of this.rulesOf(request.operation, request.type))
      for (;;) {
        const answer = rule.refuses(request, this);
        if (!answer) break;
        if (!rule.patient || Date.now() >= until) throw new Refused(rule.code, answer);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
  }
}

const keyOf = (type: string, id: string) => `${type} ${id}`;

function holds(inputs: unknown, value: unknown): boolean {
  if (isDeepStrictEqual(inputs, value)) return true;
  return (
    typeof inputs === "object" && inputs !== null && Object.values(inputs).some((one) => holds(one, value))
  );
}
