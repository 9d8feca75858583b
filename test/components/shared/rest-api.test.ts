import { strict as assert } from "node:assert";
import { ApiAccount } from "../../../components/shared/api-account";
import { Lambda } from "../../../components/shared/lambda";
import { RestApi, RestApiArgs, RestRoute } from "../../../components/shared/rest-api";
import type { Declared } from "../../../policies/declared";
import { physicalName, run } from "../../harness";
import { some } from "../../some";

const answer = async () => ({ statusCode: 204 });
const POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Example1";

type Route = Omit<RestRoute, "function">;

const build = (routes: Route[], more: Partial<RestApiArgs> = {}) =>
  run(() => {
    const lambda = new Lambda("answer", { callback: answer });
    return new RestApi("api", {
      routes: routes.map((route) => ({ ...route, function: lambda })),
      userPoolArn: POOL,
      ...more,
    });
  });

const names = (resources: Declared[]) => resources.map((resource) => resource.name);

describe("RestApi", () => {
  it("creates one resource for each path that routes share", async () => {
    const { all } = await build([
      { method: "POST", path: "/projects" },
      { method: "GET", path: "/projects/{id}" },
      { method: "DELETE", path: "/projects/{id}" },
      { method: "POST", path: "/projects/{id}/approve" },
    ]);
    assert.deepEqual(
      all("apigateway/resource:Resource").map(({ name, inputs }) => [name, inputs.pathPart, inputs.parentId]),
      [
        ["api-projects", "projects", "api-root"],
        ["api-projects-id", "{id}", "api-projects-id"],
        ["api-projects-id-approve", "approve", "api-projects-id-id"],
      ],
    );
    assert.deepEqual(names(all("apigateway/method:Method")), [
      "api-post-projects",
      "api-get-projects-id",
      "api-delete-projects-id",
      "api-post-projects-id-approve",
    ]);
  });

  it("requires a token of the pool for every route", async () => {
    const { all, one } = await build([
      { method: "POST", path: "/start" },
      { method: "GET", path: "/state", scopes: ["pipeline/read"] },
    ]);
    assert.deepEqual(one("apigateway/authorizer:Authorizer").inputs.providerArns, [POOL]);
    assert.deepEqual(
      all("apigateway/method:Method").map(({ inputs }) => [
        inputs.authorization,
        inputs.authorizerId,
        inputs.authorizationScopes,
      ]),
      [
        ["COGNITO_USER_POOLS", "api-id", undefined],
        ["COGNITO_USER_POOLS", "api-id", ["pipeline/read"]],
      ],
    );
  });

  it("requires no token where the function checks a signature", async () => {
    const { one } = await build([
      { method: "POST", path: "/hook", signed: true },
      { method: "GET", path: "/hook" },
    ]);
    const { authorization, authorizerId } = one("apigateway/method:Method", "api-post-hook").inputs;
    assert.deepEqual([authorization, authorizerId], ["NONE", undefined]);
    assert.equal(one("apigateway/method:Method", "api-get-hook").inputs.authorization, "COGNITO_USER_POOLS");
  });

  it("checks bodies, path parameters and required headers at the gateway", async () => {
    const { one } = await build([
      {
        method: "PATCH",
        path: "/projects/{id}",
        body: { type: "object", required: ["size"] },
        requires: { headers: ["Idempotency-Key"], query: ["dry"] },
      },
      { method: "GET", path: "/projects" },
    ]);
    const patch = one("apigateway/method:Method", "api-patch-projects-id").inputs;
    const get = one("apigateway/method:Method", "api-get-projects").inputs;
    assert.deepEqual(patch.requestParameters, {
      "method.request.path.id": true,
      "method.request.header.Idempotency-Key": true,
      "method.request.querystring.dry": true,
    });
    assert.deepEqual(patch.requestModels, { "application/json": "apipatchprojectsid" });
    assert.equal(get.requestModels, undefined);
    assert.deepEqual(JSON.parse(one("apigateway/model:Model").inputs.schema), {
      $schema: "http://json-schema.org/draft-04/schema#",
      type: "object",
      required: ["size"],
    });
    const validator = one("apigateway/requestValidator:RequestValidator").inputs;
    assert.deepEqual([validator.validateRequestBody, validator.validateRequestParameters], [true, true]);
  });

  it("may call each function for its own route and stage only", async () => {
    const { all } = await build([{ method: "GET", path: "/projects/{id}/log" }]);
    assert.deepEqual(
      all("lambda/permission:Permission").map(({ inputs }) => inputs.sourceArn),
      ["arn:aws:execute-api:eu-west-1:123456789012:api-id/v1/GET/projects/*/log"],
    );
  });

  it("traces the stage if tracing is on", async () => {
    const { one } = await build([{ method: "GET", path: "/state" }], { traced: true });
    assert.equal(one("apigateway/stage:Stage").inputs.xrayTracingEnabled, true);
  });

  it("throttles and logs the stage, without bodies", async () => {
    const { one } = await build([{ method: "GET", path: "/state" }], { ratePerSecond: 5, burst: 7 });
    const stage = one("apigateway/stage:Stage").inputs;
    assert.equal(stage.xrayTracingEnabled, false);
    assert.equal(
      stage.accessLogSettings.destinationArn,
      `arn:aws:logs:eu-west-1:123456789012:log-group:${physicalName("api")}`,
    );
    assert.equal(JSON.parse(stage.accessLogSettings.format).user, "$context.authorizer.claims.sub");
    assert.equal(
      one("cloudwatch/logGroup:LogGroup", "api-errors").inputs.name,
      "API-Gateway-Execution-Logs_api-id/v1",
    );
    assert.deepEqual(one("apigateway/methodSettings:MethodSettings").inputs.settings, {
      throttlingRateLimit: 5,
      throttlingBurstLimit: 7,
      metricsEnabled: true,
      loggingLevel: "ERROR",
      dataTraceEnabled: false,
    });
  });

  it("uses the options' defaults for path, throttling and log retention", async () => {
    const { all, one, outputs } = await build([{ method: "GET", path: "/state" }]);
    const { throttlingRateLimit, throttlingBurstLimit } = one("apigateway/methodSettings:MethodSettings")
      .inputs.settings;
    assert.deepEqual([outputs.stageName, throttlingRateLimit, throttlingBurstLimit], ["v1", 20, 40]);
    const days = (logs: Declared[]) => logs.map(({ name, inputs }) => [name, inputs.retentionInDays]);
    const ofApi = (logs: Declared[]) => logs.filter(({ name }) => name.startsWith("api"));
    assert.deepEqual(days(ofApi(all("cloudwatch/logGroup:LogGroup"))), [
      ["api", 30],
      ["api-errors", 30],
    ]);
    const told = await build([{ method: "GET", path: "/state" }], { logRetentionDays: 7, stageName: "v2" });
    assert.deepEqual(
      [told.outputs.stageName, ...days(ofApi(told.all("cloudwatch/logGroup:LogGroup")))],
      ["v2", ["api", 7], ["api-errors", 7]],
    );
  });

  it("refuses an API without a route", async () => {
    await assert.rejects(build([]), {
      message: 'RestApi "api": routes must be at least one route, got 0',
    });
  });

  it("waits until the account may log", async () => {
    const { one } = await run(() => {
      const lambda = new Lambda("answer", { callback: answer });
      return new RestApi("api", {
        routes: [{ method: "GET", path: "/state", function: lambda }],
        userPoolArn: POOL,
        account: new ApiAccount("logging"),
      });
    });
    assert.ok(one("apigateway/stage:Stage").dependsOn.includes("logging"));
    assert.equal(
      one("apigateway/account:Account").inputs.cloudwatchRoleArn,
      `arn:aws:iam::123456789012:role/${physicalName("logging")}`,
    );
  });

  it("redeploys when a route changes, and only then", async () => {
    const triggerOf = async (routes: Route[], pool = POOL) =>
      (await build(routes, { userPoolArn: pool })).one("apigateway/deployment:Deployment").inputs.triggers
        .routes;
    const first = await triggerOf([{ method: "GET", path: "/state" }]);
    assert.match(first, /^[0-9a-f]{64}$/);
    assert.equal(await triggerOf([{ method: "GET", path: "/state" }]), first);
    for (const changed of [
      await triggerOf([{ method: "POST", path: "/state" }]),
      await triggerOf([{ method: "GET", path: "/state", scopes: ["a/b"] }]),
      await triggerOf([{ method: "GET", path: "/state", body: { type: "object" } }]),
      await triggerOf([{ method: "GET", path: "/state" }], `${POOL}2`),
    ])
      assert.notEqual(changed, first);
  });

  it("creates the deployment after everything that belongs to it", async () => {
    const { one } = await build([{ method: "GET", path: "/state" }]);
    const dependsOn = new Set(one("apigateway/deployment:Deployment").dependsOn);
    for (const name of ["api-get-state", "api-unauthorized", "api-default-5xx"])
      assert.ok(dependsOn.has(name), name);
  });

  it("answers its own refusals with one sentence as JSON", async () => {
    const { all } = await build([{ method: "GET", path: "/state" }]);
    for (const { name, inputs } of some(all("apigateway/response:Response"))) {
      const template: string = inputs.responseTemplates["application/json"];
      const text = template.replace("$context.error.messageString", '"words"');
      assert.equal(typeof JSON.parse(text).message, "string", name);
    }
  });

  it("refuses every wrong argument in one error", async () => {
    await assert.rejects(
      build(
        [
          { method: "GET", path: "state" },
          { method: "GET", path: "state" },
        ],
        { stageName: "v-1", burst: 0 },
      ),
      (error: Error) => {
        assert.equal(
          error.message,
          'RestApi "api": stageName must be letters, digits and _, got "v-1"; ' +
            "burst must be a whole number from 1 to 5000, got 0; " +
            'routes must be without a route twice, got ["GET state","GET state"]; ' +
            'routes[0].path must be segments after slashes, parameters in braces, got "state"; ' +
            'routes[1].path must be segments after slashes, parameters in braces, got "state"',
        );
        return true;
      },
    );
  });
});
