import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { ANSWERS } from "../../sandbox/engine/calls";
import { CLIENTS } from "../../sandbox/engine/clients";
import { root } from "../../sandbox/paths";
import { REMOTE, rowOf, TABLES } from "../../sandbox/resources";
import { changingOf, CHANGES } from "../../sandbox/resources/changes";
import { STORED_ONLY, stored } from "../../sandbox/resources/stored";
import { some } from "../some";

/** Whatever the sandbox may be asked to make: the program with any of its settings, and what the tests run on the emulators. */
const PROGRAMS = [
  "index.ts",
  "stacks",
  "components",
  // What Crosswalk's components are made of under Pulumi's own engine.
  "sandbox/provider",
  "test/sandbox/programs",
  ...["delivery", "provisioner", "uploads"].map((rig) => `test/${rig}/rig.ts`),
];
/** They are there to be refused. */
const REFUSED = ["aws:chime/voiceConnector:VoiceConnector", "aws:index/getRegions:getRegions"];

/** Everything that these programs take from a provider, with its service if it has one, and the file: `new X(`, or `getX(`. */
function taken(pattern: string, tokenOf: (provider: string, name: string) => string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of PROGRAMS.flatMap(filesIn)) {
    const text = fs.readFileSync(file, "utf8");
    const imported = [...text.matchAll(/import \* as (\w+) from "@pulumi\/(awsx?)(?:\/(\w+))?"/g)];
    for (const [, alias, provider, service] of imported)
      for (const [, name] of text.matchAll(new RegExp(pattern.replace("ALIAS", alias!), "g"))) {
        const token = tokenOf(provider!, service ? `${service}.${name}` : name!);
        if (!REFUSED.includes(token)) found.set(token, path.relative(root, file));
      }
  }
  return found;
}

function filesIn(source: string): string[] {
  const at = path.join(root, source);
  if (fs.statSync(at).isFile()) return [at];
  const inside = fs.readdirSync(at, { recursive: true, encoding: "utf8" });
  return inside.filter((name) => name.endsWith(".ts")).map((name) => path.join(at, name));
}

function typeOf(provider: string, name: string): string {
  const [service, kind] = name.split(".");
  if (kind === undefined) return `pulumi:providers:${provider}`;
  if (provider === "awsx") return `awsx:${service}:${kind}`;
  return `aws:${service}/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`;
}

function callOf(provider: string, name: string): string {
  const [call, service = "index"] = name
    .replace(/Output$/, "")
    .split(".")
    .reverse();
  return `${provider}:${service}/${call}:${call}`;
}

const rowFor = (type: string) => rowOf(type, { component: type.startsWith("awsx:") });

describe("the sandbox's tables of resources", () => {
  const types = [...taken("\\bnew ALIAS\\.([\\w.]+)[(<]", typeOf)];

  it("have a row for every type that a program creates, whatever its settings are", () => {
    assert.ok(types.length > 100, "too few types were found in the sources");
    for (const [type, file] of some(types)) assert.doesNotThrow(() => rowFor(type), `${type} in ${file}`);
  });

  it("have no other row", () => {
    const used = new Set(types.map(([type]) => rowFor(type)));
    const tables = Object.entries({ ...TABLES, awsx: REMOTE });
    const rows = tables.flatMap(([service, table]) =>
      Object.entries(table).map(([kind, row]) => ({ name: `${service}/${kind}`, row })),
    );
    assert.ok(rows.length > 100, "too few rows were found in the tables");
    assert.deepEqual(
      rows.filter(({ row }) => !used.has(row)).map(({ name }) => name),
      [],
    );
  });

  it("say how each of these types is changed and deleted, and no other", () => {
    for (const [type] of some(types)) assert.doesNotThrow(() => changingOf(type), type);
    const kinds = (tables: Record<string, object>) =>
      Object.entries(tables).flatMap(([service, table]) =>
        Object.keys(table).map((kind) => `${service}/${kind}`),
      );
    assert.deepEqual(kinds(CHANGES).sort(), kinds(TABLES).sort());
  });

  it("answer every call of a program, and no other", () => {
    const calls = taken("\\bALIAS\\.((?:\\w+\\.)?get[A-Z]\\w+)\\(", callOf);
    assert.deepEqual(Object.keys(ANSWERS).sort(), [...calls.keys()].sort());
  });

  it("have a client for every service that the sandbox calls, and no other", () => {
    const sources = filesIn("sandbox")
      .map((file) => fs.readFileSync(file, "utf8"))
      .join("\n");
    assert.deepEqual(
      Object.keys(CLIENTS).filter((service) => !sources.includes(`("${service}")`)),
      [],
    );
  });

  it("store only what a program creates, and say why", () => {
    const asked = new Set(types.map(([type]) => /^aws:([^/]+)\/[^:]+:(\w+)$/.exec(type)?.slice(1).join("/")));
    assert.deepEqual(
      Object.keys(stored).filter((kind) => !asked.has(kind)),
      [],
    );
    for (const [type, reason] of some(Object.entries(STORED_ONLY))) assert.ok(reason.length > 15, type);
  });
});
