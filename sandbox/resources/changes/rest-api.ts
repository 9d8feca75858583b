import { Change, Changes } from "../../engine/types";
import { again, ifThere } from "./calls";

const at = ({ inputs }: Pick<Change, "inputs">) => ({
  restApiId: inputs["restApi"] as string,
  resourceId: inputs["resourceId"] as string,
  httpMethod: inputs["httpMethod"] as string,
});

const replaced = (path: string, value: unknown) => ({
  op: "replace" as const,
  path,
  value: value === undefined ? undefined : String(value),
});

export const apigateway: Changes = {
  RestApi: {
    carries: ["description", "disableExecuteApiEndpoint", "policy"],
    async update(r) {
      const api = await r.use("apigateway");
      const names = ["description", "disableExecuteApiEndpoint", "policy"];
      await api.updateRestApi({
        restApiId: r.id,
        patchOperations: names
          .filter((name) => r.changed.includes(name))
          .map((name) => replaced(`/${name}`, r.inputs[name])),
      });
    },
    remove: async (r) => (await r.use("apigateway")).deleteRestApi({ restApiId: r.id }),
  },
  // Its replacement may have the same path, which can exist only once.
  Resource: {
    remove: async (r) =>
      ifThere(
        (await r.use("apigateway")).deleteResource({ restApiId: r.inputs["restApi"], resourceId: r.id }),
      ),
  },
  Method: {
    update: again,
    remove: async (r) => ifThere((await r.use("apigateway")).deleteMethod(at(r))),
  },
  Integration: {
    update: again,
    remove: async (r) => ifThere((await r.use("apigateway")).deleteIntegration(at(r))),
  },
  Deployment: {
    carries: ["description"],
    async update(r) {
      await (
        await r.use("apigateway")
      ).updateDeployment({
        restApiId: r.inputs["restApi"],
        deploymentId: r.id,
        patchOperations: [replaced("/description", r.inputs["description"])],
      });
    },
    remove: async (r) =>
      (await r.use("apigateway")).deleteDeployment({ restApiId: r.inputs["restApi"], deploymentId: r.id }),
  },
  Stage: {
    carries: ["deployment", "description", "xrayTracingEnabled", "variables", "accessLogSettings"],
    async update(r) {
      const { restApi, stageName, deployment, description, xrayTracingEnabled } = r.inputs;
      const { variables = {}, accessLogSettings: logs } = r.inputs;
      await (
        await r.use("apigateway")
      ).updateStage({
        restApiId: restApi,
        stageName,
        patchOperations: [
          replaced("/deploymentId", deployment),
          replaced("/tracingEnabled", xrayTracingEnabled ?? false),
          ...(description ? [replaced("/description", description)] : []),
          ...Object.entries(variables).map(([name, value]) => replaced(`/variables/${name}`, value)),
          ...(logs
            ? [
                replaced("/accessLogSettings/destinationArn", logs.destinationArn),
                replaced("/accessLogSettings/format", logs.format),
              ]
            : []),
        ],
      });
    },
    remove: async (r) =>
      (await r.use("apigateway")).deleteStage({
        restApiId: r.inputs["restApi"],
        stageName: r.inputs["stageName"],
      }),
  },
  Authorizer: {
    remove: async (r) =>
      ifThere(
        (await r.use("apigateway")).deleteAuthorizer({
          restApiId: r.inputs["restApi"],
          authorizerId: r.id,
        }),
      ),
  },
  Model: {
    remove: async (r) =>
      (await r.use("apigateway")).deleteModel({
        restApiId: r.inputs["restApi"],
        modelName: r.outputs["name"],
      }),
  },
  RequestValidator: {
    remove: async (r) =>
      ifThere(
        (await r.use("apigateway")).deleteRequestValidator({
          restApiId: r.inputs["restApi"],
          requestValidatorId: r.id,
        }),
      ),
  },
  MethodSettings: {
    update: again,
    async remove(r) {
      const { restApi, stageName, methodPath } = r.inputs;
      const path = `/${methodPath}`;
      const patchOperations = [{ op: "remove" as const, path }];
      await ifThere(
        (await r.use("apigateway")).updateStage({ restApiId: restApi, stageName, patchOperations }),
      );
    },
  },
  Response: {
    update: again,
    remove: async (r) =>
      (await r.use("apigateway")).deleteGatewayResponse({
        restApiId: r.inputs["restApiId"],
        responseType: r.inputs["responseType"],
      }),
  },
  // It belongs to the account, and cannot be deleted on AWS either.
  Account: { update: again, remove: () => Promise.resolve() },
};
