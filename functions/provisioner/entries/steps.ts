import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { fromEnvironment } from "../../shared/environment";
import { emptyBucket } from "../aws/buckets";
import { builderOf } from "../aws/builds";
import { common, settings, table } from "../aws/common";
import { directory, visitors } from "../aws/directory";
import { commitsOn } from "../aws/github";
import { failer } from "../aws/state-machine";
import { releasesIn } from "../aws/releases";
import { removeSecret } from "../aws/secrets";
import { makerOf, removerOf } from "../aws/stacks";
import { stepStore } from "../aws/table-steps";
import { StepPorts } from "../ports";
import type { StepsEnvironment } from "../environment";
import { runStep, StepEvent } from "../steps";

const given = fromEnvironment<StepsEnvironment>;

/** Runs one step of a project, forward or back, when the state machine asks for it. */
export const handler = (event: StepEvent) => {
  const cloudformation = new CloudFormationClient();
  const role = given("PROVISIONING_ROLE");
  const ports: StepPorts = {
    ...common(),
    ...directory(),
    ...visitors(),
    fail: failer(new SFNClient()),
    removeSecret: (arn) => removeSecret(new SecretsManagerClient(), arn),
    store: stepStore(table()),
    stacks: { ...makerOf(cloudformation, role), ...removerOf(cloudformation, role) },
    builds: builderOf(new CodeBuildClient()),
    releases: releasesIn(new ECRClient(), new AutoScalingClient()),
    // Unset on AWS.
    showCommit: commitsOn(new SecretsManagerClient(), process.env["GITHUB_BASE"]),
    empty: (bucket) => emptyBucket(new S3Client(), bucket),
  };
  return runStep(ports, settings(), event);
};
