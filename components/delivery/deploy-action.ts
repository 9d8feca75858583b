import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { S3Client } from "@aws-sdk/client-s3";
import * as pulumi from "@pulumi/pulumi";
import { alarms, bundles, codeDeploy, pipelineJob } from "../../functions/delivery/aws";
import { deployRelease } from "../../functions/delivery/deploy-release";
import type { DeployEnvironment } from "../../functions/delivery/environment";
import type { PipelineJobEvent } from "../../functions/delivery/pipeline-job";
import { fromEnvironment } from "../../functions/shared/environment";
import { here } from "../shared/here";
import { InputsOf, Lambda } from "../shared/lambda";
import { allow } from "../shared/permissions";
import { Artifacts } from "./artifacts";
import { DeployGroup } from "./deploy-group";

export interface DeployActionArgs {
  artifacts: Artifacts;
  deployGroup: DeployGroup;
  logRetentionDays: number;
}

/** The pipeline's action that deploys a release and finishes together with the deployment. */
export const deployAction = (
  name: string,
  { artifacts, deployGroup, logRetentionDays }: DeployActionArgs,
  opts: { parent: pulumi.Resource },
): Lambda<PipelineJobEvent, void> =>
  new Lambda(
    name,
    {
      callback: async (event: PipelineJobEvent) => {
        const given = fromEnvironment<DeployEnvironment>;
        return deployRelease(event, {
          bundles: bundles(new S3Client({})),
          deployments: codeDeploy(new CodeDeployClient({}), given("APPLICATION"), given("DEPLOYMENT_GROUP")),
          alarms: alarms(new CloudWatchClient({})),
          job: pipelineJob(new CodePipelineClient({})),
        });
      },
      environment: {
        APPLICATION: deployGroup.applicationName,
        DEPLOYMENT_GROUP: deployGroup.deploymentGroupName,
      } satisfies InputsOf<DeployEnvironment>,
      permissions: [
        ...deployGroup.deployers(),
        ...artifacts.readers(),
        // Every alarm: IAM checks a call for some alarms by name against all of them.
        allow(["cloudwatch:DescribeAlarms"], here(opts).arn("cloudwatch", "alarm:*")),
        // * because a job's result has no resource-level permission
        allow(["codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult"], "*"),
      ],
      logRetentionDays,
    },
    opts,
  );
