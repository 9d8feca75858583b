import { strict as assert } from "node:assert";
import { openApi } from "../../../functions/provisioner/openapi";
import { OPERATIONS } from "../../../functions/provisioner/operations";
import { some } from "../../some";
import { ADMIN, ready, wish, world } from "./world";

interface Described {
  summary: string;
  parameters?: { name: string; in: string; required?: boolean; schema: object; description?: string }[];
  requestBody?: { required: boolean; content: Record<string, { schema: object }> };
  security?: object[];
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
}
interface Described31 {
  paths: Record<string, Record<string, Described>>;
  security: object[];
  components: { securitySchemes: Record<string, object>; schemas: Record<string, object> };
}

const document = () => openApi("https://api.example.org/v1") as Described31;
const described = () =>
  Object.entries(document().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ route: `${method.toUpperCase()} ${path}`, ...one })),
  );

describe("the provisioner's OpenAPI document", () => {
  it("is served at its own route, with the API's address", async () => {
    const { status, body } = await world().call(ADMIN, "GET", "/openapi");
    assert.equal(status, 200);
    assert.deepEqual(body, JSON.parse(JSON.stringify(openApi("https://api.example.org/v1"))));
    assert.deepEqual(
      Object.values(body.paths as object).flatMap((methods: object) => Object.keys(methods)).length,
      OPERATIONS.length,
    );
  });

  it("names no route that the API does not answer", async () => {
    const w = world();
    const id = await ready(w);
    for (const { method, path } of some(OPERATIONS)) {
      const { body } = await w.call(ADMIN, method, path, { id, body: wish() });
      assert.notEqual(body.message, "There is no such route.", `${method} ${path}`);
      assert.notEqual(body.code, "unavailable", `${method} ${path}`);
    }
    const { body } = await w.call(ADMIN, "POST", "/projects/{id}/nothing", { id });
    assert.equal(body.message, "There is no such route.");
  });

  it("lists the statuses of each route, including a bad token and an internal error", () => {
    const always = ["400", "401", "429", "503"];
    const statuses = described().map(({ route, responses }) => [
      route,
      Object.keys(responses)
        .filter((one) => !always.includes(one))
        .join(" "),
    ]);
    assert.deepEqual(Object.fromEntries(statuses), {
      "GET /openapi": "200",
      "GET /catalogue": "200",
      "GET /quota": "200",
      "POST /uploads": "201 403",
      "POST /projects": "200 202 403 409 422",
      "GET /projects": "200 403",
      "GET /units": "200 403",
      "PUT /units": "200 403",
      "GET /projects/{id}": "200 404",
      "GET /projects/{id}/logs": "200 404",
      "PATCH /projects/{id}": "202 404 409",
      "DELETE /projects/{id}": "202 403 404 409",
      "POST /projects/{id}/decision": "200 403 404 409",
      "POST /projects/{id}/withdrawal": "202 403 404 409",
      "POST /projects/{id}/rollback": "202 404 409",
      "POST /projects/{id}/runbook": "202 404 409",
      "PUT /projects/{id}/hook": "201 404 409",
      "DELETE /projects/{id}/hook": "200 404",
      "POST /projects/{id}/hook": "200 202 409",
    });
    for (const { route, responses } of some(described()))
      assert.deepEqual(
        always.filter((one) => !(one in responses)),
        [],
        route,
      );
  });

  it("describes a refusal with one schema, and every success as an object", () => {
    const refusal = { $ref: "#/components/schemas/Refusal" };
    for (const { route, responses } of some(described()))
      for (const [status, { content }] of some(Object.entries(responses)))
        assert.deepEqual(
          content,
          { "application/json": { schema: Number(status) < 300 ? { type: "object" } : refusal } },
          `${route} ${status}`,
        );
    const { Refusal } = document().components.schemas as Record<string, { required: string[] }>;
    assert.deepEqual(Refusal!.required, ["message"]);
  });

  it("names what a route accepts in its path, its query, its headers and its body", () => {
    const taken = described().map(({ route, parameters = [], requestBody }) => [
      route,
      [
        ...parameters.map((one) => `${one.in} ${one.name}${one.required ? "!" : ""}`),
        ...(requestBody ? [`body${requestBody.required ? "!" : ""}`] : []),
      ].join(),
    ]);
    assert.deepEqual(Object.fromEntries(taken.filter(([, what]) => what !== "")), {
      "POST /projects": "query dryRun,header Idempotency-Key,body!",
      "GET /projects": "query waiting",
      "PUT /units": "body!",
      "GET /projects/{id}": "path id!",
      "GET /projects/{id}/logs": "path id!,query of,query since",
      "PATCH /projects/{id}": "path id!,body!",
      "DELETE /projects/{id}": "path id!",
      "POST /projects/{id}/decision": "path id!,body!",
      "POST /projects/{id}/withdrawal": "path id!",
      "POST /projects/{id}/rollback": "path id!",
      "POST /projects/{id}/runbook": "path id!,body!",
      "PUT /projects/{id}/hook": "path id!",
      "DELETE /projects/{id}/hook": "path id!",
      "POST /projects/{id}/hook": "path id!,body!",
    });
    const schemas = Object.fromEntries(
      described().flatMap(({ parameters = [] }) => parameters.map(({ name, schema }) => [name, schema])),
    );
    assert.deepEqual(schemas, {
      dryRun: { type: "string", enum: ["1"] },
      waiting: { type: "string", enum: ["1"] },
      id: { type: "string", pattern: "^[a-z0-9]{10}$" },
      of: { type: "string", enum: ["build", "app"] },
      since: {
        ...{ type: "string", format: "date-time" },
        pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$",
      },
      "Idempotency-Key": { type: "string", pattern: "^[A-Za-z0-9_.:-]{8,128}$" },
    });
  });

  it("requires a token in the header for every route but the signed one", () => {
    const { security, components } = document();
    assert.deepEqual(security, [{ token: [] }]);
    const { type, in: where, name } = components.securitySchemes["token"] as Record<string, string>;
    assert.deepEqual([type, where, name], ["apiKey", "header", "Authorization"]);
    assert.deepEqual(
      described()
        .filter((one) => one.security)
        .map(({ route, security }) => [route, security]),
      [["POST /projects/{id}/hook", []]],
    );
  });

  it("describes each route, each answer and each field", () => {
    const texts = (schema: object): string[] =>
      Object.entries(schema).flatMap(([key, value]) =>
        typeof value === "object" && value !== null
          ? texts(value as object)
          : ["description", "summary", "title"].includes(key)
            ? [value as string]
            : [],
      );
    for (const words of some(texts(document()))) assert.match(words, /^.{5,}/);
    for (const { route, summary, responses } of some(described())) {
      assert.match(summary, /\w/, route);
      for (const { description } of some(Object.values(responses))) assert.match(description, /\w/, route);
    }
    const asked = described().flatMap(({ parameters = [] }) => parameters);
    for (const { name, description } of some(asked.filter((one) => one.in === "query")))
      assert.match(description!, /\w/, name);
  });
});
