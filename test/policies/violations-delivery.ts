import * as aws from "@pulumi/aws";
import type { Violation } from "./violation";

/** Programs that break the rules about a delivery. */
export const DELIVERY_VIOLATIONS: Record<string, Violation> = {
  "hands on in a pipeline what an earlier action has made": {
    program: () =>
      new aws.codepipeline.Pipeline("bad", {
        roleArn: "role",
        artifactStores: [],
        stages: [{ name: "Source", actions: [] }],
      }),
    problems: ["aws:codepipeline/pipeline:Pipeline bad has fewer than two stages"],
  },
  "builds on a machine that its image is made for": {
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
  "deploys by as many alarms and groups as CodeDeploy takes": {
    program: () =>
      new aws.codedeploy.DeploymentGroup("bad", {
        appName: "app",
        deploymentGroupName: "web",
        serviceRoleArn: "role",
        alarmConfiguration: { enabled: true, alarms: Array.from({ length: 11 }, (_, n) => `alarm-${n}`) },
      }),
    problems: [
      "aws:codedeploy/deploymentGroup:DeploymentGroup bad has 11 alarms, of which CodeDeploy takes 10",
    ],
  },
  "clears images away by rules that ECR takes": {
    program: () =>
      new aws.ecr.LifecyclePolicy("bad", {
        repository: "web",
        policy: JSON.stringify({
          rules: [{ rulePriority: 1, selection: { tagStatus: "tagged", countNumber: 1 } }],
        }),
      }),
    problems: [
      "aws:ecr/lifecyclePolicy:LifecyclePolicy bad names 0 lists of tags in rule 1, which is about tagged images",
    ],
  },
  "lets whoever may refresh it read each object that it declares": {
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
