import { OPERATIONS } from "../../functions/provisioner/operations";
import { RestRoute } from "../shared/rest-api";

/** The functions behind the API. */
export interface Behind {
  requestApi: RestRoute["function"];
  /** Git hosts do not sign in, so this function has fewer permissions than the one that answers people. */
  pushes: RestRoute["function"];
  /** Has only the permissions to read. */
  reading: RestRoute["function"];
}

/**
 * One function answers every route by which people change something, and validates every body: API Gateway would only say that a body
 * does not fit its schema, but not which field is wrong.
 */
export const routesOf = ({ requestApi, pushes, reading }: Behind): RestRoute[] =>
  OPERATIONS.map(({ method, path, signed, reads }) => ({
    ...{ method, path, signed },
    function: signed ? pushes : reads ? reading : requestApi,
  }));
