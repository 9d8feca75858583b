import { strict as assert } from "node:assert";
import { ExternalDatabase } from "../../../components/database/external";
import { ManagedDatabase, ManagedDatabaseArgs } from "../../../components/database/managed";
import { run, valueOf } from "../../harness";

const args: ManagedDatabaseArgs = {
  keepData: true,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
};
const build = (more: Partial<ManagedDatabaseArgs> = {}) =>
  run(() => new ManagedDatabase("db", { ...args, ...more }));

describe("ManagedDatabase", () => {
  it("is an encrypted Multi-AZ instance with a managed password, IAM and forced TLS by default", async () => {
    const { one, outputs } = await build();
    const { inputs, protect } = one("rds/instance:Instance");
    const expected = {
      engine: "postgres",
      engineVersion: "17",
      multiAz: true,
      storageEncrypted: true,
      publiclyAccessible: false,
      manageMasterUserPassword: true,
      iamDatabaseAuthenticationEnabled: true,
      performanceInsightsEnabled: true,
      deletionProtection: true,
      skipFinalSnapshot: false,
      backupRetentionPeriod: 7,
      autoMinorVersionUpgrade: true,
      copyTagsToSnapshot: true,
    };
    const got = Object.fromEntries(Object.keys(expected).map((key) => [key, inputs[key]]));
    assert.deepEqual({ ...got, protect }, { ...expected, protect: true });
    assert.equal(inputs.password, undefined);
    assert.deepEqual(one("rds/parameterGroup:ParameterGroup").inputs.parameters, [
      { name: "rds.force_ssl", value: "1" },
    ]);
    assert.deepEqual(Object.keys(outputs.environment), [
      "DATABASE_SECRET_ARN",
      "DATABASE_HOST",
      "DATABASE_PORT",
      "DATABASE_NAME",
    ]);
  });

  it("takes a last snapshot under a name that a second stack of the same name does not take again", async () => {
    const nameIn = async (more: Partial<ManagedDatabaseArgs>, type: string) =>
      (await build(more)).one(type).inputs.finalSnapshotIdentifier;
    assert.equal(await nameIn({}, "rds/instance:Instance"), "db-1234567-final");
    assert.equal(await nameIn({ kind: "aurora" }, "rds/cluster:Cluster"), "db-1234567-final");
    assert.equal(await nameIn({ keepData: false }, "rds/instance:Instance"), undefined);
  });

  it("is Aurora Serverless v2 with an instance in two zones", async () => {
    const { one, all, outputs } = await build({ kind: "aurora", maxCapacity: 8 });
    const { inputs } = one("rds/cluster:Cluster");
    assert.equal(inputs.engine, "aurora-postgresql");
    assert.deepEqual(inputs.serverlessv2ScalingConfiguration, { minCapacity: 0.5, maxCapacity: 8 });
    assert.deepEqual(
      all("rds/clusterInstance:ClusterInstance").map((i) => [i.name, i.inputs.instanceClass]),
      [
        ["db-a", "db.serverless"],
        ["db-b", "db.serverless"],
      ],
    );
    assert.match(await valueOf(outputs.readEndpoint), /cluster-ro-/);
    // Not "upgrade": RDS refuses an Aurora cluster that asks for it.
    assert.deepEqual(inputs.enabledCloudwatchLogsExports, ["postgresql"]);
  });

  it("is a Multi-AZ cluster with its own storage", async () => {
    const { one } = await build({ kind: "cluster" });
    const { inputs } = one("rds/cluster:Cluster");
    assert.deepEqual(
      [inputs.engine, inputs.dbClusterInstanceClass, inputs.allocatedStorage, inputs.storageType],
      ["postgres", "db.m6gd.large", 100, "gp3"],
    );
  });

  it("leaves nothing behind without keepData", async () => {
    const { one, resources } = await build({ keepData: false });
    const { inputs } = one("rds/instance:Instance");
    assert.deepEqual([inputs.deletionProtection, inputs.skipFinalSnapshot], [false, true]);
    assert.deepEqual(
      resources.filter((r) => r.protect),
      [],
    );
  });

  it("lets in its clients only", async () => {
    const { one } = await build();
    const rule = one("vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs;
    assert.deepEqual([rule.fromPort, rule.referencedSecurityGroupId], [5432, "db-clients-id"]);
  });

  it("refuses every wrong argument in one error", async () => {
    await assert.rejects(
      build({ kind: "cluster", subnetIds: ["a", "b"], minCapacity: 0.3 }),
      /subnetIds must be three subnets at least for a cluster, got 2; minCapacity must be half units from 0 to 256, got 0.3/,
    );
  });
});

describe("ExternalDatabase", () => {
  const secretArn = "arn:aws:secretsmanager:eu-west-1:210987654321:secret:db-AbCdEf";
  const roleArn = "arn:aws:iam::210987654321:role/database-client";

  it("builds the way out and nothing else, and reads the secret by the other account's role", async () => {
    const { resources, outputs } = await run(
      () => new ExternalDatabase("db", { vpcId: "vpc-1", secretArn, roleArn, cidrBlocks: ["10.20.0.0/16"] }),
    );
    assert.deepEqual(
      resources.map((r) => r.type),
      [
        "groundwork:database:ExternalDatabase",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      ],
    );
    assert.deepEqual(outputs.clientStatements, [
      { Effect: "Allow", Action: ["sts:AssumeRole"], Resource: roleArn },
    ]);
    assert.deepEqual(Object.keys(outputs.environment), ["DATABASE_SECRET_ARN", "DATABASE_ROLE_ARN"]);
  });

  it("refuses what is no secret, no role and no block, in one error", async () => {
    const wrong = { vpcId: "vpc-1", secretArn: "db", roleArn: "me", cidrBlocks: ["here"] };
    await assert.rejects(
      run(() => new ExternalDatabase("db", wrong)),
      /secretArn must be the ARN of a Secrets Manager secret, got "db"; roleArn must be the ARN of an IAM role, got "me"; cidrBlocks must be/,
    );
  });
});
