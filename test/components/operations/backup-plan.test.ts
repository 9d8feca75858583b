import { strict as assert } from "node:assert";
import { BackupPlan, BackupPlanArgs } from "../../../components/operations/backup-plan";
import { run } from "../../harness";

const FILES = "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1";
const plan = (args: Partial<BackupPlanArgs> = {}) =>
  run(() => new BackupPlan("backups", { resourceArns: [FILES], keepData: true, ...args }));

describe("BackupPlan", () => {
  it("backs up each night for five weeks, and each month for a year", async () => {
    const { one } = await plan();
    assert.deepEqual(
      one("backup/plan:Plan").inputs.rules.map(
        (r: { ruleName: string; schedule: string; lifecycle: object }) => [
          r.ruleName,
          r.schedule,
          r.lifecycle,
        ],
      ),
      [
        ["daily", "cron(0 3 * * ? *)", { deleteAfter: 35 }],
        ["monthly", "cron(0 4 1 * ? *)", { deleteAfter: 365 }],
      ],
    );
    assert.deepEqual(one("backup/selection:Selection").inputs.resources, [FILES]);
  });

  it("makes no monthly backup for 0 days", async () => {
    const { one } = await plan({ monthlyDays: 0 });
    assert.deepEqual(
      one("backup/plan:Plan").inputs.rules.map((r: { ruleName: string }) => r.ruleName),
      ["daily"],
    );
  });

  it("keeps vault and key with the data, and wipes both without", async () => {
    const kept = async (keepData: boolean) => {
      const { one } = await plan({ keepData });
      const vault = one("backup/vault:Vault");
      return [vault.protect, vault.inputs.forceDestroy, one("kms/key:Key").protect];
    };
    assert.deepEqual(await kept(true), [true, false, true]);
    assert.deepEqual(await kept(false), [false, true, false]);
  });

  it("gives the role of backups nothing of what a restore may do", async () => {
    const { all } = await plan();
    assert.deepEqual(
      all("iam/rolePolicyAttachment:RolePolicyAttachment").map(({ inputs }) => [
        inputs.role,
        inputs.policyArn,
      ]),
      [
        [
          "backups-backups-1234567",
          "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
        ],
        [
          "backups-restores-1234567",
          "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
        ],
      ],
    );
  });

  it("refuses to back up nothing, and for no time", async () => {
    await assert.rejects(plan({ resourceArns: [], dailyDays: 0 }), {
      message:
        'BackupPlan "backups": resourceArns must be at least one ARN, got []; ' +
        "dailyDays must be a whole number from 1 to 36500, got 0",
    });
  });
});
