// How far a project's name of its own may have come.
import { object } from "../../../functions/provisioner/aws/attributes";
import type { Claim } from "../../../functions/provisioner/claim";
import { MEMBER, ready, SITE, World } from "./world";

export const NAME = "www.example.com";
export const RECORD = { name: `_a.${NAME}`, type: "CNAME" as const, value: "_b.acm-validations.aws" };
export const LEADS = { name: NAME, type: "CNAME" as const, value: "shop-dev.projects.example.org" };
export const SERVER = { Target: "lb.example.org", TargetZone: "Z2", Group: "g", Images: "i" };

/** As many minutes as it takes. */
export async function minute(w: World, times = 1) {
  for (let i = 0; i < times; i++) {
    w.clock.ms += 60_000;
    await w.domains();
  }
}

/** A project whose certificate ACM has, with the record that proves its name. */
export async function waiting(
  w: World,
  more: object = {},
  outputs: Record<string, string> = SITE,
): Promise<string> {
  const id = await ready(w, { domain: NAME, ...more }, outputs);
  await minute(w);
  w.acm.certificates.set(arnOf(w), { state: "pending", record: RECORD });
  await minute(w);
  return id;
}

/** What is written of a name. */
export function claimOf(w: World, domain = NAME) {
  const kept = w.dynamo.items.get(`domain#${domain}`);
  return kept && object<Claim & { ttl?: number }>(kept);
}

export const arnOf = (w: World) => claimOf(w)!.certificateArn!;

/** ACM has found the record; the update that this begins runs to its end. */
export async function issued(w: World, id: string): Promise<void> {
  w.acm.certificates.set(arnOf(w), { state: "issued", record: RECORD });
  await minute(w);
  await update(w, id);
}

/** What the state machine does of an update that leads the stack on. */
export async function update(w: World, id: string): Promise<void> {
  await w.step("update", id, "t-update");
  Object.assign(w.stacks.get(`gw-${id}`)!, {
    status: "UPDATE_COMPLETE",
    updatedAt: new Date(w.clock.ms + 1).toISOString(),
  });
  await w.look(id);
  await w.step("deliver", id, "t-deliver");
  await w.step("serve", id, "t-serve");
  await w.step("finish", id);
}

export async function serving(
  w: World,
  more: object = {},
  outputs: Record<string, string> = SITE,
): Promise<string> {
  const id = await waiting(w, more, outputs);
  await issued(w, id);
  await minute(w);
  return id;
}

export const lastRequest = (w: World) => w.seen.requests.at(-1)![1].parameters;
export const patch = (w: World, id: string, body: object) =>
  w.call(MEMBER, "PATCH", "/projects/{id}", { id, body });
export const stateOf = async (w: World, id: string) =>
  (await w.call(MEMBER, "GET", "/projects/{id}", { id })).body.domainState;
