import { DOCUMENTS } from "../../../policies/rules/aws/sizes";
import { PLACES } from "../../../policies/rules/aws/counts";
import type { Declared } from "../../../policies/declared";
import { allows, Cases, made, named, refuses } from "./case";

type Inputs = Declared["inputs"];

const INSTANCE = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const base64 = (length: number) => Buffer.alloc(length, "a").toString("base64");

/** Inputs of just so many bytes, by what a document is called. */
const OF_SIZE: Record<string, (size: number, what: string) => Inputs> = {
  "aws:ssm/parameter:Parameter": (size) => ({ value: "a".repeat(size) }),
  "aws:lambda/function:Function": (size) => ({ environment: { variables: { AB: "a".repeat(size - 2) } } }),
  "aws:ec2/launchTemplate:LaunchTemplate": (size) => ({ userData: base64(size) }),
  "aws:ec2/instance:Instance": (size) => ({ userDataBase64: base64(size) }),
  "aws:iam/role:Role": (size) => ({ assumeRolePolicy: " \n" + "a".repeat(size) }),
};
const ofSize = (type: string, what: string, size: number): Inputs =>
  OF_SIZE[type]?.(size, what) ?? { [what.replace("a ", "")]: "a".repeat(size) };

const database = (inputs: Inputs) =>
  made(INSTANCE, { engine: "postgres", instanceClass: "db.t4g.micro", ...inputs });
const aurora = (of: Inputs, engineVersion = "17", engine = "aurora-postgresql") =>
  made(CLUSTER, { engine, engineVersion, serverlessv2ScalingConfiguration: of });
const alarm = (inputs: Inputs) => made("aws:cloudwatch/metricAlarm:MetricAlarm", inputs);
const lifecycle = (...rules: Inputs[]) =>
  made("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", { rules });
const firewall = (...statements: Inputs[]) =>
  made("aws:wafv2/webAcl:WebAcl", { rules: statements.map((statement) => ({ statement })) });
const common = { managedRuleGroupStatement: { name: "AWSManagedRulesCommonRuleSet" } };
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

