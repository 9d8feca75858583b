/** The access log entry of a REST API's request. It contains no header and no token. */
export const accessLogFormat = {
  time: "$context.requestTime",
  requestId: "$context.requestId",
  ip: "$context.identity.sourceIp",
  user: "$context.authorizer.claims.sub",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  bytes: "$context.responseLength",
  milliseconds: "$context.responseLatency",
  refusal: "$context.error.responseType",
  tls: "$context.tlsVersion",
};

/** API Gateway's name of a response, and the text that replaces its default. */
interface GatewayAnswer {
  type: string;
  statusCode?: string;
  responseTemplates: Record<string, string>;
  responseParameters: Record<string, string>;
}

const answer = (
  type: string,
  message: string,
  more: { statusCode?: string; headers?: Record<string, string> } = {},
): GatewayAnswer => ({
  type,
  statusCode: more.statusCode,
  responseTemplates: { "application/json": `{"message":${message}}` },
  responseParameters: Object.fromEntries(
    Object.entries({ "Cache-Control": "no-store", ...more.headers }).map(([header, value]) => [
      `gatewayresponse.header.${header}`,
      `'${value}'`,
    ]),
  ),
});

const text = (message: string) => JSON.stringify(message);

/** The last two pass on the gateway's own message, already quoted, for every kind without an entry here. */
export const gatewayAnswers: GatewayAnswer[] = [
  answer("UNAUTHORIZED", text("Sign in: send a valid token of the user pool in the Authorization header."), {
    headers: { "WWW-Authenticate": "Bearer" },
  }),
  answer("ACCESS_DENIED", text("The token does not allow this.")),
  // AWS answers an unknown route with 403 and "Missing Authentication Token".
  answer("MISSING_AUTHENTICATION_TOKEN", text("There is no such route."), { statusCode: "404" }),
  answer("BAD_REQUEST_BODY", text("The body does not fit this route's schema.")),
  answer("THROTTLED", text("Too many requests: try again in a second."), { headers: { "Retry-After": "1" } }),
  answer("DEFAULT_4XX", "$context.error.messageString"),
  answer("DEFAULT_5XX", text("The service did not answer properly: try again later.")),
];
