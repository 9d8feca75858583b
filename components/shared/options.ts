import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { must, Problem, problemsOf, refuse } from "./refusals";

type Shape = z.ZodRawShape;
type Values<S extends Shape> = z.output<z.ZodObject<S>>;

/** A condition on several options together. It is checked only if each of them is valid by itself. */
export interface Rule<S extends Shape> {
  of: (keyof S & string)[];
  /** The option to blame if the condition fails. */
  wrong: keyof S & string;
  fit(values: Values<S>): boolean;
  /** What is accepted for that option. */
  accepted: string;
}

/**
 * The plain values that a component takes. Type, default, check and description of each are written once. The component's argument
 * type and error messages, a stack's settings, docs/settings.md and the JSON Schema for editors all come from here.
 */
export interface Options<S extends Shape> {
  shape: S;
  rules: Rule<S>[];
}

export const options = <S extends Shape>(shape: S, rules: Rule<NoInfer<S>>[] = []): Options<S> => ({
  shape,
  rules,
});

/** What a caller may pass: anything with a default may be left out. */
export type Given<O> = O extends Options<infer S> ? z.input<z.ZodObject<S>> : never;
/** The same, with every default filled in. */
export type Complete<O> = O extends Options<infer S> ? Values<S> : never;

/** The options as a schema that accepts nothing else. `defaults` take precedence over the options' own. */
export function schemaOf<S extends Shape>(
  { shape, rules }: Options<S>,
  defaults: Record<string, unknown> = {},
): z.ZodObject<S> {
  const entries = Object.entries(shape).map(([key, option]) => [
    key,
    key in defaults ? withDefault(option as z.ZodType, defaults[key]) : option,
  ]);
  return rules.reduce(
    (schema, { of, wrong, fit, accepted }) =>
      schema.refine(fit, { path: [wrong], message: accepted, when: eachIsRight(of) }),
    z.strictObject(Object.fromEntries(entries) as S) as z.ZodObject<S>,
  );
}

/** The options except some, and the rules that need none of these. */
const without = ({ shape, rules }: Options<Shape>, names: string[]): Options<Shape> => ({
  shape: Object.fromEntries(Object.entries(shape).filter(([name]) => !names.includes(name))),
  rules: rules.filter(({ of }) => !of.some((name) => names.includes(name))),
});

// Parsed, so that a default which its own option would refuse is found at once.
const withDefault = (option: z.ZodType, value: unknown): z.ZodType =>
  option.default(option.parse(value)).describe(option.description!);

const eachIsRight =
  (names: string[]) =>
  ({ issues }: z.core.ParsePayload): boolean =>
    issues.every(({ code, path: [name] = [] }) =>
      // An unknown key leaves the known options valid. Without an object, there are no options at all.
      name === undefined ? code === "unrecognized_keys" : !names.includes(String(name)),
    );

/**
 * A component's arguments with every default filled in, or one error that lists everything wrong with them. An option that contains
 * an output is not checked, because its value is known too late. `more` checks the objects that the component builds on, and sees
 * the default in place of an invalid option.
 */
export function fill<S extends Shape, A extends z.input<z.ZodObject<S>>>(
  component: string,
  name: string,
  description: Options<S>,
  args: A,
  more: (values: Omit<A, keyof S> & Values<S>) => Problem[] = () => [],
): Omit<A, keyof S> & Values<S> {
  const given = Object.entries(args).filter(([key]) => key in description.shape);
  const late = given.filter(([, value]) => holdsOutput(value)).map(([key]) => key);
  const known = Object.fromEntries(given.filter(([key]) => !late.includes(key)));
  const judged = without(description as unknown as Options<Shape>, late);
  const { data, error } = schemaOf(judged).safeParse(known);
  const wrong = error ? problemsOf(error, known) : [];
  const filled = { ...args, ...(data ?? eachAlone(judged.shape, known)) } as unknown as Omit<A, keyof S> &
    Values<S>;
  const told = new Set(wrong.map(({ path }) => path));
  refuse(component, name, [...wrong, ...more(filled).filter(({ path }) => !told.has(path))]);
  return filled;
}

function eachAlone(shape: Shape, given: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(shape as Record<string, z.ZodType>).map(([key, option]) => {
    const { success, data } = option.safeParse(given[key]);
    return [key, success ? data : option.safeParse(undefined).data];
  });
  return Object.fromEntries(entries);
}

function holdsOutput(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsOutput);
}

/** An option that only fills a field, so it may be another resource's output. */
export const input = <T extends z.ZodType>(schema: T) =>
  schema as unknown as z.ZodType<pulumi.Input<z.output<T>>, pulumi.Input<z.input<T>>>;

/** A whole number within bounds. */
export const whole = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.number({ error }).int().min(min).max(max);
};

/** A text in a given form. The rule tells people what is accepted. */
export const matching = (pattern: RegExp, rule: string) =>
  z.string().refine((text) => pattern.test(text), rule);

/** The ARN of a service's resource, such as `iam` or `kms`. */
export const arnOf = (service: string, rule: string) =>
  matching(new RegExp(`^arn:aws[\\w-]*:(${service}):`), rule);

/** A path in SSM Parameter Store. */
export const settingsPath = (path: string, text: string): Problem[] =>
  must(/^(\/[\w.-]+)+$/.test(text), path, "a path such as /groundwork/dev", text);

/** How long logs are kept. */
export const logRetentionDays = (words: string) => whole(1, 3_653).default(30).describe(words);
