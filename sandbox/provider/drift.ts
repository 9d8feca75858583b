import { isDeepStrictEqual } from "node:util";
import { IF_GIVEN, Inputs, StandingResource } from "../engine/types";
import { readOf } from "../resources/reads";
import type { Kept } from "./server";
import { toSend } from "./values";

type Tags = Record<string, string>;

/**
 * What the state is to have of a resource that still stands: its arguments as somebody has left them by hand, where the tables can read
 * them. @param ofProvider the tags that a provider gives to each of its resources
 */
export async function asFound(kept: Kept, standing: StandingResource, ofProvider: Tags): Promise<Kept> {
  const table = readOf(standing.type);
  if (!table) return kept;
  const { tags, ...found } = await table.read(standing);
  const differing = Object.entries(table.normally).filter(
    ([name, normally]) => name !== "tags" && differs(standing.inputs[name], found[name], normally),
  );
  const changed = Object.fromEntries(
    differing.map(([name, normally]) => [name, found[name] ?? valueOf(normally)]),
  );
  return {
    id: kept.id,
    inputs: sendable({ ...kept.inputs, ...changed, ...ownTags(standing, tags, ofProvider) }),
    outputs: sendable({ ...kept.outputs, ...changed, ...allTags(standing, tags, ofProvider) }),
  };
}

function differs(given: unknown, found: unknown, normally: unknown): boolean {
  if (normally === IF_GIVEN && given === undefined) return false;
  return !isDeepStrictEqual(comparable(given ?? valueOf(normally)), comparable(found ?? valueOf(normally)));
}

const valueOf = (normally: unknown) => (normally === IF_GIVEN ? undefined : normally);

/** APIs return lists in any order, documents in any layout, numbers as texts, and a missing value as something empty or switched off. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.map(comparable).filter((one) => one !== undefined);
    return all.length > 0 ? all.map((one) => JSON.stringify(one)).sort() : undefined;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).flatMap(([name, one]) => {
      const inner = comparable(one);
      return inner === undefined ? [] : [[name, inner] as const];
    });
    return entries.length > 0 ? Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) : undefined;
  }
  if (value === undefined || value === null || value === "" || value === false) return undefined;
  return documentIn(value) ?? String(value);
}

function documentIn(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return comparable(JSON.parse(value));
  } catch {
    return undefined;
  }
}

const changedTags = ({ tags: kept }: StandingResource, found: Tags | undefined): found is Tags =>
  found !== undefined && !isDeepStrictEqual(comparable(kept), comparable(found));

/** A program sets its own tags; its provider adds others by itself. */
function ownTags(standing: StandingResource, found: Tags | undefined, ofProvider: Tags): { tags?: Tags } {
  if (!changedTags(standing, found)) return {};
  const given = (standing.inputs["tags"] ?? {}) as Tags;
  return {
    tags: Object.fromEntries(
      Object.entries(found).filter(([key, value]) => key in given || ofProvider[key] !== value),
    ),
  };
}

const allTags = (standing: StandingResource, found: Tags | undefined, ofProvider: Tags) =>
  changedTags(standing, found) ? { ...ownTags(standing, found, ofProvider), tagsAll: found } : {};

const sendable = (values: Inputs) => toSend(values) as Inputs;
