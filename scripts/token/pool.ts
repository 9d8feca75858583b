import { readState } from "../../sandbox/state";
import { Problem } from "../../sandbox/problem";
import { outputsOf } from "../stack-outputs";

/** A user pool, and its client for programs. */
export interface Pool {
  id: string;
  clientId: string;
  region: string;
}

/** The pool of a stack. For the sandbox, this process is pointed at its emulators as well. */
export function poolOf(stack: string): Pool {
  const { userPoolId: id, apiClientId: clientId } = stack === "sandbox" ? ofSandbox() : outputsOf(stack);
  if (!id || !clientId) throw new Problem(`Stack ${stack} has no people: set groundwork:identity.`);
  return { id, clientId, region: id.split("_", 1)[0]! };
}

function ofSandbox(): Record<string, string | undefined> {
  const { environment, outputs } = readState();
  Object.assign(process.env, environment);
  return outputs as Record<string, string | undefined>;
}
