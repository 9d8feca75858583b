// Policies as tests look at them: by what is allowed and refused, however the statements are put. Their order, and which actions share
// one, may change without a test that minds.

export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource: string[];
  /** Of a refusal: all but these. */
  NotResource?: string[];
  Principal?: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- "*", or an object of strings and lists
  Condition?: Conditions;
}

type Conditions = Record<string, Record<string, unknown>>;

/** The statements of a policy's text, with lists wherever AWS takes one thing as well; in conditions, one value instead of a list of one. */
export function statementsIn(policy: string, effect?: Statement["Effect"]): Statement[] {
  const { Statement: written } = JSON.parse(policy) as { Statement: Record<string, unknown>[] };
  for (const one of written)
    if (!one["Effect"]) throw new Error(`${JSON.stringify(one)} is no statement in ${policy}`);
  return written
    .map((one) => ({
      ...(one as unknown as Statement),
      Action: listOf(one["Action"]),
      Resource: listOf(one["Resource"]),
      ...(one["Condition"] ? { Condition: conditionsOf(one["Condition"] as Conditions) } : {}),
    }))
    .filter((one) => effect === undefined || one.Effect === effect);
}

/** The one statement of a policy that allows an action, or refuses it. */
export function statementOn(
  policy: string,
  action: string,
  effect: Statement["Effect"] = "Allow",
): Statement {
  const found = statementsIn(policy, effect).filter(({ Action }) => Action.includes(action));
  if (found.length !== 1)
    throw new Error(`expected one statement of ${effect} on ${action}, found ${found.length} in ${policy}`);
  return found[0]!;
}

/** What a function's log and traces take, which every function may. */
export const LOGGING = /^(logs|xray):/;

/** On what a policy allows each action, sorted, and under which conditions; `except` leaves actions out. */
export function rightsIn(policy: string, except?: RegExp): Record<string, string[]> {
  const rights: Record<string, string[]> = {};
  for (const { Action, Resource, Condition } of statementsIn(policy, "Allow")) {
    const allowed = Resource.map((resource) => (Condition ? onlyIf(resource, Condition) : resource));
    for (const action of Action.filter((one) => !except?.test(one)))
      rights[action] = [...new Set([...(rights[action] ?? []), ...allowed])].sort();
  }
  return rights;
}

/** A resource on which something is allowed under conditions alone, as `rightsIn` has it. */
export const onlyIf = (resource: string, conditions: Conditions): string =>
  `${resource} if ${JSON.stringify(conditions)}`;

/** A key that may be used by one service alone, as `rightsIn` has it. */
export const through = (service: string, keyArn: string): string =>
  onlyIf(keyArn, {
    StringEquals: { "kms:ViaService": `${service}.${keyArn.split(":")[3]}.amazonaws.com` },
  });

/** Several actions on the same resources, as `rightsIn` has them. */
export const on = (resources: string[], ...actions: string[]): Record<string, string[]> =>
  Object.fromEntries(actions.map((action) => [action, [...resources].sort()]));

/** Whom a policy allows what, by the service or account that is let in; the actions sorted. */
export function grantsIn(policy: string): Record<string, string[]> {
  const grants: Record<string, string[]> = {};
  for (const { Principal, Action } of statementsIn(policy, "Allow")) {
    const who = String(Principal.Service ?? Principal.AWS);
    grants[who] = [...(grants[who] ?? []), ...Action].sort();
  }
  return grants;
}

const conditionsOf = (conditions: Conditions): Conditions =>
  mapValues(conditions, (values) =>
    mapValues(values, (value) => (Array.isArray(value) && value.length === 1 ? value[0] : value)),
  );

const mapValues = <T, U>(of: Record<string, T>, to: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value)]));

const listOf = (value: unknown): string[] => (value === undefined ? [] : [value].flat()) as string[];
