import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { ECRClient } from "@aws-sdk/client-ecr";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fromEnvironment } from "../../functions/shared/environment";
import { buildImage, type BuildImageEvent } from "../../functions/web/build-image";
import { codebuildImages } from "../../functions/web/codebuild-images";
import type { BuildImageEnvironment } from "../../functions/web/environment";
import { BuildProject } from "../shared/build-project";
import { InputsOf, Lambda } from "../shared/lambda";
import { allow, Statement } from "../shared/permissions";
import { PrivateBucket } from "../shared/private-bucket";
import { buildContext } from "./build-context";
import { BUILDSPEC } from "./image-build-script";

/** Together less than a function's limit of 15 minutes, so that the function sees the end of each build. */
const QUEUED_MINUTES = 5;
const BUILD_MINUTES = 9;
const FUNCTION_SECONDS = 900;

export interface ImageBuildArgs {
  repositoryUrl: pulumi.Output<string>;
  repositoryArn: pulumi.Output<string>;
  context: string;
  dockerfile: string;
  tag: string;
  logRetentionDays: number;
}

type Parent = { parent: pulumi.Resource };

/**
 * Makes CodeBuild build the image during `pulumi up`, whenever its context changes. Returns the image's address, by digest.
 * A function starts the build and waits for it, because `pulumi up` cannot run anything else in the account itself.
 */
export function builtByCodeBuild(name: string, args: ImageBuildArgs, parent: Parent): pulumi.Output<string> {
  const { repositoryUrl, tag, logRetentionDays } = args;
  const { source, bucketArn } = uploadedContext(name, args, parent);
  const project = new BuildProject(
    name,
    {
      source: { type: "S3", location: source, buildspec: BUILDSPEC },
      artifacts: { type: "NO_ARTIFACTS" },
      machine: "arm64",
      size: "small",
      docker: true,
      environment: { REPOSITORY_URL: repositoryUrl, TAG: tag },
      permissions: permissionsOf(args, bucketArn),
      timeoutMinutes: BUILD_MINUTES,
      queuedTimeout: QUEUED_MINUTES,
      logRetentionDays,
    },
    parent,
  );
  const lambda = new Lambda(
    `${name}-start`,
    {
      callback: build,
      environment: {
        PROJECT: project.projectName,
        REPOSITORY: repositoryUrl.apply((url) => url.slice(url.indexOf("/") + 1)),
        TAG: tag,
      } satisfies InputsOf<BuildImageEnvironment>,
      permissions: [
        allow(
          ["codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject", "codebuild:StartBuild"],
          project.projectArn,
        ),
        allow(["logs:GetLogEvents"], pulumi.interpolate`${project.logGroupArn}*`),
        allow(["ecr:DescribeImages"], args.repositoryArn),
      ],
      timeoutSeconds: FUNCTION_SECONDS,
      logRetentionDays,
    },
    parent,
  );
  const built = new aws.lambda.Invocation(
    name,
    {
      functionName: lambda.functionName,
      input: pulumi.jsonStringify({ source } satisfies InputsOf<BuildImageEvent>),
      // A different repository does not contain the image yet.
      triggers: { repository: repositoryUrl },
    },
    { ...parent, dependsOn: [lambda, project] },
  );
  return pulumi.all([repositoryUrl, built.result]).apply(([url, result]) => {
    const { digest } = JSON.parse(result) as Awaited<ReturnType<typeof buildImage>>;
    return `${url}@${digest}`;
  });
}

/** The context in a bucket of its own, under a name that changes with its contents. */
function uploadedContext(name: string, { context, dockerfile }: ImageBuildArgs, parent: Parent) {
  const bucket = new PrivateBucket(`${name}-source`, { keepData: false }, parent);
  const { archive, sha256 } = buildContext(context, dockerfile);
  const object = new aws.s3.BucketObjectv2(
    `${name}-source`,
    { bucket: bucket.bucketName, key: `${sha256}.zip`, source: archive, contentType: "application/zip" },
    { ...parent, dependsOn: bucket.ready },
  );
  return {
    bucketArn: bucket.bucketArn,
    source: pulumi.interpolate`${bucket.bucketName}/${object.key}`,
  };
}

const permissionsOf = ({ repositoryArn }: ImageBuildArgs, bucketArn: pulumi.Output<string>): Statement[] => [
  allow(["s3:GetObject", "s3:GetObjectVersion"], pulumi.interpolate`${bucketArn}/*`),
  allow(["s3:GetBucketAcl", "s3:GetBucketLocation"], bucketArn),
  allow(["ecr:GetAuthorizationToken"], "*"), // * because a registry's token has no resource-level permission
  allow(
    [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
    repositoryArn,
  ),
];

const build = async (event: BuildImageEvent) => {
  const given = fromEnvironment<BuildImageEnvironment>;
  const clients = {
    builds: new CodeBuildClient({}),
    registry: new ECRClient({}),
    logs: new CloudWatchLogsClient({}),
  };
  const project = { name: given("PROJECT"), repositoryName: given("REPOSITORY"), tag: given("TAG") };
  return buildImage(event, codebuildImages(clients, project));
};
