import { type Resource, resourceOf } from "./resource";

/** A change of one resource, with its old and new state. */
export interface Change {
  kind: "create" | "update" | "replace" | "delete";
  before?: Resource;
  after?: Resource;
  /** Stays in the account when the stack releases it. */
  kept: boolean;
  /** The properties that force its replacement. */
  reasons: string[];
}

/** A preview's content: the stack before and after, and the changes. */
export interface Preview {
  before: Resource[];
  after: Resource[];
  changes: Change[];
  /** Violated rules of the policy pack, one per line; advisory ones are left out. */
  broken: string[];
}

interface State {
  inputs?: Resource["inputs"];
  retainOnDelete?: boolean;
  custom?: boolean;
}
interface Metadata {
  op: string;
  urn: string;
  old?: State;
  new?: State;
  keys?: string[];
}
interface Event {
  resourcePreEvent?: { metadata: Metadata };
  policyEvent?: { resourceUrn?: string; policyName: string; enforcementLevel: string };
}

/** Reads the events that `pulumi preview --event-log` writes, one per line. */
export function readEvents(text: string): Preview {
  const events = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);
  const steps = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  const real = steps.filter(({ old, new: next }) => (next ?? old)?.custom);
  const broken = events.flatMap(({ policyEvent }) =>
    policyEvent?.enforcementLevel === "mandatory" ? [brokenBy(policyEvent)] : [],
  );
  return {
    before: real.filter(({ op }) => BEFORE.includes(op)).map(({ urn, old }) => asResource(urn, old)),
    after: real.filter(({ op }) => AFTER.includes(op)).map(({ urn, new: next }) => asResource(urn, next)),
    changes: real.flatMap(changeOf),
    broken: [...new Set(broken)],
  };
}

// A replacement appears as three steps, in either order.
const BEFORE = ["same", "update", "delete", "delete-replaced", "refresh", "read"];
const AFTER = ["same", "update", "create", "create-replacement", "refresh", "read", "import"];
const KINDS: Record<string, Change["kind"]> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
};

function changeOf({ op, urn, old, new: next, keys }: Metadata): Change[] {
  const kind = KINDS[op];
  if (!kind) return [];
  return [
    {
      kind,
      ...(old && { before: asResource(urn, old) }),
      ...(next && kind !== "delete" && { after: asResource(urn, next) }),
      kept: old?.retainOnDelete === true,
      reasons: keys ?? [],
    },
  ];
}

const asResource = (urn: string, state: State | undefined) => resourceOf(urn, state?.inputs ?? {});

const brokenBy = ({ resourceUrn, policyName }: NonNullable<Event["policyEvent"]>) => {
  const rule = policyName.replaceAll("-", " ");
  return resourceUrn ? `${resourceUrn.split("::").pop()}: ${rule}` : rule;
};
