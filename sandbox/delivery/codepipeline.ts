import { Actions } from "./actions";
import { Pipeline } from "./declaration";
import { ActionRun, Execution } from "./execution";
import { ApiError, Operation, seconds } from "./json-api";
import { Pipelines } from "./pipelines";

export interface CodePipelineOptions {
  pipelines: Pipelines;
  actions: Actions;
  arnOf: (pipeline: string) => string;
  /** Where to read an action's log. */
  logUrl: (execution: string, run: ActionRun) => string | undefined;
}

/** CodePipeline's API, as far as the program, its functions and its users call it. */
export function codePipeline({
  pipelines,
  actions,
  arnOf,
  logUrl,
}: CodePipelineOptions): Record<string, Operation> {
  const known = (name: string): Pipeline => {
    const declared = pipelines.declared(name);
    if (!declared) throw new ApiError("PipelineNotFoundException", `There is no pipeline ${name}.`);
    return declared;
  };
  const execution = (pipelineName: string, id: string): Execution => {
    known(pipelineName);
    const found = pipelines.executions(pipelineName).find((one) => one.id === id);
    if (!found) throw new ApiError("PipelineExecutionNotFoundException", `There is no execution ${id}.`);
    return found;
  };
  const told = (found: boolean, code: string, what: string) => {
    if (!found) throw new ApiError(code, what);
    return {};
  };
  return {
    CreatePipeline: ({ pipeline }) => {
      if (pipelines.declared(pipeline.name))
        throw new ApiError("PipelineNameInUseException", `There is a pipeline ${pipeline.name} already.`);
      pipelines.declare(pipeline);
      return { pipeline: { ...pipeline, version: 1 } };
    },
    UpdatePipeline: ({ pipeline }) => {
      known(pipeline.name);
      pipelines.declare(pipeline);
      return { pipeline };
    },
    DeletePipeline: ({ name }) => {
      pipelines.forget(name);
      return {};
    },
    GetPipeline: ({ name }) => ({ pipeline: known(name), metadata: { pipelineArn: arnOf(name) } }),
    ListPipelines: () => ({ pipelines: pipelines.names.map((name) => ({ name })) }),
    StartPipelineExecution: ({ name, clientRequestToken }) => {
      known(name);
      return {
        pipelineExecutionId: pipelines.start(name, "StartPipelineExecution", clientRequestToken).id,
      };
    },
    StopPipelineExecution: async ({ pipelineName, pipelineExecutionId, abandon = false, reason }) => {
      const found = execution(pipelineName, pipelineExecutionId);
      if (found.isOver)
        throw new ApiError("PipelineExecutionNotStoppableException", `The execution is ${found.status}.`);
      await found.stop(abandon, reason);
      return { pipelineExecutionId };
    },
    ListPipelineExecutions: ({ pipelineName, maxResults = 100 }) => {
      known(pipelineName);
      const all = pipelines.executions(pipelineName).slice(0, maxResults);
      return {
        pipelineExecutionSummaries: all.map((one) => ({
          pipelineExecutionId: one.id,
          status: one.status,
          startTime: seconds(one.startedAt),
          lastUpdateTime: seconds(one.updatedAt),
          trigger: { triggerType: one.trigger },
          ...(one.reason && { stopTrigger: { reason: one.reason } }),
        })),
      };
    },
    GetPipelineExecution: ({ pipelineName, pipelineExecutionId }) => {
      const { id, status, reason } = execution(pipelineName, pipelineExecutionId);
      return {
        pipelineExecution: { pipelineName, pipelineExecutionId: id, status, statusSummary: reason },
      };
    },
    GetPipelineState: ({ name }) => {
      known(name);
      return {
        pipelineName: name,
        stageStates: pipelines.stages(name).map(({ name: stageName, latest, actions: names }) => ({
          stageName,
          ...(latest && {
            latestExecution: { pipelineExecutionId: latest.executionId, status: latest.status },
          }),
          actionStates: names.map((actionName) => {
            const run = latest?.actions.find(({ action }) => action.name === actionName);
            return {
              actionName,
              ...(run && run.status !== "NotStarted" && latestOf(latest!.executionId, run)),
            };
          }),
        })),
      };
    },
    PutJobSuccessResult: ({ jobId, continuationToken, executionDetails = {} }) =>
      told(
        actions.endJob(jobId, {
          continuationToken,
          summary: executionDetails.summary,
          externalId: executionDetails.externalExecutionId,
        }),
        "JobNotFoundException",
        `There is no job ${jobId}.`,
      ),
    PutJobFailureResult: ({ jobId, failureDetails }) =>
      told(
        actions.endJob(jobId, { failed: failureDetails.message }),
        "JobNotFoundException",
        `There is no job ${jobId}.`,
      ),
    PutApprovalResult: ({ token, result }) => {
      told(
        actions.decide(token, result.status === "Approved", result.summary),
        "InvalidApprovalTokenException",
        "Nobody waits for this approval.",
      );
      return { approvedAt: seconds(new Date()) };
    },
  };

  function latestOf(executionId: string, run: ActionRun) {
    return {
      latestExecution: {
        actionExecutionId: run.id,
        status: run.status,
        summary: run.summary,
        lastStatusChange: seconds(run.changedAt),
        token: run.token,
        externalExecutionId: run.externalId,
        externalExecutionUrl: logUrl(executionId, run),
        ...(run.error && { errorDetails: { code: "JobFailed", message: run.error } }),
      },
    };
  }
}
