import { type Resource, resourceOf } from "./resource";

/** A change of one resource, with what it was and what it becomes. */
export interface Change {
  kind: "create" | "update" | "replace" | "delete";
  before?: Resource;
  after?: Resource;
  /** Stays in the account when the stack lets go of it. */
  kept: boolean;
  /** What it is replaced for. */
  reasons: string[];
}

/** What a preview tells: the stack before and after, and what lies between. */
export interface Preview {
  before: Resource[];
  after: Resource[];
  changes: Change[];
  /** Rules of the policy pack that are broken, a line each; those that only advise are left out. */
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

/** Reads the events that `pulumi preview --event-log` writes, one a line. */
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

// A replacement is told in three steps, in either order.
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
