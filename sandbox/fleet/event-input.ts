import { Target } from "@aws-sdk/client-eventbridge";

/* A target's input: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */

interface Rule {
  name: string;
  arn: string;
}

/** What a rule's target gets from an event: a constant text, a part of the event, a template filled from it, or all of it. */
export function inputOf({ Input, InputPath, InputTransformer }: Target, event: object, rule: Rule): string {
  if (Input !== undefined) return Input;
  if (InputTransformer) {
    const { InputPathsMap = {}, InputTemplate = "" } = InputTransformer;
    const values = Object.entries(InputPathsMap).map(([name, path]): [string, unknown] => [
      name,
      at(event, path),
    ]);
    return filled(InputTemplate, new Map([...values, ...reserved(event, rule)]));
  }
  const part = InputPath === undefined ? event : at(event, InputPath);
  if (part === undefined) throw new Error(`the event has nothing at ${InputPath}`);
  return JSON.stringify(part);
}

/** The variables that EventBridge fills itself. */
function reserved(event: object, { name, arn }: Rule): [string, unknown][] {
  return [
    ["aws.events.rule-arn", arn],
    ["aws.events.rule-name", name],
    ["aws.events.event.ingestion-time", new Date().toISOString()],
    ["aws.events.event", event],
    ["aws.events.event.json", event],
  ];
}

/** The value at a JSON path, with EventBridge's syntax: names after dots, numbers and stars in brackets. */
function at(event: object, path: string): unknown {
  const steps = path.match(/\.[^.[\]]+|\[(?:\d+|\*)\]/g) ?? [];
  if (path !== `$${steps.join("")}`) throw new Error(`EventBridge has no path ${path}`);
  const follow = (value: unknown, [step, ...rest]: string[]): unknown => {
    if (step === undefined || value === undefined || value === null) return value;
    const key = step.replace(/[.[\]]/g, "");
    if (key === "*") return Object.values(value).map((one) => follow(one, rest));
    return follow((value as Record<string, unknown>)[key], rest);
  };
  return follow(event, steps);
}

/** Replaces each variable with its value: as JSON by itself, as text within quotes. One that the event lacks becomes empty. */
function filled(template: string, values: Map<string, unknown>): string {
  const input = template.replace(/"(?:[^"\\]|\\.)*"|<([^<>"]+)>/g, (part, name?: string) => {
    if (name !== undefined) return values.has(name) ? (JSON.stringify(values.get(name)) ?? "") : part;
    return part.replace(/<([^<>]+)>/g, (variable, inner: string) => {
      if (!values.has(inner)) return variable;
      const value = values.get(inner);
      if (value === undefined) return "";
      return typeof value === "string"
        ? JSON.stringify(value).slice(1, -1)
        : JSON.stringify(value).replaceAll('"', '\\"');
    });
  });
  if (template.trimStart().startsWith("{")) requireJson(input);
  return input;
}

function requireJson(input: string): void {
  try {
    JSON.parse(input);
  } catch {
    throw new Error(`the template gives what is no JSON: ${input.slice(0, 200)}`);
  }
}
