import { Operation, OPERATIONS } from "./operations";
import { PROJECT_ID } from "./project";

const REFUSAL = {
  description: "Why not",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Refusal" } } },
};
const ID = { name: "id", in: "path", required: true, schema: { type: "string", pattern: PROJECT_ID.source } };

function operationOf({ path, summary, answers, refusals = [], body, query, headers, signed }: Operation) {
  const parameters = [
    ...(path.includes("{id}") ? [ID] : []),
    ...Object.entries(query ?? {}).map(([name, { description, ...schema }]) => ({
      ...{ name, in: "query", description },
      schema,
    })),
    ...Object.entries(headers ?? {}).map(([name, schema]) => ({ name, in: "header", schema })),
  ];
  const wrong = [400, 401, ...refusals, 429, 503];
  return {
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    ...(signed && { security: [] }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, description]) => [
          status,
          { description, content: { "application/json": { schema: { type: "object" } } } },
        ]),
      ),
      ...Object.fromEntries(wrong.map((status) => [status, REFUSAL])),
    },
  };
}

/** The API as OpenAPI describes it. */
export function openApi(url: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS)
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = operationOf(operation);
  return {
    openapi: "3.1.0",
    info: {
      title: "Groundwork projects",
      version: "1.0.0",
      description: "Web projects from a JSON description, with quota, approval and complete rollback.",
    },
    servers: [{ url }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          ...{ type: "apiKey", in: "header", name: "Authorization" },
          description: "An id token of the stack's user pool",
        },
      },
      schemas: {
        Refusal: {
          type: "object",
          required: ["message"],
          properties: {
            message: { type: "string" },
            code: { type: "string", description: "The kind of refusal, in a word" },
            problems: {
              type: "array",
              items: { type: "string" },
              description: "Each wrong field by its name",
            },
          },
        },
      },
    },
  };
}
