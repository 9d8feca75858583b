import type { DeploymentGroupInfo, S3Location } from "@aws-sdk/client-codedeploy";
import { EventRules } from "../fleet/event-rules";
import { messageOf } from "../problem";
import { BlueGreen } from "./blue-green";
import { Deployment, DeploymentStatus } from "./deployment";
import { Installer, InstallerOptions } from "./installer";
import { isOfRole } from "./service-role";
import { turnsOf } from "./turns";

const SOURCE = "aws.codedeploy";
const ALARMS_MS = 1_000;
const STATES: Partial<Record<DeploymentStatus, string>> = {
  InProgress: "START",
  Succeeded: "SUCCESS",
  Failed: "FAILURE",
  Stopped: "STOP",
};

export interface DeploymentsOptions extends InstallerOptions {
  rules: EventRules;
  arnOf: (application: string, group: string) => string;
  note: (line: string) => void;
}

/** Runs deployments on the fleet's servers as CodeDeploy and its agent would. */
export class Deployments {
  /** The existing deployment groups, by keyOf. */
  readonly groups = new Map<string, DeploymentGroupInfo>();
  /** Oldest first. */
  private readonly all: Deployment[] = [];
  private readonly installer: Installer;
  private readonly blueGreen: BlueGreen;

  constructor(private readonly options: DeploymentsOptions) {
    this.installer = new Installer(options);
    this.blueGreen = new BlueGreen({ ...options, installer: this.installer });
  }

  get(id: string): Deployment | undefined {
    return this.all.find((one) => one.id === id);
  }

  list(): Deployment[] {
    return [...this.all].reverse();
  }

  /** The last one of a group that reached some servers and, if asked for, ended well. */
  lastOf(application: string, group: string, { succeeded }: { succeeded: boolean }): Deployment | undefined {
    return this.list().find(
      (one) =>
        one.application === application &&
        one.group.deploymentGroupName === group &&
        one.asked.creator !== "autoscaling" &&
        (!succeeded || one.status === "Succeeded"),
    );
  }

  /** Whether one is running in a group. */
  busy(application: string, group: string): boolean {
    const last = this.lastOf(application, group, { succeeded: false });
    return last !== undefined && !last.isOver;
  }

  begin(
    application: string,
    group: DeploymentGroupInfo,
    bundle: S3Location,
    asked: Deployment["asked"],
  ): Deployment {
    const deployment = new Deployment(application, group, bundle, asked);
    this.all.push(deployment);
    void this.carryOut(deployment).catch((error: unknown) =>
      this.options.note(`The deployment ${deployment.id}: ${messageOf(error)}`),
    );
    return deployment;
  }

  /** Installs the other servers' release on one that has just been started, before it gets requests. */
  launched(id: string, groupName: string | undefined): void {
    // A deployment's own new servers get its release from it.
    if (this.all.some((one) => one.replacement === groupName && !one.isOver && !one.serves(groupName)))
      return void this.options.fleet().held.add(id);
    const last = this.list().find(
      (one) =>
        one.asked.creator !== "autoscaling" &&
        (one.status === "Succeeded" || one.replacement === groupName) &&
        one.serves(groupName),
    );
    if (!last) return;
    const { held } = this.options.fleet();
    held.add(id);
    const deployment = new Deployment(last.application, last.group, last.bundle, {
      ...{ description: `${id} was launched`, creator: "autoscaling", alarms: [] },
      ...{ ignoreStopFailures: true, rollbackOn: [] },
    });
    this.all.push(deployment);
    const work = async () => {
      await this.turn(deployment, "InProgress");
      const failure = await this.installer
        .install(deployment, id, await this.installer.fetch(deployment, id))
        .then((failed) => failed ?? this.mayComplete(deployment, groupName))
        .catch(messageOf);
      held.delete(id);
      if (!failure) return this.turn(deployment, "Succeeded");
      const code = deployment.stops ? `AUTO_SCALING_${deployment.stops.code}` : "HEALTH_CONSTRAINTS";
      deployment.error = { code, message: failure };
      await this.turn(deployment, "Failed");
      const autoscaling = await this.options.use("autoscaling");
      await autoscaling.terminateInstanceInAutoScalingGroup({
        InstanceId: id,
        ShouldDecrementDesiredCapacity: false,
      });
    };
    void work().catch((error: unknown) => {
      held.delete(id);
      this.options.note(`${id} did not get the release that runs: ${messageOf(error)}`);
    });
  }

