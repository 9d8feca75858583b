// Looks after custom domain names: from the certificate request, to the stack that serves the name, to its end.
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
  /** The names that are due for a look. */
  claims(now: string): Promise<Claim[]>;
  mark(domain: string, changes: Partial<Claim>, cleared?: (keyof Claim)[]): Promise<void>;
  /** Releases a name: for everybody, or until then, in seconds, only for its business unit. */
  free(domain: string, heldUntil?: number): Promise<void>;
}

/** A certificate as ACM describes it. */
export interface CertificateState {
  state: "pending" | "issued" | "failed";
  /** The record that proves the name is the team's; ACM has it some seconds after the request. */
  record?: DnsRecord;
  /** Why it failed. */
  reason?: string;
  /** When it expires, if ACM could not renew it. */
  lapses?: string;
}

/** ACM, in this region and in the one that CloudFront takes certificates from. */
export interface Certificates {
  /** The same token returns the same certificate for an hour. A refusal by ACM comes back as a sentence. */
  request(request: CertificateRequest): Promise<{ arn: string } | { refused: string }>;
  /** The record of this name, out of all its names. */
  read(arn: string, domain: string): Promise<CertificateState | undefined>;
  /** A certificate that something still uses stays. */
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
/** How long ACM looks for a record. */
export const HOURS_TO_PROVE = 72;
/** A name that serves is checked less often. */
const AT_REST = 5 * MINUTE;
/** A certificate that will expire is taken out first, since it also covers the platform's name for the project. */
const BEFORE_IT_LAPSES = 3 * DAY;

/** Checks each name that is due. */
export async function lookAfterDomains(ports: DomainPorts, settings: DomainSettings): Promise<number> {
  const claims = await ports.store.claims(later(ports, 0));
  for (const claim of claims) {
    try {
      await ports.store.mark(claim.domain, { due: later(ports) });
      await look(ports, settings, claim);
    } catch (error) {
      log("domain", claim.id, error); // a failure must not keep the next name from its turn
    }
  }
  return claims.length;
}

async function look(ports: DomainPorts, settings: DomainSettings, claim: Claim): Promise<void> {
  const project = await ports.store.get(claim.id);
  if (!project || !has(project, claim.domain)) return end(ports, settings, claim, project);
  // A moving project is checked once it rests; a frozen, failed or broken one once it is repaired.
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

/** Whether a live project has a name, asks for it, or still answers to it. */
const has = ({ state, domain, ownName, change }: Project, name: string) =>
  !over(state) && [domain, ownName?.domain, change?.domain, change?.ownName?.domain].includes(name);

async function ask(ports: DomainPorts, settings: DomainSettings, claim: Claim, project: Project) {
  const { domain, id } = claim;
  const asked = await ports.certificates.request({
    forCloudFront: kindOf(project.type, project.framework)?.template === "static",
    domain,
    // One certificate for both names; the record of the platform's own wildcard certificate proves the platform's.
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
      `The record that proves ownership was not found within ${HOURS_TO_PROVE} hours.`,
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

/** The record that proves the name, which must stay, and the one that leads it to the project. */
const recordsOf = (
  { domain: platform }: DomainSettings,
  { host, url }: Project,
  domain: string,
  proof: DnsRecord | undefined,
): DnsRecord[] => [
  ...(proof ? [proof] : []),
  { name: domain, type: "CNAME", value: platform ? `${host}.${platform}` : new URL(url!).hostname },
];

/** The certificate is issued: the stack is updated to use it, once. */
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
    ? `The project could not be moved to it: ${failure.reason}`
    : "The project could not be moved to it.";

/** Somebody has removed the record that proves the name, which ACM needs again to renew the certificate. */
async function lapse(
  ports: DomainPorts,
  settings: DomainSettings,
  claim: Claim,
  project: Project,
  { records, lapses }: { records: DnsRecord[]; lapses: string },
): Promise<void> {
  const day = lapses.slice(0, 10);
  const reason = `Its certificate expires on ${day}, and is not renewed unless its first record is found.`;
  if (ports.now().getTime() >= Date.parse(lapses) - BEFORE_IT_LAPSES)
    return giveUp(ports, settings, claim, project, reason);
  const lapsing: DomainState = { domain: claim.domain, state: "serves", records, reason };
  await show(ports, project, lapsing);
  if (claim.warned) return;
  await notify(ports, project, lapsingMail(settings, project, lapsing));
  await ports.store.mark(claim.domain, { warned: true });
}

/** The project continues without it: it is never a reason to undo anything else. */
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

/** Writes only what has changed. */
async function show(ports: DomainPorts, project: Project, domainState: DomainState): Promise<void> {
  const changes: Changes = { domainState };
  if (JSON.stringify(told(project.domainState)) !== JSON.stringify(told(domainState)))
    await ports.store.note(project.id, changes);
}

const told = (state: DomainState | undefined) =>
  state && [state.domain, state.state, state.until, state.reason, state.records?.map(({ value }) => value)];

/** Nobody has the name any more: its certificate goes once nothing uses it, and the name is free. */
async function end(ports: DomainPorts, settings: DomainSettings, claim: Claim, project?: Project) {
  // A stack that still uses it is checked again.
  if (claim.certificateArn && (await ports.certificates.remove(claim.certificateArn)) === "used") return;
  const shown = project?.domainState;
  if (project && settled(project.state) && shown?.domain === claim.domain && shown.state !== "given-up")
    await ports.store.note(project.id, { clear: ["domainState"] });
  // Whoever has proved a name may have left its records: they would let ACM issue another unit's certificate at once.
  const held = claim.proven && Math.floor((ports.now().getTime() + settings.historyDays * DAY) / 1000);
  await ports.store.free(claim.domain, held || undefined);
}
