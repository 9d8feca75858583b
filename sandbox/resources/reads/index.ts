import { Read } from "../../engine/types";
import { code } from "./code";
import { data } from "./data";
import { identities } from "./identities";
import { network } from "./network";
import { operations } from "./operations";

/**
 * What a refresh of Pulumi's own engine finds changed by hand. Only arguments that an update puts right are here, and none whose value an
 * emulator tells otherwise than it was given: the page of docs/sandbox.md names them, and test/sandbox/reads.test.ts changes each.
 */
export const READS: Record<string, Read> = { ...code, ...data, ...identities, ...network, ...operations };

/** How a type's arguments are read; undefined for one of which the state is believed. */
export function readOf(type: string): Read | undefined {
  const [, service, kind] = /^aws:([^/]+)\/[^:]+:(\w+)$/.exec(type) ?? [];
  return READS[`${service}/${kind}`];
}
