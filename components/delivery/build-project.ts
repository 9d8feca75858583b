import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, Statement } from "../shared/permissions";
import { Artifacts } from "./artifacts";
import { deliveryRole } from "./delivery-role";

export interface BuildProjectArgs {
  artifacts: Artifacts;
  /** The buildspec, as a path in the source. */
  buildspec: string;
  machine: "arm64" | "x86_64";
  /** Lets the build start a Docker daemon, which needs the privileges of its host. @default false */
  docker?: boolean;
  /** @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** What a build may do besides logging and its artifacts. @default nothing */
  permissions?: Statement[];
  /** @default 30 */
  timeoutMinutes?: number;
  logRetentionDays: number;
}

const MACHINES = {
  arm64: { type: "ARM_CONTAINER", image: "aws/codebuild/amazonlinux-aarch64-standard:3.0" },
  x86_64: { type: "LINUX_CONTAINER", image: "aws/codebuild/amazonlinux-x86_64-standard:5.0" },
};

/** A CodeBuild project that is a stage of the pipeline. About 0.005 USD a minute. A build that hangs is ended by its timeout. */
export class BuildProject extends pulumi.ComponentResource {
  readonly projectName: pulumi.Output<string>;
  readonly projectArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: BuildProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:BuildProject", name, {}, opts);
    const parent = { parent: this };
    const log = new aws.cloudwatch.LogGroup(name, { retentionInDays: args.logRetentionDays }, parent);
    const serviceRole = deliveryRole(
      name,
      "codebuild.amazonaws.com",
      [
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.interpolate`${log.arn}:*`),
        ...args.artifacts.writers(),
        ...(args.permissions ?? []),
      ],
      parent,
    );
    const project = new aws.codebuild.Project(
      name,
      {
        serviceRole,
        source: { type: "CODEPIPELINE", buildspec: args.buildspec },
        artifacts: { type: "CODEPIPELINE" },
        encryptionKey: args.artifacts.keyArn,
        buildTimeout: args.timeoutMinutes ?? 30,
        environment: {
          ...MACHINES[args.machine],
          computeType: "BUILD_GENERAL1_MEDIUM",
          privilegedMode: args.docker ?? false,
          environmentVariables: Object.entries(args.environment ?? {}).map(([key, value]) => ({
            name: key,
            value,
          })),
        },
        logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: log.name } },
      },
      parent,
    );
    this.projectName = project.name;
    this.projectArn = project.arn;
    this.logGroupName = log.name;
    this.registerOutputs({
      projectName: this.projectName,
      projectArn: this.projectArn,
      logGroupName: this.logGroupName,
    });
  }
}
