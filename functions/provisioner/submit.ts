import { createHash, randomBytes } from "node:crypto";
import { planOf } from "./catalogue";
import { later, log, tell } from "./journal";
import { CommonPorts, SecretRemover, StackReader, Starter } from "./ports";
import { askerFrom, Caller, hostOf, Project, Secrets, Wish } from "./project";
import { secretsOf, wishOf, withoutSecrets } from "./request";
import { DoorStore } from "./store";

/** What the door needs of the outside world. */
export interface DoorPorts extends Omit<CommonPorts, "mail">, Starter, SecretRemover {
  store: DoorStore;
  keepSecret(id: string, secrets: Secrets): Promise<string>;
  /** Stack status and drift, or nothing while there is no stack. */
  stacks: StackReader;
  /** A form by which a browser may drop one file. */
  ticketForm(ticket: string): Promise<{ url: string; fields: Record<string, string> }>;
  /** Whether the user signs in with a second factor. */
  hasTotp(username: string): Promise<boolean>;
  runbook(name: "restart" | "patch", id: string): Promise<string>;
}

export interface DoorSettings {
  totpForProd: boolean;
  /** What needs no approval. */
  automatic: string[];
}

/** What became of a request: an HTTP status and what to say. */
export interface Outcome {
  status: number;
  body: Record<string, unknown>;
}

export const refuse = (status: number, code: string, message: string, more: object = {}): Outcome => ({
  status,
  body: { code, message, ...more },
});

export const UNASSIGNED = refuse(
  403,
  "unassigned",
  "An admin has to give you a business unit and a quota first.",
);

export const accepted = (id: string): Outcome => ({ status: 202, body: { id, status: `/projects/${id}` } });

/**
 * Lets a project in, or says why not. The order matters: the secrets go to their vault before anything else is recorded,
 * and one transaction then takes the name and the room in the quota, so that what is accepted has both.
 */
export async function submit(
  ports: DoorPorts,
  settings: DoorSettings,
  caller: Caller,
  body: Record<string, unknown>,
  options: { key?: string; dryRun?: boolean } = {},
): Promise<Outcome> {
  if (!caller.unit) return UNASSIGNED;
  const judged = wishOf(body);
  if (!judged.ok) {
    const { problems, accepted } = judged;
    return refuse(400, "invalid", problems.join("; "), { problems, ...(accepted && { accepted }) });
  }
  const wish = judged.value;
  const plan = planOf(wish);
  const { usedCents } = await ports.store.usage(caller.unit);
  const leftCents = caller.quotaCents - usedCents;
  if (options.dryRun) {
    const { template, resources, monthlyCents } = plan;
    const quota = { left: leftCents / 100, enough: monthlyCents <= leftCents };
    return { status: 200, body: { template, resources, monthlyPrice: monthlyCents / 100, quota } };
  }
  const once = options.key ? { key: options.key, digest: digestOf(body) } : undefined;
  const before = once && (await ports.store.repeated(caller.sub, once.key));
  if (before) return repeat(before, once.digest);
  if (plan.monthlyCents > leftCents) return overQuota(plan.monthlyCents, leftCents);

  const project = await newProject(ports, settings, caller, wish, plan.monthlyCents, secretsOf(body));
  const admission = await ports.store
    .accept(project, caller.quotaCents, once)
    .catch(async (error: unknown) => {
      await ports.removeSecret(project.secretArn);
      throw error;
    });
  if (admission.kind !== "accepted") await ports.removeSecret(project.secretArn);
  switch (admission.kind) {
    case "taken":
      return refuse(409, "taken", `There is a project ${wish.name} in ${wish.environment} already.`);
    case "quota":
      return overQuota(plan.monthlyCents, admission.leftCents);
    case "repeated":
      return repeat(admission, once!.digest);
    case "accepted":
      await tell(ports, project, "reserve", "done");
      await begin(ports, project);
      return accepted(project.id);
  }
}

/** The record says what is to run, so that a start that fails here is made up for within two minutes. */
export async function begin(ports: Starter, { id, run }: Pick<Project, "id" | "run">): Promise<void> {
  const { name, action, approval } = run;
  await ports.start(name, { id, action, approval }).catch((error: unknown) => log("start", id, error));
}

async function newProject(
  ports: DoorPorts,
  settings: DoorSettings,
  caller: Caller,
  wish: Wish,
  cents: number,
  secrets: Secrets,
): Promise<Project> {
  const id = idFrom(randomBytes(10));
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
const idFrom = (bytes: Buffer) =>
  [...bytes].map((byte, index) => "abcdefghijklmnopqrstuvwxyz012345"[byte % (index ? 32 : 26)]).join("");

const digestOf = (body: Record<string, unknown>) =>
  createHash("sha256").update(withoutSecrets(body)).digest("hex");

const repeat = (before: { id: string; digest: string }, digest: string): Outcome =>
  before.digest === digest
    ? accepted(before.id)
    : refuse(422, "key", "This Idempotency-Key came with another request before.");

const overQuota = (cents: number, leftCents: number): Outcome =>
  refuse(
    403,
    "quota",
    `The project costs ${cents / 100} USD a month, and ${leftCents / 100} are left of the quota.`,
    {
      price: cents / 100,
      left: leftCents / 100,
    },
  );
