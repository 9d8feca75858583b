import { randomBytes } from "node:crypto";
import { claimsOf, groupsIn, TokenClaims } from "../shared/caller";
import { ApiReply, ApiRequest, headerOf, reply } from "../shared/http";
import { once } from "../shared/idempotency";
import { verdictOf } from "./approval";
import { neededBy } from "./builds";
import { aboutKinds, kindOf, planOf, priceList } from "./catalogue";
import { LONGEST_COMMENT, RUNBOOKS, VERDICTS } from "./fields";
import { conclude, failed, later, log } from "./journal";
import type { FunctionSettings } from "./ports";
import { askerFrom, Caller, Change, over, Project, publicView, settled, State } from "./project";
import { changeOf, misplaced, missing, parsed, secretsOf, withoutSecrets } from "./request";
import { accepted, begin, ApiPorts, ApprovalSettings, refuse, submit, UNASSIGNED } from "./submit";
import { freshValues, Given, givenIn, problemsOf, Values, withGiven } from "./values";
import { forget, keep } from "./vault";

/** What API Gateway hands on of a request. */
export interface RouteRequest extends ApiRequest {
  httpMethod: string;
  /** The route, such as `/projects/{id}`. */
  resource: string;
  pathParameters?: Record<string, string | undefined> | null;
  queryStringParameters?: Record<string, string | undefined> | null;
}

export type ApiSettings = ApprovalSettings & Pick<FunctionSettings, "prefix" | "adminGroup">;

interface Context {
  ports: ApiPorts;
  settings: ApiSettings;
  caller: Caller;
  username: string;
  request: RouteRequest;
}

/** Answers every route of the API. */
export async function answerRequest(
  ports: ApiPorts,
  settings: ApiSettings,
  request: RouteRequest,
): Promise<ApiReply> {
  const claims = claimsOf(request);
  const caller = callerFrom(claims, settings.adminGroup);
  const username = String(claims["cognito:username"] ?? caller.sub);
  try {
    return await route({ ports, settings, caller, username, request });
  } catch (error) {
    log(`${request.httpMethod} ${request.resource}`, request.pathParameters?.["id"] ?? "", error);
    return refuse(503, "unavailable", "This could not be done now; try again.");
  }
}

/** Unit and quota are the pool's custom attributes, which only admins write. */
function callerFrom(claims: TokenClaims, adminGroup: string): Caller {
  const quota = Number(claims["custom:Quota"] ?? 0);
  return {
    sub: String(claims["sub"] ?? ""),
    email: String(claims["email"] ?? ""),
    unit: String(claims["custom:BusinessUnit"] ?? ""),
    quotaCents: Number.isFinite(quota) ? Math.floor(quota * 100) : 0,
    admin: groupsIn(claims).includes(adminGroup),
  };
}

async function route(context: Context): Promise<ApiReply> {
  const { request } = context;
  switch (`${request.httpMethod} ${request.resource}`) {
    case "GET /catalogue":
      return reply(200, { kinds: priceList(), about: aboutKinds() });
    case "GET /quota":
      return quota(context);
    case "POST /projects":
      return create(context);
    case "POST /uploads":
      return upload(context);
    case "GET /projects":
      return list(context);
    default:
      return onProject(context);
  }
}

async function quota({ ports, caller }: Context): Promise<ApiReply> {
  const { usedCents, reservedCents } = await ports.store.usage(caller.unit);
  return reply(200, {
    unit: caller.unit,
    quota: caller.quotaCents / 100,
    committed: (usedCents - reservedCents) / 100,
    reserved: reservedCents / 100,
    left: (caller.quotaCents - usedCents) / 100,
  });
}

async function create({ ports, settings, caller, request }: Context): Promise<ApiReply> {
  const body = parsed(request.body);
  if (!body) return refuse(400, "invalid", "The body must be a JSON object.");
  if (["1", "true"].includes(request.queryStringParameters?.["dryRun"] ?? ""))
    return submit(ports, settings, caller, body);
  const key = headerOf(request, "Idempotency-Key");
  const asked = { operation: "create", caller: caller.sub, key, content: withoutSecrets(body) };
  return once(asked, ports.claims, (token) => submit(ports, settings, caller, body, token));
}

async function upload({ ports, caller }: Context): Promise<ApiReply> {
  if (!caller.unit) return UNASSIGNED;
  const ticket = randomBytes(20).toString("hex");
  await ports.store.putTicket(ticket, caller, Math.floor(ports.now().getTime() / 1000) + 900);
  return reply(201, await ports.ticketForm(ticket));
}

async function list({ ports, caller, request }: Context): Promise<ApiReply> {
  const waiting = request.queryStringParameters?.["waiting"] !== undefined;
  if (waiting && !caller.admin) return refuse(403, "admins", "Only admins see what waits for approval.");
  // Whoever has no unit has no projects, and DynamoDB refuses to look for an empty key.
  const own = () => (caller.unit ? ports.store.list(caller.unit) : []);
  const projects = waiting ? await ports.store.waiting() : await own();
  return reply(200, { projects: projects.map(publicView) });
}

