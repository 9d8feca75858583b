import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { Monitoring, Operated } from "../shared/monitoring";
import { fill } from "../shared/options";
import { policyDocument } from "../shared/permissions";
import { apiMonitoring } from "../shared/rest-api-alarms";
import { deliveryMonitoring } from "./alarms";
import { DeliveryArgs, deliveryOptions } from "./args";
import { Artifacts } from "./artifacts";
import { DeployGroup } from "./deploy-group";
import { Pipeline } from "./pipeline";
import { Releases } from "./releases";
import { TriggerApi } from "./trigger-api";

const monitoring = kept<Monitoring[]>();

/**
 * From a commit to the web servers and back: pipeline, release records, and the API to start, watch and roll back.
 * About 1 USD a month at rest, 0.05 a run. If anything fails, the servers keep the previous release or return to it.
 */
export class Delivery extends pulumi.ComponentResource implements Operated {
  /** The API's address, for example for `POST /startpipeline`, without a trailing slash. */
  readonly apiUrl: pulumi.Output<string>;
  /** The log groups of the builds and the API. */
  readonly logGroups: Record<string, pulumi.Output<string>>;
  readonly publicArns: Record<string, pulumi.Output<string>>;
  /** The table of release records. Without it, no rollback is possible. */
  readonly dataArns: pulumi.Output<string>[];
  readonly pipelineName: pulumi.Output<string>;
  readonly connectionArn: pulumi.Output<string>;

  constructor(name: string, args: DeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("Delivery", name, deliveryOptions, args);
    super("groundwork:index:Delivery", name, {}, opts);
    const parent = { parent: this };
    const { keepData, keptDays, logRetentionDays, web, image } = filled;

    const artifacts = new Artifacts(
      `${name}-artifacts`,
      { keepData, keptDays, accessLogs: args.accessLogs },
      parent,
    );
    const fetching = new aws.iam.RolePolicy(
      `${name}-fetching`,
      { role: web.roleName, policy: policyDocument(artifacts.readers()) },
      parent,
    );
    const deployGroup = new DeployGroup(`${name}-web`, filled, { ...parent, dependsOn: fetching });
    const releases = new Releases(
      `${name}-releases`,
      { artifacts, deployGroup, repositoryArn: image.repositoryArn, keptDays, keepData, logRetentionDays },
      parent,
    );
    const parts = { artifacts, deployGroup, releases, delivery: filled };
    const pipeline = new Pipeline(name, parts, parent);
    const trigger = new TriggerApi(`${name}-api`, { ...parts, pipeline }, parent);
    this.apiUrl = trigger.url;
    this.logGroups = { ...pipeline.logGroups, "delivery-api": trigger.api.accessLogGroupName };
    this.publicArns = { delivery: trigger.api.stageArn };
    this.dataArns = [releases.tableArn];
    this.pipelineName = pipeline.pipelineName;
    this.connectionArn = pipeline.connectionArn;
    this.registerOutputs({
      apiUrl: this.apiUrl,
      pipelineName: this.pipelineName,
      connectionArn: this.connectionArn,
    });
    monitoring.keep(this, [
      apiMonitoring("delivery", trigger.api.apiName, trigger.api.stageName),
      deliveryMonitoring({
        pipelineName: pipeline.pipelineName,
        applicationName: deployGroup.applicationName,
        markerName: releases.markerName,
        approval: filled.approval,
      }),
    ]);
  }

  monitoring(): Monitoring[] {
    return monitoring.of(this);
  }
}
