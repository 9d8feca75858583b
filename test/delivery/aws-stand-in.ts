import * as fs from "node:fs";
import { awsCallOf, listen } from "../listener";

/** What no emulator has: CodePipeline's executions and CodeDeploy's deployments, by their own JSON protocols. */
export interface AwsStandIn {
  url: string;
  /** Tokens of the executions that were started; the same token is the same one. */
  started: string[];
  running: string[];
  stopped: string[];
  deployed: { bucket: string; key: string; version?: string; eTag?: string }[];
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
    reset() {
      Object.assign(this, { started: [], running: [], stopped: [], deployed: [], jobs: [] });
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
  if (file && key) fs.appendFileSync(file, `by-key\t${key}\t${service}:${action}\n`);
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
  PutJobSuccessResult: ({ jobId }) => {
    aws.jobs.push(`${jobId} succeeded`);
    return {};
  },
  PutJobFailureResult: ({ jobId, failureDetails }) => {
    aws.jobs.push(`${jobId} failed: ${failureDetails.message}`);
    return {};
  },
  GetDeploymentGroup: () => ({
    deploymentGroupInfo: aws.live ? { lastSuccessfulDeployment: { deploymentId: "d-live" } } : {},
  }),
  GetDeployment: () => ({ deploymentInfo: { revision: { revisionType: "S3", s3Location: aws.live } } }),
  CreateDeployment: ({ revision }) => ({ deploymentId: `d-${aws.deployed.push(revision.s3Location)}` }),
});
