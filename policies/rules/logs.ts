import type { Declared } from "../declared";
import { each, Rules } from "./rule";

/** What logs only on request, and how to tell that it does. */
const LOGGED: Record<string, (inputs: Declared["inputs"]) => boolean> = {
  "aws:lb/loadBalancer:LoadBalancer": (i) => i.accessLogs?.enabled === true && !!i.accessLogs.bucket,
  "aws:apigateway/stage:Stage": (i) => !!i.accessLogSettings?.destinationArn,
  "aws:apigatewayv2/stage:Stage": (i) => !!i.accessLogSettings?.destinationArn,
  "aws:sfn/stateMachine:StateMachine": (i) =>
    ["ALL", "ERROR"].includes(i.loggingConfiguration?.level) && !!i.loggingConfiguration.logDestination,
  "aws:codebuild/project:Project": (i) =>
    !!(i.logsConfig?.cloudwatchLogs?.groupName ?? i.logsConfig?.s3Logs?.location),
  "aws:lambda/function:Function": (i) => !!i.loggingConfig?.logGroup,
  "aws:rds/instance:Instance": (i) =>
    i.clusterIdentifier !== undefined || (i.enabledCloudwatchLogsExports ?? []).includes("postgresql"),
  "aws:rds/cluster:Cluster": (i) => (i.enabledCloudwatchLogsExports ?? []).includes("postgresql"),
};

/** Everything is logged, and every log expires. */
export const logRules: Rules = {
  "turns on logs wherever AWS writes them only on request": each(
    Object.keys(LOGGED),
    ({ type, inputs }) => !LOGGED[type]!(inputs) && "keeps no log",
  ),

  "sets how long each log is kept": each(
    ["aws:cloudwatch/logGroup:LogGroup"],
    ({ inputs }) => !(inputs.retentionInDays > 0) && "keeps its log forever",
  ),
};
