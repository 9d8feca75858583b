import type { AlarmConfiguration, CreateDeploymentInput } from "@aws-sdk/client-codedeploy";
import { Deployment } from "./deployment";
import { Deployments, keyOf } from "./deployments";
import { ApiError, Operation, seconds } from "./json-api";
import { OfApplication, RoleRefused, ServiceRole } from "./service-role";

export interface CodeDeployOptions {
  deployments: Deployments;
  /** The role of a group that is created or changed. */
  roleOf: (group: OfApplication) => Pick<ServiceRole, "must">;
}

/** CodeDeploy's API over moto's, which keeps applications and groups, forgets the groups' alarms and deploys nothing. */
export function codeDeploy({ deployments, roleOf }: CodeDeployOptions): Record<string, Operation> {
  const deployment = (id: string): Deployment => {
    const found = deployments.get(id);
    if (!found) throw new ApiError("DeploymentDoesNotExistException", `There is no deployment ${id}.`);
    return found;
  };
  const summary = (one: Deployment | undefined) =>
    one && {
      deploymentId: one.id,
      status: one.status,
      createTime: seconds(one.createdAt),
      endTime: seconds(one.endedAt),
    };
  /** CodeDeploy adds a hook to each group of servers, in which it installs the release on new ones. */
  const mayHook = async (group: OfApplication) => {
    const role = roleOf(group);
    try {
      for (const { name } of group.autoScalingGroups ?? [])
        for (const operation of ["DescribeLifecycleHooks", "PutLifecycleHook"])
          await role.must("autoscaling", operation, { AutoScalingGroupName: name });
    } catch (error) {
      if (!(error instanceof RoleRefused)) throw error;
      throw new ApiError("InvalidRoleException", `${error.message} (${error.refusal.reason})`);
    }
  };
  return {
    CreateDeploymentGroup: async (input, { pass }) => {
      await mayHook({ ...input, autoScalingGroups: namesOf(input) });
      const answer = await pass();
      deployments.groups.set(keyOf(input), { ...input, autoScalingGroups: namesOf(input), ...answer });
      return answer;
    },
    UpdateDeploymentGroup: async (input) => {
      const key = keyOf({ ...input, deploymentGroupName: input.currentDeploymentGroupName });
      const before = deployments.groups.get(key);
      if (!before) throw unknownGroup(key);
      const autoScalingGroups = input.autoScalingGroups ? namesOf(input) : before.autoScalingGroups;
      if (input.autoScalingGroups || input.serviceRoleArn)
        await mayHook({
          ...before,
          ...input,
          autoScalingGroups,
          deploymentGroupName: before.deploymentGroupName,
        });
      Object.assign(before, input, { autoScalingGroups }); // its deployments follow which servers are the group's
      return { hooksNotCleanedUp: [] };
    },
    GetDeploymentGroup: async (input, { pass }) => {
      const { deploymentGroupInfo } = await pass();
      const { applicationName, deploymentGroupName } = input;
      const last = (succeeded: boolean) =>
        deployments.lastOf(applicationName, deploymentGroupName, { succeeded });
      return {
        deploymentGroupInfo: {
          ...deploymentGroupInfo,
          ...deployments.groups.get(keyOf(input)),
          lastSuccessfulDeployment: summary(last(true)),
          lastAttemptedDeployment: summary(last(false)),
        },
      };
    },
    CreateDeployment: (input: CreateDeploymentInput) => {
      const group = deployments.groups.get(keyOf(input));
      if (!group) throw unknownGroup(keyOf(input));
      const bundle = input.revision?.s3Location;
      if (!bundle) throw new ApiError("RevisionRequiredException", "The revision must be an object of S3.");
      if (deployments.busy(input.applicationName!, input.deploymentGroupName!))
        throw new ApiError("DeploymentLimitExceededException", "The group has a deployment under way.");
      const rollback = input.autoRollbackConfiguration ?? group.autoRollbackConfiguration;
      const { id } = deployments.begin(input.applicationName!, group, bundle, {
        description: input.description,
        creator: "user",
        alarms: alarmsIn(input.overrideAlarmConfiguration ?? group.alarmConfiguration),
        ignoreStopFailures: input.ignoreApplicationStopFailures ?? false,
        rollbackOn: rollback?.enabled ? (rollback.events ?? []) : [],
      });
      return { deploymentId: id };
    },
    GetDeployment: ({ deploymentId }) => ({ deploymentInfo: shape(deployment(deploymentId)) }),
    BatchGetDeployments: ({ deploymentIds }) => ({
      deploymentsInfo: deploymentIds.flatMap((id: string) => {
        const found = deployments.get(id);
        return found ? [shape(found)] : [];
      }),
    }),
    ListDeployments: ({ applicationName, deploymentGroupName }) => ({
      deployments: deployments
        .list()
        .filter(
          (one) =>
            (!applicationName || one.application === applicationName) &&
            (!deploymentGroupName || one.group.deploymentGroupName === deploymentGroupName),
        )
        .map(({ id }) => id),
    }),
    ContinueDeployment: ({ deploymentId, deploymentWaitType = "READY_WAIT" }) => {
      const found = deployment(deploymentId);
      if (deploymentWaitType !== "TERMINATION_WAIT" || !found.waitsSince || found.isOver)
        throw new ApiError(
          "DeploymentIsNotInReadyStateException",
          `The deployment is in no ${deploymentWaitType}.`,
        );
      found.endsWait = true;
      return {};
    },
    StopDeployment: ({ deploymentId }) => {
      const found = deployment(deploymentId);
      if (found.isOver)
        throw new ApiError("DeploymentAlreadyCompletedException", `The deployment is ${found.status}.`);
      found.stops ??= { code: "MANUAL_STOP", message: "The deployment was stopped" };
      return { status: "Pending", statusMessage: "It ends once the server that it is working on is done." };
    },
  };
}

const namesOf = (input: { autoScalingGroups?: string[] }) =>
  (input.autoScalingGroups ?? []).map((name) => ({ name }));

const alarmsIn = ({ enabled, alarms = [] }: AlarmConfiguration = {}) =>
  enabled ? alarms.map(({ name }) => name!) : [];

const unknownGroup = (key: string) =>
  new ApiError("DeploymentGroupDoesNotExistException", `There is no deployment group ${key}.`);

const shape = (one: Deployment) => ({
  applicationName: one.application,
  deploymentGroupName: one.group.deploymentGroupName,
  deploymentConfigName: one.group.deploymentConfigName,
  deploymentId: one.id,
  description: one.asked.description,
  revision: { revisionType: "S3", s3Location: one.bundle },
  status: one.status,
  deploymentStyle: one.group.deploymentStyle,
  ...(one.isBlueGreen && { instanceTerminationWaitTimeStarted: one.waitsSince !== undefined }),
  errorInformation: one.error,
  createTime: seconds(one.createdAt),
  completeTime: seconds(one.endedAt),
  creator: one.asked.creator,
  rollbackInfo: one.rollbackId && {
    rollbackDeploymentId: one.rollbackId,
    rollbackTriggeringDeploymentId: one.id,
  },
});
