import { ENVIRONMENTS, kinds } from "../../functions/provisioner/catalogue";
import {
  CHANGES,
  fields,
  FLAGS,
  GIVEN,
  LONGEST_COMMENT,
  OPTIONAL,
  RUNBOOKS,
  VERDICTS,
} from "../../functions/provisioner/fields";
import { RestRoute } from "../shared/rest-api";

const text = (maxLength: number) => ({ type: "string", maxLength });
const oneOf = (values: readonly string[]) => ({ type: "string", enum: [...values] });
const texts = (names: string[]) =>
  Object.fromEntries(names.map((name) => [name, text(fields[name]!.longest)]));
const object = (properties: object, required: string[] = []) => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

/** Names and lengths are judged before the function is called, by its own table; all else, and the words of a refusal, is the function's business. */
const names = Object.keys(fields);
/** By the function alone: API Gateway could not say which of many names it refuses. */
const values = {
  ...Object.fromEntries(GIVEN.map((name) => [name, { type: "object" }])),
  port: { type: "number" },
};
const wish = object(
  {
    ...texts(names),
    ...values,
    environment: oneOf(ENVIRONMENTS),
    type: oneOf(Object.keys(kinds)),
    stack: text(20),
  },
  ["environment", "type", ...names.filter((name) => !OPTIONAL.includes(name))],
);
const change = object({
  ...texts(CHANGES),
  ...values,
  ...Object.fromEntries(FLAGS.map((name) => [name, { type: "boolean" }])),
});
const decision = object({ decision: oneOf(VERDICTS), comment: text(LONGEST_COMMENT) }, ["decision"]);
const runbook = object({ name: oneOf(RUNBOOKS) }, ["name"]);

/** One function answers every route. */
export function routesOf(lambda: RestRoute["function"]): RestRoute[] {
  const routes: Omit<RestRoute, "function">[] = [
    { method: "GET", path: "/catalogue" },
    { method: "GET", path: "/quota" },
    { method: "POST", path: "/uploads" },
    { method: "POST", path: "/projects", body: wish },
    { method: "GET", path: "/projects" },
    { method: "GET", path: "/projects/{id}" },
    { method: "PATCH", path: "/projects/{id}", body: change },
    { method: "DELETE", path: "/projects/{id}" },
    { method: "POST", path: "/projects/{id}/decision", body: decision },
    { method: "POST", path: "/projects/{id}/withdrawal" },
    { method: "POST", path: "/projects/{id}/rollback" },
    { method: "POST", path: "/projects/{id}/runbook", body: runbook },
    { method: "PUT", path: "/projects/{id}/hook" },
    { method: "DELETE", path: "/projects/{id}/hook" },
    // A Git host has no token, and signs what it tells.
    { method: "POST", path: "/projects/{id}/hook", signed: true },
  ];
  return routes.map((route) => ({ ...route, function: lambda }));
}