export const limitCases: Cases = {
  "writes no document longer than AWS accepts": [
    ...Object.entries(DOCUMENTS).flatMap(([type, documents]) =>
      documents.flatMap(({ what, most, page }) => {
        const size = most({});
        return [
          allows(`${type}: ${what} of ${size}`, made(type, ofSize(type, what, size))),
          refuses(
            `${type}: ${what} of one more`,
            [made(type, ofSize(type, what, size + 1))],
            `it has ${what} of ${size + 1} bytes, where AWS accepts ${size} (${page})`,
          ),
        ];
      }),
    ),
    allows(
      "an advanced parameter of twice the length",
      made("aws:ssm/parameter:Parameter", { tier: "Advanced", value: "a".repeat(8_192) }),
    ),
    refuses(
      "a longer one",
      [made("aws:ssm/parameter:Parameter", { tier: "Advanced", value: "a".repeat(8_193) })],
      "8192",
    ),
    refuses(
      "what few characters of many bytes are",
      [made("aws:ssm/parameter:Parameter", { value: "é".repeat(2_049) })],
      "4098",
    ),
    refuses(
      "plain user data of an instance",
      [made("aws:ec2/instance:Instance", { userData: "a".repeat(16_385) })],
      "16385",
    ),
    allows(
      "documents that nobody knows yet",
      made("aws:ssm/parameter:Parameter", { value: "(known after the update)" }),
    ),
  ],
  "puts no more into one place than AWS allows": [
    ...PLACES.flatMap(({ type, of, most, page }) => {
      const some = (count: number, place = "one") =>
        times(count, null).map((_, i) => named(`it-${i}`, type, of ? { [of]: place } : {}));
      return [
        allows(`${most} of ${type}`, ...some(most)),
        ...(of ? [allows(`${most} each of ${type} in two places`, ...some(most), ...some(most, "two"))] : []),
        refuses(
          `one more of ${type}`,
          some(most + 1),
          `has ${most + 1} of ${type}, where AWS allows ${most} (${page})`,
        ),
      ];
    }),
  ],
  "asks RDS only for what the engine and instance class support": [
    refuses(
      "a machine that RDS does not have",
      [database({ instanceClass: "db.t4g.nano" })],
      "runs postgres on a db.t4g.nano, which RDS does not offer for it",
    ),
    refuses(
      "a machine without disks of its own for a cluster of three",
      [made(CLUSTER, { engine: "postgres", dbClusterInstanceClass: "db.t4g.medium" })],
      "runs postgres on a db.t4g.medium",
    ),
    allows(
      "the machines that RDS has",
      database({}),
      made(CLUSTER, { engine: "postgres", dbClusterInstanceClass: "db.m6gd.large" }),
    ),
    allows(
      "Aurora's own",
      made("aws:rds/clusterInstance:ClusterInstance", {
        engine: "aurora-postgresql",
        instanceClass: "db.serverless",
      }),
    ),
    allows(
      "an engine whose machines we do not know",
      database({ engine: "oracle-ee", instanceClass: "db.any" }),
    ),
    refuses(
      "the speed of a small gp3 disk",
      [database({ storageType: "gp3", allocatedStorage: 399, iops: 12_000 })],
      "sets the speed of a gp3 disk of 399 GiB",
    ),
    refuses(
      "its throughput",
      [database({ storageType: "gp3", allocatedStorage: 20, storageThroughput: 500 })],
      "which postgres supports from 400 GiB",
    ),
    allows("the speed of a large one", database({ storageType: "gp3", allocatedStorage: 400, iops: 12_000 })),
    refuses(
      "a provisioned disk without its speed",
      [database({ storageType: "io2", allocatedStorage: 100 })],
      "has a disk of type io2 without iops",
    ),
    refuses(
      "a small provisioned disk",
      [database({ storageType: "io1", allocatedStorage: 99, iops: 1_000 })],
      "where at least 100 are required",
    ),
    refuses(
      "a tiny disk",
      [database({ storageType: "gp3", allocatedStorage: 19 })],
      "has a disk of type gp3 and 19 GiB, where at least 20 are required",
    ),
    allows(
      "disks that are just large enough",
      database({ storageType: "gp3", allocatedStorage: 20 }),
      database({ storageType: "io1", allocatedStorage: 100, iops: 1_000 }),
    ),
    refuses(
      "a disk that may grow to what it is",
      [database({ allocatedStorage: 20, maxAllocatedStorage: 20 })],
      "may grow to 20 GiB, but has 20 already",
    ),
    allows(
      "a disk that may grow, or must not",
      database({ allocatedStorage: 20, maxAllocatedStorage: 21 }),
      database({ allocatedStorage: 20, maxAllocatedStorage: 0 }),
    ),
    refuses(
      "Performance Insights of a small MySQL",
      [database({ engine: "mysql", performanceInsightsEnabled: true })],
      "too small for it",
    ),
    allows(
      "them of a larger one, and of a small PostgreSQL",
      database({ engine: "mysql", instanceClass: "db.t4g.medium", performanceInsightsEnabled: true }),
      database({ performanceInsightsEnabled: true }),
    ),
    refuses(
      "IAM's users in SQL Server",
      [database({ engine: "sqlserver-ex", iamDatabaseAuthenticationEnabled: true })],
      "turns on IAM sign-in for sqlserver-ex",
    ),
    allows("them in PostgreSQL", database({ iamDatabaseAuthenticationEnabled: true })),
    refuses("enhanced monitoring without a role", [database({ monitoringInterval: 60 })], "without a role"),
    allows(
      "it with one, or none of it",
      database({ monitoringInterval: 60, monitoringRoleArn: "role" }),
      database({ monitoringInterval: 0 }),
    ),
    refuses(
      "two passwords",
      [database({ password: "a-password", manageMasterUserPassword: true })],
      "has a password, but also asks RDS for one",
    ),
    refuses(
      "a key for nothing",
      [database({ performanceInsightsEnabled: false, performanceInsightsKmsKeyId: "key" })],
      "has them turned off",
    ),
    refuses(
      "a capacity upside down",
      [aurora({ minCapacity: 4, maxCapacity: 2 })],
      "has a minimum of 4 units of capacity, but a maximum of 2",
    ),
    refuses(
      "rest without a way down to nothing",
      [aurora({ minCapacity: 0.5, maxCapacity: 2, secondsUntilAutoPause: 300 })],
      "pauses after 300 seconds",
    ),
    refuses(
      "rest of an Aurora that cannot",
      [aurora({ minCapacity: 0, maxCapacity: 2 }, "16.2")],
      "scales down to no capacity, which aurora-postgresql 16.2 cannot",
    ),
    refuses(
      "rest of an Aurora that is too old for any",
      [aurora({ minCapacity: 0, maxCapacity: 2 }, "12.22")],
      "12.22 cannot",
    ),
    allows(
      "rest of those that can",
      ...["13.15", "16.3", "17.4", "17", "16"].map((version) =>
        aurora({ minCapacity: 0, maxCapacity: 2, secondsUntilAutoPause: 300 }, version),
      ),
      aurora({ minCapacity: 0, maxCapacity: 2 }, "8.0.mysql_aurora.3.08.0", "aurora-mysql"),
    ),
  ],
  "evaluates alarms over periods that CloudWatch accepts": [
    refuses(
      "more points than periods",
      [alarm({ period: 60, evaluationPeriods: 2, datapointsToAlarm: 3 })],
      "needs 3 of 2 periods",
    ),
    refuses("an odd period", [alarm({ period: 90, evaluationPeriods: 1 })], "has a period of 90 seconds"),
    refuses(
      "more than a day by minutes",
      [alarm({ period: 300, evaluationPeriods: 289 })],
      "looks back 86700 seconds, where CloudWatch accepts at most 86400",
    ),
    refuses(
      "more than a week by hours",
      [alarm({ period: 3_600, evaluationPeriods: 169 })],
      "where CloudWatch accepts at most 604800",
    ),
    allows("a day by minutes", alarm({ period: 300, evaluationPeriods: 288, datapointsToAlarm: 288 })),
    allows("a week by hours", alarm({ period: 3_600, evaluationPeriods: 168 })),
    allows("short periods", ...[10, 20, 30, 60].map((period) => alarm({ period, evaluationPeriods: 1 }))),
    allows("figures that say their periods themselves", alarm({ metricQueries: [], evaluationPeriods: 1 })),
  ],
  "gives buckets lifecycle rules that S3 accepts": [
    refuses(
      "a move on the day of the end",
      [lifecycle({ id: "old", transitions: [{ days: 30 }], expiration: { days: 30 } })],
      "moves objects after 30 days, but deletes them after 30 (rule old)",
    ),
    refuses(
      "half-done uploads by tags",
      [
        lifecycle({
          id: "a",
          filter: { tag: { key: "a", value: "b" } },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        }),
      ],
      "ends incomplete uploads by their tags",
    ),
    refuses(
      "marks of deletion by tags",
      [
        lifecycle({
          id: "a",
          filter: { and: { tags: { a: "b" } } },
          expiration: { expiredObjectDeleteMarker: true },
        }),
      ],
      "removes delete markers by their tags",
    ),
    allows(
      "a move before the end",
      lifecycle({ id: "old", transitions: [{ days: 29 }], expiration: { days: 30 } }),
    ),
    allows(
      "a move without an end, and an end without a move",
      lifecycle({ transitions: [{ days: 30 }] }, { expiration: { days: 1 } }),
    ),
    allows(
      "both of all objects",
      lifecycle({
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        expiration: { expiredObjectDeleteMarker: true },
      }),
    ),
  ],
  "keeps a firewall within its capacity": [
    refuses(
      "eight times the common rules",
      [firewall(...times(8, common))],
      "needs 5600 units of capacity or more, where a web ACL has 5000",
    ),
    allows("seven times", firewall(...times(7, common))),
    allows("rules that we do not know", firewall({ managedRuleGroupStatement: { name: "Another" } }, {})),
    ...(
      [
        [2, { rateBasedStatement: {} }],
        [42, { rateBasedStatement: { scopeDownStatement: { xssMatchStatement: {} } } }],
        [10, { byteMatchStatement: { positionalConstraint: "CONTAINS_WORD" } }],
        [2, { byteMatchStatement: { positionalConstraint: "EXACTLY" } }],
        [3, { regexMatchStatement: {} }],
        [25, { regexPatternSetReferenceStatement: {} }],
        [20, { sqliMatchStatement: { sensitivityLevel: "LOW" } }],
        [30, { sqliMatchStatement: { sensitivityLevel: "HIGH" } }],
        [1, { geoMatchStatement: {} }],
        [
          41,
          {
            notStatement: {
              statement: {
                andStatement: { statements: [{ geoMatchStatement: {} }, { xssMatchStatement: {} }] },
              },
            },
          },
        ],
        [2, { orStatement: { statements: [{ geoMatchStatement: {} }, { ipSetReferenceStatement: {} }] } }],
      ] as [number, Inputs][]
    ).flatMap(([units, statement]) => {
      const count = Math.floor(5_000 / units);
      return [
        allows(`${count} of ${JSON.stringify(statement)}`, firewall(...times(count, statement))),
        refuses(
          `one more of ${JSON.stringify(statement)}`,
          [firewall(...times(count + 1, statement))],
          `needs ${(count + 1) * units} units`,
        ),
      ];
    }),
  ],
};
