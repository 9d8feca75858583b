import * as pulumi from "@pulumi/pulumi";
import type { RouteRequest } from "../../functions/provisioner/context";
import type { DropEvent } from "../../functions/provisioner/dropped-file";
import type {
  ApiEnvironment,
  CommonEnvironment,
  DomainsEnvironment,
  PushesEnvironment,
  ReadingEnvironment,
  ReconcileEnvironment,
  StepsEnvironment,
} from "../../functions/provisioner/environment";
import type { StepEvent } from "../../functions/provisioner/steps";
import type { ReconcileEvent } from "../../functions/provisioner/reconcile";
import { here } from "../shared/here";
import { InputsOf, Lambda } from "../shared/lambda";
import { lambdaRule } from "../shared/lambda-rule";
import { CompleteArgs } from "./args";
import { apiUrlParameter } from "./console-access";
import {
  apiPermissions,
  domainPermissions,
  pushPermissions,
  readingFunctionPermissions,
  stepPermissions,
  reconcilePermissions,
} from "./function-permissions";
import { Surroundings } from "./surroundings";

/** Bundled, not serialized: Pulumi needs seconds for a closure of this size, and the result would be half as large again. */
const entryOf = (name: string) => require.resolve(`../../functions/provisioner/entries/${name}`);

type Parent = { parent: pulumi.Resource };

/** Runs one step of a project, forward or back, when the state machine calls it. */
export function stepsFunction(
  name: string,
  args: CompleteArgs,
  around: Surroundings,
  parent: Parent,
): Lambda<StepEvent> {
  return new Lambda<StepEvent>(
    `${name}-steps`,
    {
      entry: entryOf("steps"),
      permissions: stepPermissions(args, around, parent),
      environment: {
        ...environment(args, around),
        PROVISIONING_ROLE: around.provisioningRoleArn,
      } satisfies InputsOf<StepsEnvironment>,
      timeoutSeconds: 110, // less than the state machine waits for it
      memoryMiB: 512,
      logRetentionDays: args.logRetentionDays,
      traced: args.traced,
    },
    parent,
  );
}

/** Answers the API, and processes files dropped into the requests bucket. */
export function apiFunction(
  name: string,
  args: CompleteArgs,
  around: Surroundings,
  machineArn: pulumi.Output<string>,
  parent: Parent,
): Lambda<RouteRequest | DropEvent> {
  return new Lambda<RouteRequest | DropEvent>(
    `${name}-api`,
    {
      entry: entryOf("api"),
      permissions: apiPermissions(args, around, machineArn, parent),
      environment: {
        ...environment(args, around),
        MACHINE_ARN: machineArn,
        REQUESTS_BUCKET: around.requests.bucketName,
        RUNBOOK_RESTART: around.runbooks.documents.restart.name,
        RUNBOOK_PATCH: around.runbooks.documents.patch.name,
        API_URL_PARAMETER: apiUrlParameter(args.parameterPath),
      } satisfies InputsOf<ApiEnvironment>,
      timeoutSeconds: 29, // API Gateway waits no longer
      memoryMiB: 512,
      logRetentionDays: args.logRetentionDays,
      traced: args.traced,
    },
    parent,
  );
}

/** Answers routes that only read: logs, and the API's own document. */
export function readingFunction(
  name: string,
  args: CompleteArgs,
  around: Surroundings,
  parent: Parent,
): Lambda<RouteRequest> {
  const { TABLE, SETTINGS } = environment(args, around);
  return new Lambda<RouteRequest>(
    `${name}-reading`,
    {
      entry: entryOf("reading"),
      permissions: readingFunctionPermissions(args, around, parent),
      environment: {
        ...{ TABLE, SETTINGS },
        API_URL_PARAMETER: apiUrlParameter(args.parameterPath),
      } satisfies InputsOf<ReadingEnvironment>,
      timeoutSeconds: 29, // API Gateway waits no longer
      memoryMiB: 512,
      logRetentionDays: args.logRetentionDays,
      traced: args.traced,
    },
    parent,
  );
}

