import * as aws from "@pulumi/aws";
import type { Violation } from "./violation";

/** Programs that break the rules about a delivery. */
export const DELIVERY_VIOLATIONS: Record<string, Violation> = {
  "uses in a pipeline only what an earlier action produces": {
    program: () =>
      new aws.codepipeline.Pipeline("bad", {
        roleArn: "role",
        artifactStores: [],
        stages: [{ name: "Source", actions: [] }],
      }),
    problems: ["aws:codepipeline/pipeline:Pipeline bad has fewer than two stages"],
  },
  "configures builds as CodeBuild accepts them": {
    program: () =>
      new aws.codebuild.Project("bad", {
        serviceRole: "role",
        source: { type: "CODEPIPELINE" },
        artifacts: { type: "CODEPIPELINE" },
        environment: {
          type: "LINUX_CONTAINER",
          computeType: "BUILD_GENERAL1_SMALL",
          image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
        },
      }),
    problems: [
      "aws:codebuild/project:Project bad runs aws/codebuild/amazonlinux-aarch64-standard:3.0 on LINUX_CONTAINER",
    ],
  },
  "configures deployments as CodeDeploy accepts them": {
    program: () =>
      new aws.codedeploy.DeploymentGroup("bad", {
        appName: "app",
        deploymentGroupName: "web",
        serviceRoleArn: "role",
        alarmConfiguration: { enabled: true, alarms: Array.from({ length: 11 }, (_, n) => `alarm-${n}`) },
      }),
    problems: [
      "aws:codedeploy/deploymentGroup:DeploymentGroup bad has 11 alarms, where CodeDeploy accepts at most 10",
    ],
  },
  "expires images by rules that ECR accepts": {
    program: () =>
      new aws.ecr.LifecyclePolicy("bad", {
        repository: "web",
        policy: JSON.stringify({
          rules: [{ rulePriority: 1, selection: { tagStatus: "tagged", countNumber: 1 } }],
        }),
      }),
    problems: [
      "aws:ecr/lifecyclePolicy:LifecyclePolicy bad names 0 lists of tags in rule 1, which matches tagged images",
    ],
  },
  "lets a refresh read each object that the stack declares": {
    program: () => {
      new aws.iam.RolePolicy("bad", {
        role: "bad",
        policy: JSON.stringify({
          Statement: [{ Effect: "Deny", Action: "s3:GetObject", Resource: "*" }],
        }),
      });
      new aws.s3.BucketObjectv2("file", { bucket: new aws.s3.Bucket("bad", {}).id, key: "file" });
    },
    problems: ["aws:iam/rolePolicy:RolePolicy bad denies the objects of bad-*, which the stack declares"],
  },
};
