import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { here } from "./here";
import { allow, readyRole, Statement } from "./permissions";

export interface BuildProjectArgs extends Pick<
  aws.codebuild.ProjectArgs,
  "source" | "artifacts" | "encryptionKey" | "queuedTimeout"
> {
  machine: "arm64" | "x86_64";
  /** @default medium */
  size?: "small" | "medium";
  /** Lets the build start a Docker daemon, which needs privileges on its host. @default false */
  docker?: boolean;
  /** @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** What a build may do besides writing its log: at least read its source. */
  permissions: Statement[];
  /** @default 30 */
  timeoutMinutes?: number;
  logRetentionDays: number;
}

const MACHINES = {
  arm64: { type: "ARM_CONTAINER", image: "aws/codebuild/amazonlinux-aarch64-standard:3.0" },
  x86_64: { type: "LINUX_CONTAINER", image: "aws/codebuild/amazonlinux-x86_64-standard:5.0" },
};

/** A CodeBuild project with its own role and log. About 0.005 USD a minute. A timeout ends a build that hangs. */
export class BuildProject extends pulumi.ComponentResource {
  readonly projectName: pulumi.Output<string>;
  readonly projectArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  readonly logGroupArn: pulumi.Output<string>;

  constructor(name: string, args: BuildProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:BuildProject", name, {}, opts);
    const parent = { parent: this };
    const log = new aws.cloudwatch.LogGroup(name, { retentionInDays: args.logRetentionDays }, parent);
    const { arn: serviceRole } = readyRole(
      name,
      {
        service: "codebuild.amazonaws.com",
        permissions: [
          allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.interpolate`${log.arn}:*`),
          ...args.permissions,
        ],
        trustCondition: { StringEquals: { "aws:SourceAccount": here(parent).accountId } },
      },
      parent,
    );
    const project = new aws.codebuild.Project(
      name,
      {
        serviceRole,
        source: args.source,
        artifacts: args.artifacts,
        encryptionKey: args.encryptionKey,
        buildTimeout: args.timeoutMinutes ?? 30,
        queuedTimeout: args.queuedTimeout,
        environment: {
          ...MACHINES[args.machine],
          computeType: args.size === "small" ? "BUILD_GENERAL1_SMALL" : "BUILD_GENERAL1_MEDIUM",
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
    this.logGroupArn = log.arn;
    this.registerOutputs({
      projectName: this.projectName,
      projectArn: this.projectArn,
      logGroupName: this.logGroupName,
    });
  }
}
