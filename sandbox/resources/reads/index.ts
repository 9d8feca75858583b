import { Read } from "../../engine/types";
import { code } from "./code";
import { data } from "./data";
import { identities } from "./identities";
import { network } from "./network";
import { operations } from "./operations";

/**
 * How a refresh of Pulumi's own engine finds manual changes. It covers only arguments that an update corrects, and none whose value an
 * emulator returns in another form than it was given: docs/sandbox.md names them, and test/sandbox/reads.test.ts changes each.
 */
export const READS: Record<string, Read> = { ...code, ...data, ...identities, ...network, ...operations };

/** How to read a type's arguments; undefined if the state is trusted. */
export function readOf(type: string): Read | undefined {
  const [, service, kind] = /^aws:([^/]+)\/[^:]+:(\w+)$/.exec(type) ?? [];
  return READS[`${service}/${kind}`];
}
