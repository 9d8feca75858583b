import { specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { load } from "js-yaml";
import type { Declared } from "../../policies/declared";
import { rawStatements } from "../../policies/rules/statements";
import { scheduleOf } from "./schedule";
import type { RenderedStack } from "./stacks";

/** Whole programs, each with tests of its own, what sums up what is listed anyway, and what has lines of its own. */
const NOT_HERE = [
  ...["aws:lambda/function:Function code", "aws:cloudfront/function:Function code"],
  ...["aws:ec2/launchTemplate:LaunchTemplate userData", "aws:ec2/instance:Instance userData"],
  ...["aws:cloudwatch/dashboard:Dashboard dashboardBody", "aws:sfn/stateMachine:StateMachine definition"],
  ...["aws:imagebuilder/component:Component data", "aws:apigateway/deployment:Deployment triggers"],
  "aws:lambda/function:Function environment",
];

/** They are the same on everything that takes tags; tags.test.ts holds them. */
const OF_THE_STACK = /^platform:/;

/** Values by their names in the order of the alphabet: where a line stands in the program says nothing. */
const sorted = (values: object): [string, unknown][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

function inOrder(_: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  if (specialSigKey in value) return `secret ${said((value as { value?: unknown }).value)}`;
  return Object.fromEntries(sorted(value));
}
const said = (value: unknown): string =>
  typeof value === "string"
    ? value.replaceAll("\n", "\\n")
    : JSON.stringify(value, inOrder).replace(/^"(.*)"$/, "$1");

function inputsOf({ type, inputs }: Declared): string[] {
  const all = { ...inputs, tags: ownTags(inputs.tags), scheduleExpression: scheduleOf(inputs) };
  return sorted(all)
    .filter(([key, value]) => value !== undefined && !NOT_HERE.includes(`${type} ${key}`) && !isPolicy(value))
    .map(([key, value]) => `${key} ${said(value)}`);
}

/** The rights are listed statement by statement, beside this. */
const isPolicy = (value: unknown) => typeof value === "string" && rawStatements(value).length > 0;

/** By their names, or as a group of servers lists them. */
function ownTags(tags: Record<string, string> | { key: string }[] = {}): unknown {
  if (Array.isArray(tags)) return tags.filter(({ key }) => !OF_THE_STACK.test(key));
  const own = Object.entries(tags).filter(([key]) => !OF_THE_STACK.test(key));
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}

/** What the engine is told of a resource beside its arguments. */
const optionsOf = ({ protect, retainOnDelete, ignoreChanges, dependsOn }: Declared): string[] => [
  ...(protect ? ["protected"] : []),
  ...(retainOnDelete ? ["kept on delete"] : []),
  ...(ignoreChanges.length > 0 ? [`ignores changes of ${ignoreChanges.join(", ")}`] : []),
  ...dependsOn.map((other) => `after ${other}`).sort(),
];

/** The settings that a machine's user data writes for the programs on it. */
function files(userData: string): string[] {
  const { write_files = [] } = load(Buffer.from(userData, "base64").toString()) as {
    write_files?: { path: string; content: string }[];
  };
  return write_files
    .filter((file) => /\.env$/.test(file.path))
    .flatMap(({ path, content }) =>
      content
        .trim()
        .split("\n")
        .map((line) => `${path}: ${line}`),
    );
}

function linesOf(declared: Declared): string[] {
  const { type, inputs } = declared;
  const settings = type === "aws:lambda/function:Function" ? (inputs.environment?.variables ?? {}) : {};
  return [
    [...inputsOf(declared), ...optionsOf(declared)].join(", "),
    ...Object.entries(settings).map(([name, value]) => `${name}=${said(value)}`),
    ...(type === "aws:ec2/launchTemplate:LaunchTemplate" ? files(inputs.userData) : []),
  ].filter(Boolean);
}

/** What each resource of a stack is told, and what the stack tells a person: sorted lines. */
export function argumentsOf({ resources, outputs }: RenderedStack): string[] {
  const told = resources
    .filter(({ custom }) => custom)
    .flatMap((declared) => linesOf(declared).map((line) => `${declared.type} ${declared.name}: ${line}`));
  const outward = Object.entries(outputs).map(([name, value]) => `output ${name}: ${said(value)}`);
  return [...told, ...outward].sort();
}
