import { Inputs, inUse, kept, needs, Rule, taken } from "./rule";

const INSTANCE = "rds/instance:Instance";
const CLUSTER = "rds/cluster:Cluster";
const PARAMETERS = ["rds/parameterGroup:ParameterGroup", "rds/clusterParameterGroup:ClusterParameterGroup"];
const SUBNETS = "rds/subnetGroup:SubnetGroup";
/** What a deleted database leaves behind. */
const SNAPSHOT = "rds/snapshot:Snapshot";
/** A change that waits for the maintenance window: the database stands as before until then. */
const PENDING = "rds/pending:Pending";
const API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference";

const major = ({ engine, engineVersion }: Inputs) => {
  const [first, second] = String(engineVersion).split(".");
  return String(engine).includes("postgres") ? first : `${first}.${second}`;
};
/** The engine's version that a family such as `postgres17` or `mysql8.4` is of. */
const familyFits = ({ engine, engineVersion }: Inputs, family: unknown) =>
  engineVersion === undefined ||
  String(family) === `${String(engine)}${String(major({ engine, engineVersion }))}`;

export const databases: Rule[] = [
  taken(
    {
      name: "a database's identifier is unique",
      code: "DBInstanceAlreadyExists",
      call: "RDS: CreateDBInstance",
      source: `${API}/API_CreateDBInstance.html`,
    },
    [INSTANCE],
    ({ identifier }) => identifier as unknown,
    () => "DB instance already exists",
  ),
  {
    ...kept(
      {
        name: "a guarded database stays",
        code: "InvalidParameterCombination",
        call: "RDS: DeleteDBInstance",
        source: `${API}/API_DeleteDBInstance.html`,
      },
      [INSTANCE],
      ({ inputs }) => inputs.deletionProtection === true,
      () => "Cannot delete protected DB Instance, please disable deletion protection and try again.",
    ),
    leaves({ inputs }, account) {
      if (!inputs.skipFinalSnapshot && inputs.finalSnapshotIdentifier !== undefined)
        account.put(`left:${SNAPSHOT}`, "final", { identifier: inputs.finalSnapshotIdentifier });
    },
  },
  kept(
    {
      name: "a guarded cluster stays",
      code: "InvalidParameterCombination",
      call: "RDS: DeleteDBCluster",
      source: `${API}/API_DeleteDBCluster.html`,
    },
    [CLUSTER],
    ({ inputs }) => inputs.deletionProtection === true,
    () => "Cannot delete protected Cluster, please disable deletion protection and try again.",
  ),
  kept(
    {
      name: "a last snapshot has a name of its own",
      code: "DBSnapshotAlreadyExists",
      call: "RDS: DeleteDBInstance",
      source: `${API}/API_DeleteDBInstance.html`,
    },
    [INSTANCE],
    ({ inputs }, account) =>
      !inputs.skipFinalSnapshot &&
      account.all(SNAPSHOT).some((one) => one.inputs.identifier === inputs.finalSnapshotIdentifier),
    ({ inputs }) =>
      `Cannot create the snapshot because a snapshot with the identifier ${String(inputs.finalSnapshotIdentifier)} already exists.`,
  ),
  {
    ...needs(
      {
        name: "a new major version is allowed explicitly",
        code: "InvalidParameterCombination",
        call: "RDS: ModifyDBInstance",
        source: `${API}/API_ModifyDBInstance.html`,
      },
      [INSTANCE, CLUSTER],
      (inputs, _, { thing }) =>
        major(inputs) === major(thing!.inputs) || inputs.allowMajorVersionUpgrade === true,
      ({ engineVersion }) =>
        `The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version, ${String(engineVersion)}.`,
      { on: ["update"] },
    ),
    leaves({ inputs: before }, account, after) {
      if (after && major(after) !== major(before) && !after.applyImmediately)
        account.put(`left:${PENDING}`, "pending", {
          parameterGroupName: before.parameterGroupName ?? before.dbClusterParameterGroupName,
        });
    },
  },
  needs(
    {
      name: "a version never goes back",
      code: "InvalidParameterCombination",
      call: "RDS: ModifyDBInstance",
      source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html",
    },
    [INSTANCE, CLUSTER],
    ({ engineVersion }, _, { thing }) =>
      engineVersion === undefined ||
      Number.parseFloat(String(engineVersion)) >= Number.parseFloat(String(thing!.inputs.engineVersion)),
    ({ engine, engineVersion }) => `Cannot upgrade ${String(engine)} to ${String(engineVersion)}`,
    { on: ["update"] },
  ),
  needs(
    {
      name: "a parameter group fits the version's family",
      code: "InvalidParameterCombination",
      call: "RDS: ModifyDBInstance",
      source: `${API}/API_ModifyDBInstance.html`,
    },
    [INSTANCE],
    (inputs, account) => {
      const group = account.find(PARAMETERS[0]!, inputs.parameterGroupName);
      return !group || familyFits(inputs, group.inputs.family);
    },
    ({ parameterGroupName }) =>
      `The parameter group ${String(parameterGroupName)} can't be used for this instance: it is of another DBParameterGroupFamily.`,
  ),
  needs(
    {
      name: "storage only grows",
      code: "InvalidParameterCombination",
      call: "RDS: ModifyDBInstance",
      source: `${API}/API_ModifyDBInstance.html`,
    },
    [INSTANCE],
    ({ allocatedStorage }, _, { thing }) =>
      Number(allocatedStorage ?? 0) >= Number(thing!.inputs.allocatedStorage ?? 0),
    () => "The allocated storage size must not be smaller than the current storage size.",
    { on: ["update"] },
  ),
  ...PARAMETERS.flatMap((type) => [
    taken(
      {
        name: `a parameter group's name is unique: ${type.split(":")[1]}`,
        code: "DBParameterGroupAlreadyExists",
        call: "RDS: CreateDBParameterGroup",
        source: `${API}/API_CreateDBParameterGroup.html`,
      },
      [type],
      ({ name }) => name as unknown,
      (name) => `Parameter group ${name} already exists`,
    ),
    inUse(
      {
        name: `a parameter group in use stays: ${type.split(":")[1]}`,
        code: "InvalidDBParameterGroupState",
        call: "RDS: DeleteDBParameterGroup",
        source: `${API}/API_DeleteDBParameterGroup.html`,
      },
      [type],
      ({ inputs }) => inputs.name as unknown,
      [INSTANCE, CLUSTER, PENDING],
      () =>
        "One or more database instances are still members of this parameter group, so the group cannot be deleted",
    ),
  ]),
  taken(
    {
      name: "a subnet group's name is unique",
      code: "DBSubnetGroupAlreadyExists",
      call: "RDS: CreateDBSubnetGroup",
      source: `${API}/API_CreateDBSubnetGroup.html`,
    },
    [SUBNETS],
    ({ name }) => name as unknown,
    (name) => `The DB subnet group '${name}' already exists.`,
  ),
  needs(
    {
      name: "a subnet group spans two zones",
      code: "DBSubnetGroupDoesNotCoverEnoughAZs",
      call: "RDS: CreateDBSubnetGroup",
      source: `${API}/API_CreateDBSubnetGroup.html`,
    },
    [SUBNETS],
    ({ subnetIds = [] }, account) => {
      const zones = (subnetIds as unknown[]).flatMap(
        (one) => account.find("ec2/subnet:Subnet", one)?.inputs.availabilityZone ?? [],
      );
      return zones.length === 0 || new Set(zones).size > 1;
    },
    () =>
      "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Please add subnets to cover at least 2 AZs.",
  ),
  needs(
    {
      name: "a database's subnets stay in its group",
      code: "InvalidParameterValue",
      call: "RDS: ModifyDBSubnetGroup",
      source: `${API}/API_ModifyDBSubnetGroup.html`,
    },
    [SUBNETS],
    ({ name, subnetIds = [] }, account, { thing }) => {
      // RDS says nowhere beforehand which of the zones it takes: here, the first two.
      const held = ((thing!.inputs.subnetIds ?? []) as unknown[]).slice(0, 2);
      return (
        account.naming(name, [INSTANCE, CLUSTER]).length === 0 ||
        held.every((one) => (subnetIds as unknown[]).includes(one))
      );
    },
    () => "Some of the subnets to be deleted are currently in use: they have a DB instance",
    { on: ["update"] },
  ),
  inUse(
    {
      name: "a subnet group in use stays",
      code: "InvalidDBSubnetGroupStateFault",
      call: "RDS: DeleteDBSubnetGroup",
      source: `${API}/API_DeleteDBSubnetGroup.html`,
    },
    [SUBNETS],
    ({ inputs }) => inputs.name as unknown,
    [INSTANCE, CLUSTER],
    ({ inputs }) =>
      `Cannot delete the subnet group '${String(inputs.name)}' because at least one database instance is still using it.`,
  ),
];
