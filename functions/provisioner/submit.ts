import type { Claims } from "../shared/claims";
import { ApiReply, reply } from "../shared/http";
import { notesOf } from "./about";
import { admit, idFrom, isReserved, nameTaken, noRoom, refuse } from "./admit";
import { centsOf, kindOf, resourcesOf, roomsOf } from "./catalogue";
import { domainRefusal, domainTaken } from "./own-domain";
import { log } from "./journal";
import { inParts } from "./parts";
import type { CommonPorts, FunctionSettings, StackReader, Starter } from "./ports";
import { askerFrom, Caller, hostOf, Wish } from "./project";
import { secretsOf, wishOf } from "./request";
import { ApiStore, quotaOf } from "./store";
import { freshValues, givenIn, withGiven } from "./values";
import type { Vault } from "./vault";

/** What the API needs from the outside world. */
export interface ApiPorts extends Omit<CommonPorts, "mail">, Starter, Vault {
  store: ApiStore;
  claims: Claims;
  /** Stack status and drift; undefined while there is no stack. */
  stacks: StackReader;
  /** A form with which a browser may upload one file. */
  ticketForm(ticket: string): Promise<{ url: string; fields: Record<string, string> }>;
  /** Whether SES would send to an address, given the account's current state. */
  mailReaches(address: string): Promise<boolean>;
  /** Whether the user signs in with a second factor. */
  hasTotp(username: string): Promise<boolean>;
  runbook(name: "restart" | "patch", id: string): Promise<string>;
  /** The API's own address, without a slash at the end. */
  apiUrl(): Promise<string>;
}

export type ApprovalSettings = Pick<
  FunctionSettings,
  "totpForProd" | "automatic" | "reserved" | "repositories" | "capacity" | "domain" | "consoleUrl" | "zones"
>;

export const UNASSIGNED = refuse(
  403,
  "unassigned",
  "An admin must give you a business unit and a quota first.",
);

/**
 * Validates a request for a project, and admits it. A repeated request with its token finds the project that it created; one without a
 * token gets a preview of the result.
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
  const refused = domainRefusal(settings, wish);
  if (refused) return refused;
  if (!token) return dryRun(ports, settings, caller, wish, host);
  const { template, made } = kindOf(wish.type, wish.framework)!;
  return admit(ports, settings, {
    ...{ id: idFrom(token), wish, unit: caller.unit, by: askerFrom(caller), quotaCents: caller.quotaCents },
    secrets: secretsOf(body),
    ...(wish.domain && { taken: domainTaken(wish.domain) }),
    values: template === "server" ? withGiven(freshValues(made), givenIn(body)) : undefined,
  });
}

async function dryRun(
  ports: ApiPorts,
  settings: ApprovalSettings,
  caller: Caller,
  wish: Wish,
  host: string,
): Promise<ApiReply> {
  const { store } = ports;
  if (await store.at(host)) return nameTaken(host);
  const full = await noRoom(store, settings, roomsOf(wish));
  if (full) return full;
  const kind = kindOf(wish.type, wish.framework)!;
  const resources = resourcesOf(wish);
  const monthlyCents = centsOf(wish);
  const usage = await store.usage(caller.unit);
  const leftCents = quotaOf(usage, caller) - usage.usedCents;
  return reply(200, {
    template: kind.template,
    resources,
    parts: inParts(resources),
    notes: notesOf(kind),
    monthlyPrice: monthlyCents / 100,
    quota: { left: leftCents / 100, enough: monthlyCents <= leftCents },
    mail: await unreached(ports, wish.email),
  });
}

/** Why nobody will get an e-mail, if that is known beforehand; a failure to find out does not stop a project. */
async function unreached({ mailReaches }: ApiPorts, email: string): Promise<string | undefined> {
  const reaches = await mailReaches(email).catch((error: unknown) => {
    log("mail reaches", "", error);
    return true;
  });
  if (reaches) return undefined;
  return `No e-mail will reach ${email}: SES still has this account in its sandbox, where an address must be verified first. The console shows what the e-mails would say.`;
}
