import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { S3Client } from "@aws-sdk/client-s3";
import { common, guides, secretRemover, settings, table } from "../clients";
import { makerOf, removerOf } from "../clouds";
import { StepPorts } from "../ports";
import { builderOf, emptyBucket } from "../services";
import { runStep, StepEvent } from "../steps";
import { stepStore } from "../table-steps";

/** Runs one step of a project, forth or back, when the machine says so. */
export const handler = (event: StepEvent) => {
  const cloudformation = new CloudFormationClient();
  const role = process.env["PROVISIONING_ROLE"]!;
  const ports: StepPorts = {
    ...common(),
    ...guides(),
    ...secretRemover(),
    store: stepStore(table()),
    stacks: { ...makerOf(cloudformation, role), ...removerOf(cloudformation, role) },
    builds: builderOf(new CodeBuildClient()),
    empty: (bucket) => emptyBucket(new S3Client(), bucket),
  };
  return runStep(ports, settings(), event);
};
