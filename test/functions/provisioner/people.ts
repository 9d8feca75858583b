// Who asks, and how.
import type { RouteRequest } from "../../../functions/provisioner/context";

export interface Person {
  sub: string;
  email: string;
  unit?: string;
  /** In US dollars a month. */
  quota?: number | string;
  groups?: string;
  /** How the person signed in, as the token says it. */
  amr?: string;
}

export const MEMBER: Person = { sub: "s-member", email: "member@example.org", unit: "ct1", quota: 1000 };
export const ADMIN: Person = {
  sub: "s-admin",
  email: "admin@example.org",
  unit: "platform",
  groups: "admin",
};

export const wish = (more: object = {}) => ({
  name: "shop",
  environment: "dev",
  type: "static",
  stack: "hugo",
  repository: "https://github.com/example/site",
  email: "team@example.org",
  accessToken: "t0ken",
  ...more,
});

export interface Asked {
  id?: string;
  body?: unknown;
  query?: Record<string, string>;
  headers?: Record<string, string>;
}

/** A request as API Gateway hands it on. */
export const requestOf = (
  person: Person,
  httpMethod: string,
  resource: string,
  asked: Asked,
): RouteRequest => ({
  httpMethod,
  resource,
  headers: asked.headers ?? null,
  pathParameters: asked.id === undefined ? null : { id: asked.id },
  queryStringParameters: asked.query ?? null,
  body:
    asked.body === undefined
      ? null
      : typeof asked.body === "string"
        ? asked.body
        : JSON.stringify(asked.body),
  requestContext: {
    authorizer: {
      claims: {
        sub: person.sub,
        email: person.email,
        "cognito:username": person.sub,
        ...(person.unit !== undefined && { "custom:BusinessUnit": person.unit }),
        ...(person.quota !== undefined && { "custom:Quota": String(person.quota) }),
        ...(person.amr !== undefined && { amr: person.amr }),
        ...(person.groups !== undefined && { "cognito:groups": person.groups }),
      },
    },
  },
});
