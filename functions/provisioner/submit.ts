import type { Claims } from "../shared/claims";
import { ApiReply, refusal, reply } from "../shared/http";
import { planOf } from "./catalogue";
import { later, log, tell } from "./journal";
import { CommonPorts, FunctionSettings, SecretRemover, StackReader, Starter } from "./ports";
import { askerFrom, Caller, hostOf, Project, Secrets, Wish } from "./project";
import { secretsOf, wishOf } from "./request";
import { ApiStore } from "./store";

/** What the API needs of the outside world. */
export interface ApiPorts extends Omit<CommonPorts, "mail">, Starter, SecretRemover {
  store: ApiStore;
  claims: Claims;
  keepSecret(id: string, secrets: Secrets): Promise<string>;
  /** Stack status and drift, or nothing while there is no stack. */
  stacks: StackReader;
  /** A form by which a browser may drop one file. */
  ticketForm(ticket: string): Promise<{ url: string; fields: Record<string, string> }>;
  /** Whether the user signs in with a second factor. */
  hasTotp(username: string): Promise<boolean>;
  runbook(name: "restart" | "patch", id: string): Promise<string>;
}

export type ApprovalSettings = Pick<
  FunctionSettings,
  "totpForProd" | "automatic" | "reserved" | "repositories" | "domain" | "consoleUrl"
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
  const leftCents = caller.quotaCents - (await ports.store.usage(caller.unit)).usedCents;
  if (!token) {
    const quota = { left: leftCents / 100, enough: cents <= leftCents };
    return reply(200, { template, resources, monthlyPrice: cents / 100, quota });
  }
  const id = idFrom(token);
  if (await ports.store.get(id)) return accepted(id);
  if (cents > leftCents) return overQuota(cents, leftCents);

  const project = await newProject(ports, settings, caller, { id, wish, cents, secrets: secretsOf(body) });
  const admission = await ports.store.accept(project, caller.quotaCents).catch(async (error: unknown) => {
    await ports.removeSecret(project.secretArn);
    throw error;
  });
  if (admission.kind !== "accepted") await ports.removeSecret(project.secretArn);
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

/** The record says what is to run, so that a start that fails here is made up for within two minutes. */
export async function begin(ports: Starter, { id, run }: Pick<Project, "id" | "run">): Promise<void> {
  const { name, action, approval } = run;
  await ports.start(name, { id, action, approval }).catch((error: unknown) => log("start", id, error));
}

async function newProject(
  ports: ApiPorts,
  settings: ApprovalSettings,
  caller: Caller,
  { id, wish, cents, secrets }: { id: string; wish: Wish; cents: number; secrets: Secrets },
): Promise<Project> {
  const secretArn = await ports.keepSecret(id, secrets);
  const at = ports.now().toISOString();
  return {
    ...wish,
    id,
    unit: caller.unit,
    owner: caller.sub,
    ownerEmail: caller.email,
    cents,
    host: hostOf(wish.name, wish.environment),
    secretArn,
    state: "running",
    stages: { reserve: { state: "done", at, endedAt: at } },
    run: {
      name: `${id}-create`,
      action: "create",
      approval: !settings.automatic.includes(wish.environment),
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
