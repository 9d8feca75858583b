import { omit, pascal } from "../../engine/shape";
import { Change, Changes, Inputs } from "../../engine/types";
import { codeOf, configurationOf, machineOf, versionOf } from "../functions";

const CODE = ["code", "s3Bucket", "s3Key", "s3ObjectVersion", "sourceCodeHash"];

/** Lambda's own defaults. */
const UNSET = configurationOf({
  description: "",
  memorySize: 128,
  timeout: 3,
  environment: { variables: {} },
  layers: [],
  tracingConfig: { mode: "PassThrough" },
  deadLetterConfig: { targetArn: "" },
  vpcConfig: { subnetIds: [], securityGroupIds: [] },
});

/** The call does not touch what it does not name. */
function unset({ before, inputs }: Change): Partial<typeof UNSET> {
  const [had, has] = [configurationOf(before), configurationOf(inputs)] as Inputs[];
  const gone = Object.entries(UNSET).filter(([name]) => had![name] !== undefined && has![name] === undefined);
  return Object.fromEntries(gone);
}

export const lambda: Changes = {
  Function: {
    moves: ["codeSha256", "sourceCodeHash", "sourceCodeSize", "lastModified", "version", "qualifiedArn"],
    async update(r) {
      const lambda = await r.use("lambda");
      const FunctionName = r.id;
      if (r.changed.some((one) => CODE.includes(one)))
        await lambda.updateFunctionCode({
          FunctionName,
          ...(await codeOf(r.inputs)),
          Publish: r.inputs["publish"],
        });
      if (r.changed.some((one) => !CODE.includes(one)))
        await lambda.updateFunctionConfiguration({ FunctionName, ...unset(r), ...configurationOf(r.inputs) });
      if (r.changed.includes("reservedConcurrentExecutions")) {
        const reserved = r.inputs["reservedConcurrentExecutions"] ?? -1;
        if (reserved < 0) await lambda.deleteFunctionConcurrency({ FunctionName });
        else await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: reserved });
      }
      return { outputs: versionOf(await lambda.getFunctionConfiguration({ FunctionName })) };
    },
    remove: async (r) => (await r.use("lambda")).deleteFunction({ FunctionName: r.id }),
  },
  Permission: {
    remove: async (r) =>
      (await r.use("lambda")).removePermission({ FunctionName: r.inputs["function"], StatementId: r.id }),
  },
  EventSourceMapping: {
    async update(r) {
      const { functionName, filterCriteria, eventSourceArn: _source, ...rest } = omit(r.inputs);
      await (
        await r.use("lambda")
      ).updateEventSourceMapping({
        UUID: r.id,
        FunctionName: functionName,
        FilterCriteria: filterCriteria && { Filters: pascal(filterCriteria.filters) },
        Enabled: true,
        ...pascal(rest),
      });
    },
    remove: async (r) => (await r.use("lambda")).deleteEventSourceMapping({ UUID: r.id }),
  },
};

export const sfn: Changes = {
  StateMachine: {
    async update(r) {
      await (await r.use("sfn")).updateStateMachine({ stateMachineArn: r.id, ...machineOf(r.inputs) });
    },
    remove: async (r) => (await r.use("sfn")).deleteStateMachine({ stateMachineArn: r.id }),
  },
};