/** Receives pushes from Git hosts. */
export function pushesFunction(
  name: string,
  args: CompleteArgs,
  around: Surroundings,
  machineArn: pulumi.Output<string>,
  parent: Parent,
): Lambda<RouteRequest> {
  const { PREFIX, TABLE, USER_POOL, SETTINGS } = environment(args, around);
  return new Lambda<RouteRequest>(
    `${name}-pushes`,
    {
      entry: entryOf("pushes"),
      permissions: pushPermissions(args, around, machineArn, parent),
      environment: {
        ...{ PREFIX, TABLE, USER_POOL, SETTINGS },
        MACHINE_ARN: machineArn,
      } satisfies InputsOf<PushesEnvironment>,
      timeoutSeconds: 29, // API Gateway waits no longer
      memoryMiB: 512,
      logRetentionDays: args.logRetentionDays,
    },
    parent,
  );
}

/** Receives events from stacks, builds and groups, and checks everything once a minute. */
export function reconcileFunction(
  name: string,
  args: CompleteArgs,
  around: Surroundings,
  machineArn: pulumi.Output<string>,
  parent: Parent,
): Lambda<ReconcileEvent> {
  const watcher = new Lambda<ReconcileEvent>(
    `${name}-reconcile`,
    {
      entry: entryOf("reconcile"),
      permissions: reconcilePermissions(args, around, machineArn, parent),
      environment: {
        ...environment(args, around),
        MACHINE_ARN: machineArn,
        PROVISIONING_ROLE: around.provisioningRoleArn,
        QUEUE_URL: around.queue.url,
      } satisfies InputsOf<ReconcileEnvironment>,
      timeoutSeconds: 300,
      memoryMiB: 512,
      logRetentionDays: args.logRetentionDays,
    },
    parent,
  );
  const stackOf = { prefix: here(parent).arn("cloudformation", `stack/${args.prefix}-`) };
  const named = { prefix: `${args.prefix}-` };
  const on = (key: string, pattern: object) =>
    lambdaRule(`${name}-${key}`, watcher, { eventPattern: pulumi.jsonStringify(pattern) }, parent);
  on("stacks", {
    source: ["aws.cloudformation"],
    "detail-type": ["CloudFormation Stack Status Change"],
    detail: { "stack-id": [stackOf] },
  });
  on("builds", {
    source: ["aws.codebuild"],
    "detail-type": ["CodeBuild Build State Change"],
    detail: {
      "project-name": [named],
      "build-status": ["SUCCEEDED", "FAILED", "STOPPED", "FAULT", "TIMED_OUT"],
    },
  });
  on("replacements", {
    source: ["aws.autoscaling"],
    "detail-type": ["EC2 Instance Launch Successful"],
    detail: { AutoScalingGroupName: [named] },
  });
  lambdaRule(`${name}-minute`, watcher, { scheduleExpression: "rate(1 minute)" }, parent);
  return watcher;
}

/** Looks after the teams' own domain names, once a minute. */
export function domainsFunction(
  name: string,
  args: CompleteArgs,
  around: Surroundings,
  machineArn: pulumi.Output<string>,
  parent: Parent,
): Lambda<unknown> {
  const { TABLE, SENDER, SETTINGS } = environment(args, around);
  const keeper = new Lambda<unknown>(
    `${name}-domains`,
    {
      entry: entryOf("domains"),
      permissions: domainPermissions(args, around, machineArn, parent),
      environment: {
        TABLE,
        SENDER,
        SETTINGS,
        MACHINE_ARN: machineArn,
      } satisfies InputsOf<DomainsEnvironment>,
      timeoutSeconds: 300,
      memoryMiB: 256,
      logRetentionDays: args.logRetentionDays,
    },
    parent,
  );
  lambdaRule(`${name}-domains`, keeper, { scheduleExpression: "rate(1 minute)" }, parent);
  return keeper;
}

function environment(args: CompleteArgs, around: Surroundings): InputsOf<CommonEnvironment> {
  return {
    PREFIX: args.prefix,
    TABLE: around.table.name,
    SENDER: args.sender,
    USER_POOL: args.people.userPoolId,
    ADMIN_GROUP: args.adminGroup,
    ZONE_ID: around.domain?.zoneId ?? "",
    SETTINGS: around.settings,
  };
}
