import { claimsOf } from "../shared/caller";
import { ApiReply, reply } from "../shared/http";
import { accepted, refuse } from "./admit";
import { verdictOf } from "./approval";
import { parsed } from "./body";
import { Context } from "./context";
import { LONGEST_COMMENT, VERDICTS } from "./fields";
import { conclude } from "./journal";
import { Decision, Project } from "./project";
import { ApiPorts } from "./submit";

/** Cognito's claim about this sign-in counts. If the pool's tokens do not carry it yet, all it knows is whether the user has a second factor. */
async function hasSecondFactor({ ports, username, request }: Context): Promise<boolean> {
  const { amr } = claimsOf(request);
  // API Gateway passes a list on as text.
  return amr === undefined
    ? ports.hasTotp(username)
    : String(amr)
        .split(/[^\w:-]/)
        .includes("mfa");
}

export async function decide(context: Context, project: Project): Promise<ApiReply> {
  const { ports, settings, caller, username, request } = context;
  if (!caller.admin) return refuse(403, "admins", "Only admins decide.");
  if (project.run.by?.sub === caller.sub) return refuse(403, "own", "Nobody can approve their own request.");
  const { decision: said, comment = "" } = parsed(request.body) ?? {};
  const verdict = VERDICTS.find((one) => one === said);
  if (!verdict || typeof comment !== "string" || comment.length > LONGEST_COMMENT)
    return refuse(
      400,
      "invalid",
      "decision must be approve or reject, and comment a text of 500 characters at most.",
    );
  if (settings.totpForProd && project.environment === "prod" && !(await hasSecondFactor(context)))
    return refuse(
      403,
      "totp",
      "Deciding on prod requires a second factor: set up TOTP, and sign in with it.",
    );
  const by = caller.email || username;
  const decision = { by, verdict, comment, at: ports.now().toISOString() } as const;
  return settle(ports, project, decision, reply(200, { id: project.id, decision: verdict }));
}

/** Only the person who asked may withdraw what still waits for a decision. */
export async function withdraw({ ports, caller, username }: Context, project: Project): Promise<ApiReply> {
  if (project.run.by?.sub !== caller.sub)
    return refuse(403, "own", "Only the person who requested it can withdraw it.");
  const at = ports.now().toISOString();
  const decision = { by: caller.email || username, verdict: "withdraw", comment: "", at } as const;
  return settle(ports, project, decision, accepted(project.id));
}

/** Passes a decision to whatever waits for it; the first one counts. */
async function settle(
  ports: ApiPorts,
  { id }: Project,
  decision: Decision,
  answer: ApiReply,
): Promise<ApiReply> {
  const decided = await ports.store.decide(id, decision);
  if (!decided)
    return refuse(409, "decided", "The project is not waiting for a decision, or somebody was faster.");
  await conclude(ports, decided, "approve", verdictOf(decision), decided.token);
  return answer;
}
