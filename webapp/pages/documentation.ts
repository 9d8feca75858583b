import { html, type Html } from "./html";

/** The parts of an OpenAPI document that the page shows. */
export interface Described {
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
}

interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema: Schema }> }>;
}

interface Parameter extends Pick<Schema, "description"> {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
  example?: unknown;
}

interface Schema {
  type?: string;
  description?: string;
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

interface Part {
  name: string;
  place: string;
  required: boolean;
  schema: Schema;
}

/** The API by subject: each operation with its input, its answers, and a call to copy. */
export const documentationPage = ({ tags, paths }: Described, origin: string): Html => {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return html`<section class="card wide">
      <h1>The API</h1>
      <p>
        Everything that the pages do, programs can do as well. For what needs a person, they send an id token
        of the user pool as <code class="word">Authorization: Bearer TOKEN</code>.
      </p>
      <p class="links"><a href="/documentation/json">The same as an OpenAPI document</a></p>
    </section>
    ${tags.map(({ name, description }) => {
      const own = operations.filter(({ operation }) => operation.tags?.includes(name));
      return (
        own.length > 0 &&
        html`<section class="card wide">
          <h2>${name}</h2>
          ${description && html`<p class="hint">${description}</p>`}
          ${own.map((one) => described(one, origin))}
        </section>`
      );
    })}`;
};

interface Shown {
  path: string;
  method: string;
  operation: Operation;
}

const described = ({ path, method, operation }: Shown, origin: string): Html => {
  const [type, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const parts: Part[] = [
    ...(operation.parameters ?? []).map(({ name, in: place, required = false, schema, ...more }) => ({
      ...{ name, place, required },
      schema: {
        ...schema,
        description: schema.description ?? more.description,
        examples: schema.examples ?? (more.example === undefined ? undefined : [more.example]),
      },
    })),
    ...Object.entries(body?.schema.properties ?? {}).map(([name, schema]) => ({
      ...{ name, place: type === "application/json" ? "JSON body" : "form", schema },
      required: body!.schema.required?.includes(name) ?? false,
    })),
  ];
  return html`<details class="operation">
    <summary>
      <span class="method ${method.toLowerCase()}">${method}</span> <span class="path">${path}</span>
      <span class="hint">${operation.summary}</span>
    </summary>
    <div class="body">
      ${
        parts.length > 0 &&
        html`<h3>Takes</h3>
          <dl>${parts.map(taken)}</dl>`
      }
      <h3>Answers</h3>
      <dl>
        ${Object.entries(operation.responses).map(
          ([status, { description, content }]) =>
            html`<dt>${status}</dt>
              <dd>${answered(description, content?.["application/json"]?.schema)}</dd>`,
        )}
      </dl>
      <h3>Try it</h3>
      <pre
        tabindex="0"
        aria-label="A call of ${method} ${path}"
      ><code>${callOf({ path, method, parts, type, origin })}</code></pre>
    </div>
  </details>`;
};

const taken = ({ name, place, required, schema }: Part): Html =>
  html`<dt>
      <code class="word">${name}</code>
      <span class="hint">${place}${required ? "" : ", may be left out"}</span>
    </dt>
    <dd>
      ${schema.description ?? (schema.enum ? `one of ${schema.enum.join(", ")}` : schema.type)}${schema.default !== undefined && `; ${String(schema.default)} if left out`}
    </dd>`;

/** Fastify's default text for an answer without a description. */
function answered(description: string | undefined, schema: Schema | undefined): string {
  const words = description === "Default Response" ? undefined : description;
  const shape = schema && shapeOf(schema);
  return [words, shape].filter(Boolean).join(": ") || "Nothing but the status";
}

function shapeOf({ type, properties, items }: Schema): string {
  if (items) return `[${shapeOf(items)}]`;
  return properties ? `{ ${Object.keys(properties).join(", ")} }` : (type ?? "");
}

/** A shell command for a call, with the schemas' own examples. */
function callOf({
  path,
  method,
  parts,
  type,
  origin,
}: Pick<Shown, "path" | "method"> & { parts: Part[]; type?: string; origin: string }): string {
  const example = ({ name, schema }: Part) =>
    schema.examples?.[0] ??
    schema.default ??
    schema.enum?.[0] ??
    (schema.type === "integer" ? 1 : name.toUpperCase());
  const of = (place: string) => parts.filter((part) => part.place === place);
  const query = of("query").filter(({ required }) => required);
  const address =
    origin +
    path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase()) +
    (query.length > 0 ? `?${query.map((part) => `${part.name}=${String(example(part))}`).join("&")}` : "");
  const json = of("JSON body");
  return [
    `curl${method === "GET" ? "" : ` --request ${method}`} '${address}'`,
    ...(json.length > 0
      ? [
          "--header 'content-type: application/json'",
          `--data '${JSON.stringify(Object.fromEntries(json.map((part) => [part.name, example(part)])))}'`,
        ]
      : []),
    ...(type === "multipart/form-data" ? ["--form sensitive=no", "--form file=@FILE"] : []),
  ].join(" \\\n  ");
}
