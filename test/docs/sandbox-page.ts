// The tables of docs/sandbox.md that are made of the sandbox's own.
import { codeDeploy, CodeDeployOptions } from "../../sandbox/delivery/codedeploy";
import { codePipeline, CodePipelineOptions } from "../../sandbox/delivery/codepipeline";
import { Carried, SERVICES } from "../../sandbox/emulators/services";
import type { Changing } from "../../sandbox/engine/types";
import { TABLES } from "../../sandbox/resources";
import { CHANGES } from "../../sandbox/resources/changes";
import { LOOKS } from "../../sandbox/resources/looks";
import { READS } from "../../sandbox/resources/reads";
import { replacements } from "../../sandbox/resources/replacements.json";
import { STORED_ONLY } from "../../sandbox/resources/stored";

/** What the sandbox answers itself, by the name of its client. */
export const OWN: Record<string, object> = {
  codepipeline: codePipeline({} as CodePipelineOptions),
  codedeploy: codeDeploy({} as CodeDeployOptions),
};

const code = (names: string[]) => names.map((name) => `\`${name}\``).join(", ") || "-";
const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Who answers for each service, and whether he asks for a role's rights. */
export function servicesTable(): string {
  const services = Object.entries(SERVICES) as [string, Carried][];
  const by = (wanted: (name: string, one: Carried) => boolean) =>
    code(services.flatMap(([name, one]) => (wanted(name, one) ? [one.commands[0]!] : [])).sort());
  return table(
    ["Answered by", "A role's rights", "Services, as the AWS CLI names them"],
    [
      ["MiniStack", "judged", by((name, { on }) => on === "ministack" && !OWN[name])],
      ["moto", "not judged", by((name, { on }) => on === "moto" && !OWN[name])],
      [
        "the sandbox's own part; moto, what that does not know",
        "judged by the own part",
        by((name) => OWN[name] !== undefined),
      ],
    ],
  );
}

/** What the parts of the sandbox's own answer. */
export const operationsTable = (): string =>
  table(
    ["Service", "Operations"],
    Object.entries(OWN).map(([name, operations]) => [name, code(Object.keys(operations).sort())]),
  );

const DECLARED = new Set(Object.keys(replacements).map((type) => type.replace(/^aws:([^/]+)\/\w+:/, "$1/")));
const isDeclared = (module: string, kind: string) =>
  DECLARED.has(`${module}/${kind}`) || DECLARED.has(`${module}/${kind}V2`);

/** A module's types; some modules of the provider share a table of the sandbox, and each has its own part of it. */
const kindsIn = (module: string): [string, Changing][] =>
  Object.entries(CHANGES[module]!)
    .filter(
      ([kind, one]) =>
        isDeclared(module, kind) ||
        !Object.keys(CHANGES).some((other) => CHANGES[other]![kind] === one && isDeclared(other, kind)),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** How each type changes when the program is run again. */
export function typesTable(): string {
  const rows = Object.keys(TABLES)
    .sort()
    .flatMap((module) => {
      const kinds = kindsIn(module);
      if (kinds.length === 0) return [];
      const named = (wanted: (one: Changing) => boolean) =>
        code(kinds.filter(([, one]) => wanted(one)).map(([kind]) => kind));
      const inPart = kinds.flatMap(([kind, { update, carries }]) =>
        update && carries ? `\`${kind}\` (${carries.join(", ") || "none"})` : [],
      );
      return [
        [
          `\`aws.${module}\``,
          named(({ update, carries }) => update !== undefined && !carries),
          inPart.join(", ") || "-",
          named(({ update }) => !update),
        ],
      ];
    });
  return table(
    ["Module", "Changed in place", "Changed in place in these arguments, else only recorded", "Made anew"],
    rows,
  );
}

/** What nothing stands behind. */
export function storedTable(): string {
  const reasons = [...new Set(Object.values(STORED_ONLY))];
  return table(
    ["Types", "Only recorded, because"],
    reasons.map((reason) => [
      code(
        Object.keys(STORED_ONLY)
          .filter((type) => STORED_ONLY[type] === reason)
          .map((type) => `aws.${type.replace("/", ".")}`),
      ),
      reason,
    ]),
  );
}

/** Which types a refresh finds out about, and which of their arguments, by their modules. */
export function looksTable(): string {
  const modules = [
    ...new Set([...Object.keys(LOOKS), ...Object.keys(READS)].map((type) => type.split("/")[0]!)),
  ];
  const kindsOf = (module: string, of: object) =>
    Object.keys(of).flatMap((type) => (type.startsWith(`${module}/`) ? [type.split("/")[1]!] : []));
  const read = (module: string) =>
    kindsOf(module, READS).map((kind) => {
      const names = Object.keys(READS[`${module}/${kind}`]!.normally);
      return `\`${kind}\` (${names.join(", ")})`;
    });
  return table(
    ["Module", "Looked for at a refresh", "Read back at a refresh, in these arguments"],
    modules
      .sort()
      .map((module) => [`\`aws.${module}\``, code(kindsOf(module, LOOKS)), read(module).join(", ") || "-"]),
  );
}

export const SECTIONS = {
  services: servicesTable,
  operations: operationsTable,
  types: typesTable,
  stored: storedTable,
  looks: looksTable,
};

/** A page with the sandbox's tables between their marks; an error for a mark that is missing. */
export function withTables(page: string): string {
  return Object.entries(SECTIONS).reduce((text, [name, made]) => {
    const place = new RegExp(`(?<=<!-- ${name} -->\n)[^]*(?=<!-- /${name} -->)`);
    if (!place.test(text)) throw new Error(`docs/sandbox.md has no place for its table of ${name}`);
    return text.replace(place, () => `\n${made()}\n\n`);
  }, page);
}
