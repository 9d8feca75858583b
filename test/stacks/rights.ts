import type { Declared } from "../../policies/declared";
import type { StackView } from "../../policies/declared";
import { rawStatements, textsIn } from "../../policies/rules/statements";

type Raw = Record<string, unknown>;

const sortedList = (value: unknown): string =>
  [value ?? []]
    .flat()
    .map((each) => (typeof each === "string" ? each : JSON.stringify(each)))
    .sort()
    .join(", ");

/** `AWS a, b; Service c`, or `*`. */
const principals = (value: unknown): string =>
  value === "*" || value === undefined
    ? ((value as string | undefined) ?? "")
    : Object.entries(value as Raw)
        .map(([kind, who]) => `${kind} ${sortedList(who)}`)
        .join("; ");

/** `StringEquals aws:SourceAccount 123456789012 and ...` */
const conditions = (value: unknown): string =>
  Object.entries((value ?? {}) as Record<string, Raw>)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => `${operator} ${key} ${sortedList(values)}`),
    )
    .sort()
    .join(" and ");

/** A statement as a line: every part of it, so that a right cannot change without the line. */
function lineOf(statement: Raw): string {
  const part = (word: string, text: string) => (text ? ` ${word} ${text}` : "");
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  return [
    Effect as string,
    part("to", principals(Principal)),
    part("to all but", principals(NotPrincipal)),
    part("do", sortedList(Action)),
    part("do all but", sortedList(NotAction)),
    part("on", sortedList(Resource)),
    part("on all but", sortedList(NotResource)),
    part("if", conditions(Condition)),
  ].join("");
}

/** Rights that are no policy's text: who may call a function, and the policies of AWS's own that a role carries. */
function withoutText({ type, inputs }: Declared): string[] {
  if (type === "aws:lambda/permission:Permission") {
    const { principal, action, function: callee, sourceArn, sourceAccount } = inputs;
    const from = [sourceArn, sourceAccount].filter(Boolean).join(" of ");
    return [`Allow to ${principal} do ${action} on ${callee}${from && ` if from ${from}`}`];
  }
  if (type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    return [`${inputs.role} carries ${inputs.policyArn}`];
  if (type === "aws:iam/role:Role")
    return [inputs.managedPolicyArns ?? []].flat().map((arn) => `carries ${arn}`);
  return [];
}

/** Everything that anyone may do by what a stack declares, a sorted line a statement: `type name: statement`. */
export function rightsOf({ resources }: StackView): string[] {
  return resources
    .flatMap((declared) =>
      [
        ...textsIn(declared.inputs).flatMap(({ text }) => rawStatements(text).map(lineOf)),
        ...withoutText(declared),
      ].map((line) => `${declared.type} ${declared.name}: ${line}`),
    )
    .sort();
}