  private async carryOut(deployment: Deployment): Promise<void> {
    await this.turn(deployment, "InProgress");
    const looking = setInterval(() => void this.heed(deployment).catch(() => {}), ALARMS_MS);
    const { isBlueGreen } = deployment;
    const failure = await (isBlueGreen ? this.blueGreen.carryOut(deployment) : this.inTurn(deployment)).catch(
      messageOf,
    );
    clearInterval(looking);
    if (!failure) return this.turn(deployment, "Succeeded");
    const { stops } = deployment;
    deployment.error = stops ?? { code: "HEALTH_CONSTRAINTS", message: failure };
    deployment.say(deployment.error.message);
    const byAlarm = stops?.code === "ALARM_ACTIVE";
    const before = this.lastOf(deployment.application, deployment.group.deploymentGroupName!, {
      succeeded: true,
    });
    const wanted = byAlarm ? "DEPLOYMENT_STOP_ON_ALARM" : "DEPLOYMENT_FAILURE";
    // The old servers of a blue/green deployment never ran another release.
    const goesBack = before !== undefined && deployment.asked.rollbackOn.includes(wanted) && !isBlueGreen;
    await this.turn(deployment, stops && !isOfRole(stops) ? "Stopped" : "Failed");
    if (!goesBack) return;
    const back = this.begin(deployment.application, deployment.group, before.bundle, {
      description: `Back to the release of ${before.id}, after ${deployment.id}`,
      creator: "codeDeployRollback",
      alarms: [],
      ignoreStopFailures: true,
      rollbackOn: [],
    });
    deployment.rollbackId = back.id;
  }

  /** The servers in turns, as the deployment's configuration requires. Returns why it failed, if it did. */
  private async inTurn(deployment: Deployment): Promise<string | undefined> {
    const { web } = this.options.fleet();
    const ids = (await this.membersOf(deployment)).filter((id) => web.webOf(id));
    if (ids.length === 0) return "The deployment group has no servers.";
    const zip = await this.installer.fetch(deployment, ids[0]!);
    const turns = turnsOf(deployment.group.deploymentConfigName, ids);
    for (const turn of turns) {
      await this.heed(deployment);
      if (deployment.stops) return deployment.stops.message;
      const failures = await Promise.all(turn.map((id) => this.installer.deployTo(deployment, id, zip)));
      const failed = failures.find(Boolean);
      // CodeDeploy counts a deployment as a success if only the last of several servers failed.
      if (failed && (turn !== turns.at(-1) || turns.length === 1)) return failed;
    }
    return deployment.stops?.message;
  }

  private async membersOf(deployment: Deployment): Promise<string[]> {
    const AutoScalingGroupNames = (deployment.group.autoScalingGroups ?? []).map(({ name }) => name!);
    if (AutoScalingGroupNames.length === 0) return []; // a caller that names none gets all
    const autoscaling = await this.options.roleOf(deployment).use("autoscaling");
    const { AutoScalingGroups = [] } = await autoscaling.describeAutoScalingGroups({ AutoScalingGroupNames });
    return AutoScalingGroups.flatMap(({ Instances = [] }) => Instances.map((one) => one.InstanceId!));
  }

  /** CodeDeploy has its own hook in the group, and completes it for each new server. */
  private async mayComplete(
    deployment: Deployment,
    AutoScalingGroupName: string | undefined,
  ): Promise<undefined> {
    await this.options.roleOf(deployment).must("autoscaling", "CompleteLifecycleAction", { AutoScalingGroupName }); // prettier-ignore
  }

  /** Stops a deployment when one of its alarms rings. */
  private async heed(deployment: Deployment): Promise<void> {
    const { alarms: AlarmNames } = deployment.asked;
    if (AlarmNames.length === 0 || deployment.stops) return;
    const cloudwatch = await this.options.roleOf(deployment).use("cloudwatch");
    const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames, StateValue: "ALARM" });
    const names = MetricAlarms.map(({ AlarmName }) => AlarmName);
    if (names.length === 0 || deployment.isOver) return;
    const message = `One or more alarms have been activated: ${names.join(", ")}`;
    deployment.stops = { code: "ALARM_ACTIVE", message };
  }

  private async turn(deployment: Deployment, status: DeploymentStatus): Promise<void> {
    deployment.status = status;
    if (status !== "InProgress") deployment.endedAt = new Date();
    deployment.say(`The deployment is ${status}`);
    const { application, group, id } = deployment;
    await this.options.rules.tell({
      source: SOURCE,
      "detail-type": "CodeDeploy Deployment State-change Notification",
      resources: [this.options.arnOf(application, group.deploymentGroupName!)],
      detail: {
        region: this.options.endpoints.region,
        deploymentId: id,
        application,
        deploymentGroup: group.deploymentGroupName,
        state: STATES[status],
      },
    });
  }
}

export const keyOf = (of: { applicationName?: string; deploymentGroupName?: string }) =>
  `${of.applicationName}/${of.deploymentGroupName}`;
