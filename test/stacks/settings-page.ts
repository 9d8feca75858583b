import { z } from "zod";
import { ENVIRONMENTS } from "../../stacks/environments";
import { schema } from "../../stacks/schema";
import { defaultCell, Json, optionRows, takesCell } from "../docs/option-cells";

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
    "`{}` builds it with its defaults. All wrong settings are reported in one error before anything is created.",
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
  const rows = optionRows([dev, stag, prod]).map(({ path, options, required }) => {
    const defaults = options.map((option) => defaultCell(option, required));
    const [{ description = "" }] = options as [Json];
    return `| \`${path}\` | ${takesCell(options[0]!)} | ${defaults.join(" | ")} | ${description} |`;
  });
  return [
    `## ${title}`,
    "",
    "| Setting | Values | dev | stag | prod | Description |",
    "|---|---|---|---|---|---|",
    ...rows,
  ];
}
