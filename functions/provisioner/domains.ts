// Looks after names of teams' own: from the certificate that is asked for to the stack that answers by it, and to its end.
import type { Claim } from "./claim";
import { givenUpMail, lapsingMail, recordsMail } from "./domain-mails";
import { kindOf } from "./catalogue";
import { later, log } from "./journal";
import { notify } from "./notify";
import { moveOn, onwardTo } from "./onward";
import type { CommonPorts, Settings, Starter } from "./ports";
import { DnsRecord, DomainState, over, Project, settled } from "./project";
import type { Changes, Moves, Reads } from "./store";

export interface DomainStore extends Pick<Reads, "get" | "note">, Moves {
  /** The names that are due. */
  claims(now: string): Promise<Claim[]>;
  mark(domain: string, changes: Partial<Claim>, cleared?: (keyof Claim)[]): Promise<void>;
  /** Lets a name go: for everybody, or until then, in seconds, for its business unit alone. */
  free(domain: string, heldUntil?: number): Promise<void>;
}

/** A certificate as ACM tells of it. */
export interface CertificateState {
  state: "pending" | "issued" | "failed";
  /** By which a name is shown to be the team's; ACM has it some seconds after it was asked. */
  record?: DnsRecord;
  /** Why it failed. */
  reason?: string;
  /** When it ends, where ACM could not renew it. */
  lapses?: string;
}

/** ACM, here and where CloudFront takes certificates from. */
export interface Certificates {
  /** The same token gives the same certificate for an hour. What ACM refuses is a sentence. */
  request(request: CertificateRequest): Promise<{ arn: string } | { refused: string }>;
  /** Of all its names, the record of this one. */
  read(arn: string, domain: string): Promise<CertificateState | undefined>;
  /** What something still answers by stays. */
  remove(arn: string): Promise<"gone" | "used">;
}

export interface CertificateRequest {
  forCloudFront: boolean;
  domain: string;
  /** What it covers beside the domain. */
  also: string[];
  token: string;
  tags: Record<string, string>;
}

export interface DomainPorts extends Starter, Pick<CommonPorts, "mail" | "now"> {
  store: DomainStore;
  certificates: Certificates;
}

export type DomainSettings = Pick<Settings, "prefix" | "consoleUrl" | "domain" | "historyDays">;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** As long as ACM looks for a record. */
export const HOURS_TO_PROVE = 72;
/** A name that serves is looked at less often. */
const AT_REST = 5 * MINUTE;
/** What lapses is taken out before it does, since it covers the platform's name for the project as well. */
const BEFORE_IT_LAPSES = 3 * DAY;

/** Looks at each name that is due. */
export async function lookAfterDomains(ports: DomainPorts, settings: DomainSettings): Promise<number> {
  const claims = await ports.store.claims(later(ports, 0));
  for (const claim of claims) {
    try {
      await ports.store.mark(claim.domain, { due: later(ports) });
      await look(ports, settings, claim);
    } catch (error) {
      log("domain", claim.id, error); // the next name has its own right to a look
    }
  }
  return claims.length;
}

async function look(ports: DomainPorts, settings: DomainSettings, claim: Claim): Promise<void> {
  const project = await ports.store.get(claim.id);
  if (!project || !has(project, claim.domain)) return end(ports, settings, claim, project);
  // What moves is looked at once it rests, and what is frozen, failed or broken once it is mended.
  if (project.state !== "ready") return;
  if (project.domain !== claim.domain) return;
  if (!claim.certificateArn) return ask(ports, settings, claim, project);
  const certificate = await ports.certificates.read(claim.certificateArn, claim.domain);
  switch (certificate?.state) {
    case "pending":
      return wait(ports, settings, claim, project, certificate.record);
    case "issued":
      return lead(ports, settings, { ...claim, certificateArn: claim.certificateArn }, project, certificate);
    default:
      return giveUp(ports, settings, claim, project, certificate?.reason ?? "Its certificate is gone.");
  }
}

/** Whether a project that is not over has a name, asks for it, or answers by it still. */
const has = ({ state, domain, ownName, change }: Project, name: string) =>
  !over(state) && [domain, ownName?.domain, change?.domain, change?.ownName?.domain].includes(name);

async function ask(ports: DomainPorts, settings: DomainSettings, claim: Claim, project: Project) {
  const { domain, id } = claim;
  const asked = await ports.certificates.request({
    forCloudFront: kindOf(project.type, project.framework)?.template === "static",
    domain,
    // One certificate for both names; the platform's is proved by the record of its own wildcard certificate.
    also: settings.domain ? [`*.${settings.domain}`] : [],
    token: `${id}${Date.parse(claim.at)}`,
    tags: {
      "groundwork:provisioner": settings.prefix,
      "groundwork:project": id,
      "groundwork:unit": project.unit,
    },
  });
  if ("refused" in asked) return giveUp(ports, settings, claim, project, asked.refused);
  await ports.store.mark(domain, { certificateArn: asked.arn, askedAt: later(ports, 0) });
  await show(ports, project, { domain, state: "asked" });
}

