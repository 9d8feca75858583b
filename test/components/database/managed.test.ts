import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedDatabaseArgs } from "../../../components/database/args";
import { ManagedDatabase } from "../../../components/database/managed";
import { physicalName, run, valueOf } from "../../harness";
import { some } from "../../some";
import { rightsIn } from "../../statements";
import { args, build, network } from "./managed-database";

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
    assert.deepEqual(await valueOf(pulumi.output(outputs.environment)), {
      DATABASE_IAM_USER: "web",
      DATABASE_HOST: "db.abc.eu-west-1.rds.amazonaws.com",
      DATABASE_PORT: "5432",
      DATABASE_NAME: "app",
    });
    assert.equal(inputs.dbName, "app");
  });

  it("applies changes during the up, also to a new major version, when told to", async () => {
    for (const kind of ["instance", "cluster", "aurora"] as const) {
      const { one } = await build({ kind });
      const { inputs } = one(kind === "instance" ? "rds/instance:Instance" : "rds/cluster:Cluster");
      assert.deepEqual([inputs.applyImmediately, inputs.allowMajorVersionUpgrade], [true, true], kind);
    }
  });

  it("gives its clients a cluster's reader endpoint, and none for a single instance", async () => {
    const environment = async (more: Partial<ManagedDatabaseArgs>) =>
      valueOf(pulumi.output((await build(more)).outputs.environment));
    const host = "db.cluster-abc.eu-west-1.rds.amazonaws.com";
    const reader = "db.cluster-ro-abc.eu-west-1.rds.amazonaws.com";
    for (const kind of ["cluster", "aurora"] as const)
      assert.deepEqual(await environment({ kind }), {
        DATABASE_IAM_USER: "web",
        DATABASE_HOST: host,
        DATABASE_PORT: "5432",
        DATABASE_NAME: "app",
        DATABASE_READ_HOST: reader,
      });
    assert.equal((await environment({ kind: "aurora", multiAz: false })).DATABASE_READ_HOST, undefined);
  });

  it("has alarms and backups that fit its kind", async () => {
    const known = async (kind: ManagedDatabaseArgs["kind"]) => {
      const { outputs } = await run(() => {
        const database = new ManagedDatabase("db", { ...args, kind });
        return { monitoring: database.monitoring(), dataArns: database.dataArns };
      });
      const { dataArns, monitoring } = await valueOf(pulumi.output(outputs));
      const figures = monitoring.flatMap(({ alarms }) => Object.values(alarms!));
      const events = monitoring.flatMap((one) => Object.values(one.events!));
      return [
        dataArns,
        some(figures).map(({ dimensions }) => dimensions),
        events.map(({ pattern }) => pattern.detail),
      ];
    };
    const failures = [{ SourceIdentifier: ["db"], EventCategories: ["failure", "failover"] }];
    const instance = { DBInstanceIdentifier: "db" };
    assert.deepEqual(await known("instance"), [
      ["arn:aws:rds:eu-west-1:123456789012:db:db"],
      [instance, instance],
      failures,
    ]);
    const cluster = { DBClusterIdentifier: "db" };
    assert.deepEqual(await known("aurora"), [
      ["arn:aws:rds:eu-west-1:123456789012:cluster:db"],
      [cluster],
      failures,
    ]);
    const ofCluster = await known("cluster");
    // Only Aurora has figures of a cluster.
    const members = [1, 2, 3].map((one) => ({ DBInstanceIdentifier: `db-instance-${one}` }));
    assert.deepEqual(ofCluster.slice(1), [members.flatMap((one) => [one, one]), failures]);
  });

  it("has RDS monitor the machine every minute, into RDS's own log group alone", async () => {
    const { one } = await build();
    const { inputs } = one("rds/instance:Instance");
    assert.deepEqual(
      [inputs.monitoringInterval, inputs.monitoringRoleArn],
      [60, `arn:aws:iam::123456789012:role/${physicalName("db-monitoring")}`],
    );
    assert.match(
      one("iam/role:Role", "db-monitoring").inputs.assumeRolePolicy,
      /"monitoring\.rds\.amazonaws\.com"/,
    );
    const rights = rightsIn(one("iam/rolePolicy:RolePolicy", "db-monitoring").inputs.policy);
    assert.deepEqual(
      new Set(Object.values(rights).flat()),
      new Set(["", ":*"].map((end) => `arn:aws:logs:eu-west-1:123456789012:log-group:RDSOSMetrics${end}`)),
    );
  });

  it("uses the given size, class and windows, and lets the storage grow tenfold", async () => {
    const told = { storageGiB: 50, instanceClass: "db.t4g.large", backupRetentionDays: 35, multiAz: false };
    const { inputs } = (await build(told)).one("rds/instance:Instance");
    assert.deepEqual(
      [
        inputs.allocatedStorage,
        inputs.maxAllocatedStorage,
        inputs.instanceClass,
        inputs.backupRetentionPeriod,
        inputs.multiAz,
      ],
      [50, 500, "db.t4g.large", 35, false],
    );
  });

  it("follows RDS's minor versions unless one is named, in the parameters of its major one", async () => {
    const found = async (version: string, kind: ManagedDatabaseArgs["kind"]) => {
      const { one } = await build({ version, kind });
      const [of, group] =
        kind === "instance"
          ? ["rds/instance:Instance", "rds/parameterGroup:ParameterGroup"]
          : ["rds/cluster:Cluster", "rds/clusterParameterGroup:ClusterParameterGroup"];
      const { inputs } = one(of);
      return [inputs.engineVersion, inputs.autoMinorVersionUpgrade, one(group).inputs.family];
    };
    assert.deepEqual(await found("17", "instance"), ["17", true, "postgres17"]);
    assert.deepEqual(await found("17.4", "instance"), ["17.4", false, "postgres17"]);
    assert.deepEqual(await found("16.6", "aurora"), ["16.6", undefined, "aurora-postgresql16"]);
    const { all } = await build({ version: "16.6", kind: "aurora" });
    assert.deepEqual(
      all("rds/clusterInstance:ClusterInstance").map(({ inputs }) => [
        inputs.engineVersion,
        inputs.autoMinorVersionUpgrade,
      ]),
      [
        [undefined, false],
        [undefined, false],
      ],
    );
  });

  it("allows a new major version, applied at once", async () => {
    for (const [kind, type] of [
      ["instance", "rds/instance:Instance"],
      ["cluster", "rds/cluster:Cluster"],
      ["aurora", "rds/cluster:Cluster"],
    ] as const) {
      const { inputs } = (await build({ kind })).one(type);
      assert.deepEqual([inputs.allowMajorVersionUpgrade, inputs.applyImmediately], [true, true]);
    }
  });

  it("lets the storage grow up to RDS's maximum, and sets no limit beyond that", async () => {
    const most = async (storageGiB: number) =>
      (await build({ storageGiB })).one("rds/instance:Instance").inputs.maxAllocatedStorage;
    assert.deepEqual(
      [await most(6_553), await most(7_000), await most(59_578), await most(59_579), await most(65_536)],
      [65_530, 65_536, 65_536, undefined, undefined],
    );
  });

  it("can be created from a snapshot, or from a point in time of another database, under that source's key", async () => {
    const inputs = async (
      kind: ManagedDatabaseArgs["kind"],
      restoreFrom: ManagedDatabaseArgs["restoreFrom"],
    ) =>
      (await build({ kind, restoreFrom })).one(
        kind === "instance" ? "rds/instance:Instance" : "rds/cluster:Cluster",
      ).inputs;
    const snapshotIdentifier = `${physicalName("db")}-final`;
    const fromSnapshot = await inputs("instance", { snapshotIdentifier });
    assert.deepEqual(
      [fromSnapshot.snapshotIdentifier, fromSnapshot.kmsKeyId, fromSnapshot.storageEncrypted],
      [snapshotIdentifier, undefined, true],
    );
    assert.equal((await inputs("aurora", { snapshotIdentifier })).snapshotIdentifier, snapshotIdentifier);
    const time = "2026-11-26T20:00:00Z";
    assert.deepEqual((await inputs("instance", { sourceIdentifier: "old", time })).restoreToPointInTime, {
      sourceDbInstanceIdentifier: "old",
      restoreTime: time,
    });
    assert.deepEqual((await inputs("aurora", { sourceIdentifier: "old" })).restoreToPointInTime, {
      sourceClusterIdentifier: "old",
      useLatestRestorableTime: true,
    });
    assert.deepEqual(
      (await inputs("cluster", { sourceIdentifier: "old", time: "latest" })).restoreToPointInTime,
      { sourceClusterIdentifier: "old", useLatestRestorableTime: true },
    );
  });

  it("refuses two sources, an empty source, and a version that RDS does not offer", async () => {
    const refused = (more: Partial<ManagedDatabaseArgs>, message: RegExp) =>
      assert.rejects(build(more), { message });
    await refused(
      { restoreFrom: {} },
      /restoreFrom must be one with either snapshotIdentifier or sourceIdentifier/,
    );
    await refused(
      { restoreFrom: { snapshotIdentifier: "s", sourceIdentifier: "d" } },
      /restoreFrom must be one with either snapshotIdentifier or sourceIdentifier/,
    );
    await refused(
      { restoreFrom: { snapshotIdentifier: "s", time: "latest" } },
      /restoreFrom must be one without time where snapshotIdentifier is given/,
    );
    for (const version of ["17.", "9.6", "17.4.1", "latest"])
      await refused(
        { version },
        /version must be a major version from "13" to "18", or one of its minor ones/,
      );
  });

  it("creates the database only once its monitoring role has its permissions", async () => {
    const { one } = await build();
    assert.ok(one("rds/instance:Instance").dependsOn.includes("db-monitoring"));
  });

  it("names the final snapshot so that a second stack of the same name uses another name", async () => {
    const nameIn = async (more: Partial<ManagedDatabaseArgs>, type: string) =>
      (await build(more)).one(type).inputs.finalSnapshotIdentifier;
    assert.equal(await nameIn({}, "rds/instance:Instance"), `${physicalName("db")}-final`);
    assert.equal(await nameIn({ kind: "aurora" }, "rds/cluster:Cluster"), `${physicalName("db")}-final`);
    assert.equal(await nameIn({ finalSnapshot: false }, "rds/instance:Instance"), undefined);
    // The documented way to a destroy takes the guards away first, and the snapshot is wanted then.
    assert.equal(await nameIn({ keepData: false }, "rds/instance:Instance"), `${physicalName("db")}-final`);
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
    const { one, resources } = await build({ keepData: false, finalSnapshot: false });
    const { inputs } = one("rds/instance:Instance");
    assert.deepEqual([inputs.deletionProtection, inputs.skipFinalSnapshot], [false, true]);
    assert.deepEqual(
      resources.filter((r) => r.protect),
      [],
    );
  });

  it("accepts only its clients", async () => {
    const { one } = await build();
    const rule = one("vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs;
    assert.deepEqual([rule.fromPort, rule.referencedSecurityGroupId], [5432, "db-clients-id"]);
  });

  it("refuses every wrong argument in one error", async () => {
    const few = { ...network, privateSubnetIds: ["a", "b"] };
    await assert.rejects(build({ kind: "cluster", network: few, minCapacity: 0.3 }), {
      message:
        'ManagedDatabase "db": minCapacity must be half units from 0.5 to 256, got 0.3; ' +
        "network must be one with 3 private subnets for kind cluster, got 2",
    });
  });

  it("refuses a network with one private subnet, whatever its kind", async () => {
    const network1 = { ...network, privateSubnetIds: ["a"] };
    for (const kind of ["instance", "aurora"] as const)
      await assert.rejects(build({ kind, network: network1 }), {
        message: `ManagedDatabase "db": network must be one with 2 private subnets for kind ${kind}, got 1`,
      });
  });

  it("refuses a kind that RDS does not have, and a largest capacity below the smallest", async () => {
    const kind = "server" as ManagedDatabaseArgs["kind"];
    await assert.rejects(build({ kind, minCapacity: 8, maxCapacity: 4 }), {
      message:
        'ManagedDatabase "db": kind must be one of instance, cluster, aurora, got "server"; ' +
        "maxCapacity must be minCapacity or more, got 4",
    });
  });
});
