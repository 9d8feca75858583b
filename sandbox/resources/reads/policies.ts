import { isDeepStrictEqual } from "node:util";
import { documentText } from "../../engine/shape";
import { enforceable } from "../policy-quirks";

/** A policy as the program gave it, if MiniStack has what that was turned into; otherwise what MiniStack has. */
export function asEnforced(given: unknown, found: string | undefined): string | undefined {
  if (given === undefined || found === undefined) return found;
  const same = isDeepStrictEqual(JSON.parse(enforceable(given)), JSON.parse(found));
  return same ? documentText(given) : found;
}
