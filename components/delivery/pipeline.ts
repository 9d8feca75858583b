import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, Statement } from "../shared/permissions";
import { Artifacts } from "./artifacts";
import { BuildProject } from "./build-project";
import { DeployGroup } from "./deploy-group";
import { pipelineStages } from "./pipeline-stages";
import { readyRole } from "./ready-role";
import { Releases } from "./releases";

export interface PipelineArgs {
  artifacts: Artifacts;
  deployGroup: DeployGroup;
  releases: Releases;
  /** Where the images go. */
  repositoryUrl: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  /** `owner/name` on GitHub. */
  repository: string;
  branch: string;
  /** A connection to GitHub that somebody has accepted. @default a new one, to be accepted in the console once */
  connectionArn?: pulumi.Input<string>;
  /** What starts it after its first run, which its creation starts. */
  startOn: "request" | "push";
  /** Runs the repository's own tests before anything is built. */
  test: boolean;
  /** Waits for somebody's word before a release. */
  approval: boolean;
  /** An image with a finding of one of these severities is not released. */
  refusedSeverities: string[];
  retentionDays: number;
}

/**
 * From a commit on GitHub to the web servers: tests, an image that passes its scan, and a deployment that undoes itself.
 * About 1 USD a month and 0.05 a run. A stage that fails ends the run; what ran before runs on.
 */
export class Pipeline extends pulumi.ComponentResource {
  readonly pipelineName: pulumi.Output<string>;
  readonly pipelineArn: pulumi.Output<string>;
  readonly connectionArn: pulumi.Output<string>;
  /** What the builds write, by the builds' names. */
  readonly logGroupNames: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: PipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:Pipeline", name, {}, opts);
    const parent = { parent: this };
    this.connectionArn = pulumi.output(args.connectionArn ?? newConnection(name, parent));
    const test = args.test ? testProject(name, args, parent) : undefined;
    const image = imageProject(name, args, parent);
    const roleArn = readyRole(
      name,
      "codepipeline.amazonaws.com",
      statementsOf(args, this.connectionArn, test ? [test, image] : [image]),
      parent,
    );
    const pipeline = new aws.codepipeline.Pipeline(
      name,
      {
        pipelineType: "V2",
        executionMode: "QUEUED",
        roleArn,
        artifactStores: [
          {
            type: "S3",
            location: args.artifacts.bucketName,
            encryptionKey: { type: "KMS", id: args.artifacts.keyArn },
          },
        ],
        stages: pipelineStages({
          ...args,
          connectionArn: this.connectionArn,
          testProject: test?.projectName,
          imageProject: image.projectName,
          recordFunction: args.releases.record.functionName,
          applicationName: args.deployGroup.applicationName,
          deploymentGroupName: args.deployGroup.deploymentGroupName,
        }),
      },
      parent,
    );
    this.pipelineName = pipeline.name;
    this.pipelineArn = pipeline.arn;
    this.logGroupNames = {
      ...(test && { [`${name}-test`]: test.logGroupName }),
      [`${name}-image`]: image.logGroupName,
    };
    this.registerOutputs({
      pipelineName: this.pipelineName,
      pipelineArn: this.pipelineArn,
      connectionArn: this.connectionArn,
    });
  }
}

type Parent = { parent: pulumi.Resource };

/** AWS makes it pending: GitHub lets nobody but a person, in the console, connect an account. */
function newConnection(name: string, parent: Parent): pulumi.Output<string> {
  return new aws.codestarconnections.Connection(`${name}-github`, { providerType: "GitHub" }, parent).arn;
}

/** On x86, because the browser of the tests is built for nothing else. */
function testProject(name: string, args: PipelineArgs, parent: Parent): BuildProject {
  const { artifacts, retentionDays } = args;
  return new BuildProject(
    `${name}-test`,
    { artifacts, retentionDays, machine: "x86_64", buildspec: "webapp/deploy/buildspec.test.yml" },
    parent,
  );
}

/** On arm64, as the servers are. A Docker daemon in a build needs its host's privileges; nothing else runs in this one. */
function imageProject(name: string, args: PipelineArgs, parent: Parent): BuildProject {
  const { artifacts, retentionDays } = args;
  return new BuildProject(
    `${name}-image`,
    {
      artifacts,
      retentionDays,
      machine: "arm64",
      docker: true,
      buildspec: "webapp/deploy/buildspec.yml",
      environment: {
        REPOSITORY_URL: args.repositoryUrl,
        REFUSED_SEVERITIES: args.refusedSeverities.join(" "),
      },
      statements: [
        allow(["ecr:GetAuthorizationToken"], "*"), // * because a registry's token has no resource-level permission
        allow(
          [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:DescribeImageScanFindings",
            "ecr:DescribeImages",
            "ecr:GetDownloadUrlForLayer",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
          ],
          args.repositoryArn,
        ),
      ],
    },
    parent,
  );
}

function statementsOf(
  args: PipelineArgs,
  connectionArn: pulumi.Output<string>,
  projects: BuildProject[],
): Statement[] {
  const { deployGroup } = args;
  return [
    ...args.artifacts.writers(),
    allow(["codestar-connections:UseConnection"], connectionArn),
    allow(
      ["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
      projects.map((project) => project.projectArn),
    ),
    allow(["lambda:InvokeFunction"], args.releases.record.functionArn),
    allow(["codedeploy:CreateDeployment", "codedeploy:GetDeployment"], deployGroup.deploymentGroupArn),
    allow(["codedeploy:GetDeploymentConfig"], deployGroup.deploymentConfigArn),
    allow(
      [
        "codedeploy:GetApplication",
        "codedeploy:GetApplicationRevision",
        "codedeploy:RegisterApplicationRevision",
      ],
      deployGroup.applicationArn,
    ),
  ];
}
