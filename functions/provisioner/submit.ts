import type { Claims } from "../shared/claims";
import { ApiReply, refusal, reply } from "../shared/http";
import { needsApproval } from "./approval";
import { notesOf } from "./about";
import { kindOf, planOf, Room, roomsOf } from "./catalogue";

import { later, tell } from "./journal";
import { begin } from "./onward";
import { inParts } from "./parts";
import { CommonPorts, FunctionSettings, StackReader, Starter } from "./ports";
import { askerFrom, Caller, hostOf, Project, Wish } from "./project";
import { secretsOf, wishOf } from "./request";
import { ApiStore, quotaOf } from "./store";
import { freshValues, givenIn, withGiven } from "./values";
import { forget, Kept, keep, Vault } from "./vault";

/** What the API needs of the outside world. */
export interface ApiPorts extends Omit<CommonPorts, "mail">, Starter, Vault {
  store: ApiStore;
  claims: Claims;
  /** Stack status and drift, or nothing while there is no stack. */
  stacks: StackReader;
  /** A form by which a browser may drop one file. */
  ticketForm(ticket: string): Promise<{ url: string; fields: Record<string, string> }>;
  /** Whether the user signs in with a second factor. */
  hasTotp(username: string): Promise<boolean>;
  runbook(name: "restart" | "patch", id: string): Promise<string>;
  /** Where the API itself answers, without a slash at the end. */
  apiUrl(): Promise<string>;
}

export type ApprovalSettings = Pick<
  FunctionSettings,
  "totpForProd" | "automatic" | "reserved" | "repositories" | "capacity" | "domain" | "consoleUrl"
>;

export const refuse = (status: number, code: string, message: string, more: object = {}) =>
  refusal(status, message, { code, ...more });

export const UNASSIGNED = refuse(
  403,
  "unassigned",
  "An admin has to give you a business unit and a quota first.",
);

export const accepted = (id: string) => reply(202, { id, status: `/projects/${id}` });

/**
 * Lets a project in, or says why not. The order matters: the secrets go to their vault before anything else is recorded,
 * and one transaction then takes the name and the room in the quota, so that what is accepted has both. A request that
 * comes again with its token finds the project that it made; one without a token is told what it would lead to.
 */
export async function submit(
  ports: ApiPorts,
  settings: ApprovalSettings,
  caller: Caller,
  body: Record<string, unknown>,
  token?: string,
): Promise<ApiReply> {
  if (!caller.unit) return UNASSIGNED;
  const judged = wishOf(body, settings.repositories);
  if (!judged.ok) {
    const { problems, accepted } = judged;
    return refuse(400, "invalid", problems.join("; "), { problems, accepted });
  }
  const wish = judged.value;
  const host = hostOf(wish.name, wish.environment);
  if (isReserved(settings, host))
    return refuse(409, "reserved", `The name ${host} is the platform's own; choose another one.`);
  const { template, resources, monthlyCents: cents } = planOf(wish);
  const kind = kindOf(wish.type, wish.framework)!;
  const usage = await ports.store.usage(caller.unit);
  const quotaCents = quotaOf(usage, caller);
  const leftCents = quotaCents - usage.usedCents;
  if (!token) {
    const full = await noRoom(ports.store, settings, wish);
    if (full) return full;
    const quota = { left: leftCents / 100, enough: cents <= leftCents };
    const parts = inParts(resources);
    return reply(200, { template, resources, parts, notes: notesOf(kind), monthlyPrice: cents / 100, quota });
  }
  const id = idFrom(token);
  if (await ports.store.get(id)) return accepted(id);
  if (cents > leftCents) return overQuota(cents, leftCents);
  const full = await noRoom(ports.store, settings, wish);
  if (full) return full;

  const server = template === "server";
  const values = server ? withGiven(freshValues(kind.made), givenIn(body)) : undefined;
  const kept = await keep(ports, id, secretsOf(body), values);
  const secretNames = values && Object.keys(values.secrets).sort();
  const project = newProject(ports, settings, caller, { id, wish, cents, ...kept, secretNames });
  const admission = await ports.store.accept(project, quotaCents).catch(async (error: unknown) => {
    await forget(ports, kept);
    throw error;
  });
  if (admission.kind !== "accepted") await forget(ports, kept);
  switch (admission.kind) {
    case "taken":
      return refuse(409, "taken", `There is a project ${wish.name} in ${wish.environment} already.`);
    case "quota":
      return overQuota(cents, admission.leftCents);
    case "repeated":
      return accepted(id);
    case "accepted":
      await tell(ports, project, "reserve", "done");
      await begin(ports, project);
      return accepted(id);
  }
}

/** The platform may have its own names in the zone where projects get theirs. */
const isReserved = ({ reserved, domain, consoleUrl }: ApprovalSettings, host: string) =>
  domain !== "" && (reserved.includes(host) || new URL(consoleUrl).hostname === `${host}.${domain}`);

/** What AWS would refuse half-way is refused here. Those that come at the same moment may all be let in: then AWS has the last word. */
async function noRoom(
  store: ApiStore,
  { capacity }: ApprovalSettings,
  wish: Wish,
): Promise<ApiReply | undefined> {
  const live = await store.live();
  for (const room of roomsOf(wish)) {
    const taken = live.filter((one) => roomsOf(one).includes(room)).length;
    if (taken >= capacity[room])
      return refuse(
        409,
        "full",
        `The platform has room for ${capacity[room]} projects with ${NEEDED[room]}, and there are ${taken}. An admin can have AWS raise its quota; a deleted project makes room, too.`,
        { room, taken, most: capacity[room] },
      );
  }
  return undefined;
}

const NEEDED: Record<Room, string> = {
  sites: "a site of files",
  balancers: "a load balancer",
  databases: "a database",
};

function newProject(
  ports: ApiPorts,
  settings: ApprovalSettings,
  caller: Caller,
  { wish, ...more }: { wish: Wish } & Pick<Project, "id" | "cents" | "secretNames" | "valuesArn"> & Kept,
): Project {
  const at = ports.now().toISOString();
  return {
    ...wish,
    ...more,
    secretArn: more.secretArn!,
    unit: caller.unit,
    owner: caller.sub,
    ownerEmail: caller.email,
    host: hostOf(wish.name, wish.environment),
    state: "running",
    stages: { reserve: { state: "done", at, endedAt: at } },
    run: {
      name: `${more.id}-create`,
      action: "create",
      approval: needsApproval(settings, wish),
      by: askerFrom(caller),
    },
    quota: "reserved",
    createdAt: at,
    due: later(ports),
  };
}

/** Ten letters and digits, a letter first: fit for a stack's, a bucket's and a balancer's name. */
const idFrom = (token: string) =>
  [...Buffer.from(token, "hex").subarray(0, 10)]
    .map((byte, index) => "abcdefghijklmnopqrstuvwxyz012345"[byte % (index ? 32 : 26)])
    .join("");

const overQuota = (cents: number, leftCents: number) =>
  refuse(
    403,
    "quota",
    `The project costs ${cents / 100} USD a month, and ${leftCents / 100} are left of the quota.`,
    {
      price: cents / 100,
      left: leftCents / 100,
    },
  );
