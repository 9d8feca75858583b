import { OPERATIONS } from "../../functions/provisioner/operations";
import { RestRoute } from "../shared/rest-api";

/** The functions behind the API. */
export interface Behind {
  requestApi: RestRoute["function"];
  /** Nobody signs in who tells of a push: what answers that has fewer rights than what answers people. */
  pushes: RestRoute["function"];
  /** What only reads has the rights to do that. */
  reading: RestRoute["function"];
}

/**
 * One function answers every route by which people change something, and judges every body: API Gateway would only say that a body does not fit its
 * schema, and not which field is wrong.
 */
export const routesOf = ({ requestApi, pushes, reading }: Behind): RestRoute[] =>
  OPERATIONS.map(({ method, path, signed, reads }) => ({
    ...{ method, path, signed },
    function: signed ? pushes : reads ? reading : requestApi,
  }));