async function onProject(context: Context): Promise<ApiReply> {
  const { ports, caller, request } = context;
  const id = request.pathParameters?.["id"] ?? "";
  const project = /^[a-z0-9]{10}$/.test(id) ? await ports.store.get(id) : undefined;
  // Another unit's project is as absent as one that never was.
  if (!project || (project.unit !== caller.unit && !caller.admin))
    return refuse(404, "absent", `There is no project ${id.slice(0, 20)}.`);
  switch (`${request.httpMethod} ${request.resource}`) {
    case "GET /projects/{id}":
      return describe(context, project);
    case "PATCH /projects/{id}":
      return update(context, project);
    case "DELETE /projects/{id}":
      return remove(context, project);
    case "POST /projects/{id}/decision":
      return decide(context, project);
    case "POST /projects/{id}/withdrawal":
      return withdraw(context, project);
    case "POST /projects/{id}/rollback":
      return rollback(context, project);
    case "POST /projects/{id}/runbook":
      return runbook(context, project);
    default:
      return refuse(404, "absent", "There is no such route.");
  }
}

async function describe({ ports, settings }: Context, project: Project): Promise<ApiReply> {
  const stack = over(project.state)
    ? undefined
    : await ports.stacks
        .read(`${settings.prefix}-${project.id}`)
        .catch((error: unknown) => log("describe", project.id, error));
  const { status, drift, driftCheckedAt } = stack ?? {};
  return reply(200, {
    ...publicView(project),
    logTail: project.logTail,
    resources: planOf(project).resources,
    ...(stack && { cloudFormation: { status, drift, driftCheckedAt } }),
  });
}

const busy = (project: Project) =>
  refuse(409, "busy", `The project is ${project.state}: it cannot do this now.`);
const REST: State[] = ["ready", "frozen", "failed"];

async function update({ ports, settings, caller, request }: Context, project: Project): Promise<ApiReply> {
  const body = parsed(request.body);
  const judged = changeOf(body ?? {}, settings.repositories);
  if (!judged.ok) return refuse(400, "invalid", judged.problems.join("; "), { problems: judged.problems });
  const from = (await isMended(ports, settings, project)) ? [...REST, "needs-attention" as const] : REST;
  if (!from.includes(project.state)) return busy(project);
  const { change, extend } = judged.value;
  const template = kindOf(project.type, project.framework)?.template;
  const given = givenIn(body!);
  const values = await valuesAfter(ports, project, given);
  const wrong = [
    ...misplaced(body!, template),
    ...(values ? [...problemsOf({ ...values }, false), ...missing(project, values.secrets)] : []),
  ];
  if (wrong.length > 0) return refuse(400, "invalid", wrong.join("; "), { problems: wrong });
  if (extend && !project.expiresAt)
    return refuse(400, "invalid", "Only a dev project expires, so only one can be extended.");
  const secrets = secretsOf(body!);
  const kept = await keep(
    ports,
    project.id,
    secrets.accessToken || secrets.privateKey ? secrets : undefined,
    template === "server" ? values : undefined,
  );
  const full: Change = {
    ...change,
    // An extension begins anew where the step that ends it stands.
    ...(extend && { frozen: false, extend: true }),
    ...kept,
    ...(given.variables && { variables: values!.variables }),
    ...(given.secrets && { secretNames: Object.keys(values!.secrets).sort() }),
  };
  const approval = !settings.automatic.includes(project.environment);
  try {
    if (await move(ports, project, caller, from, "update", approval, full)) return accepted(project.id);
  } catch (error) {
    await forget(ports, kept);
    throw error;
  }
  await forget(ports, kept);
  return busy(project);
}

/** All that the program would find in its environment, when something of it is to change. */
async function valuesAfter(ports: ApiPorts, project: Project, given: Given): Promise<Values | undefined> {
  if (!given.variables && !given.secrets) return undefined;
  const { valuesArn, variables = {}, framework } = project;
  const before = valuesArn
    ? await ports.readValues(valuesArn)
    : { ...freshValues(neededBy(framework)), variables };
  return withGiven(before, given);
}

/** The release before runs again, by the rules of an update. */
async function rollback({ ports, settings, caller }: Context, project: Project): Promise<ApiReply> {
  if (kindOf(project.type, project.framework)?.template !== "server")
    return refuse(
      400,
      "invalid",
      "A site of files keeps no releases: build an earlier one by PATCH, with its tag or branch.",
    );
  if (project.state !== "ready") return busy(project);
  const release = project.releases?.[1];
  if (!release) return refuse(409, "first", "There is no release before the one that runs.");
  const approval = !settings.automatic.includes(project.environment);
  const moved = await move(ports, project, caller, ["ready"], "update", approval, { release });
  return moved ? accepted(project.id) : busy(project);
}

/** A project of which a person has led the stack back to a whole one. */
async function isMended(
  ports: ApiPorts,
  { prefix }: ApiSettings,
  { id, state, quota }: Project,
): Promise<boolean> {
  if (state !== "needs-attention" || quota !== "committed") return false;
  const { status = "" } = (await ports.stacks.read(`${prefix}-${id}`)) ?? {};
  return /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(status);
}

