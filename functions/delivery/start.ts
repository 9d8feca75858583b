import { callerOf, refuseCaller } from "../shared/caller";
import { Claims } from "../shared/claims";
import { ApiReply, ApiRequest, headerOf, refusal, refusedByAws, reply } from "../shared/http";
import { CLAIM_SECONDS, once } from "../shared/idempotency";

export interface StartPorts {
  claims: Claims;
  pipeline: {
    /** The running execution, if there is one. */
    running(): Promise<string | undefined>;
    /** Starts an execution; the same token returns the same one. */
    start(token: string): Promise<string>;
  };
}

export interface StartRules {
  /** The group whose members may start. @default whoever is signed in */
  group?: string;
  whileRunning: "refuse" | "queue";
}

const GATE = "gate";
/** How long a started execution may be missing from CodePipeline's list of running ones. */
const GATE_SECONDS = 15;

/** Starts the pipeline: answers 202 with the execution's id, once per Idempotency-Key, and refuses while one is running. */
export async function startPipeline(
  request: ApiRequest,
  ports: StartPorts,
  rules: StartRules,
): Promise<ApiReply> {
  const caller = callerOf(request);
  const refused = refuseCaller(caller, rules.group);
  if (refused) return refused;
  const key = headerOf(request, "Idempotency-Key");
  const asked = { operation: "start", caller: caller.id, key, content: "" };
  return once(asked, ports.claims, (token) => start(token, ports, rules));
}

async function start(token: string, ports: StartPorts, rules: StartRules): Promise<ApiReply> {
  if (rules.whileRunning === "queue") return begin(token, ports);
  const gate = await ports.claims.claim(GATE, CLAIM_SECONDS);
  if (!gate.mine) return refusal(409, "An execution is being started just now.");
  const started = await beginUnlessRunning(token, ports);
  if (started.statusCode === 202) await ports.claims.keep(GATE, started.body, GATE_SECONDS);
  else await ports.claims.release(GATE);
  return started;
}

async function beginUnlessRunning(token: string, ports: StartPorts): Promise<ApiReply> {
  try {
    const executionId = await ports.pipeline.running();
    if (executionId) return refusal(409, "An execution is running: wait for its end.", { executionId });
  } catch (error) {
    return refusedByAws("tell whether the pipeline is running", error);
  }
  return begin(token, ports);
}

async function begin(token: string, ports: StartPorts): Promise<ApiReply> {
  try {
    return reply(202, { executionId: await ports.pipeline.start(token) });
  } catch (error) {
    return refusedByAws("start the pipeline", error);
  }
}
