import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { daily, meet, spansOf } from "../shared/clock";
import { fill } from "../shared/options";
import { must } from "../shared/refusals";
import { BackupPlanArgs, backupPlanOptions } from "./args";
import { serviceRole } from "../shared/permissions";
import { Monitoring } from "../shared/monitoring";
import { backupPermissions, restorePermissions } from "./backup-permissions";
import { serviceKey } from "../shared/service-key";

const SERVICE = "backup.amazonaws.com";
/** How late a backup may start. AWS accepts no shorter window. */
const START_WINDOW_MINUTES = 60;
/** RDS starts no backup in its own windows or in the hour before: https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html */
const APART_MINUTES = 60;

/** Whether a window of RDS conflicts with the nightly or monthly backups that start at this hour. */
export const inTheWay = (window: string, hour: number): boolean =>
  meet(spansOf(window), daily(hour, 2 * START_WINDOW_MINUTES), APART_MINUTES);

/**
 * Nightly backups of everything that holds data, and monthly ones that are kept longer, in a vault with its own key.
 * 1 USD a month for the key and about 0.05 USD a GB and month. A failed night is reported, and retried the next night.
 */
export class BackupPlan extends pulumi.ComponentResource {
  readonly vaultName: pulumi.Output<string>;
  /** The role to use when you start a restore. */
  readonly restoreRoleArn: pulumi.Output<string>;

  constructor(name: string, args: BackupPlanArgs, opts?: pulumi.ComponentResourceOptions) {
    const { hour, dailyDays, monthlyDays } = fill(
      "BackupPlan",
      name,
      backupPlanOptions,
      args,
      ({ resourceArns }) => must(resourceArns.length > 0, "resourceArns", "at least one ARN", resourceArns),
    );
    super("groundwork:index:BackupPlan", name, {}, opts);
    const parent = { parent: this };

    const key = serviceKey(name, { description: "Backups", keepData: args.keepData, users: [] }, parent);
    const vault = new aws.backup.Vault(
      name,
      { kmsKeyArn: key.arn, forceDestroy: !args.keepData },
      { ...parent, protect: args.keepData },
    );
    const plan = new aws.backup.Plan(
      name,
      {
        rules: [
          rule("daily", `cron(0 ${hour} * * ? *)`, dailyDays, vault),
          ...(monthlyDays > 0
            ? [rule("monthly", `cron(0 ${(hour + 1) % 24} 1 * ? *)`, monthlyDays, vault)]
            : []),
        ],
      },
      parent,
    );
    const backups = serviceRole(
      `${name}-backups`,
      {
        service: SERVICE,
        permissions: backupPermissions({ vaultArn: vault.arn, resourceArns: args.resourceArns }, parent),
      },
      parent,
    );
    const restores = serviceRole(
      `${name}-restores`,
      { service: SERVICE, permissions: restorePermissions(parent) },
      parent,
    );
    new aws.backup.Selection(
      name,
      { planId: plan.id, iamRoleArn: backups.arn, resources: args.resourceArns },
      parent,
    );
    this.vaultName = vault.name;
    this.restoreRoleArn = restores.arn;
    this.registerOutputs({ vaultName: this.vaultName, restoreRoleArn: this.restoreRoleArn });
  }

  /** Alarms for backups and restores that fail. */
  monitoring(): Monitoring[] {
    const pattern = (what: string, detail: Record<string, string[]>) => ({
      source: ["aws.backup"],
      "detail-type": [`${what} Job State Change`],
      detail,
    });
    return [
      {
        events: {
          "backup-failed": {
            description: "A backup has failed: see the jobs in AWS Backup",
            pattern: pattern("Backup", { state: ["FAILED", "ABORTED", "EXPIRED"] }),
          },
          "restore-failed": {
            description: "A restore has failed: see the jobs in AWS Backup",
            // AWS Backup gives a restore's result other names.
            pattern: pattern("Restore", { status: ["FAILED", "ABORTED"] }),
          },
        },
      },
    ];
  }
}

function rule(ruleName: string, schedule: string, deleteAfter: number, vault: aws.backup.Vault) {
  return {
    ruleName,
    targetVaultName: vault.name,
    schedule,
    startWindow: START_WINDOW_MINUTES,
    completionWindow: 480,
    lifecycle: { deleteAfter },
  };
}
