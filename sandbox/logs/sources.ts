import type { Resource } from "../engine";
import { Problem } from "../problem";

export type Kind = "server" | "function" | "group" | "emulator";

/** A source of lines: a file of this run, or a log group. */
export interface Source {
  /** Its name in front of its lines. */
  name: string;
  kind: Kind;
  /** Other names by which a person may request it. */
  called: string[];
  file?: string;
  group?: string;
}

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const FUNCTION = "aws:lambda/function:Function";
const EMULATORS = ["ministack", "moto", "engine"];

export interface Found {
  /** The names of the run's log files, without their extension. */
  files: string[];
  groups: string[];
  /** Each function's own name, and its log group's. */
  functions: { name: string; group: string }[];
  resources: Resource[];
}

/** All sources that may be requested. */
export function sourcesIn({ files, groups, functions, resources }: Found): Source[] {
  const declared = (type: string, id: string) => resources.find((one) => one.type === type && one.id === id);
  const fromFiles = files.flatMap((file): Source[] => {
    if (EMULATORS.includes(file)) return [{ name: file, kind: "emulator", called: [], file }];
    const [, id] = /^(i-[0-9a-f]+)/.exec(file) ?? [];
    if (!id) return [];
    const role = files.includes(`${id}-agent`) ? "database" : "web";
    return [{ name: file, kind: "server", called: [id, role], file }];
  });
  const fromGroups = groups.map((group): Source => {
    const owner = functions.find((one) => one.group === group);
    const made = owner ? declared(FUNCTION, owner.name) : declared(LOG_GROUP, group);
    return {
      name: made?.name ?? owner?.name ?? group,
      kind: owner ? "function" : "group",
      called: [group, ...(owner ? [owner.name] : []), ...(made ? [made.component] : [])],
      group,
    };
  });
  return [...fromFiles, ...fromGroups];
}

/** The sources that some words name; all but the emulators' own if there are no words. */
export function named(sources: Source[], words: string[]): Source[] {
  if (words.length === 0) return sources.filter(({ kind }) => kind !== "emulator");
  return [...new Set(words.flatMap((word) => calledSo(sources, word)))];
}

/** The same, but refuses a word that names none. */
export function chosen(sources: Source[], words: string[]): Source[] {
  const wrong = words.find((word) => calledSo(sources, word).length === 0);
  if (wrong !== undefined) throw new Problem(refusal(wrong, sources));
  return named(sources, words);
}

/** By the whole name, in the singular or the plural; otherwise by its beginning. */
function calledSo(sources: Source[], word: string): Source[] {
  const asked = word.toLowerCase();
  const exact = sources.filter((one) => namesOf(one).some((name) => [name, `${name}s`].includes(asked)));
  if (exact.length || asked === "") return exact;
  return sources.filter((one) => namesOf(one).some((name) => name.startsWith(asked)));
}

const namesOf = ({ name, kind, called }: Source) => [name, kind, ...called].map((one) => one.toLowerCase());

function refusal(word: string, sources: Source[]): string {
  const kinds = ["server", "function", "group", "emulator"] as const;
  const lines = kinds.flatMap((kind) => {
    const own = sources.filter((one) => one.kind === kind);
    const names = new Set(own.map(({ name, called }) => (kind === "server" ? called[0]! : name)));
    return names.size ? [`  ${kind.padEnd(10)}${[...names].sort().join(", ")}`] : [];
  });
  return [
    `No log is called "${word}". Ask for a kind, a part of the program (web, database ...), or by name:`,
    ...lines,
  ].join("\n");
}
