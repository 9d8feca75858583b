import * as fs from "node:fs";
import { awsCallOf, listen } from "../listener";

/** What no emulator has: CodePipeline's executions, CodeDeploy's deployments and the alarms that end them, by their own JSON protocols. */
export interface AwsStandIn {
  url: string;
  /** Tokens of the executions that were started; the same token is the same one. */
  started: string[];
  running: string[];
  stopped: string[];
  deployed: { bucket: string; key: string; version?: string; eTag?: string }[];
  /** The alarms of the deployment group; a deployment under one that rings is stopped at once, as CodeDeploy does. */
  alarms: string[];
  ringing: string[];
  /** What has become of each deployment. */
  states: Record<string, string>;
  /** The bundle of the last successful deployment. */
  live?: object;
  jobs: string[];
  /** The error that every call gets, by its name. */
  refusing?: string;
  reset(): void;
  close(): Promise<void>;
}

type Answers = Record<string, (input: Record<string, any>) => object>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a service's inputs have no common type

export async function startAwsStandIn(): Promise<AwsStandIn> {
  const { url, close } = await listen(async (request, response) => {
    const { target, body } = await awsCallOf(request);
    const action = target.split(".").pop()!;
    noteRight(request.headers.authorization, action);
    const answer = answers[action];
    const refusal = standIn.refusing ?? (answer ? undefined : `Unknown${action}`);
    response.writeHead(refusal ? 400 : 200, { "Content-Type": "application/x-amz-json-1.1" });
    response.end(
      JSON.stringify(refusal ? { __type: refusal, message: "no" } : answer!(JSON.parse(body || "{}"))),
    );
  });
  const standIn: AwsStandIn = {
    url,
    started: [],
    running: [],
    stopped: [],
    deployed: [],
    jobs: [],
    alarms: [],
    ringing: [],
    states: {},
    reset() {
      Object.assign(this, { started: [], running: [], stopped: [], deployed: [], jobs: [] });
      Object.assign(this, { alarms: [], ringing: [], states: {} });
      this.live = this.refusing = undefined;
    },
    close,
  };
  const answers = answersOf(standIn);
  return standIn;
}

/** As the emulators do, which know whose key it is: docs/security.md, Roles. */
function noteRight(authorization: string | undefined, action: string): void {
  const file = process.env["GROUNDWORK_PERMISSIONS"];
  const [, key, service] = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(authorization ?? "") ?? [];
  if (file && key)
    fs.appendFileSync(
      file,
      `by-key\t${key}\t${service === "monitoring" ? "cloudwatch" : service}:${action}\n`,
    );
}

const answersOf = (aws: AwsStandIn): Answers => ({
  ListPipelineExecutions: () => ({
    pipelineExecutionSummaries: aws.running.map((pipelineExecutionId) => ({
      pipelineExecutionId,
      status: "InProgress",
    })),
  }),
  StartPipelineExecution: ({ clientRequestToken }) => {
    if (!aws.started.includes(clientRequestToken)) aws.started.push(clientRequestToken);
    return { pipelineExecutionId: `execution-${aws.started.indexOf(clientRequestToken) + 1}` };
  },
  StopPipelineExecution: ({ pipelineExecutionId }) => {
    aws.stopped.push(pipelineExecutionId);
    return { pipelineExecutionId };
  },
  GetPipelineState: () => ({
    stageStates: [
      {
        stageName: "Source",
        latestExecution: { pipelineExecutionId: "execution-1", status: "Succeeded" },
        actionStates: [
          {
            actionName: "GitHub",
            latestExecution: { status: "Succeeded", lastStatusChange: 1_700_000_000 },
          },
        ],
      },
    ],
  }),
  PutJobSuccessResult: ({ jobId, continuationToken, executionDetails }) => {
    const goesOn = `goes on with ${continuationToken}: ${executionDetails?.summary}`;
    aws.jobs.push(`${jobId} ${continuationToken ? goesOn : "succeeded"}`);
    return {};
  },
  PutJobFailureResult: ({ jobId, failureDetails }) => {
    aws.jobs.push(`${jobId} failed: ${failureDetails.message}`);
    return {};
  },
  GetDeploymentGroup: () => ({
    deploymentGroupInfo: {
      alarmConfiguration: { enabled: true, alarms: aws.alarms.map((name) => ({ name })) },
      ...(aws.live && { lastSuccessfulDeployment: { deploymentId: "d-live" } }),
    },
  }),
  GetDeployment: ({ deploymentId }) => ({
    deploymentInfo: {
      status: aws.states[deploymentId],
      errorInformation: { code: "ALARM_ACTIVE", message: "One or more alarms have been activated" },
      revision: { revisionType: "S3", s3Location: aws.live },
    },
  }),
  DescribeAlarms: ({ AlarmNames }) => ({
    MetricAlarms: aws.ringing
      .filter((name) => AlarmNames.includes(name))
      .map((AlarmName) => ({ AlarmName, StateValue: "ALARM" })),
  }),
  CreateDeployment: ({ revision, overrideAlarmConfiguration: other }) => {
    const deploymentId = `d-${aws.deployed.push(revision.s3Location)}`;
    const under: string[] = other
      ? other.enabled
        ? other.alarms.map(({ name }: { name: string }) => name)
        : []
      : aws.alarms;
    aws.states[deploymentId] = under.some((name) => aws.ringing.includes(name)) ? "Stopped" : "Succeeded";
    return { deploymentId };
  },
});
