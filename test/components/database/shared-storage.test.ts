import { strict as assert } from "node:assert";
import type { SharedStorageArgs } from "../../../components/database/args";
import { refuseOtherVersion } from "../../../components/database/data-version";
import { SharedStorage } from "../../../components/database/shared-storage";
import { physicalName, run, Run, valueOf } from "../../harness";
import { onlyIf, rightsIn, statementOn, statementsIn, through } from "../../statements";
import { alarmLines, monitored } from "../monitoring-lines";

const network = {
  vpcId: "vpc-1",
  cidrBlock: "10.0.0.0/16",
  publicSubnetIds: [],
  privateSubnetIds: ["subnet-a", "subnet-b"],
  virtualIpRouteTableIds: ["rtb-1"],
};
const args: SharedStorageArgs = { keepData: true, network, bastion: { securityGroupId: "sg-bastion" } };

const REPOSITORY = { StringLike: { "s3:prefix": "pgbackrest/*" } };

const build = (more: Partial<SharedStorageArgs> = {}) =>
  run(() => new SharedStorage("db", { ...args, ...more }));

const policyOf = (result: Run<object>, name: string): string =>
  result.one("iam/rolePolicy:RolePolicy", name).inputs.policy;

describe("SharedStorage", () => {
  let built: Run<SharedStorage>;
  before(async () => {
    built = await build();
  });

  it("opens exactly the ports that the database needs", () => {
    const rules = (type: string) =>
      built
        .all(type)
        .map(({ inputs: i }) => [i.securityGroupId, i.fromPort, i.cidrIpv4 ?? i.referencedSecurityGroupId]);
    assert.deepEqual(rules("vpc/securityGroupIngressRule:SecurityGroupIngressRule").sort(), [
      ["db-nfs-id", 2049, "db-nodes-id"],
      ["db-nodes-id", 22, "sg-bastion"],
      ["db-nodes-id", 5432, "db-clients-id"],
    ]);
    assert.deepEqual(rules("vpc/securityGroupEgressRule:SecurityGroupEgressRule").sort(), [
      ["db-clients-id", 5432, "10.10.10.10/32"],
      ["db-nodes-id", 2049, "db-nfs-id"],
      ["db-nodes-id", 443, "0.0.0.0/0"],
    ]);
  });

  it("keeps the data encrypted and backed up, with a mount target in each subnet", () => {
    const files = built.one("efs/fileSystem:FileSystem");
    assert.equal(files.inputs.encrypted, true);
    assert.equal(files.protect, true);
    assert.deepEqual(built.one("efs/backupPolicy:BackupPolicy").inputs.backupPolicy, { status: "ENABLED" });
    assert.deepEqual(
      built.all("efs/mountTarget:MountTarget").map((target) => target.inputs.subnetId),
      ["subnet-a", "subnet-b"],
    );
  });

  it("notes on the data which major version made it, and refuses another one that comes later", async () => {
    const { tags } = built.one("efs/fileSystem:FileSystem").inputs;
    assert.equal(tags["groundwork:postgresql"], "17");
    const of = (version?: string) => ({
      tags: { Name: "db", ...(version && { "groundwork:postgresql": version }) },
    });
    const look = (oldInputs: object, newInputs: object) =>
      refuseOtherVersion({ name: "db", oldInputs, newInputs });
    await look(of("17"), of("17"));
    // Data of before this note: PostgreSQL itself has to look.
    await look(of(), of("18"));
    await assert.rejects(look(of("17"), of("18")), {
      message:
        'version must stay 17, which the data of "db" was made with, got 18: PostgreSQL cannot open data of another major version. ' +
        "The way to another one is a second stack beside this one: docs/database.md, Another major version",
    });
  });

  it("leaves its secret in another account, and reaches it by that account's roles alone", async () => {
    const arn = "arn:aws:secretsmanager:us-east-1:210987654321:secret:db-AbCdEf";
    const [nodeRoleArn, clientRoleArn] = ["keeper", "reader"].map(
      (role) => `arn:aws:iam::210987654321:role/${role}`,
    ) as [string, string];
    const there = await build({ secret: { arn, nodeRoleArn, clientRoleArn } });
    assert.deepEqual(there.all("secretsmanager/secret:Secret"), []);
    const { secretArn, environment, clientPermissions } = there.outputs;
    assert.deepEqual(
      [secretArn, environment],
      [arn, { DATABASE_SECRET_ARN: arn, DATABASE_ROLE_ARN: clientRoleArn }],
    );
    const assume = (Resource: string) => ({
      Effect: "Allow",
      Action: ["sts:AssumeRole"],
      Resource: [Resource],
    });
    assert.deepEqual(clientPermissions, [assume(clientRoleArn)]);
    assert.deepEqual(rightsIn(policyOf(there, "db-node"), /^(?!sts:|secretsmanager:)/), {
      "secretsmanager:GetRandomPassword": ["*"],
      "sts:AssumeRole": [nodeRoleArn],
    });
    const template = there.one("ec2/launchTemplate:LaunchTemplate", "db");
    const told = Buffer.from(template.inputs.userData, "base64").toString();
    assert.ok(told.includes(`"secretRoleArn":"${nodeRoleArn}"`) && !told.includes(clientRoleArn));
    assert.equal(built.all("secretsmanager/secret:Secret").length, 1);
  });

  it("leaves the backups to a plan where there is one", async () => {
    const planned = await build({ ownBackups: false });
    assert.deepEqual(planned.one("efs/backupPolicy:BackupPolicy").inputs.backupPolicy, {
      status: "DISABLED",
    });
  });

  it("lets only the nodes mount, through the access point and TLS", () => {
    const { policy } = built.one("efs/fileSystemPolicy:FileSystemPolicy").inputs;
    assert.deepEqual(
      statementsIn(policy, "Allow").map(({ Principal }) => Principal),
      [{ AWS: `arn:aws:iam::123456789012:role/${physicalName("db")}` }],
    );
    const { Condition } = statementOn(policy, "elasticfilesystem:ClientMount");
    assert.deepEqual(Object.keys(Condition!["StringEquals"]!), ["elasticfilesystem:AccessPointArn"]);
    assert.deepEqual(
      statementsIn(policy, "Deny").map(({ Principal, Action, Condition }) => [Principal, Action, Condition]),
      [[{ AWS: "*" }, ["*"], { Bool: { "aws:SecureTransport": "false" } }]],
    );
  });

  it("launches tagged nodes that know each other by their lease", () => {
    const group = built.one("autoscaling/group:Group").inputs;
    assert.deepEqual(
      group.tags.map((tag: { key: string; value: string }) => [tag.key, tag.value]),
      [
        ["Name", "db"],
        ["database", "true"],
        ["database-lease", physicalName("db")],
      ],
    );
    assert.deepEqual([group.minSize, group.maxSize, group.desiredCapacity], [1, 2, 2]);
    assert.equal(group.healthCheckType, "EC2");
  });

  it("accepts a new node only once it has reported ready, and gives up after a quarter of an hour", () => {
    const group = built.one("autoscaling/group:Group").inputs;
    assert.deepEqual(group.initialLifecycleHooks, [
      {
        name: "node-ready",
        lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeatTimeout: 900,
        defaultResult: "ABANDON",
      },
    ]);
    const policy = policyOf(built, "db-failover");
    const { Resource } = statementOn(policy, "autoscaling:CompleteLifecycleAction");
    assert.match(String(Resource), /:autoScalingGroupName\/db-\*$/);
  });

  it("sets its alarms by its own number of nodes", async () => {
    const { outputs } = await monitored(() => new SharedStorage("db", { ...args, nodes: 1 }));
    assert.match((await alarmLines(outputs.monitoring)).join("\n"), /DatabaseReady of Lease \S+ below 1,/);
  });

  it("lets a node stop only nodes of its own database, and move only the routes of the virtual IP", () => {
    const own = { "aws:ResourceTag/database-lease": physicalName("db") };
    const policy = policyOf(built, "db-node");
    assert.deepEqual(statementOn(policy, "ec2:StopInstances").Condition, { StringEquals: own });
    assert.deepEqual(statementOn(policy, "ec2:ModifyInstanceAttribute").Condition, {
      StringEquals: own,
      StringEqualsIgnoreCaseIfExists: { "ec2:Attribute": "SourceDestCheck" },
    });
    const rights = rightsIn(policy);
    assert.deepEqual(rights["ec2:ReplaceRoute"], ["arn:aws:ec2:eu-west-1:123456789012:route-table/rtb-1"]);
    const open = Object.keys(rights).filter((action) => rights[action]!.includes("*"));
    assert.deepEqual(open.sort(), [
      "ec2:DescribeInstances",
      "ec2:DescribeRouteTables",
      "secretsmanager:GetRandomPassword",
    ]);
  });

  it("backs up into a bucket of its own, under its own key, that stays when the stack goes", () => {
    const bucket = built.one("s3/bucket:Bucket", "db-backups");
    assert.deepEqual([bucket.protect, bucket.inputs.forceDestroy], [true, false]);
    const [rule] = built.one(
      "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "db-backups",
    ).inputs.rules;
    assert.deepEqual(rule, {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: "aws:kms",
        kmsMasterKeyId: "arn:aws:kms:eu-west-1:123456789012:key/db-id",
      },
      bucketKeyEnabled: true,
    });
  });

  it("lets a node read and write under one prefix of it, and report figures under one name", () => {
    const policy = policyOf(built, "db-node");
    const rights = rightsIn(policy);
    const repository = `arn:aws:s3:::${physicalName("db-backups")}/pgbackrest/*`;
    for (const action of ["s3:PutObject", "s3:DeleteObject"]) assert.deepEqual(rights[action], [repository]);
    assert.deepEqual(rights["s3:ListBucket"], [
      onlyIf(`arn:aws:s3:::${physicalName("db-backups")}`, REPOSITORY),
    ]);
    assert.deepEqual(rights["cloudwatch:PutMetricData"], [
      onlyIf("*", { StringEquals: { "cloudwatch:namespace": "Groundwork/Database" } }),
    ]);
  });

  it("lets a node read, and only read, the bucket that a restore comes from", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/another";
    const restoreFrom = { time: "latest", bucketName: "another-bucket", kmsKeyArn };
    const policy = policyOf(await build({ restoreFrom }), "db-node");
    const on = (action: string) =>
      rightsIn(policy)
        [action]!.filter((arn) => arn.includes("another"))
        .sort();
    assert.deepEqual(on("s3:GetObject"), ["arn:aws:s3:::another-bucket/pgbackrest/*"]);
    assert.deepEqual(on("s3:ListBucket"), [onlyIf("arn:aws:s3:::another-bucket", REPOSITORY)]);
    assert.deepEqual([on("s3:PutObject"), on("s3:DeleteObject")], [[], []]);
    assert.deepEqual(on("kms:Decrypt"), [through("s3", kmsKeyArn)]);
  });

  it("creates no bucket, permission or alarm if backups are off", async () => {
    const { outputs, all, ...rest } = await monitored(
      () => new SharedStorage("db", { ...args, backupRetentionDays: 0 }),
    );
    assert.deepEqual(
      all("s3/bucket:Bucket").map(({ name }) => name),
      ["db-agent"],
    );
    assert.equal(
      rightsIn(policyOf({ all, outputs, ...rest } as never, "db-node"))["s3:PutObject"],
      undefined,
    );
    assert.equal((await alarmLines(outputs.monitoring)).length, 3);
  });

  it("refuses a restore without backups, and a time that is invalid or has no zone", async () => {
    const restoreFrom = { time: "2026-11-26 20:00" };
    await assert.rejects(build({ restoreFrom, backupRetentionDays: 0 }), {
      message:
        'SharedStorage "db": restoreFrom.time must be latest, or a time in UTC such as 2026-11-26T20:00:00Z, ' +
        'got "2026-11-26 20:00"',
    });
    await assert.rejects(build({ restoreFrom: { time: "latest" }, backupRetentionDays: 0 }), {
      message: 'SharedStorage "db": backupRetentionDays must be 1 or more where restoreFrom is given, got 0',
    });
  });

  it("lets the failover function stop only the nodes of its own database", () => {
    const policy = policyOf(built, "db-failover");
    const own = { StringEquals: { "aws:ResourceTag/database-lease": physicalName("db") } };
    assert.deepEqual(statementOn(policy, "ec2:StopInstances").Condition, own);
    const actions = Object.keys(rightsIn(policy));
    assert.deepEqual(actions.filter((action) => /^(ec2|dynamodb):/.test(action)).sort(), [
      "dynamodb:GetItem",
      "dynamodb:UpdateItem",
      "ec2:CreateRoute",
      "ec2:DescribeInstanceStatus",
      "ec2:DescribeInstances",
      "ec2:DescribeRouteTables",
      "ec2:ReplaceRoute",
      "ec2:StopInstances",
    ]);
  });

  it("runs the failover function every minute and when an instance changes its state", () => {
    const rules = built.all("cloudwatch/eventRule:EventRule");
    assert.deepEqual(
      rules.map(({ inputs }) => inputs.scheduleExpression ?? JSON.parse(inputs.eventPattern)),
      ["rate(1 minute)", { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] }],
    );
    assert.equal(built.all("lambda/permission:Permission").length, 2);
  });

  it("puts no password anywhere: the secret is filled by the first node", () => {
    assert.deepEqual(built.all("secretsmanager/secretVersion:SecretVersion"), []);
    assert.deepEqual(Object.keys(built.outputs.environment), ["DATABASE_SECRET_ARN"]);
  });

  it("protects nothing without keepData", async () => {
    const loose = await build({ keepData: false });
    assert.deepEqual(
      loose.resources.filter((resource) => resource.protect),
      [],
    );
    assert.equal(loose.one("dynamodb/table:Table").inputs.deletionProtectionEnabled, false);
  });

  it("declares the same resources in preview and update", async () => {
    const preview = await run(() => new SharedStorage("db", args), { preview: true });
    const names = (r: Run<object>) =>
      r.resources.map((resource) => `${resource.type} ${resource.name}`).sort();
    assert.deepEqual(names(preview), names(built));
  });

  it("has alarms on its own lease", async () => {
    const { outputs } = await monitored(() => new SharedStorage("db", args));
    assert.deepEqual(await alarmLines(outputs.monitoring), [
      `database-healthy: Minimum Groundwork/Database DatabaseHealthy of Lease ${physicalName("db")} below 1, 2 x 60 s, silence is alarm`,
      `database-candidates: Minimum Groundwork/Database DatabaseCandidates of Lease ${physicalName("db")} below 1, 2 x 60 s`,
      `database-nodes: Minimum Groundwork/Database DatabaseReady of Lease ${physicalName("db")} below 2, 15 x 60 s`,
      `database-backups: Maximum Groundwork/Database BackupAgeHours of Lease ${physicalName("db")} above 50, 6 x 300 s, silence is alarm`,
      `database-archive: Maximum Groundwork/Database UnarchivedSeconds of Lease ${physicalName("db")} above 900, 2 x 300 s`,
      `database-drill: Maximum Groundwork/Database DrillsFailed of Lease ${physicalName("db")} above 0, 1 x 300 s`,
    ]);
  });

  it("has its nodes let out by a network that lets nothing out by default", async () => {
    const letOut: [string, unknown][] = [];
    const allowEgress = (name: string, group: unknown) => {
      letOut.push([name, group]);
      return [];
    };
    await build({ network: { ...network, allowEgress } });
    assert.deepEqual(await Promise.all(letOut.map(async ([name, group]) => [name, await valueOf(group)])), [
      ["db", "db-nodes-id"],
    ]);
  });

  it("refuses every wrong argument in one error", async () => {
    const wrong = {
      network: { ...network, privateSubnetIds: ["a"], virtualIpRouteTableIds: [] },
      nodes: 3,
      leaseSeconds: 1,
      virtualIp: "10.0.0.9",
    };
    await assert.rejects(build(wrong), {
      message:
        'SharedStorage "db": nodes must be a whole number from 1 to 2, got 3; ' +
        "leaseSeconds must be a whole number from 2 to 30, got 1; " +
        "network must be one with two private subnets, got 1; " +
        "network must be one with a route table for the virtual IP, got 0; " +
        "virtualIp must be an IPv4 address outside 10.0.0.0/16, where the VPC's own route would win, " +
        'got "10.0.0.9"',
    });
  });

  it("refuses a virtual IP that is not an address", async () => {
    await assert.rejects(build({ virtualIp: "here" }), {
      message: 'SharedStorage "db": virtualIp must be a valid ipv4, got "here"',
    });
  });
});
