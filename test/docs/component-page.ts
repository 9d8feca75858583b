// docs/components/: a page of each public component, made from its sources.
import { z } from "zod";
import { schemaOf } from "../../components/shared/options";
import { AREAS, Component, Member, publicComponents } from "./component-source";
import { usesOf } from "./example-source";
import { defaultCell, Json, optionRows, takesCell } from "./option-cells";

const AREA_WORDS: Record<string, string> = {
  network: "Network",
  web: "Web",
  database: "Database",
  identity: "Identity",
  uploads: "Uploads",
  delivery: "Delivery",
  provisioner: "Provisioner",
  operations: "Operations",
  shared: "Building blocks of the others",
};

const fileName = (component: string) =>
  `${component.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.md`;

/** Each page by its file's name. */
export function componentPages(): Record<string, string> {
  const components = publicComponents();
  return {
    "README.md": indexPage(components),
    ...Object.fromEntries(components.map((one) => [fileName(one.name), page(one, components)])),
  };
}

function indexPage(components: Component[]): string {
  const areas = AREAS.flatMap((area) => [
    "",
    `## ${AREA_WORDS[area]!}`,
    "",
    "| Component | Description |",
    "|---|---|",
    ...components
      .filter((one) => one.area === area)
      .map(({ name, words }) => `| [${name}](${fileName(name)}) | ${cell(firstSentence(words))} |`),
  ]);
  return lines(
    "# Components",
    "",
    "The components that the library exports. Each page says what the component is, what it costs, how it fails, and lists its arguments and outputs.",
    "[examples](../../examples/README.md) has programs that use them.",
    ...areas,
  );
}

const firstSentence = (words: string) => words.split(/(?<=\.) (?=[A-Z\d])/)[0]!;

function page(component: Component, all: Component[]): string {
  const { name, words, file, outputs, methods } = component;
  return lines(
    `# ${name}`,
    "",
    words,
    "",
    `Source: [${file}](../../${file}).`,
    ...example(name),
    ...standsOn(component, all),
    ...options(component),
    ...section("Outputs", ["Output", "Type", "Description"], outputs.map(output)),
    ...section("Methods", ["Method", "What it does"], methods.map(method)),
  );
}

function example(name: string): string[] {
  const uses = usesOf(name);
  const link = (each: string) => `[examples/${each}](../../examples/${each}/index.ts)`;
  const [first, ...others] = uses;
  if (!first) return [];
  const more = others.map((use) => link(use.example)).join(", ");
  return [
    "",
    "## Example",
    "",
    "```ts",
    first.code,
    "```",
    "",
    `From ${link(first.example)}${more && `; also used in ${more}`}.`,
  ];
}

function standsOn({ standsOn }: Component, all: Component[]): string[] {
  const rows = standsOn.map((one) => [
    `\`${one.name}\``,
    typeCell(one.type, all),
    one.default ?? (one.optional ? "none" : "required"),
    cell(one.words),
  ]);
  return section("Arguments", ["Argument", "Type", "Default", "Description"], rows);
}

/** A type, with the components that satisfy it. */
function typeCell(type: string, all: Component[]): string {
  const names: string[] = type.match(/[A-Z]\w+/g) ?? [];
  const givers = all.filter(({ name, satisfies }) => [name, ...satisfies].some((one) => names.includes(one)));
  const links = givers.map(({ name }) => `[${name}](${fileName(name)})`).join(", ");
  if (givers.some(({ name }) => name === type)) return links;
  return [code(type), links].filter(Boolean).join(": ");
}

function options({ options }: Component): string[] {
  if (!options) return [];
  const json = z.toJSONSchema(schemaOf(options), { io: "input", unrepresentable: "any" }) as Json;
  const rows = optionRows([json]).map(({ path, options, required }) => [
    `\`${path}\``,
    takesCell(options[0]!),
    defaultCell(options[0]!, required),
    options[0]!.description ?? "",
  ]);
  const together = options.rules.map(({ wrong, accepted }) => `- \`${wrong}\` must be ${accepted}.`);
  const [empty, title, ...table] = section("Options", ["Option", "Values", "Default", "Description"], rows);
  return [
    ...[
      empty!,
      title!,
      "",
      "Arguments that are plain values; wrong ones are refused before anything is created.",
    ],
    ...table,
    ...(together.length > 0 ? ["", "Rules across options:", "", ...together] : []),
  ];
}

const output = ({ name, type, words }: Member) => [`\`${name}\``, code(type), cell(words)];
const method = ({ name, words }: Member) => [`\`${name}\``, cell(words)];

function section(title: string, head: string[], rows: string[][]): string[] {
  if (rows.length === 0) return [];
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return ["", `## ${title}`, "", row(head), `|${head.map(() => "---|").join("")}`, ...rows.map(row)];
}

const code = (text: string) => `\`${cell(text)}\``;
const cell = (text: string) => text.replace(/\|/g, "\\|");
const lines = (...all: string[]) => all.join("\n") + "\n";
