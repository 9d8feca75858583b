import { strict as assert } from "node:assert";
import type { BackupPlanArgs } from "../../../components/operations/args";
import { BackupPlan } from "../../../components/operations/backup-plan";
import { run } from "../../harness";
import { rightsIn, statementOn } from "../../statements";

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

  it("keeps vault and key with keepData, and deletes both without", async () => {
    const kept = async (keepData: boolean) => {
      const { one } = await plan({ keepData });
      const vault = one("backup/vault:Vault");
      return [vault.protect, vault.inputs.forceDestroy, one("kms/key:Key").protect];
    };
    assert.deepEqual(await kept(true), [true, false, true]);
    assert.deepEqual(await kept(false), [false, true, false]);
  });

  it("gives the backup role no restore permissions, and neither role what other resource types need", async () => {
    const { one } = await plan();
    const actions = (role: string) =>
      Object.keys(rightsIn(one("iam/rolePolicy:RolePolicy", role).inputs.policy));
    const [backups, restores] = [actions("backups-backups"), actions("backups-restores")];
    const services = (list: string[]) => [...new Set(list.map((action) => action.split(":")[0]))].sort();
    assert.deepEqual(services(backups), ["backup", "elasticfilesystem", "kms", "tag"]);
    assert.deepEqual(services(restores), ["dynamodb", "elasticfilesystem", "kms", "rds"]);
    const via = (role: string) =>
      statementOn(one("iam/rolePolicy:RolePolicy", role).inputs.policy, "kms:GenerateDataKey").Condition![
        "StringEquals"
      ]!["kms:ViaService"];
    assert.equal(via("backups-backups"), "dynamodb.eu-west-1.amazonaws.com");
    assert.deepEqual(
      via("backups-restores"),
      ["dynamodb", "elasticfilesystem", "rds"].map((service) => `${service}.eu-west-1.amazonaws.com`),
    );
    assert.deepEqual(
      backups.filter((action) => /Restore|CreateDBInstance|CreateFileSystem|PutItem/.test(action)),
      [],
    );
    // Restoring a table deletes items on the way; nothing deletes what holds data.
    assert.deepEqual(
      restores.filter((action) => /Delete/.test(action)),
      ["dynamodb:DeleteItem"],
    );
  });

  it("reaches only the resources of each type that it backs up", async () => {
    const at = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:123456789012:${resource}`;
    const [table, database, cluster] = [
      at("dynamodb", "table/t"),
      at("rds", "db:d"),
      at("rds", "cluster:c"),
    ] as const;
    const { one } = await plan({ resourceArns: [table, database, cluster] });
    const rights = rightsIn(one("iam/rolePolicy:RolePolicy", "backups-backups").inputs.policy);
    assert.deepEqual(rights["dynamodb:StartAwsBackupJob"], [table]);
    assert.deepEqual(rights["dynamodb:DeleteBackup"], [`${table}/backup/*`]);
    assert.deepEqual(rights["rds:CreateDBSnapshot"], [database, at("rds", "snapshot:awsbackup:*")]);
    assert.deepEqual(rights["rds:CreateDBClusterSnapshot"], [
      at("rds", "cluster-snapshot:awsbackup:*"),
      cluster,
    ]);
    assert.equal(rights["elasticfilesystem:Backup"], undefined);
  });

  it("refuses an empty plan, and a retention of no days", async () => {
    await assert.rejects(plan({ resourceArns: [], dailyDays: 0 }), {
      message:
        'BackupPlan "backups": dailyDays must be a whole number from 1 to 36500, got 0; ' +
        "resourceArns must be at least one ARN, got []",
    });
  });
});
