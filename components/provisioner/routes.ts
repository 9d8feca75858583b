import { ENVIRONMENTS, kinds } from "../../functions/provisioner/catalogue";
import { RestRoute } from "../shared/rest-api";

const text = (maxLength: number) => ({ type: "string", maxLength });
const secrets = { accessToken: text(4_096), privateKey: text(16_384) };
const object = (properties: object, required: string[] = []) => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

/** The shape is judged at the edge; what goes together, and the text of a refusal, is the function's business. */
const wish = object(
  {
    name: text(40),
    environment: { type: "string", enum: [...ENVIRONMENTS] },
    type: { type: "string", enum: Object.keys(kinds) },
    stack: text(20),
    repository: text(500),
    branch: text(100),
    email: text(254),
    ...secrets,
  },
  ["name", "environment", "type", "repository", "email"],
);
const change = object({
  repository: text(500),
  branch: text(100),
  email: text(254),
  extend: { type: "boolean" },
  rebuild: { type: "boolean" },
  ...secrets,
});
const decision = object({ decision: { type: "string", enum: ["approve", "reject"] }, comment: text(500) }, [
  "decision",
]);
const runbook = object({ name: { type: "string", enum: ["restart", "patch"] } }, ["name"]);

/** Every route is answered by the one door. */
export function routesOf(door: RestRoute["function"]): RestRoute[] {
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
    { method: "POST", path: "/projects/{id}/runbook", body: runbook },
  ];
  return routes.map((route) => ({ ...route, function: door }));
}
