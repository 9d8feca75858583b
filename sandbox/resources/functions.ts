import { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { zipOf } from "../engine/archive";
import { asList, omit, pascal, pick } from "../engine/shape";
import { Inputs, Table } from "../engine/types";

/** Functions with the real zips, on MiniStack. */
export const lambda: Table = {
  Function: async (r) => {
    const lambda = await r.use("lambda");
    const i = r.inputs;
    const name = r.physicalName(i["name"]);
    if (i["packageType"] === "Image") throw new Error("a function from an image cannot run without Docker");
    const made = await lambda.createFunction({
      FunctionName: name,
      ...configurationOf(i),
      ...pascal(pick(i, "architectures", "publish")),
      Code: await codeOf(i),
      Tags: r.tags,
    });
    const reserved = i["reservedConcurrentExecutions"];
    if (reserved !== undefined && reserved >= 0)
      await lambda.putFunctionConcurrency({ FunctionName: name, ReservedConcurrentExecutions: reserved });
    const arn = made.FunctionArn!;
    return {
      id: name,
      outputs: {
        name,
        arn,
        invokeArn: `arn:aws:apigateway:${r.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
        ...versionOf(made),
      },
    };
  },

  Permission: async (r) => {
    const lambda = await r.use("lambda");
    const { function: target, statementId: given, ...rest } = omit(r.inputs);
    const statementId = r.physicalName(given, 100);
    await lambda.addPermission({ FunctionName: target, StatementId: statementId, ...pascal(rest) });
    return { id: statementId, outputs: { statementId } };
  },

  EventSourceMapping: async (r) => {
    const lambda = await r.use("lambda");
    const { functionName, filterCriteria, ...rest } = omit(r.inputs);
    const made = await lambda.createEventSourceMapping({
      FunctionName: functionName,
      FilterCriteria: filterCriteria && { Filters: pascal(filterCriteria.filters) },
      ...pascal(rest),
    });
    return {
      id: made.UUID!,
      outputs: {
        uuid: made.UUID,
        functionArn: made.FunctionArn,
        arn: r.arn("lambda", `event-source-mapping:${made.UUID}`),
      },
    };
  },
};

/** What an update of a function may change besides its code. */
export const configurationOf = (i: Inputs) => ({
  ...pascal(
    pick(
      i,
      "role",
      "handler",
      "runtime",
      "timeout",
      "memorySize",
      "description",
      "environment",
      "tracingConfig",
      "loggingConfig",
      "deadLetterConfig",
      "ephemeralStorage",
      "layers",
    ),
  ),
  VpcConfig: i["vpcConfig"] && pascal(pick(i["vpcConfig"], "subnetIds", "securityGroupIds")),
});

export const codeOf = async (i: Inputs) =>
  i["s3Bucket"]
    ? { S3Bucket: i["s3Bucket"], S3Key: i["s3Key"], S3ObjectVersion: i["s3ObjectVersion"] }
    : { ZipFile: await zipOf(i["code"]) };

/** What distinguishes one state of a function from the next. */
export const versionOf = (made: FunctionConfiguration) => ({
  qualifiedArn: `${made.FunctionArn}:${made.Version}`,
  version: made.Version,
  codeSha256: made.CodeSha256,
  sourceCodeHash: made.CodeSha256,
  sourceCodeSize: made.CodeSize,
  lastModified: made.LastModified,
});

/** State machines on MiniStack, which runs them. */
export const sfn: Table = {
  StateMachine: async (r) => {
    const sfn = await r.use("sfn");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 80);
    const { stateMachineArn, creationDate } = await sfn.createStateMachine({
      name,
      type: i["type"],
      ...machineOf(i),
      tags: Object.entries(r.tags).map(([key, value]) => ({ key, value })),
    });
    return {
      id: stateMachineArn!,
      outputs: { name, arn: stateMachineArn, status: "ACTIVE", creationDate: creationDate?.toISOString() },
    };
  },
};

/** What an update of a state machine may change. */
export function machineOf(i: Inputs) {
  const logging: Inputs | undefined = i["loggingConfiguration"];
  return {
    definition: i["definition"] as string,
    roleArn: i["roleArn"] as string,
    loggingConfiguration: logging && {
      level: logging["level"],
      includeExecutionData: logging["includeExecutionData"],
      destinations: asList(logging["logDestination"]).map((logGroupArn) => ({
        cloudWatchLogsLogGroup: { logGroupArn: logGroupArn as string },
      })),
    },
    tracingConfiguration: i["tracingConfiguration"],
  };
}
