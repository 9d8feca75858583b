import type { Declared } from "../../harness";
import type { StackView } from "../stacks";
import { list } from "./rule";

type Raw = Record<string, unknown>;
type Values = Record<string, string | string[]>;

/** A statement of a policy, with every list spelled out. */
export interface Statement {
  effect: "Allow" | "Deny";
  actions: string[];
  resources: string[];
  principals: string[];
  conditions: { operator: string; key: string; values: string[] }[];
  /** Says everything but ...: nobody can tell what that is tomorrow. */
  negated: boolean;
}

/** Where a policy stands: on who acts, on who may take a role, or on what is acted upon. */
export type Standing = "identity" | "trust" | "resource";

export interface Found {
  owner: Declared;
  standing: Standing;
  statement: Statement;
}

const IDENTITY = /^aws:iam\/(rolePolicy|policy|userPolicy|groupPolicy):/;
/** Beside their trust policies, roles carry inline policies. */
const ROLE = "aws:iam/role:Role";

/** Every statement of every policy that a stack declares, wherever an input holds one as JSON. */
export function statementsOf(view: StackView): Found[] {
  return view.resources.flatMap((owner) =>
    textsIn(owner.inputs).flatMap(({ path, text }) =>
      parsePolicy(text).map((statement) => ({ owner, standing: standingOf(owner, path), statement })),
    ),
  );
}

function standingOf(owner: Declared, path: string): Standing {
  if (IDENTITY.test(owner.type)) return "identity";
  if (owner.type === ROLE) return path === "assumeRolePolicy" ? "trust" : "identity";
  return "resource";
}

/** The statements in a text; none in a text that is no policy. */
export function parsePolicy(text: string): Statement[] {
  if (!text.includes('"Statement"')) return [];
  let document: { Statement?: Raw | Raw[] };
  try {
    document = JSON.parse(text);
  } catch {
    return []; // a script or a template that talks about policies
  }
  return list<Raw>(document.Statement).map((raw) => ({
    effect: raw.Effect as Statement["effect"],
    actions: list(raw.Action as string | string[]),
    resources: list(raw.Resource as string | string[]),
    principals: principalsOf(raw.Principal as "*" | Values | undefined),
    conditions: Object.entries((raw.Condition ?? {}) as Record<string, Values>).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values: list(values) })),
    ),
    negated: ["NotAction", "NotResource", "NotPrincipal"].some((part) => part in raw),
  }));
}

const principalsOf = (principal: "*" | Values | undefined): string[] =>
  typeof principal === "string" ? [principal] : Object.values(principal ?? {}).flatMap(list<string>);

/** Every text among a resource's inputs, with the names that lead to it. */
export function textsIn(value: unknown, path = ""): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, path ? `${path}.${key}` : key));
}
