import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ApiReply, ApiRequest } from "../../functions/shared/http";
import { codeDeploy, codePipeline } from "../../functions/delivery/aws";
import { pipelineState } from "../../functions/delivery/state";
import { releasesIn } from "../../functions/delivery/releases-table";
import { rollback } from "../../functions/delivery/rollback";
import { startPipeline } from "../../functions/delivery/start";
import type {
  RollbackEnvironment,
  StartEnvironment,
  StateEnvironment,
} from "../../functions/delivery/environment";
import { fromEnvironment } from "../../functions/shared/environment";
import { claimsIn } from "../../functions/shared/claims";
import { InputsOf, Lambda, LambdaArgs } from "../shared/lambda";
import { allow } from "../shared/permissions";
import { RestApi } from "../shared/rest-api";
import { CompleteDelivery } from "./args";
import { Artifacts } from "./artifacts";
import { DeployGroup } from "./deploy-group";
import { Pipeline } from "./pipeline";
import { Releases } from "./releases";

export interface TriggerApiArgs {
  pipeline: Pipeline;
  deployGroup: DeployGroup;
  releases: Releases;
  artifacts: Artifacts;
  delivery: CompleteDelivery;
}

type Api = Lambda<ApiRequest, ApiReply>;

/**
 * The pipeline over HTTP, for signed-in users: start it, watch it, roll back to an earlier release.
 * Costs cents. If AWS refuses a call, it answers 502 with a message and changes nothing.
 */
export class TriggerApi extends pulumi.ComponentResource {
  /** The API's address, without a trailing slash. */
  readonly url: pulumi.Output<string>;
  readonly api: RestApi;

  constructor(name: string, args: TriggerApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:TriggerApi", name, {}, opts);
    const parent = { parent: this };
    const { people, apiAccount, ratePerSecond, burst, logRetentionDays, keepData, traced } = args.delivery;
    const claims = claimsTable(name, keepData, parent);
    this.api = new RestApi(
      name,
      {
        routes: [
          { method: "POST", path: "/startpipeline", function: start(name, args, claims, parent) },
          { method: "GET", path: "/pipeline", function: state(name, args, parent) },
          {
            method: "POST",
            path: "/rollback",
            function: back(name, args, claims, parent),
            body: ROLLBACK_BODY,
          },
        ],
        userPoolArn: people.userPoolArn,
        account: apiAccount,
        ratePerSecond,
        burst,
        logRetentionDays,
        traced,
      },
      parent,
    );
    this.url = this.api.url;
    this.registerOutputs({ url: this.url });
  }
}

const ROLLBACK_BODY = {
  type: "object",
  properties: { release: { type: "string", minLength: 1, maxLength: 64 } },
  additionalProperties: false,
};

type Parent = { parent: pulumi.Resource };

function claimsTable(name: string, keepData: boolean, parent: Parent): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    `${name}-claims`,
    {
      attributes: [{ name: "pk", type: "S" }],
      hashKey: "pk",
      billingMode: "PAY_PER_REQUEST",
      ttl: { attributeName: "ttl", enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: keepData,
    },
    { ...parent, protect: keepData },
  );
}

/** Shorter than a claim on a key lasts: whoever holds a claim has answered or timed out before it expires. */
const apiLambda = (name: string, args: LambdaArgs<ApiRequest, ApiReply>, parent: Parent): Api =>
  new Lambda(name, { ...args, timeoutSeconds: 25 }, parent);

const claimPermission = (claims: aws.dynamodb.Table) =>
  allow(["dynamodb:DeleteItem", "dynamodb:PutItem"], claims.arn);

