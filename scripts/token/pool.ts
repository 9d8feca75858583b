import { Problem } from "../../sandbox/problem";
import { atSandbox } from "../command";
import { outputsOf } from "../stack-outputs";

/** A user pool, and its client for programs. */
export interface Pool {
  id: string;
  clientId: string;
  region: string;
}

type Outputs = ReturnType<typeof outputsOf>;

/** A stack's pool. For the sandbox, it also points this process at the emulators. */
export function poolOf(stack: string): Pool {
  const outputs = stack === "sandbox" ? (atSandbox().outputs as Outputs) : outputsOf(stack);
  const { userPoolId: id, apiClientId: clientId } = outputs;
  if (!id || !clientId) throw new Problem(`Stack ${stack} has no people: set groundwork:identity.`);
  return { id, clientId, region: id.split("_", 1)[0]! };
}
