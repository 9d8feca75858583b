import { randomBytes } from "node:crypto";
import type { AutoRollbackEvent, DeploymentGroupInfo, S3Location } from "@aws-sdk/client-codedeploy";

export type DeploymentStatus = "Created" | "InProgress" | "Succeeded" | "Failed" | "Stopped";

/** What CodeDeploy does to one group of servers: one bundle, from its beginning to its end. */
export class Deployment {
  readonly id = `d-${randomBytes(6).toString("hex").toUpperCase().slice(0, 9)}`;
  readonly createdAt = new Date();
  endedAt?: Date;
  status: DeploymentStatus = "Created";
  error?: { code: string; message: string };
  /** The deployment that brought the release before back. */
  rollbackId?: string;
  readonly lines: string[] = [];
  /** Why it is to end, once somebody or an alarm wants that, or its group's role may not do what is to be done. */
  stops?: { code: string; message: string };
  /** Whether it makes a second group of servers; an update of the deployment group is for the next one. */
  readonly isBlueGreen: boolean;
  /** That second group. */
  replacement?: string;
  /** Since when the first group is kept although the second one serves. */
  waitsSince?: Date;
  /** Somebody wants no more of that wait. */
  endsWait = false;

  constructor(
    readonly application: string,
    readonly group: DeploymentGroupInfo,
    readonly bundle: S3Location,
    readonly asked: {
      description?: string;
      creator: "user" | "codeDeployRollback" | "autoscaling";
      /** The alarms that end it, by name. */
      alarms: string[];
      ignoreStopFailures: boolean;
      /** What has the release before brought back. */
      rollbackOn: AutoRollbackEvent[];
    },
  ) {
    this.isBlueGreen = group.deploymentStyle?.deploymentType === "BLUE_GREEN";
  }

  /** Of which application and deployment group it is. */
  get names() {
    return { applicationName: this.application, deploymentGroupName: this.group.deploymentGroupName! };
  }

  /** Whether a group of servers is the deployment group's at present. */
  serves(groupName: string | undefined): boolean {
    return this.group.autoScalingGroups?.some(({ name }) => name === groupName) ?? false;
  }

  get isOver(): boolean {
    return this.endedAt !== undefined;
  }

  say(line: string): void {
    this.lines.push(`${new Date().toISOString()} ${line}`);
  }
}
