import { randomBytes } from "node:crypto";
import { claimsOf } from "../shared/caller";
import { ApiReply, headerOf, reply } from "../shared/http";
import { once } from "../shared/idempotency";
import { refuse } from "./admit";
import { answering } from "./answering";
import { parsed, shown } from "./body";
import { placesOf } from "./build-queue";
import { aboutKinds, priceList } from "./about";
import { kindOf, resourcesOf } from "./catalogue";
import { remove, rollback, update } from "./changing";
import { absent, ApiSettings, busy, Context, RouteRequest, seenProject } from "./context";
import { decide, withdraw } from "./deciding";
import { RUNBOOKS } from "./fields";
import { makeHook, removeHook } from "./hook";
import { log } from "./journal";
import { inParts } from "./parts";
import { over, Project } from "./project";
import { publicView } from "./public-project";
import { withoutSecrets } from "./request";
import { inDollars, quotaOf } from "./store";
import { ApiPorts, submit, UNASSIGNED } from "./submit";
import { listUnits, setQuota } from "./units";

/** Answers every route of the API that does more than read logs and the API's own document. */
export const answerRequest = (
  ports: ApiPorts,
  settings: ApiSettings,
  request: RouteRequest,
): Promise<ApiReply> =>
  answering(request, settings.adminGroup, (caller) => {
    const username = String(claimsOf(request)["cognito:username"] ?? caller.sub);
    return route({ ports, settings, caller, username, request });
  });

async function route(context: Context): Promise<ApiReply> {
  const { request } = context;
  switch (`${request.httpMethod} ${request.resource}`) {
    case "GET /catalogue":
      return reply(200, { kinds: priceList(), about: aboutKinds(context.settings.starters) });
    case "GET /quota":
      return quota(context);
    case "POST /projects":
      return create(context);
    case "POST /uploads":
      return upload(context);
    case "GET /projects":
      return list(context);
    case "GET /units":
      return listUnits(context);
    case "PUT /units":
      return setQuota(context);
    default:
      return onProject(context);
  }
}

async function quota({ ports, caller }: Context): Promise<ApiReply> {
  const usage = await ports.store.usage(caller.unit);
  const quotaCents = quotaOf(usage, caller);
  return reply(200, {
    unit: caller.unit,
    quota: quotaCents / 100,
    ...inDollars(usage),
    left: (quotaCents - usage.usedCents) / 100,
  });
}

async function create({ ports, settings, caller, request }: Context): Promise<ApiReply> {
  const body = parsed(request.body);
  if (!body) return refuse(400, "invalid", "The body must be a JSON object.");
  const dryRun = flag(request, "dryRun");
  if (typeof dryRun !== "boolean") return dryRun;
  if (dryRun) return submit(ports, settings, caller, body);
  const key = headerOf(request, "Idempotency-Key");
  const asked = { operation: "create", caller: caller.sub, key, content: withoutSecrets(body) };
  return once(asked, ports.claims, (token) => submit(ports, settings, caller, body, token));
}

/** Of the query: a caller who asks for it with a misspelt value must not count as one who did not ask. */
function flag({ queryStringParameters }: RouteRequest, name: string): boolean | ApiReply {
  const value = queryStringParameters?.[name];
  if (value === undefined || value === "1") return value === "1";
  return refuse(400, "invalid", `${name} must be 1 or left out, got ${shown(value)}.`);
}

async function upload({ ports, caller }: Context): Promise<ApiReply> {
  if (!caller.unit) return UNASSIGNED;
  const ticket = randomBytes(20).toString("hex");
  await ports.store.putTicket(ticket, caller, Math.floor(ports.now().getTime() / 1000) + 900);
  return reply(201, await ports.ticketForm(ticket));
}

async function list({ ports, caller, request }: Context): Promise<ApiReply> {
  const waiting = flag(request, "waiting");
  if (typeof waiting !== "boolean") return waiting;
  if (waiting && !caller.admin) return refuse(403, "admins", "Only admins see what waits for approval.");
  // A caller without a unit has no projects, and DynamoDB refuses to query an empty key.
  const own = () => (caller.unit ? ports.store.list(caller.unit) : []);
  const projects = waiting ? await ports.store.waiting() : await own();
  const places = await placesOf(projects, ports.store.live);
  return reply(200, { projects: projects.map((one) => publicView(one, places.get(one.id))) });
}

async function onProject(context: Context): Promise<ApiReply> {
  const { ports, caller, request } = context;
  const project = await seenProject(ports.store, request, caller);
  if (!project) return absent(request);
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
    case "PUT /projects/{id}/hook":
      return makeHook(context, project);
    case "DELETE /projects/{id}/hook":
      return removeHook(context, project);
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
  const places = await placesOf([project], ports.store.live);
  const resources = resourcesOf(project);
  return reply(200, {
    ...publicView(project, places.get(project.id)),
    logTail: project.logTail,
    resources,
    parts: inParts(resources),
    ...(stack && { cloudFormation: { status, drift, driftCheckedAt } }),
  });
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
