import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/** A problem at one path, as a person reads it: `<path> must be <rule>, got <value>`. */
export interface Problem {
  path: string;
  reason: string;
}

/** A problem at `path`, unless `ok`. */
export function must(ok: boolean, path: string, rule: string, got: unknown): Problem[] {
  return ok ? [] : [{ path, reason: `${path} must be ${rule}, got ${show(got)}` }];
}

/** Throws one error that names every problem, before anything is registered. */
export function refuse(component: string, name: string, problems: Problem[]): void {
  if (problems.length === 0) return;
  throw new pulumi.InputPropertiesError({
    message: `${component} "${name}": ${problems.map(({ reason }) => reason).join("; ")}`,
    errors: problems.map(({ path, reason }) => ({ propertyPath: path, reason })),
  });
}

/** The problems that zod found in `raw`, with `prefix` before each path. */
export function problemsOf(error: z.ZodError, raw: unknown, prefix = ""): Problem[] {
  const problems = error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    const at = (more: string[]) => prefix + more.join(".");
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => {
        const whole = at([...path, key]);
        return { path: whole, reason: `${whole} is not a setting` };
      });
    return must(false, at(path), accepted(issue), valueAt(raw, path));
  });
  // 0.5 is neither whole nor within bounds, but that is one problem.
  return problems.filter(({ reason }, i) => problems.findIndex((one) => one.reason === reason) === i);
}

function valueAt(raw: unknown, path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], raw);
}

function accepted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      return ownRule(issue.message) ?? `of type ${issue.expected}`;
    case "too_small":
      return issue.origin === "array" ? `a list of at least ${String(issue.minimum)}` : issue.message;
    case "invalid_format":
      return ownRule(issue.message) ?? `a valid ${issue.format}`;
    case "invalid_union":
      return `one of ${issue.errors
        .flat()
        .flatMap((e) => (e.code === "invalid_value" ? e.values.map(String) : []))
        .join(", ")}`;
    default:
      return issue.message;
  }
}

/** The message of our own rule, which says more than zod's. Zod's messages start with "Invalid". */
const ownRule = (message: string): string | undefined =>
  message.startsWith("Invalid ") ? undefined : message;

function show(value: unknown): string {
  return value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
}
