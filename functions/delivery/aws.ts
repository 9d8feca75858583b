import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  AlarmConfiguration,
  CodeDeployClient,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  GetDeploymentGroupCommand,
} from "@aws-sdk/client-codedeploy";
import {
  CodePipelineClient,
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import { BatchGetImageCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { named } from "../shared/is-named";
import { Bundle } from "./releases";
import { StageState } from "./state";

export function codePipeline(client: CodePipelineClient, pipelineName: string) {
  const inProgress = async () => {
    const { pipelineExecutionSummaries = [] } = await client.send(
      new ListPipelineExecutionsCommand({ pipelineName, maxResults: 100 }),
    );
    return pipelineExecutionSummaries
      .filter(({ status }) => status === "InProgress")
      .map((execution) => execution.pipelineExecutionId!);
  };
  return {
    running: async () => (await inProgress())[0],
    start: async (token: string) => {
      const command = new StartPipelineExecutionCommand({ name: pipelineName, clientRequestToken: token });
      return (await client.send(command)).pipelineExecutionId!;
    },
    stop: async (reason: string) => {
      for (const pipelineExecutionId of await inProgress())
        await client
          .send(
            new StopPipelineExecutionCommand({
              pipelineName,
              pipelineExecutionId,
              abandon: true,
              reason: reason.slice(0, 200),
            }),
          )
          .catch((error) => {
            if (!named(error, "PipelineExecutionNotStoppableException")) throw error;
          });
    },
    stages: async (): Promise<StageState[]> => {
      const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: pipelineName }));
      return stageStates.map(({ stageName, latestExecution, actionStates = [] }) => ({
        stage: stageName!,
        status: latestExecution?.status ?? "NotStarted",
        executionId: latestExecution?.pipelineExecutionId,
        actions: actionStates.map(({ actionName, latestExecution: latest }) => ({
          action: actionName!,
          status: latest?.status ?? "NotStarted",
          at: latest?.lastStatusChange?.toISOString(),
          message: latest?.errorDetails?.message,
          url: latest?.externalExecutionUrl,
        })),
      }));
    },
  };
}

/** How a function that serves as a pipeline action reports its result. */
export function pipelineJob(client: CodePipelineClient) {
  return {
    succeed: async (jobId: string) => {
      await client.send(new PutJobSuccessResultCommand({ jobId }));
    },
    /** Not finished yet: the function is called again in some seconds, with the token. */
    goOn: async (jobId: string, continuationToken: string, summary: string) => {
      await client.send(
        new PutJobSuccessResultCommand({
          jobId,
          continuationToken,
          executionDetails: { externalExecutionId: continuationToken, summary },
        }),
      );
    },
    fail: async (jobId: string, message: string) => {
      await client.send(
        new PutJobFailureResultCommand({ jobId, failureDetails: { type: "JobFailed", message } }),
      );
    },
  };
}

export function codeDeploy(client: CodeDeployClient, applicationName: string, deploymentGroupName: string) {
  const bundleOf = async (deploymentId: string): Promise<Bundle | undefined> => {
    const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId }));
    const { bucket, key, version, eTag } = deploymentInfo?.revision?.s3Location ?? {};
    return bucket && key ? { bucket, key, version, eTag } : undefined;
  };
  const group = async () => {
    const command = new GetDeploymentGroupCommand({ applicationName, deploymentGroupName });
    return (await client.send(command)).deploymentGroupInfo ?? {};
  };
  return {
    bundleOf,
    live: async () => {
      const last = (await group()).lastSuccessfulDeployment?.deploymentId;
      return last ? bundleOf(last) : undefined;
    },
    /** Names of the alarms that stop a deployment. */
    alarms: async () => {
      const { alarmConfiguration } = await group();
      return (alarmConfiguration?.alarms ?? []).map(({ name }) => name!);
    },
    /** Installs a bundle, under the given alarms instead of the group's if there are any; returns nothing while another deployment is running. */
    deploy: async (bundle: Bundle, description: string, alarms?: string[]) => {
      const command = new CreateDeploymentCommand({
        applicationName,
        deploymentGroupName,
        description,
        revision: { revisionType: "S3", s3Location: { ...bundle, bundleType: "zip" } },
        // The hook that stops a server belongs to the running release: a broken hook must not block the release that fixes it.
        ignoreApplicationStopFailures: true,
        ...(alarms && { overrideAlarmConfiguration: onlyThese(alarms) }),
      });
      try {
        return (await client.send(command)).deploymentId;
      } catch (error) {
        if (named(error, "DeploymentLimitExceededException")) return undefined;
        throw error;
      }
    },
    stateOf: async (deploymentId: string) => {
      const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId }));
      return {
        status: deploymentInfo?.status ?? "Unknown",
        reason: deploymentInfo?.errorInformation?.message,
      };
    },
  };
}

const onlyThese = (alarms: string[]): AlarmConfiguration => ({
  enabled: alarms.length > 0,
  alarms: alarms.map((name) => ({ name })),
});

export function alarms(client: CloudWatchClient) {
  return {
    /** Those of the given alarms that are ringing now. */
    ringing: async (names: string[]): Promise<string[]> => {
      if (names.length === 0) return [];
      const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
        new DescribeAlarmsCommand({
          AlarmNames: names,
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
          StateValue: "ALARM",
        }),
      );
      return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName!);
    },
  };
}

export function bundles(client: S3Client) {
  return {
    stamp: async (bucket: string, key: string): Promise<Bundle> => {
      const { VersionId, ETag } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return { bucket, key, version: VersionId, eTag: ETag?.replaceAll('"', "") };
    },
  };
}

const MANIFESTS = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

export function images(client: ECRClient) {
  return {
    tag: async (image: string, imageTag: string) => {
      const [repository, imageDigest] = image.split("@");
      const repositoryName = repository!.slice(repository!.indexOf("/") + 1);
      const found = await client.send(
        new BatchGetImageCommand({
          repositoryName,
          imageIds: [{ imageDigest }],
          acceptedMediaTypes: MANIFESTS,
        }),
      );
      const { imageManifest, imageManifestMediaType } = found.images?.[0] ?? {};
      if (!imageManifest) throw new Error(`there is no image ${image}`);
      await client
        .send(
          new PutImageCommand({
            repositoryName,
            imageManifest,
            imageManifestMediaType,
            imageDigest,
            imageTag,
          }),
        )
        .catch((error) => {
          if (!named(error, "ImageAlreadyExistsException")) throw error;
        });
    },
  };
}
