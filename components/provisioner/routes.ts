import { OPERATIONS } from "../../functions/provisioner/operations";
import { RestRoute } from "../shared/rest-api";

/**
 * One function answers every route, and judges every body: API Gateway would only say that a body does not fit its schema, and not which
 * field is wrong.
 */
export const routesOf = (lambda: RestRoute["function"]): RestRoute[] =>
  OPERATIONS.map(({ method, path, signed }) => ({ method, path, signed, function: lambda }));
