import { randomBytes } from "node:crypto";
import type { AutoRollbackEvent, DeploymentGroupInfo, S3Location } from "@aws-sdk/client-codedeploy";

export type DeploymentStatus = "Created" | "InProgress" | "Succeeded" | "Failed" | "Stopped";

/** CodeDeploy's work on one group of servers: one bundle, from beginning to end. */
export class Deployment {
  readonly id = `d-${randomBytes(6).toString("hex").toUpperCase().slice(0, 9)}`;
  readonly createdAt = new Date();
  endedAt?: Date;
  status: DeploymentStatus = "Created";
  error?: { code: string; message: string };
  /** The deployment that restored the previous release. */
  rollbackId?: string;
  readonly lines: string[] = [];
  /** Why it must end: somebody or an alarm wants that, or its group's role lacks a right that it needs. */
  stops?: { code: string; message: string };
  /** Whether it creates a second group of servers; an update of the deployment group applies to the next one. */
  readonly isBlueGreen: boolean;
  /** That second group. */
  replacement?: string;
  /** Since when the first group is kept although the second one serves. */
  waitsSince?: Date;
  /** Somebody has ended that wait early. */
  endsWait = false;

  constructor(
    readonly application: string,
    readonly group: DeploymentGroupInfo,
    readonly bundle: S3Location,
    readonly asked: {
      description?: string;
      creator: "user" | "codeDeployRollback" | "autoscaling";
      /** The alarms that stop it, by name. */
      alarms: string[];
      ignoreStopFailures: boolean;
      /** Restores the previous release. */
      rollbackOn: AutoRollbackEvent[];
    },
  ) {
    this.isBlueGreen = group.deploymentStyle?.deploymentType === "BLUE_GREEN";
  }

  /** Its application and deployment group. */
  get names() {
    return { applicationName: this.application, deploymentGroupName: this.group.deploymentGroupName! };
  }

  /** Whether a group of servers currently belongs to the deployment group. */
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
