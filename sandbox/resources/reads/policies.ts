import { isDeepStrictEqual } from "node:util";
import { documentText } from "../../engine/shape";
import { enforceable } from "../policy-quirks";

/** A policy as the program gave it, where MiniStack has what was made of that; else what it has. */
export function asEnforced(given: unknown, found: string | undefined): string | undefined {
  if (given === undefined || found === undefined) return found;
  const same = isDeepStrictEqual(JSON.parse(enforceable(given)), JSON.parse(found));
  return same ? documentText(given) : found;
}
