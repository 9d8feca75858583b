import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedDatabaseArgs } from "../../../components/database/args";
import { valueOf } from "../../harness";
import { some } from "../../some";
import { rightsIn, through } from "../../statements";
import { build } from "./managed-database";

describe("the app's user of a managed database", () => {
  it("lets clients sign in to this database through IAM, without a secret", async () => {
    const resources = { instance: "db-db", cluster: "cluster-db", aurora: "cluster-db" };
    for (const [kind, resource] of some(Object.entries(resources))) {
      const { outputs } = await build({ kind: kind as ManagedDatabaseArgs["kind"] });
      assert.deepEqual(await valueOf(pulumi.output(outputs.clientPermissions)), [
        {
          Effect: "Allow",
          Action: ["rds-db:connect"],
          Resource: [`arn:aws:rds-db:eu-west-1:123456789012:dbuser:${resource}/web`],
        },
      ]);
    }
  });

  it("is created by a function, which alone may read the master's secret", async () => {
    const { one, all } = await build();
    const { inputs } = one("lambda/function:Function");
    assert.deepEqual(inputs.environment.variables, {
      DATABASE_HOST: "db.abc.eu-west-1.rds.amazonaws.com",
      DATABASE_PORT: "5432",
      DATABASE_NAME: "app",
      MASTER_SECRET_ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-db-AbCdEf",
      APP_USER: "web",
    });
    assert.deepEqual(inputs.vpcConfig, {
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      securityGroupIds: ["db-app-user-id", "db-clients-id"],
    });
    const rights = rightsIn(one("iam/rolePolicy:RolePolicy", "db-app-user").inputs.policy);
    assert.deepEqual(
      ["secretsmanager:GetSecretValue", "kms:Decrypt", "rds-db:connect"].map((action) => rights[action]),
      [
        ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-db-AbCdEf"],
        [through("secretsmanager", "arn:aws:kms:eu-west-1:123456789012:key/db-id")],
        ["arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-db/app"],
      ],
    );
    const way = all("vpc/securityGroupEgressRule:SecurityGroupEgressRule").map(({ inputs: rule }) => [
      rule.securityGroupId,
      rule.fromPort,
    ]);
    assert.deepEqual(way.sort(), [
      ["db-app-user-id", 443],
      ["db-clients-id", 5432],
    ]);
  });

  it("is created when the database exists, and again when database or user changes", async () => {
    for (const [kind, waited] of [
      ["instance", ["db"]],
      ["aurora", ["db", "db-a", "db-b"]],
    ] as const) {
      const { one } = await build({ kind });
      const { inputs, dependsOn } = one("lambda/invocation:Invocation");
      assert.deepEqual(Object.keys(inputs.triggers).sort(), ["code", "database"]);
      assert.equal(inputs.triggers.database, kind === "instance" ? "db-db" : "cluster-db");
      for (const name of some(waited)) assert.ok(dependsOn.includes(name), `${name} in ${dependsOn}`);
    }
  });
});
