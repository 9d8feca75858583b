import { z } from "zod";
import { ENVIRONMENTS } from "../../stacks/environments";
import { schema } from "../../stacks/schema";

interface Json {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Json[];
  oneOf?: Json[];
  items?: Json;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  description?: string;
  properties?: Record<string, Json>;
  required?: string[];
}

const jsonOf = (environment: (typeof ENVIRONMENTS)[number]) =>
  z.toJSONSchema(schema(environment), { io: "input", unrepresentable: "any" }) as Json;

/** docs/settings.md as the schemas say it: every setting, what it takes, and its default in each environment. */
export function settingsPage(): string {
  const [dev, stag, prod] = ENVIRONMENTS.map(jsonOf) as [Json, Json, Json];
  const areas = Object.entries(dev.properties!);
  const isPlain = (setting: Json) => !setting.properties && !setting.oneOf;
  const plain = areas.filter(([, setting]) => isPlain(setting)).map(([name]) => name);
  const lines = [
    "# Settings",
    "",
    "A stack's settings live in `Pulumi.<stack>.yaml` under `config:`, each area as `groundwork:<area>`. An area that is left out is not built;",
    "`{}` builds it with its defaults. Whatever is wrong is told in one error before anything is created.",
    "",
    ...table("groundwork", pick(dev, plain), pick(stag, plain), pick(prod, plain)),
  ];
  for (const [area, setting] of areas) {
    const others = [stag, prod].map((json) => json.properties![area]!) as [Json, Json];
    if (setting.properties) lines.push("", ...table(area, setting, ...others));
    setting.oneOf?.forEach((kind, i) =>
      lines.push("", ...table(titleOf(area, kind), kind, others[0].oneOf![i]!, others[1].oneOf![i]!)),
    );
  }
  return lines.join("\n") + "\n";
}

/** An area of several kinds has a table for each, under what tells them apart. */
function titleOf(area: string, kind: Json): string {
  const [name, { const: value }] = Object.entries(kind.properties!).find(
    ([, one]) => one.const !== undefined,
  )!;
  return `${area}, ${name}: ${String(value)}`;
}

function pick(json: Json, names: string[]): Json {
  return { ...json, properties: Object.fromEntries(names.map((name) => [name, json.properties![name]!])) };
}

function table(title: string, dev: Json, stag: Json, prod: Json): string[] {
  const rows = rowsOf("", dev, stag, prod);
  return [
    `## ${title}`,
    "",
    "| Setting | Takes | dev | stag | prod | What it is |",
    "|---|---|---|---|---|---|",
    ...rows,
  ];
}

function rowsOf(path: string, dev: Json, stag: Json, prod: Json): string[] {
  return Object.entries(dev.properties ?? {}).flatMap(([name, setting]) => {
    const others = [stag, prod].map((json) => json.properties![name]!) as [Json, Json];
    if (setting.properties) return rowsOf(`${path}${name}.`, setting, ...others);
    const defaults = [setting, ...others].map((json) => shown(json, (dev.required ?? []).includes(name)));
    return [
      `| \`${path}${name}\` | ${takes(setting)} | ${defaults.join(" | ")} | ${setting.description ?? ""} |`,
    ];
  });
}

function shown(setting: Json, required: boolean): string {
  if (setting.default === undefined) return required ? "to be set" : "";
  return `\`${Array.isArray(setting.default) ? `[${setting.default.join(", ")}]` : JSON.stringify(setting.default).replace(/^"|"$/g, "")}\``;
}

function takes(setting: Json): string {
  if (setting.const !== undefined) return `\`${String(setting.const)}\``;
  if (setting.enum) return setting.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (setting.anyOf)
    return setting.anyOf
      .map((one) => (one.const === undefined ? takes(one) : `\`${String(one.const)}\``))
      .join(", ");
  if (setting.type === "array") return `list of ${takes(setting.items ?? {})}`;
  if (setting.type === "integer") return `${setting.minimum} to ${setting.maximum}`;
  return { string: "text", boolean: "`true`, `false`" }[setting.type ?? ""] ?? setting.type ?? "anything";
}
