import { asList, pick } from "../engine/shape";
import { Inputs, Table } from "../engine/types";

/** REST APIs that answer, on MiniStack. */
export const apigateway: Table = {
  RestApi: async (r) => {
    const api = await r.use("apigateway");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 128);
    const made = await api.createRestApi({
      name,
      ...pick(i, "description", "binaryMediaTypes", "apiKeySource", "disableExecuteApiEndpoint", "policy"),
      endpointConfiguration: i["endpointConfiguration"] && {
        types: asList(i["endpointConfiguration"].types),
      },
      tags: r.tags,
    });
    let root = made.rootResourceId!;
    if (i["body"]) {
      await api.putRestApi({ restApiId: made.id, mode: "overwrite", body: Buffer.from(i["body"]) });
      const { items } = await api.getResources({ restApiId: made.id });
      root = items?.find((one) => one.path === "/")?.id ?? root;
    }
    return {
      id: made.id!,
      outputs: {
        name,
        rootResourceId: root,
        arn: `arn:aws:apigateway:${r.region}::/restapis/${made.id}`,
        executionArn: r.arn("execute-api", made.id!),
        createdDate: new Date().toISOString(),
      },
    };
  },

  Resource: async (r) => {
    const api = await r.use("apigateway");
    const { restApi, parentId, pathPart } = r.inputs;
    const made = await api.createResource({ restApiId: restApi, parentId, pathPart });
    return { id: made.id!, outputs: { path: made.path } };
  },

  Method: async (r) => {
    const api = await r.use("apigateway");
    const { restApi, authorization, ...rest } = r.inputs;
    await api.putMethod({
      restApiId: restApi,
      authorizationType: authorization,
      ...(pick(
        rest,
        "resourceId",
        "httpMethod",
        "authorizerId",
        "apiKeyRequired",
        "authorizationScopes",
        "requestValidatorId",
        "requestModels",
        "requestParameters",
        "operationName",
      ) as { resourceId: string; httpMethod: string }),
    });
    return { id: `agm-${restApi}-${rest["resourceId"]}-${rest["httpMethod"]}` };
  },

  Integration: async (r) => {
    const api = await r.use("apigateway");
    const { restApi, ...rest } = r.inputs;
    await api.putIntegration({
      restApiId: restApi,
      ...(rest as { resourceId: string; httpMethod: string; type: "AWS_PROXY" }),
    });
    return { id: `agi-${restApi}-${rest["resourceId"]}-${rest["httpMethod"]}` };
  },

  Deployment: async (r) => {
    const api = await r.use("apigateway");
    const { restApi, description } = r.inputs;
    const made = await api.createDeployment({ restApiId: restApi, description });
    return { id: made.id!, outputs: { createdDate: made.createdDate?.toISOString() } };
  },

  Stage: async (r) => {
    const api = await r.use("apigateway");
    const { restApi, deployment, accessLogSettings, ...rest } = r.inputs;
    const stageName: string = rest["stageName"];
    await api.createStage({
      restApiId: restApi,
      stageName,
      deploymentId: deployment,
      tracingEnabled: rest["xrayTracingEnabled"],
      ...pick(rest, "description", "variables", "cacheClusterEnabled", "cacheClusterSize"),
      tags: r.tags,
    });
    if (accessLogSettings)
      await api.updateStage({
        restApiId: restApi,
        stageName,
        patchOperations: [
          {
            op: "replace",
            path: "/accessLogSettings/destinationArn",
            value: accessLogSettings.destinationArn,
          },
          { op: "replace", path: "/accessLogSettings/format", value: accessLogSettings.format },
        ],
      });
    return {
      id: `ags-${restApi}-${stageName}`,
      outputs: {
        arn: `arn:aws:apigateway:${r.region}::/restapis/${restApi}/stages/${stageName}`,
        executionArn: r.arn("execute-api", `${restApi}/${stageName}`),
        invokeUrl: `${process.env["AWS_ENDPOINT_URL"]}/_aws/execute-api/${restApi}/${stageName}`,
      },
    };
  },

  Authorizer: async (r) => {
    const api = await r.use("apigateway");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 128);
    const made = await api.createAuthorizer({
      restApiId: i["restApi"],
      name,
      type: i["type"] ?? "TOKEN",
      providerARNs: i["providerArns"],
      identitySource: i["identitySource"] ?? "method.request.header.Authorization",
      ...pick(
        i,
        "authorizerUri",
        "authorizerCredentials",
        "authorizerResultTtlInSeconds",
        "identityValidationExpression",
      ),
    });
    return {
      id: made.id!,
      outputs: {
        name,
        arn: `arn:aws:apigateway:${r.region}::/restapis/${i["restApi"]}/authorizers/${made.id}`,
      },
    };
  },

  Model: async (r) => {
    const api = await r.use("apigateway");
    const { restApi, name: given, contentType, schema, description } = r.inputs;
    const name = given ?? r.name.replace(/\W/g, "");
    const made = await api.createModel({ restApiId: restApi, name, contentType, schema, description });
    return { id: made.id!, outputs: { name } };
  },

  RequestValidator: async (r) => {
    const api = await r.use("apigateway");
    const { restApi, name: given, validateRequestBody, validateRequestParameters } = r.inputs;
    const name = r.physicalName(given, 128);
    const made = await api.createRequestValidator({
      restApiId: restApi,
      name,
      validateRequestBody,
      validateRequestParameters,
    });
    return { id: made.id!, outputs: { name } };
  },

  MethodSettings: async (r) => {
    const api = await r.use("apigateway");
    const { restApi, stageName, methodPath, settings } = r.inputs;
    const paths: Record<string, string> = {
      loggingLevel: "logging/loglevel",
      metricsEnabled: "metrics/enabled",
      dataTraceEnabled: "logging/dataTrace",
      throttlingBurstLimit: "throttling/burstLimit",
      throttlingRateLimit: "throttling/rateLimit",
    };
    await api.updateStage({
      restApiId: restApi,
      stageName,
      patchOperations: Object.entries(paths)
        .filter(([key]) => (settings as Inputs)[key] !== undefined)
        .map(([key, path]) => ({
          op: "replace",
          path: `/${methodPath}/${path}`,
          value: String(settings[key]),
        })),
    });
    return { id: `${restApi}-${stageName}-${methodPath}` };
  },

  Response: async (r) => {
    const api = await r.use("apigateway");
    const { restApiId, responseType, statusCode, responseParameters, responseTemplates } = r.inputs;
    await api.putGatewayResponse({
      restApiId,
      responseType,
      statusCode,
      responseParameters,
      responseTemplates,
    });
    return { id: `aggr-${restApiId}-${responseType}` };
  },

  Account: async (r) => {
    const api = await r.use("apigateway");
    const role = r.inputs["cloudwatchRoleArn"];
    if (role)
      await api.updateAccount({
        patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value: role }],
      });
    return {
      id: "api-gateway-account",
      outputs: { throttleSettings: { burstLimit: 5000, rateLimit: 10000 } },
    };
  },
};