async function move(
  ports: ApiPorts,
  { id }: Project,
  caller: Caller,
  from: State[],
  action: "update" | "delete",
  approval: boolean,
  change?: Change,
): Promise<boolean> {
  const state = action === "update" ? "updating" : "deleting";
  const run = { name: `${id}-${action}-${ports.now().getTime()}`, action, approval, by: askerFrom(caller) };
  const moved = await ports.store.move(id, from, { state, run, due: later(ports), change });
  if (moved) await begin(ports, { id, run });
  return moved;
}

/** A running project is stopped and taken back; one at rest is taken down; what a person must mend is tried once more. */
async function remove({ ports, settings, caller }: Context, project: Project): Promise<ApiReply> {
  const { id, state } = project;
  const guarded = holdsProdData(settings, project);
  if (state === "deleting") return accepted(id);
  if (over(state) || state === "updating") return busy(project);
  // What an admin mends is no longer at rest, so that a no could not leave it as it was: nobody is asked, and nobody else may.
  if (guarded && state === "needs-attention" && !caller.admin)
    return refuse(
      403,
      "admins",
      "Only admins take down a prod project with a database that needs attention.",
    );
  if (settled(state))
    return (await move(ports, project, caller, [state], "delete", guarded && state !== "needs-attention"))
      ? accepted(id)
      : busy(project);
  const stopped = await ports.store.cancel(id);
  // Too late, or on its way down already.
  if (!stopped) return busy(project);
  const { step, token } = stopped;
  if (step && token)
    await conclude(ports, stopped, step, failed("cancelled", "The project was cancelled."), token);
  return accepted(id);
}

/** A deletion that takes a second person, as the creation did. */
const holdsProdData = ({ automatic }: ApiSettings, { type, framework, environment, state }: Project) =>
  // What failed at first holds nothing yet.
  state !== "failed" &&
  environment === "prod" &&
  !automatic.includes("prod") &&
  kindOf(type, framework)?.engine !== undefined;

/** What Cognito says of this sign-in counts; a pool whose tokens do not say it yet knows only whether the user has a second factor. */
async function hasSecondFactor({ ports, username, request }: Context): Promise<boolean> {
  const { amr } = claimsOf(request);
  // API Gateway hands a list on as a text.
  return amr === undefined
    ? ports.hasTotp(username)
    : String(amr)
        .split(/[^\w:-]+/)
        .includes("mfa");
}

async function decide(context: Context, project: Project): Promise<ApiReply> {
  const { ports, settings, caller, username, request } = context;
  if (!caller.admin) return refuse(403, "admins", "Only admins decide.");
  if (project.run.by?.sub === caller.sub) return refuse(403, "own", "Nobody approves what they asked for.");
  const { decision: said, comment = "" } = parsed(request.body) ?? {};
  const verdict = VERDICTS.find((one) => one === said);
  if (!verdict || typeof comment !== "string" || comment.length > LONGEST_COMMENT)
    return refuse(
      400,
      "invalid",
      "decision must be approve or reject, and comment a text of 500 characters at most.",
    );
  if (settings.totpForProd && project.environment === "prod" && !(await hasSecondFactor(context)))
    return refuse(403, "totp", "Deciding on prod takes a second factor: set up TOTP, and sign in with it.");
  const by = caller.email || username;
  const decision = { by, verdict, comment, at: ports.now().toISOString() } as const;
  const decided = await ports.store.decide(project.id, decision);
  if (!decided)
    return refuse(409, "decided", "The project does not wait for a decision, or somebody was faster.");
  await conclude(ports, decided, "approve", verdictOf(decision), decided.token);
  return reply(200, { id: project.id, decision: verdict });
}

/** What still waits for a decision is taken back by whoever asked for it. */
async function withdraw({ ports, caller, username }: Context, project: Project): Promise<ApiReply> {
  if (project.run.by?.sub !== caller.sub)
    return refuse(403, "own", "Only whoever asked for it can withdraw it.");
  const at = ports.now().toISOString();
  const decision = { by: caller.email || username, verdict: "withdraw", comment: "", at } as const;
  const decided = await ports.store.decide(project.id, decision);
  if (!decided)
    return refuse(409, "decided", "The project does not wait for a decision, or somebody was faster.");
  await conclude(ports, decided, "approve", verdictOf(decision), decided.token);
  return accepted(project.id);
}

async function runbook({ ports, request }: Context, project: Project): Promise<ApiReply> {
  const asked = parsed(request.body)?.["name"];
  const name = RUNBOOKS.find((one) => one === asked);
  if (!name) return refuse(400, "invalid", "name must be restart or patch.");
  if (kindOf(project.type, project.framework)?.template !== "server")
    return refuse(400, "invalid", "Only a project with servers can be restarted or patched.");
  if (project.state !== "ready") return busy(project);
  const execution = await ports.runbook(name, project.id);
  return reply(202, { id: project.id, execution });
}
