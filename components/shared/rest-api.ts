import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ApiAccount } from "./api-account";
import { Check } from "./check";
import { accessLogFormat, gatewayAnswers } from "./rest-api-answers";
import { Guards, Parent, RestRoute, routesOf } from "./rest-api-routes";

export type { RestRoute };

export interface RestApiArgs {
  routes: RestRoute[];
  /** Only tokens of this Cognito user pool are let in, on every route. */
  userPoolArn: pulumi.Input<string>;
  /** The account's right to log; the stage waits for it. @default it is there already */
  account?: ApiAccount;
  /** @default "v1" */
  stageName?: string;
  /** Requests a second, over all callers. @default 20 */
  ratePerSecond?: number;
  /** How many may come at once. @default 40 */
  burst?: number;
  /** How long the access and error logs are kept. @default 90 */
  logRetentionDays?: number;
}

/**
 * A regional REST API before Lambdas, open only to a Cognito user pool's tokens: throttled, validated, logged and traced.
 * About 3.50 USD for a million requests. Answers errors as `{"message": ...}`; a Lambda that throws becomes a plain 502.
 */
export class RestApi extends pulumi.ComponentResource {
  /** Where it answers, without a slash at the end. */
  readonly url: pulumi.Output<string>;
  readonly restApiId: pulumi.Output<string>;
  /** How CloudWatch names it. */
  readonly apiName: pulumi.Output<string>;
  readonly stageName: string;
  /** What a WAF is associated with. */
  readonly stageArn: pulumi.Output<string>;
  readonly accessLogGroupName: pulumi.Output<string>;

  constructor(name: string, args: RestApiArgs, opts?: pulumi.ComponentResourceOptions) {
    check(name, args);
    super("groundwork:index:RestApi", name, {}, opts);
    const parent = { parent: this };
    this.stageName = args.stageName ?? "v1";

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
    const { stage, accessLog } = stageOf(name, api, deployment, args, this.stageName, parent);

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
function check(name: string, args: RestApiArgs): void {
  const labels = args.routes.map(labelOf);
  const check = new Check("RestApi", name)
    .that(args.routes.length > 0, "routes", "at least one route", args.routes.length)
    .that(new Set(labels).size === labels.length, "routes", "without a route twice", labels)
    .wholeNumber("ratePerSecond", args.ratePerSecond, 1, 10_000)
    .wholeNumber("burst", args.burst, 1, 5_000)
    .that(/^\w+$/.test(args.stageName ?? "v1"), "stageName", "letters, digits and _", args.stageName);
  for (const [i, { path }] of args.routes.entries())
    check.that(
      /^(\/([\w.-]+|\{\w+\+?\}))+$/.test(path),
      `routes[${i}].path`,
      "segments after slashes, parameters in braces",
      path,
    );
  check.done();
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

/** A deployment is a snapshot: it is taken anew whenever this changes. */
function fingerprint(args: RestApiArgs): pulumi.Output<string> {
  const table = args.routes.map(({ function: lambda, ...route }) => ({
    ...route,
    function: lambda.functionArn,
  }));
  return pulumi
    .jsonStringify({ table, pool: args.userPoolArn, gatewayAnswers })
    .apply((text) => createHash("sha256").update(text).digest("hex"));
}

function stageOf(
  name: string,
  api: aws.apigateway.RestApi,
  deployment: aws.apigateway.Deployment,
  args: RestApiArgs,
  stageName: string,
  parent: Parent,
) {
  const retentionInDays = args.logRetentionDays ?? 90;
  const accessLog = new aws.cloudwatch.LogGroup(name, { retentionInDays }, parent);
  const errorLog = new aws.cloudwatch.LogGroup(
    `${name}-errors`,
    // API Gateway dictates this name and, when the group is not there, makes one that is kept for ever.
    { name: pulumi.interpolate`API-Gateway-Execution-Logs_${api.id}/${stageName}`, retentionInDays },
    parent,
  );
  const stage = new aws.apigateway.Stage(
    name,
    {
      restApi: api.id,
      deployment: deployment.id,
      stageName,
      xrayTracingEnabled: true,
      accessLogSettings: { destinationArn: accessLog.arn, format: JSON.stringify(accessLogFormat) },
    },
    { ...parent, dependsOn: [errorLog, ...(args.account ? [args.account] : [])] },
  );
  new aws.apigateway.MethodSettings(
    name,
    {
      restApi: api.id,
      stageName: stage.stageName,
      methodPath: "*/*",
      settings: {
        throttlingRateLimit: args.ratePerSecond ?? 20,
        throttlingBurstLimit: args.burst ?? 40,
        metricsEnabled: true,
        loggingLevel: "ERROR",
        // Request bodies hold access tokens and personal data.
        dataTraceEnabled: false,
      },
    },
    parent,
  );
  return { stage, accessLog };
}
