import * as pulumi from "@pulumi/pulumi";
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental/provider";
import { must, refuse } from "../components/shared/refusals";
import { WITH_ARGUMENTS, WITHOUT_ARGUMENTS } from "./components";
import { arnOf, DECIDING, Schema, told } from "./schema";

type Options = pulumi.ComponentResourceOptions;
type Made = pulumi.ComponentResource & Record<string, unknown>;
type Make = (name: string, inputs: pulumi.Inputs, options: Options) => Made;

const makes = (component: unknown) => component as new (...args: unknown[]) => Made;
const MAKERS: Record<string, Make> = Object.fromEntries([
  ...WITH_ARGUMENTS.map((one): [string, Make] => [one.name, (...args) => new (makes(one))(...args)]),
  ...Object.entries(WITHOUT_ARGUMENTS).map(([name, one]): [string, Make] => [
    name,
    (...[called, , options]) => new (makes(one))(called, options),
  ]),
]);

/** Pulumi's own fields, which are no outputs of ours. */
const PULUMIS = /^(__|urn$)/;

/** Pulumi's host of components, except that one component can be passed to another as it is, like in TypeScript. */
export class Host extends ComponentProvider {
  /** By URN. One process creates all components of a program. */
  private readonly made = new Map<string, Made>();

  constructor() {
    super({ name: "groundwork", components: WITH_ARGUMENTS as never[], dirname: __dirname });
    pulumi.runtime.registerResourceModule("groundwork", "index", {
      construct: (name, type, urn) => {
        const made = this.made.get(urn);
        if (!made) throw new Error(`${type} "${name}" is of another provider: hand over its fields`);
        return made;
      },
    });
  }

  override async getSchema(): Promise<string> {
    return JSON.stringify(told(JSON.parse(await super.getSchema()) as Schema));
  }

  /** Without the analyzer, which Pulumi's host would ask for the outputs, and which takes longer than everything else. */
  override async construct(name: string, type: string, inputs: pulumi.Inputs, options: Options) {
    const component = type.split(":")[2]!;
    refuseLate(component, name, inputs);
    const made = MAKERS[component]!(name, inputs, options);
    const { urn } = made;
    this.made.set(await new Promise<string>((known) => urn.apply(known)), made);
    const outputs = Object.entries(made).filter(([key, value]) => !PULUMIS.test(key) && !areResources(value));
    return { urn, state: Object.fromEntries(outputs.map(byArn)) as pulumi.Inputs };
  }
}

const byArn = ([key, value]: [string, unknown]): [string, unknown] =>
  pulumi.CustomResource.isInstance(value) ? [arnOf(key), (value as { arn?: unknown }).arn] : [key, value];

const areResources = (value: unknown) =>
  Array.isArray(value) && value.some((one) => pulumi.Resource.isInstance(one));

/** Refuses fields that decide which resources exist, but are known only after another resource exists. */
function refuseLate(component: string, name: string, inputs: pulumi.Inputs): void {
  const late = Object.entries(inputs).flatMap(([argument, fields]) =>
    isByHand(fields)
      ? DECIDING.filter((key) => pulumi.Output.isInstance(fields[key])).map((key) => `${argument}.${key}`)
      : [],
  );
  const rule = "a plain value, or the component itself in the place of its fields";
  refuse(
    component,
    name,
    late.flatMap((path) => must(false, path, rule, "what another resource computes")),
  );
}

const isByHand = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  !pulumi.Output.isInstance(value) &&
  !pulumi.Resource.isInstance(value);
