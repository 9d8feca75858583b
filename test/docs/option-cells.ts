// Options as a page's table shows them, from the JSON Schema that zod makes of them.

export interface Json {
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

/** A default; `required` where there is none and the option must be given. */
export function defaultCell(option: Json, required: boolean): string {
  if (option.default === undefined) return required ? "required" : "";
  return `\`${Array.isArray(option.default) ? `[${option.default.join(", ")}]` : JSON.stringify(option.default).replace(/^"|"$/g, "")}\``;
}

/** What an option accepts. */
export function takesCell(option: Json): string {
  if (option.const !== undefined) return `\`${String(option.const)}\``;
  if (option.enum) return option.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (option.anyOf)
    return option.anyOf
      .map((one) => (one.const === undefined ? takesCell(one) : `\`${String(one.const)}\``))
      .join(", ");
  if (option.type === "array") return `list of ${takesCell(option.items ?? {})}`;
  if (option.type === "integer") return `${option.minimum} to ${option.maximum}`;
  return { string: "text", boolean: "`true`, `false`" }[option.type ?? ""] ?? option.type ?? "anything";
}

export interface Row {
  /** Dotted where an option holds options of its own. */
  path: string;
  /** The same option by each schema. */
  options: Json[];
  required: boolean;
}

/** The options of one schema or of several of the same shape, a row each. */
export function optionRows(schemas: Json[], path = ""): Row[] {
  const [first] = schemas as [Json];
  return Object.keys(first.properties ?? {}).flatMap((name) => {
    const options = schemas.map((json) => json.properties![name]!);
    if (options[0]!.properties) return optionRows(options, `${path}${name}.`);
    return [{ path: `${path}${name}`, options, required: (first.required ?? []).includes(name) }];
  });
}
