import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DeployedEnvironment, RecordEnvironment } from "../../functions/delivery/environment";
import { DeploymentEvent, markDeployed } from "../../functions/delivery/mark-deployed";
import { bundles, codeDeploy, images, pipelineJob } from "../../functions/delivery/aws";
import type { PipelineJobEvent } from "../../functions/delivery/pipeline-job";
import { recordRelease } from "../../functions/delivery/record-release";
import { releasesIn } from "../../functions/delivery/releases-table";
import { fromEnvironment } from "../../functions/shared/environment";
import { InputsOf, Lambda } from "../shared/lambda";
import { lambdaRule } from "../shared/lambda-rule";
import { allow } from "../shared/permissions";
import { Artifacts } from "./artifacts";
import { DeployGroup } from "./deploy-group";

export interface ReleasesArgs {
  artifacts: Artifacts;
  deployGroup: DeployGroup;
  /** The repository of the images. The release that runs everywhere is tagged `live`, each that ever did `ran-<commit>`. */
  repositoryArn: pulumi.Input<string>;
  /** As long as the bundles that the records point to. */
  keptDays: number;
  keepData: boolean;
  logRetentionDays: number;
}

/**
 * The release records: commit, image digest and bundle of each release, and when it reached every server.
 * Costs cents. If a release cannot be recorded, the pipeline stops before it deploys.
 */
export class Releases extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;
  /** The pipeline's action that records a release. */
  readonly record: Lambda<PipelineJobEvent, void>;
  /** The function that marks a release as soon as it runs on every server. */
  readonly markerName: pulumi.Output<string>;

  constructor(name: string, args: ReleasesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:Releases", name, {}, opts);
    const parent = { parent: this };
    const table = new aws.dynamodb.Table(
      name,
      {
        attributes: [
          { name: "recordKind", type: "S" },
          { name: "recordedAs", type: "S" },
        ],
        hashKey: "recordKind",
        rangeKey: "recordedAs",
        billingMode: "PAY_PER_REQUEST",
        ttl: { attributeName: "expiresAt", enabled: true },
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        deletionProtectionEnabled: args.keepData,
      },
      { ...parent, protect: args.keepData },
    );
    this.tableName = table.name;
    this.tableArn = table.arn;
    this.record = this.recorder(name, args);
    this.markerName = this.marker(name, args);
    this.registerOutputs({ tableName: this.tableName, tableArn: this.tableArn });
  }

  private recorder(name: string, args: ReleasesArgs): Lambda<PipelineJobEvent, void> {
    return new Lambda(
      `${name}-record`,
      {
        callback: async (event: PipelineJobEvent) => {
          const given = fromEnvironment<RecordEnvironment>;
          return recordRelease(event, {
            releases: releasesIn(new DynamoDBClient({}), given("RELEASES_TABLE"), Number(given("KEPT_DAYS"))),
            bundles: bundles(new S3Client({})),
            job: pipelineJob(new CodePipelineClient({})),
            now: () => new Date().toISOString(),
          });
        },
        environment: {
          RELEASES_TABLE: this.tableName,
          KEPT_DAYS: String(args.keptDays),
        } satisfies InputsOf<RecordEnvironment>,
        permissions: [
          ...args.artifacts.readers(),
          allow(["dynamodb:PutItem"], this.tableArn),
          // * because a job's result has no resource-level permission
          allow(["codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult"], "*"),
        ],
        logRetentionDays: args.logRetentionDays,
      },
      { parent: this },
    );
  }

  /** CodeDeploy's event triggers it, because rollbacks and manual deployments bypass the pipeline. */
  private marker(name: string, args: ReleasesArgs): pulumi.Output<string> {
    const parent = { parent: this };
    const { deployGroup } = args;
    const lambda = new Lambda(
      `${name}-deployed`,
      {
        callback: async (event: DeploymentEvent) => {
          const given = fromEnvironment<DeployedEnvironment>;
          return markDeployed(event, {
            releases: releasesIn(new DynamoDBClient({}), given("RELEASES_TABLE"), Number(given("KEPT_DAYS"))),
            deployments: codeDeploy(
              new CodeDeployClient({}),
              given("APPLICATION"),
              given("DEPLOYMENT_GROUP"),
            ),
            images: images(new ECRClient({})),
          });
        },
        environment: {
          RELEASES_TABLE: this.tableName,
          KEPT_DAYS: String(args.keptDays),
          APPLICATION: deployGroup.applicationName,
          DEPLOYMENT_GROUP: deployGroup.deploymentGroupName,
        } satisfies InputsOf<DeployedEnvironment>,
        permissions: [
          allow(["dynamodb:Query", "dynamodb:UpdateItem"], this.tableArn),
          allow(["codedeploy:GetDeployment"], deployGroup.deploymentGroupArn),
          allow(["ecr:BatchGetImage", "ecr:PutImage"], args.repositoryArn),
        ],
        logRetentionDays: args.logRetentionDays,
      },
      parent,
    );
    lambdaRule(
      `${name}-deployed`,
      lambda,
      {
        description: "A deployment has reached every web server",
        eventPattern: pulumi.jsonStringify({
          source: ["aws.codedeploy"],
          "detail-type": ["CodeDeploy Deployment State-change Notification"],
          detail: {
            application: [deployGroup.applicationName],
            deploymentGroup: [deployGroup.deploymentGroupName],
            state: ["SUCCESS"],
          },
        }),
      },
      parent,
    );
    return lambda.functionName;
  }
}
