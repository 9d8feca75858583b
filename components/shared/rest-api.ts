import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ApiAccountLike } from "./api-account";
import { fill, Complete, Given, logRetentionDays, matching, options, whole } from "./options";
import { must } from "./refusals";
import type { Problem } from "./refusals";
import { accessLogFormat, gatewayAnswers } from "./rest-api-answers";
import { Guards, Parent, RestRoute, routesOf } from "./rest-api-routes";

export type { RestRoute };

export const restApiOptions = options({
  stageName: matching(/^\w+$/, "letters, digits and _").default("v1").describe("The first part of each path"),
  ratePerSecond: whole(1, 10_000)
    .default(20)
    .describe("Requests per second to each method, across all callers"),
  burst: whole(1, 5_000).default(40).describe("Simultaneous requests"),
  logRetentionDays: logRetentionDays("How long the logs of requests and errors are kept"),
  traced: z
    .boolean()
    .default(false)
    .describe(
      "Records requests in X-Ray; requests without a trace header follow the account's sampling rules",
    ),
});

export interface RestApiArgs extends Given<typeof restApiOptions> {
  /** The methods and paths, each with the function that answers it. */
  routes: RestRoute[];
  /** The only user pool whose tokens are accepted. Routes whose callers sign their requests need no token. */
  userPoolArn: pulumi.Input<string>;
  /** The account's permission to log, for which the stage waits. @default the account has it already */
  account?: ApiAccountLike;
}

/**
 * A regional REST API in front of Lambdas, open to a Cognito user pool's tokens and, where a route says so, to signed requests: throttled, validated, logged and, optionally, traced.
 * About 3.50 USD for a million requests. Returns errors as `{"message": ...}`; a Lambda that throws becomes a plain 502.
 */
export class RestApi extends pulumi.ComponentResource {
  /** The API's address, without a trailing slash. */
  readonly url: pulumi.Output<string>;
  readonly restApiId: pulumi.Output<string>;
  /** The API's name in CloudWatch. */
  readonly apiName: pulumi.Output<string>;
  readonly stageName: string;
  /** The ARN with which to associate a web ACL. */
  readonly stageArn: pulumi.Output<string>;
  readonly accessLogGroupName: pulumi.Output<string>;

  constructor(name: string, args: RestApiArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("RestApi", name, restApiOptions, args, unroutable);
    super("groundwork:index:RestApi", name, {}, opts);
    const parent = { parent: this };
    this.stageName = filled.stageName;

    const api = new aws.apigateway.RestApi(
      name,
      {
        endpointConfiguration: { types: "REGIONAL" },
        securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
        endpointAccessMode: "BASIC",
      },
      parent,
    );
    const guards = guardsOf(name, api, args, parent);
    const answers = answersOf(name, api, parent);
    const routes = routesOf(name, api, guards, args.routes, this.stageName, parent);
    const deployment = new aws.apigateway.Deployment(
      name,
      { restApi: api.id, triggers: { routes: fingerprint(args) } },
      { ...parent, dependsOn: [...answers, ...routes] },
    );
    const { stage, accessLog } = stageOf(name, api, deployment, filled, parent);

    this.url = stage.invokeUrl;
    this.restApiId = api.id;
    this.apiName = api.name;
    this.stageArn = stage.arn;
    this.accessLogGroupName = accessLog.name;
    this.registerOutputs({
      url: this.url,
      restApiId: this.restApiId,
      apiName: this.apiName,
      stageName: this.stageName,
      stageArn: this.stageArn,
      accessLogGroupName: this.accessLogGroupName,
    });
  }
}

const labelOf = (route: RestRoute) => `${route.method} ${route.path}`;

function unroutable({ routes }: RestApiArgs): Problem[] {
  const labels = routes.map(labelOf);
  return [
    ...must(routes.length > 0, "routes", "at least one route", routes.length),
    ...must(new Set(labels).size === labels.length, "routes", "without a route twice", labels),
    ...routes.flatMap(({ path }, i) =>
      must(
        /^(\/([\w.-]+|\{\w+\+?\}))+$/.test(path),
        `routes[${i}].path`,
        "segments after slashes, parameters in braces",
        path,
      ),
    ),
  ];
}

function guardsOf(name: string, api: aws.apigateway.RestApi, args: RestApiArgs, parent: Parent): Guards {
  return {
    authorizer: new aws.apigateway.Authorizer(
      name,
      { restApi: api.id, type: "COGNITO_USER_POOLS", providerArns: [args.userPoolArn] },
      parent,
    ),
    validator: new aws.apigateway.RequestValidator(
      name,
      { restApi: api.id, validateRequestBody: true, validateRequestParameters: true },
      parent,
    ),
  };
}

function answersOf(name: string, api: aws.apigateway.RestApi, parent: Parent): aws.apigateway.Response[] {
  return gatewayAnswers.map(
    ({ type, ...answer }) =>
      new aws.apigateway.Response(
        `${name}-${type.toLowerCase().replaceAll("_", "-")}`,
        { restApiId: api.id, responseType: type, ...answer },
        parent,
      ),
  );
}

/** A deployment is a snapshot. A change to this hash takes a new one. */
function fingerprint(args: RestApiArgs): pulumi.Output<string> {
  const table = args.routes.map(({ function: lambda, ...route }) => ({
    ...route,
    function: lambda.functionArn,
  }));
  return pulumi
    .jsonStringify({ table, pool: args.userPoolArn, gatewayAnswers })
    .apply((text) => createHash("sha256").update(text).digest("hex"));
}

type StageArgs = Complete<typeof restApiOptions> & Pick<RestApiArgs, "account">;

function stageOf(
  name: string,
  api: aws.apigateway.RestApi,
  deployment: aws.apigateway.Deployment,
  { stageName, ratePerSecond, burst, logRetentionDays: retentionInDays, traced, account }: StageArgs,
  parent: Parent,
) {
  const accessLog = new aws.cloudwatch.LogGroup(name, { retentionInDays }, parent);
  const errorLog = new aws.cloudwatch.LogGroup(
    `${name}-errors`,
    // API Gateway dictates this name. If the group does not exist, it creates one that never expires.
    { name: pulumi.interpolate`API-Gateway-Execution-Logs_${api.id}/${stageName}`, retentionInDays },
    parent,
  );
  const stage = new aws.apigateway.Stage(
    name,
    {
      restApi: api.id,
      deployment: deployment.id,
      stageName,
      xrayTracingEnabled: traced,
      accessLogSettings: { destinationArn: accessLog.arn, format: JSON.stringify(accessLogFormat) },
    },
    { ...parent, dependsOn: [errorLog, ...(account?.ready ?? [])] },
  );
  new aws.apigateway.MethodSettings(
    name,
    {
      restApi: api.id,
      stageName: stage.stageName,
      methodPath: "*/*",
      settings: {
        throttlingRateLimit: ratePerSecond,
        throttlingBurstLimit: burst,
        metricsEnabled: true,
        loggingLevel: "ERROR",
        // Request bodies contain access tokens and personal data.
        dataTraceEnabled: false,
      },
    },
    parent,
  );
  return { stage, accessLog };
}
