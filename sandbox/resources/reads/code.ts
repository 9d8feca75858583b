import { IF_GIVEN, Read } from "../../engine/types";

/** Functions and state machines. */
export const code: Record<string, Read> = {
  "lambda/EventSourceMapping": {
    normally: { batchSize: IF_GIVEN, enabled: true },
    read: async (r) => {
      const { BatchSize, State } = await (await r.use("lambda")).getEventSourceMapping({ UUID: r.id });
      return { batchSize: BatchSize, enabled: !/^Disabl/.test(State!) };
    },
  },
  "lambda/Function": {
    normally: {
      ...{ description: "", handler: undefined, memorySize: 128, role: undefined, runtime: undefined },
      ...{ timeout: 3, environment: undefined, tracingConfig: { mode: "PassThrough" }, layers: [] },
      ...{ reservedConcurrentExecutions: -1, sourceCodeHash: undefined },
    },
    async read(r) {
      const lambda = await r.use("lambda");
      const found = await lambda.getFunctionConfiguration({ FunctionName: r.id });
      const { ReservedConcurrentExecutions } = await lambda.getFunctionConcurrency({ FunctionName: r.id });
      return {
        description: found.Description,
        handler: found.Handler,
        memorySize: found.MemorySize,
        role: found.Role,
        runtime: found.Runtime,
        timeout: found.Timeout,
        environment: found.Environment && { variables: found.Environment.Variables },
        tracingConfig: found.TracingConfig && { mode: found.TracingConfig.Mode },
        layers: found.Layers?.map(({ Arn }) => Arn),
        reservedConcurrentExecutions: ReservedConcurrentExecutions,
        // An argument that makes the next run upload the program's own code again.
        sourceCodeHash:
          found.CodeSha256 === r.outputs["codeSha256"] ? r.inputs["sourceCodeHash"] : found.CodeSha256,
      };
    },
  },
  "sfn/StateMachine": {
    normally: { definition: undefined, roleArn: undefined },
    async read(r) {
      const found = await (await r.use("sfn")).describeStateMachine({ stateMachineArn: r.id });
      return { definition: found.definition, roleArn: found.roleArn };
    },
  },
};
