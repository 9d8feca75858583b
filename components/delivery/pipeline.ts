import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { BuildProject } from "../shared/build-project";
import { allow, Statement } from "../shared/permissions";
import { CompleteDelivery } from "./args";
import { Artifacts } from "./artifacts";
import { deployAction } from "./deploy-action";
import { DeployGroup } from "./deploy-group";
import { pipelineStages } from "./pipeline-stages";
import { deliveryRole } from "./delivery-role";
import { Releases } from "./releases";

export interface PipelineArgs {
  artifacts: Artifacts;
  deployGroup: DeployGroup;
  releases: Releases;
  delivery: CompleteDelivery;
}

/**
 * From a commit on GitHub to the web servers: tests, an image that passes its scan, and a deployment that rolls itself back.
 * About 0.05 USD a run, of ten minutes. A stage that fails ends the run, and the previous release keeps running.
 */
export class Pipeline extends pulumi.ComponentResource {
  readonly pipelineName: pulumi.Output<string>;
  readonly pipelineArn: pulumi.Output<string>;
  readonly connectionArn: pulumi.Output<string>;
  /** The log groups of the builds, by name. */
  readonly logGroups: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: PipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:Pipeline", name, {}, opts);
    const parent = { parent: this };
    this.connectionArn = pulumi.output(args.delivery.connectionArn ?? newConnection(name, parent));
    const test = args.delivery.test ? testProject(name, args, parent) : undefined;
    const image = imageProject(name, args, parent);
    const deploy = deployAction(`${name}-deploy`, { ...args, ...args.delivery }, parent);
    const roleArn = deliveryRole(
      name,
      "codepipeline.amazonaws.com",
      permissionsOf(args, {
        connectionArn: this.connectionArn,
        projects: test ? [test, image] : [image],
        functionArns: [args.releases.record.functionArn, deploy.functionArn],
      }),
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
          ...args.delivery,
          connectionArn: this.connectionArn,
          testProject: test?.projectName,
          imageProject: image.projectName,
          recordFunction: args.releases.record.functionName,
          deployFunction: deploy.functionName,
        }),
      },
      parent,
    );
    this.pipelineName = pipeline.name;
    this.pipelineArn = pipeline.arn;
    this.logGroups = {
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

/** AWS creates it as pending: GitHub lets only a person, in the console, connect an account. */
function newConnection(name: string, parent: Parent): pulumi.Output<string> {
  return new aws.codestarconnections.Connection(`${name}-github`, { providerType: "GitHub" }, parent).arn;
}

/** The pipeline delivers the source and collects the results. */
const stage = ({ keyArn }: Artifacts, buildspec: string) => ({
  source: { type: "CODEPIPELINE", buildspec },
  artifacts: { type: "CODEPIPELINE" },
  encryptionKey: keyArn,
});

/** On x86, because the browser for the tests exists for nothing else. */
function testProject(name: string, args: PipelineArgs, parent: Parent): BuildProject {
  const { artifacts } = args;
  const { logRetentionDays } = args.delivery;
  return new BuildProject(
    `${name}-test`,
    {
      ...stage(artifacts, "webapp/deploy/buildspec.test.yml"),
      logRetentionDays,
      machine: "x86_64",
      permissions: artifacts.writers(),
    },
    parent,
  );
}

/** On arm64, like the servers. A Docker daemon in a build needs privileges on its host, so this build runs nothing else. */
function imageProject(name: string, args: PipelineArgs, parent: Parent): BuildProject {
  const { artifacts } = args;
  const { logRetentionDays } = args.delivery;
  return new BuildProject(
    `${name}-image`,
    {
      ...stage(artifacts, "webapp/deploy/buildspec.yml"),
      logRetentionDays,
      machine: "arm64",
      docker: true,
      environment: {
        REPOSITORY_URL: args.delivery.image.repositoryUrl,
        REFUSED_SEVERITIES: args.delivery.refusedSeverities.join(" "),
      },
      permissions: [
        ...artifacts.writers(),
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
          args.delivery.image.repositoryArn,
        ),
      ],
    },
    parent,
  );
}

interface Actions {
  connectionArn: pulumi.Output<string>;
  projects: BuildProject[];
  functionArns: pulumi.Output<string>[];
}

function permissionsOf(args: PipelineArgs, { connectionArn, projects, functionArns }: Actions): Statement[] {
  return [
    ...args.artifacts.writers(),
    // A connection's ARN names one service or the other, depending on when it was created. Each service checks its own action.
    allow(["codestar-connections:UseConnection"], arnOfService(connectionArn, "codestar-connections")),
    allow(["codeconnections:UseConnection"], arnOfService(connectionArn, "codeconnections")),
    allow(
      ["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
      projects.map((project) => project.projectArn),
    ),
    allow(["lambda:InvokeFunction"], functionArns),
  ];
}

const arnOfService = (connectionArn: pulumi.Output<string>, service: string) =>
  connectionArn.apply((arn) => arn.replace(/:(codestar-connections|codeconnections):/, `:${service}:`));
