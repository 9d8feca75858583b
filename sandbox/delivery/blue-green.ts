import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import { messageOf, Problem, until } from "../problem";
import { copyGroup, copyPolicies, endGroup } from "./copied-group";
import { Deployment } from "./deployment";
import { Installer, InstallerOptions } from "./installer";
import { turnsOf } from "./turns";

const LAUNCHED_SECONDS = 180;
const LOOK_MS = 250;

export interface BlueGreenOptions extends InstallerOptions {
  installer: Installer;
}

/**
 * A release on separate servers: the serving group is copied, the copy's servers get the release, and then the traffic. The old group
 * goes after the wait that the deployment group declares; until then it can take the traffic back.
 */
export class BlueGreen {
  constructor(private readonly options: BlueGreenOptions) {}

  /** Returns why it failed, if it did: then the old servers serve as before, and the new ones are gone. */
  async carryOut(deployment: Deployment): Promise<string | undefined> {
    const { group } = deployment;
    const old = plannedIn(group);
    const replacement = `CodeDeploy_${group.deploymentGroupName}_${deployment.id}`;
    deployment.replacement = replacement;
    const problem = await this.replace(deployment, old, replacement).catch(messageOf);
    const failure = deployment.stops?.message ?? problem;
    if (failure) {
      await this.bringBack(deployment, old, replacement);
      return failure;
    }
    await this.end(deployment, old);
    return undefined;
  }

  private async replace(deployment: Deployment, old: string, replacement: string) {
    const { roleOf, installer } = this.options;
    const { use } = roleOf(deployment);
    const { deploymentConfigName, blueGreenDeploymentConfiguration: declared } = deployment.group;
    deployment.say(`The group ${replacement} is made as a copy of ${old}`);
    await copyGroup(use, old, replacement);
    const ids = await this.launched(replacement);
    const zip = await installer.fetch(deployment, ids[0]!);
    const failures = await Promise.all(ids.map((id) => installer.install(deployment, id, zip)));
    const failed = failures.find(Boolean);
    if (failed || deployment.stops) return failed;
    for (const turn of turnsOf(deploymentConfigName, ids))
      await Promise.all(turn.map((id) => installer.allowTraffic(deployment, id)));
    await this.serveFrom(deployment, replacement, old);
    await copyPolicies(use, old, replacement);
    const { action, terminationWaitTimeInMinutes: minutes = 0 } =
      declared?.terminateBlueInstancesOnDeploymentSuccess ?? {};
    if (action === "TERMINATE") await this.wait(deployment, old, minutes);
    return undefined;
  }

  /** The new group's servers, once all of them exist. */
  private async launched(name: string): Promise<string[]> {
    const { fleet } = this.options;
    return until(
      `The start of the servers of ${name}`,
      () => {
        const group = fleet().current.groups.find((one) => one.name === name);
        const ready = group?.instanceIds.filter((id) => fleet().web.webOf(id) && !group.pending.includes(id));
        return group && group.desired > 0 && ready?.length === group.desired ? ready : undefined;
      },
      { seconds: LAUNCHED_SECONDS },
    );
  }

  /** From now on one group's servers are registered, and the other's are not: those finish their requests. */
  private async serveFrom(deployment: Deployment, serves: string, rests: string): Promise<void> {
    const { use, roleOf, fleet, installer } = this.options;
    const TargetGroupARNs = await installer.targetGroups(deployment);
    const asRole = await roleOf(deployment).use("autoscaling");
    await asRole.attachLoadBalancerTargetGroups({ AutoScalingGroupName: serves, TargetGroupARNs });
    deployment.group.autoScalingGroups = [{ name: serves }];
    for (const id of this.membersOf(serves)) fleet().held.delete(id);
    const leaving = this.membersOf(rests);
    // CodeDeploy deregisters them one by one, which the fleet would undo.
    const autoscaling = await use("autoscaling");
    await autoscaling.detachLoadBalancerTargetGroups({ AutoScalingGroupName: rests, TargetGroupARNs });
    await Promise.all(leaving.map((id) => installer.blockTraffic(deployment, id)));
  }

  private async wait(deployment: Deployment, old: string, minutes: number): Promise<void> {
    deployment.say(`The group ${old} is kept for ${minutes} minutes, in case the traffic must go back`);
    deployment.waitsSince = new Date();
    const over = () => Date.now() - deployment.waitsSince!.getTime() >= minutes * 60_000;
    await until(
      "The end of the wait",
      () => deployment.endsWait || deployment.stops !== undefined || over(),
      {
        seconds: minutes * 60 + 60,
        everyMs: LOOK_MS,
      },
    );
  }

  private async end(deployment: Deployment, old: string): Promise<void> {
    const { action } =
      deployment.group.blueGreenDeploymentConfiguration?.terminateBlueInstancesOnDeploymentSuccess ?? {};
    if (action !== "TERMINATE") return;
    await this.takeAway(deployment, old);
  }

  /** The old group serves, whatever failed, and the new one goes. */
  private async bringBack(deployment: Deployment, old: string, replacement: string): Promise<void> {
    const { installer, fleet } = this.options;
    const [serving] = deployment.group.autoScalingGroups ?? [];
    if (serving?.name === replacement) {
      await Promise.all(this.membersOf(old).map((id) => installer.allowTraffic(deployment, id)));
      await this.serveFrom(deployment, old, replacement);
      deployment.say(`The group ${old} has the traffic again`);
    }
    const ids = this.membersOf(replacement);
    const ending = async () => {
      await Promise.all(ids.map((id) => installer.blockTraffic(deployment, id)));
      await this.takeAway(deployment, replacement);
    };
    await ending().catch((error: unknown) =>
      deployment.say(`The group ${replacement} could not be taken away: ${messageOf(error)}`),
    );
    for (const id of ids) fleet().held.delete(id);
  }

  private async takeAway(deployment: Deployment, name: string): Promise<void> {
    const { use, roleOf } = this.options;
    await roleOf(deployment).must("autoscaling", "DeleteAutoScalingGroup", { AutoScalingGroupName: name });
    await endGroup(use, name);
    deployment.say(`The group ${name} is gone`);
  }

  private membersOf(name: string): string[] {
    return this.options.fleet().current.groups.find((one) => one.name === name)?.instanceIds ?? [];
  }
}

/** The group that serves; an error for what the sandbox does not support. */
function plannedIn({
  autoScalingGroups = [],
  blueGreenDeploymentConfiguration: declared,
}: DeploymentGroupInfo) {
  const fleetBy = declared?.greenFleetProvisioningOption?.action;
  if (fleetBy !== "COPY_AUTO_SCALING_GROUP")
    throw new Problem(`The sandbox makes new servers by COPY_AUTO_SCALING_GROUP alone, got ${fleetBy}.`);
  const onceReady = declared?.deploymentReadyOption?.actionOnTimeout ?? "CONTINUE_DEPLOYMENT";
  if (onceReady !== "CONTINUE_DEPLOYMENT")
    throw new Problem(`The sandbox sends traffic by CONTINUE_DEPLOYMENT alone, got ${onceReady}.`);
  const [first, ...more] = autoScalingGroups;
  if (!first?.name || more.length > 0)
    throw new Problem(`A blue/green deployment needs one group of servers, got ${autoScalingGroups.length}.`);
  return first.name;
}