async function wait(
  ports: DomainPorts,
  settings: DomainSettings,
  claim: Claim,
  project: Project,
  record: DnsRecord | undefined,
): Promise<void> {
  const end = Date.parse(claim.askedAt!) + HOURS_TO_PROVE * HOUR;
  if (ports.now().getTime() >= end)
    return giveUp(
      ports,
      settings,
      claim,
      project,
      `The record that proves it was not found within ${HOURS_TO_PROVE} hours.`,
    );
  if (!record) return;
  const waits: DomainState = {
    ...{ domain: claim.domain, state: "waits", until: new Date(end).toISOString() },
    records: recordsOf(settings, project, claim.domain, record),
  };
  await show(ports, project, waits);
  if (claim.told) return;
  await notify(ports, project, recordsMail(settings, project, waits));
  await ports.store.mark(claim.domain, { told: true });
}

/** The one that proves the name, which has to stay, and the one that leads it to the project. */
const recordsOf = (
  { domain: platform }: DomainSettings,
  { host, url }: Project,
  domain: string,
  proof: DnsRecord | undefined,
): DnsRecord[] => [
  ...(proof ? [proof] : []),
  { name: domain, type: "CNAME", value: platform ? `${host}.${platform}` : new URL(url!).hostname },
];

/** The certificate is there: the stack is led on to it, once. */
async function lead(
  ports: DomainPorts,
  settings: DomainSettings,
  claim: Claim & { certificateArn: string },
  project: Project,
  { record, lapses }: CertificateState,
): Promise<void> {
  const { domain, certificateArn } = claim;
  const records = recordsOf(settings, project, domain, record);
  if (project.ownName?.certificateArn === certificateArn) {
    if (lapses) return lapse(ports, settings, claim, project, { records, lapses });
    await ports.store.mark(domain, { due: later(ports, AT_REST) }, ["warned"]);
    return show(ports, project, { domain, state: "serves", records });
  }
  if (claim.tried) return giveUp(ports, settings, claim, project, failureOf(project));
  await ports.store.mark(domain, { proven: true });
  await show(ports, project, { domain, state: "issued", records });
  const change = { ownName: { domain, certificateArn } };
  if (await moveOn(ports, project, ["ready"], onwardTo(ports, project, "update", { change })))
    await ports.store.mark(domain, { tried: true });
}

const failureOf = ({ failure }: Project) =>
  failure
    ? `The project could not be led on to it: ${failure.reason}`
    : "The project could not be led on to it.";

/** Somebody has taken away the record that proves the name, which ACM asks for again when it renews. */
async function lapse(
  ports: DomainPorts,
  settings: DomainSettings,
  claim: Claim,
  project: Project,
  { records, lapses }: { records: DnsRecord[]; lapses: string },
): Promise<void> {
  const day = lapses.slice(0, 10);
  const reason = `Its certificate ends on ${day}, and is not renewed while its first record is not found.`;
  if (ports.now().getTime() >= Date.parse(lapses) - BEFORE_IT_LAPSES)
    return giveUp(ports, settings, claim, project, reason);
  const lapsing: DomainState = { domain: claim.domain, state: "serves", records, reason };
  await show(ports, project, lapsing);
  if (claim.warned) return;
  await notify(ports, project, lapsingMail(settings, project, lapsing));
  await ports.store.mark(claim.domain, { warned: true });
}

/** The project goes on without it: it is never a reason to take anything else back. */
async function giveUp(
  ports: DomainPorts,
  settings: DomainSettings,
  claim: Claim,
  project: Project,
  reason: string,
): Promise<void> {
  const { domain } = claim;
  const served = project.ownName?.domain === domain;
  const without = onwardTo(ports, project, "update", { change: { domain: null, ownName: null } });
  if (served && !(await moveOn(ports, project, ["ready"], without))) return;
  const before = served ? undefined : project.ownName?.domain;
  const state: DomainState = { domain, state: "given-up", reason };
  await ports.store.note(project.id, {
    ...{ domainState: state, domain: before },
    ...(!before && !served && { clear: ["domain"] }),
  });
  await notify(ports, project, givenUpMail(settings, project, state));
}

/** Writes what has changed only. */
async function show(ports: DomainPorts, project: Project, domainState: DomainState): Promise<void> {
  const changes: Changes = { domainState };
  if (JSON.stringify(told(project.domainState)) !== JSON.stringify(told(domainState)))
    await ports.store.note(project.id, changes);
}

const told = (state: DomainState | undefined) =>
  state && [state.domain, state.state, state.until, state.reason, state.records?.map(({ value }) => value)];

/** Nobody has the name any more: its certificate goes once nothing answers by it, and the name is free. */
async function end(ports: DomainPorts, settings: DomainSettings, claim: Claim, project?: Project) {
  // A stack that has not let go of it is looked at again.
  if (claim.certificateArn && (await ports.certificates.remove(claim.certificateArn)) === "used") return;
  const shown = project?.domainState;
  if (project && settled(project.state) && shown?.domain === claim.domain && shown.state !== "given-up")
    await ports.store.note(project.id, { clear: ["domainState"] });
  // Whoever has proved a name may have left its records: another unit's certificate would be issued by them at once.
  const held = claim.proven && Math.floor((ports.now().getTime() + settings.historyDays * DAY) / 1000);
  await ports.store.free(claim.domain, held || undefined);
}