function start(name: string, args: TriggerApiArgs, claims: aws.dynamodb.Table, parent: Parent): Api {
  const { pipelineName, pipelineArn } = args.pipeline;
  return apiLambda(
    `${name}-start`,
    {
      callback: async (request: ApiRequest) => {
        const given = fromEnvironment<StartEnvironment>;
        return startPipeline(
          request,
          {
            claims: claimsIn(new DynamoDBClient({}), given("CLAIMS_TABLE")),
            pipeline: codePipeline(new CodePipelineClient({}), given("PIPELINE")),
          },
          {
            group: given("STARTER_GROUP") || undefined,
            whileRunning: given("WHILE_RUNNING") === "queue" ? "queue" : "refuse",
          },
        );
      },
      environment: {
        CLAIMS_TABLE: claims.name,
        PIPELINE: pipelineName,
        STARTER_GROUP: args.delivery.starterGroup ?? "",
        WHILE_RUNNING: args.delivery.whileRunning,
      } satisfies InputsOf<StartEnvironment>,
      permissions: [
        allow(["codepipeline:ListPipelineExecutions", "codepipeline:StartPipelineExecution"], pipelineArn),
        claimPermission(claims),
      ],
      logRetentionDays: args.delivery.logRetentionDays,
      traced: args.delivery.traced,
    },
    parent,
  );
}

function state(name: string, args: TriggerApiArgs, parent: Parent): Api {
  const { pipelineName, pipelineArn } = args.pipeline;
  return apiLambda(
    `${name}-state`,
    {
      callback: async () => {
        const given = fromEnvironment<StateEnvironment>;
        return pipelineState({
          pipeline: codePipeline(new CodePipelineClient({}), given("PIPELINE")),
          releases: releasesIn(new DynamoDBClient({}), given("RELEASES_TABLE"), 0),
        });
      },
      environment: {
        PIPELINE: pipelineName,
        RELEASES_TABLE: args.releases.tableName,
      } satisfies InputsOf<StateEnvironment>,
      permissions: [
        allow(["codepipeline:GetPipelineState"], pipelineArn),
        allow(["dynamodb:Query"], args.releases.tableArn),
      ],
      logRetentionDays: args.delivery.logRetentionDays,
      traced: args.delivery.traced,
    },
    parent,
  );
}

function back(name: string, args: TriggerApiArgs, claims: aws.dynamodb.Table, parent: Parent): Api {
  const { pipeline, deployGroup, releases, artifacts } = args;
  return apiLambda(
    `${name}-rollback`,
    {
      callback: async (request: ApiRequest) => {
        const given = fromEnvironment<RollbackEnvironment>;
        return rollback(
          request,
          {
            claims: claimsIn(new DynamoDBClient({}), given("CLAIMS_TABLE")),
            releases: releasesIn(new DynamoDBClient({}), given("RELEASES_TABLE"), 0),
            pipeline: codePipeline(new CodePipelineClient({}), given("PIPELINE")),
            deployments: codeDeploy(
              new CodeDeployClient({}),
              given("APPLICATION"),
              given("DEPLOYMENT_GROUP"),
            ),
          },
          given("ADMIN_GROUP"),
        );
      },
      environment: {
        CLAIMS_TABLE: claims.name,
        RELEASES_TABLE: releases.tableName,
        PIPELINE: pipeline.pipelineName,
        APPLICATION: deployGroup.applicationName,
        DEPLOYMENT_GROUP: deployGroup.deploymentGroupName,
        ADMIN_GROUP: args.delivery.adminGroup,
      } satisfies InputsOf<RollbackEnvironment>,
      permissions: [
        allow(
          ["codepipeline:ListPipelineExecutions", "codepipeline:StopPipelineExecution"],
          pipeline.pipelineArn,
        ),
        ...deployGroup.deployers(),
        allow(["dynamodb:Query"], releases.tableArn),
        claimPermission(claims),
        // CodeDeploy reads the bundle with the permissions of whoever requests the deployment.
        ...artifacts.readers(),
      ],
      logRetentionDays: args.delivery.logRetentionDays,
      traced: args.delivery.traced,
    },
    parent,
  );
}
