import { pascal, pick } from "../../engine/shape";
import { Changes } from "../../engine/types";

export const cloudtrail: Changes = {
  Trail: {
    carries: ["s3BucketName", "s3KeyPrefix", "kmsKeyId", "isMultiRegionTrail", "eventSelectors"],
    async update(r) {
      const cloudtrail = await r.use("cloudtrail");
      const named = pick(r.inputs, "s3BucketName", "s3KeyPrefix", "kmsKeyId", "isMultiRegionTrail");
      await cloudtrail.updateTrail({ Name: r.outputs["name"], ...pascal(named) });
      if (r.inputs["eventSelectors"])
        await cloudtrail.putEventSelectors({
          TrailName: r.outputs["name"],
          EventSelectors: pascal(r.inputs["eventSelectors"]),
        });
    },
    remove: async (r) => (await r.use("cloudtrail")).deleteTrail({ Name: r.outputs["name"] }),
  },
};

export const budgets: Changes = {
  Budget: {
    remove: async (r) =>
      (await r.use("budgets")).deleteBudget({ AccountId: r.account, BudgetName: r.outputs["name"] }),
  },
};

export const backup: Changes = {
  Vault: { remove: async (r) => (await r.use("backup")).deleteBackupVault({ BackupVaultName: r.id }) },
  Plan: { remove: async (r) => (await r.use("backup")).deleteBackupPlan({ BackupPlanId: r.id }) },
  Selection: {
    remove: async (r) =>
      (await r.use("backup")).deleteBackupSelection({
        BackupPlanId: r.inputs["planId"],
        SelectionId: r.id,
      }),
  },
};
