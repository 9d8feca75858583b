import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Lambda } from "./lambda";

export interface RestRoute {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Starts with a slash; parameters in braces, such as `/projects/{id}`. */
  path: string;
  /** Answers the request as a Lambda proxy. */
  function: Lambda<any, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the events of different functions have no common type
  /** Whether the function itself authenticates its caller, by a signature. Then the route needs no token of the pool. @default false */
  signed?: true;
  /** OAuth scopes, of which the access token must have one. @default an id token of the pool is asked for */
  scopes?: string[];
  /** A JSON schema (draft 4) for a JSON body. @default the body is not judged */
  body?: Record<string, unknown>;
  /** Headers and query parameters that a request must have. @default none */
  requires?: { headers?: string[]; query?: string[] };
}

export type Parent = { parent: pulumi.Resource };

/** The authorizer and the validator that every route uses. */
export interface Guards {
  authorizer: aws.apigateway.Authorizer;
  validator: aws.apigateway.RequestValidator;
}

const segmentsOf = (path: string) => path.split("/").filter(Boolean);
/** Turns `/projects/{id}` into the end of a resource's name: `projects-id`. */
const slugOf = (path: string) => segmentsOf(path).join("-").replace(/[{}+]/g, "");

/** Creates the routes. Returns everything that a deployment must wait for. */
export function routesOf(
  name: string,
  api: aws.apigateway.RestApi,
  guards: Guards,
  routes: RestRoute[],
  stageName: string,
  parent: Parent,
): pulumi.Resource[] {
  const resourceIds = resourceTree(name, api, routes, parent);
  return routes.flatMap((route) => {
    const resourceId = resourceIds.get(segmentsOf(route.path).join("/"))!;
    const label = `${name}-${route.method.toLowerCase()}-${slugOf(route.path)}`;
    const method = new aws.apigateway.Method(
      label,
      {
        restApi: api.id,
        resourceId,
        httpMethod: route.method,
        authorization: route.signed ? "NONE" : "COGNITO_USER_POOLS",
        authorizerId: route.signed ? undefined : guards.authorizer.id,
        authorizationScopes: route.scopes,
        requestValidatorId: guards.validator.id,
        requestParameters: parametersOf(route),
        requestModels: route.body
          ? { "application/json": modelOf(label, api, route.body, parent) }
          : undefined,
      },
      parent,
    );
    const integration = new aws.apigateway.Integration(
      label,
      {
        restApi: api.id,
        resourceId,
        httpMethod: method.httpMethod,
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri: route.function.function.invokeArn,
      },
      parent,
    );
    const permission = new aws.lambda.Permission(
      label,
      {
        function: route.function.functionName,
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${api.executionArn}/${stageName}/${route.method}${route.path.replace(/\{[^}]+\}/g, "*")}`,
      },
      parent,
    );
    return [method, integration, permission];
  });
}

/** One resource for each path on the way to a route. The keys are the paths without the first slash. */
function resourceTree(name: string, api: aws.apigateway.RestApi, routes: RestRoute[], parent: Parent) {
  const ids = new Map<string, pulumi.Output<string>>([["", api.rootResourceId]]);
  for (const route of routes) {
    const segments = segmentsOf(route.path);
    segments.forEach((pathPart, depth) => {
      const key = segments.slice(0, depth + 1).join("/");
      if (ids.has(key)) return;
      const parentId = ids.get(segments.slice(0, depth).join("/"))!;
      const label = `${name}-${slugOf(key)}`;
      ids.set(key, new aws.apigateway.Resource(label, { restApi: api.id, parentId, pathPart }, parent).id);
    });
  }
  return ids;
}

function parametersOf(route: RestRoute): Record<string, boolean> | undefined {
  const inPath = segmentsOf(route.path).filter((segment) => segment.startsWith("{"));
  const entries = [
    ...inPath.map((segment) => `method.request.path.${segment.replace(/[{}+]/g, "")}`),
    ...(route.requires?.headers ?? []).map((header) => `method.request.header.${header}`),
    ...(route.requires?.query ?? []).map((parameter) => `method.request.querystring.${parameter}`),
  ];
  return entries.length > 0 ? Object.fromEntries(entries.map((entry) => [entry, true])) : undefined;
}

function modelOf(
  label: string,
  api: aws.apigateway.RestApi,
  schema: Record<string, unknown>,
  parent: Parent,
): pulumi.Output<string> {
  return new aws.apigateway.Model(
    label,
    {
      restApi: api.id,
      // A model's name allows only letters and digits, so the generated one with its hyphen would be refused. It is unique within its API.
      name: label.replace(/[^A-Za-z0-9]/g, ""),
      contentType: "application/json",
      schema: JSON.stringify({ $schema: "http://json-schema.org/draft-04/schema#", ...schema }),
    },
    parent,
  ).name;
}
