import type { Declared, StackView } from "../declared";
import { list } from "./rule";

type Raw = Record<string, unknown>;
type Values = Record<string, string | string[]>;

/** A policy statement, with every field as a list. */
export interface Statement {
  effect: "Allow" | "Deny";
  actions: string[];
  resources: string[];
  principals: string[];
  conditions: { operator: string; key: string; values: string[] }[];
  /** Means "everything except", which covers more with each new service. */
  negated: boolean;
}

/** What a policy is attached to: an identity that acts, or anything else, for example a role (as its trust policy) or a resource. */
export type Standing = "identity" | "other";

export interface Found {
  owner: Declared;
  standing: Standing;
  statement: Statement;
}

const IDENTITY = /^aws:iam\/(rolePolicy|policy|userPolicy|groupPolicy):/;
/** Besides their trust policies, roles have inline policies. */
const ROLE = "aws:iam/role:Role";

/** Every statement of every policy that a stack declares, wherever an input contains one as JSON. */
export function statementsOf(view: StackView): Found[] {
  return view.resources.flatMap((owner) =>
    textsIn(owner.inputs).flatMap(({ input, text }) =>
      parsePolicy(text).map((statement) => ({ owner, standing: standingOf(owner, input), statement })),
    ),
  );
}

function standingOf({ type }: Declared, input: string): Standing {
  const isIdentity = IDENTITY.test(type) || (type === ROLE && input !== "assumeRolePolicy");
  return isIdentity ? "identity" : "other";
}

/** The statements in a text, as they are written. Empty if the text is no policy. */
export function rawStatements(text: string): Raw[] {
  if (!text.includes('"Statement"')) return [];
  let document: { Statement?: Raw | Raw[] };
  try {
    document = JSON.parse(text);
  } catch {
    return []; // a script or a template that mentions policies
  }
  return list<Raw>(document.Statement);
}

/** The statements in a text, parsed. */
export function parsePolicy(text: string): Statement[] {
  return rawStatements(text).map((raw) => ({
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

/** Every text among a resource's inputs, with the name of its input. */
export function textsIn(value: unknown, input = ""): { input: string; text: string }[] {
  if (typeof value === "string") return [{ input, text: value }];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, input || key));
}
