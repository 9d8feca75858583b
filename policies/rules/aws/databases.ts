import type { Declared } from "../../declared";
import { each, Rules } from "../rule";
import { PUBLISHED } from "./values";

type Inputs = Declared["inputs"];

const INSTANCE = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const MEMBER = "aws:rds/clusterInstance:ClusterInstance";

/** From 400 GiB on, their storage consists of four disks, and only then can it be faster than the included speed. */
const STRIPED = /^(postgres|mysql|mariadb|db2-.*)$/;
const STRIPED_FROM = 400;
const PROVISIONED = /^io[12]$/;
/** Too little memory for the performance schema. */
const SMALL = /^db\.(t2|t3|t4g)\.(micro|small)$/;
const BY_IAM = /^(postgres|mysql|mariadb|aurora-postgresql|aurora-mysql)$/;
/** The first minor versions of Aurora that can pause. */
const RESTS = ["13.15", "14.12", "15.7", "16.3"];

/** What an instance's settings require of its engine and class, one entry for each of AWS's refusals. */
const ASKED: ((inputs: Inputs, cluster: boolean) => string | false | undefined)[] = [
  ({ engine, instanceClass, dbClusterInstanceClass }, cluster) => {
    const machine = String((cluster ? dbClusterInstanceClass : instanceClass) ?? "");
    const known = PUBLISHED.classes[cluster ? "cluster" : "instance"][engine];
    return (
      machine.startsWith("db.") &&
      known &&
      !known.includes(machine) &&
      `runs ${engine} on a ${machine}, which RDS does not offer for it`
    );
  },
  ({ engine, storageType, allocatedStorage, iops, storageThroughput }, cluster) =>
    !cluster &&
    storageType === "gp3" &&
    STRIPED.test(engine) &&
    allocatedStorage < STRIPED_FROM &&
    (iops || storageThroughput) &&
    `sets the speed of a gp3 disk of ${allocatedStorage} GiB, which ${engine} supports from ${STRIPED_FROM} GiB`,
  ({ storageType, iops }) =>
    PROVISIONED.test(storageType) && !iops && `has a disk of type ${storageType} without iops`,
  ({ storageType, allocatedStorage }, cluster) => {
    const least = PROVISIONED.test(storageType) ? 100 : !cluster && /^gp[23]$/.test(storageType) ? 20 : 0;
    return (
      allocatedStorage < least &&
      `has a disk of type ${storageType} and ${allocatedStorage} GiB, where at least ${least} are required`
    );
  },
  ({ allocatedStorage, maxAllocatedStorage }) =>
    maxAllocatedStorage > 0 &&
    maxAllocatedStorage <= allocatedStorage &&
    `may grow to ${maxAllocatedStorage} GiB, but has ${allocatedStorage} already`,
  ({ engine, instanceClass, performanceInsightsEnabled }) =>
    performanceInsightsEnabled === true &&
    /^(mysql|mariadb)$/.test(engine) &&
    SMALL.test(instanceClass) &&
    `asks for Performance Insights of ${engine} on a ${instanceClass}, which is too small for it`,
  ({ engine, iamDatabaseAuthenticationEnabled }) =>
    iamDatabaseAuthenticationEnabled === true &&
    engine &&
    !BY_IAM.test(engine) &&
    `turns on IAM sign-in for ${engine}, which does not support it`,
  ({ monitoringInterval, monitoringRoleArn }) =>
    monitoringInterval > 0 && !monitoringRoleArn && "asks for enhanced monitoring without a role for it",
  ({ password, masterPassword, manageMasterUserPassword }) =>
    manageMasterUserPassword === true &&
    Boolean(password ?? masterPassword) &&
    "has a password, but also asks RDS for one",
  ({ performanceInsightsEnabled, performanceInsightsKmsKeyId }) =>
    performanceInsightsEnabled === false &&
    performanceInsightsKmsKeyId &&
    "has a key for Performance Insights, but has them turned off",
];

/** Capacities that Aurora refuses. */
function capacity({
  engine,
  engineVersion,
  serverlessv2ScalingConfiguration: of,
}: Inputs): string | false | undefined {
  if (!of) return;
  const { minCapacity: min, maxCapacity: max, secondsUntilAutoPause: rest } = of;
  if (min > max) return `has a minimum of ${min} units of capacity, but a maximum of ${max}`;
  if (rest !== undefined && min > 0)
    return `pauses after ${rest} seconds, but never has less than ${min} units of capacity`;
  return (
    min === 0 &&
    !rests(engine, String(engineVersion ?? "")) &&
    `scales down to no capacity, which ${engine} ${engineVersion} cannot`
  );
}

/** A major version alone means its newest minor version. */
function rests(engine: string, version: string): boolean {
  if (engine !== "aurora-postgresql") return true;
  const [major, minor] = version.split(".").map(Number);
  const first = RESTS.find((one) => Number(one.split(".")[0]) === major);
  if (minor === undefined || Number.isNaN(minor)) return !(major! < 13);
  return first ? minor >= Number(first.split(".")[1]) : major! > 16;
}

export const databaseRules: Rules = {
  "asks RDS only for what the engine and instance class support": each(
    [INSTANCE, CLUSTER, MEMBER],
    ({ type, inputs }) =>
      [...ASKED, ...(type === CLUSTER ? [capacity] : [])]
        .map((asked) => asked(inputs, type === CLUSTER))
        .filter(Boolean)
        .join("; "),
  ),
};
