import { ApiReply, refusal, reply } from "../shared/http";
import { needsApproval } from "./approval";
import { centsOf, Room, roomsOf } from "./catalogue";
import { later, tell } from "./journal";
import { begin } from "./onward";
import type { CommonPorts, FunctionSettings, Starter } from "./ports";
import { Asker, hostOf, Project, Secrets, Wish } from "./project";
import { AdmitStore, quotaOf } from "./store";
import type { Values } from "./values";
import { forget, keep, Keeper } from "./vault";

/** What admitting a project needs. */
export interface AdmitPorts extends Pick<CommonPorts, "publish" | "now">, Starter, Keeper {
  store: AdmitStore;
}

export type AdmitSettings = Pick<
  FunctionSettings,
  "automatic" | "reserved" | "capacity" | "domain" | "consoleUrl" | "zones"
>;

/** Who asks for admission, and for what. */
export interface Applicant {
  id: string;
  wish: Wish;
  unit: string;
  by: Asker;
  /** The unit's spending limit, unless an admin has set one. */
  quotaCents: number;
  secrets: Secrets;
  /** For a server: its program's environment. */
  values?: Values;
  more?: Pick<Project, "previewOf" | "change">;
  /** The answer when another project has the team's own domain name. */
  taken?: ApiReply;
}

export const refuse = (status: number, code: string, message: string, more: object = {}) =>
  refusal(status, message, { code, ...more });

export const accepted = (id: string, more: object = {}) =>
  reply(202, { id, status: `/projects/${id}`, ...more });

/**
 * Admits a project, or says why not. The order matters: the secrets go to the vault before anything else is recorded, and one
 * transaction then takes the name and the share of the quota, so that an accepted project has both. A second request with the same id
 * finds the project that the first one created.
 */
export async function admit(
  ports: AdmitPorts,
  settings: AdmitSettings,
  applicant: Applicant,
): Promise<ApiReply> {
  const { id, wish, unit, secrets, values } = applicant;
  if (await ports.store.get(id)) return accepted(id);
  const cents = centsOf(wish);
  const usage = await ports.store.usage(unit);
  const quotaCents = quotaOf(usage, applicant);
  const leftCents = quotaCents - usage.usedCents;
  if (cents > leftCents) return overQuota(cents, leftCents);
  const full = await noRoom(ports.store, settings, roomsOf(wish));
  if (full) return full;

  const kept = await keep(ports, id, secrets, values);
  const secretNames = values && Object.keys(values.secrets).sort();
  const project = newProject(ports, settings, applicant, { cents, secretNames, ...kept });
  const admission = await ports.store.accept(project, quotaCents).catch(async (error: unknown) => {
    await forget(ports, kept);
    throw error;
  });
  if (admission.kind !== "accepted") await forget(ports, kept);
  switch (admission.kind) {
    case "taken":
      return nameTaken(project.host);
    case "domain":
      return applicant.taken!;
    case "quota":
      return overQuota(cents, admission.leftCents);
  }
  if (admission.kind === "accepted") {
    await tell(ports, project, "reserve", "done");
    await begin(ports, project);
  }
  return accepted(id);
}

/** `shop-dev` in prod has the name that `shop` has in dev, so the existing project may have another name and environment. */
export const nameTaken = (host: string) =>
  refuse(409, "taken", `The name ${host} is another project's; choose another one.`);

/** The platform may have names of its own in the projects' zone. */
export const isReserved = ({ reserved, domain, consoleUrl }: AdmitSettings, host: string) =>
  domain !== "" && (reserved.includes(host) || new URL(consoleUrl).hostname === `${host}.${domain}`);

/** Refuses here what AWS would refuse half-way. Requests of the same moment may all be admitted: then AWS decides. */
export async function noRoom(
  store: Pick<AdmitStore, "live">,
  { capacity }: Pick<AdmitSettings, "capacity">,
  rooms: Room[],
): Promise<ApiReply | undefined> {
  const live = await store.live();
  for (const room of rooms) {
    const taken = live.filter((one) => roomsOf(one).includes(room)).length;
    if (taken >= capacity[room])
      return refuse(
        409,
        "full",
        `The platform has room for ${capacity[room]} projects with ${NEEDED[room]}, and there are ${taken}. An admin can ask AWS to raise its quota; deleting a project also makes room.`,
        { room, taken, most: capacity[room] },
      );
  }
  return undefined;
}

const NEEDED: Record<Room, string> = {
  sites: "a site of files",
  balancers: "a load balancer",
  databases: "a database",
  domains: "a domain",
};

function newProject(
  ports: Pick<CommonPorts, "now">,
  settings: AdmitSettings,
  { id, wish, unit, by, more }: Applicant,
  kept: Pick<Project, "cents" | "secretNames" | "valuesArn"> & { secretArn?: string },
): Project {
  const at = ports.now().toISOString();
  return {
    ...wish,
    ...more,
    ...kept,
    id,
    secretArn: kept.secretArn!,
    unit,
    owner: by.sub,
    ownerEmail: by.email,
    host: hostOf(wish.name, wish.environment),
    state: "running",
    stages: { reserve: { state: "done", at, endedAt: at } },
    run: { name: `${id}-create`, action: "create", approval: needsApproval(settings, wish), by },
    quota: "reserved",
    createdAt: at,
    due: later(ports),
  };
}

/** Ten letters and digits, a letter first: valid in the name of a stack, a bucket and a balancer. */
export const idFrom = (token: string) =>
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
