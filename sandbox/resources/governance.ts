import { asList, omit, pascal, pick, tagList } from "../engine/shape";
import { Inputs, Table } from "../engine/types";

/** Trails as records on MiniStack: no call is logged. */
export const cloudtrail: Table = {
  Trail: async (r) => {
    const cloudtrail = await r.use("cloudtrail");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 128);
    const { TrailARN } = await cloudtrail.createTrail({
      Name: name,
      ...pascal(
        pick(
          i,
          "s3BucketName",
          "s3KeyPrefix",
          "snsTopicName",
          "includeGlobalServiceEvents",
          "isMultiRegionTrail",
          "isOrganizationTrail",
          "kmsKeyId",
        ),
      ),
      EnableLogFileValidation: i["enableLogFileValidation"],
      CloudWatchLogsLogGroupArn: i["cloudWatchLogsGroupArn"],
      CloudWatchLogsRoleArn: i["cloudWatchLogsRoleArn"],
      TagsList: tagList(r.tags),
    });
    if (i["enableLogging"] !== false) await cloudtrail.startLogging({ Name: name });
    if (i["eventSelectors"])
      await cloudtrail.putEventSelectors({ TrailName: name, EventSelectors: pascal(i["eventSelectors"]) });
    return { id: TrailARN!, outputs: { name, arn: TrailARN, homeRegion: r.region } };
  },
};

/** Budgets as records on moto. */
export const budgets: Table = {
  Budget: async (r) => {
    const budgets = await r.use("budgets");
    const i = r.inputs;
    const name = r.physicalName(i["name"], 100);
    await budgets.createBudget({
      AccountId: r.account,
      Budget: {
        BudgetName: name,
        BudgetType: i["budgetType"],
        TimeUnit: i["timeUnit"],
        BudgetLimit: { Amount: i["limitAmount"], Unit: i["limitUnit"] },
      },
      NotificationsWithSubscribers: asList<Inputs>(i["notifications"]).map((one) => ({
        Notification: pascal(
          pick(one, "comparisonOperator", "notificationType", "threshold", "thresholdType"),
        ),
        Subscribers: [
          ...asList<string>(one["subscriberEmailAddresses"]).map((Address) => ({
            SubscriptionType: "EMAIL" as const,
            Address,
          })),
          ...asList<string>(one["subscriberSnsTopicArns"]).map((Address) => ({
            SubscriptionType: "SNS" as const,
            Address,
          })),
        ],
      })),
    });
    return {
      id: `${r.account}:${name}`,
      outputs: { name, arn: r.arn("budgets", `budget/${name}`, { region: "" }) },
    };
  },
};

/** Backup plans as records on MiniStack: moto accepts no selection. */
export const backup: Table = {
  Vault: async (r) => {
    const backup = await r.use("backup");
    const name = r.physicalName(r.inputs["name"], 50);
    const { BackupVaultArn } = await backup.createBackupVault({
      BackupVaultName: name,
      EncryptionKeyArn: r.inputs["kmsKeyArn"],
      BackupVaultTags: r.tags,
    });
    return { id: name, outputs: { name, arn: BackupVaultArn, recoveryPoints: 0 } };
  },

  Plan: async (r) => {
    const backup = await r.use("backup");
    const name = r.physicalName(r.inputs["name"], 50);
    const made = await backup.createBackupPlan({
      BackupPlan: {
        BackupPlanName: name,
        Rules: asList<Inputs>(r.inputs["rules"]).map(
          ({
            targetVaultName,
            schedule,
            startWindow,
            completionWindow,
            lifecycle,
            ruleName,
            enableContinuousBackup,
          }) => ({
            RuleName: ruleName,
            TargetBackupVaultName: targetVaultName,
            ScheduleExpression: schedule,
            StartWindowMinutes: startWindow,
            CompletionWindowMinutes: completionWindow,
            EnableContinuousBackup: enableContinuousBackup,
            Lifecycle: lifecycle && {
              DeleteAfterDays: lifecycle.deleteAfter,
              MoveToColdStorageAfterDays: lifecycle.coldStorageAfter,
            },
          }),
        ),
      },
      BackupPlanTags: r.tags,
    });
    return { id: made.BackupPlanId!, outputs: { name, arn: made.BackupPlanArn, version: made.VersionId } };
  },

  Selection: async (r) => {
    const backup = await r.use("backup");
    const { planId, name: given, iamRoleArn, resources, selectionTags } = omit(r.inputs);
    const name = r.physicalName(given, 50);
    const { SelectionId } = await backup.createBackupSelection({
      BackupPlanId: planId,
      BackupSelection: {
        SelectionName: name,
        IamRoleArn: iamRoleArn,
        Resources: resources,
        ListOfTags:
          selectionTags &&
          asList<Inputs>(selectionTags).map(({ type, key, value }) => ({
            ConditionType: type,
            ConditionKey: key,
            ConditionValue: value,
          })),
      },
    });
    return { id: SelectionId!, outputs: { name } };
  },
};
