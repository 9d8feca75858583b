import { z } from "zod";
import { MANAGED_KINDS } from "../../components/database/managed";
import { cidr } from "./cidr";
import { by, Environment, logDays, matching, whole } from "./environment";

const secretArn = matching(/^arn:aws[\w-]*:secretsmanager:/, "the ARN of a secret in Secrets Manager");
const roleArn = matching(/^arn:aws[\w-]*:iam::\d{12}:role\//, "the ARN of a role");
const keyArn = matching(/^arn:aws[\w-]*:kms:/, "the ARN of a KMS key");

/** Where the database is reached when nobody says otherwise. */
export const USUAL_VIRTUAL_IP = "10.10.10.10";

const sharedStorage = (environment: Environment) =>
  z.strictObject({
    engine: z.literal("shared-storage").describe("PostgreSQL on a shared file system behind a virtual IP"),
    virtualIp: z
      .ipv4()
      .default(USUAL_VIRTUAL_IP)
      .describe("Where it is reached, outside the VPC's own block"),
    nodes: whole(1, 2).default(2).describe("With one, a failover takes as long as a new machine needs"),
    instanceType: z.string().default("t4g.small").describe("The nodes, arm64"),
    version: whole(15, 18).default(17).describe("PostgreSQL's major version"),
    leaseSeconds: whole(2, 60).default(2).describe("How long a node counts on its lease"),
    passwordDays: whole(1, 365).default(30).describe("The clients' password is changed when it is this old"),
    keyName: z.string().optional().describe("The EC2 key pair for SSH from the bastion"),
    sessionManager: z.boolean().default(true).describe("Opens Session Manager to the nodes"),
    logRetentionDays: logDays(environment).describe("How long its logs are kept"),
  });

const managed = (environment: Environment) =>
  z.strictObject({
    engine: z.literal("managed").describe("RDS"),
    kind: z
      .enum(MANAGED_KINDS)
      .default("instance")
      .describe("One with a standby, three of which two can be read, or Aurora Serverless v2"),
    multiAz: z
      .boolean()
      .default(by(environment, { dev: false, prod: true }))
      .describe("A standby in another zone"),
    version: z.string().default("17").describe("PostgreSQL's major version"),
    instanceClass: z.string().optional().describe("The machine; the kind's smallest when left out"),
    storageGiB: whole(20, 65_536).optional().describe("The disk; the kind's smallest when left out"),
    minCapacity: z.number().min(0.5).max(128).optional().describe("Aurora's smallest capacity"),
    maxCapacity: z.number().min(1).max(128).optional().describe("Aurora's largest capacity"),
    backupRetentionDays: whole(1, 35)
      .default(by(environment, { dev: 1, stag: 7, prod: 35 }))
      .describe("How far back a restore reaches"),
  });

const external = z.strictObject({
  engine: z.literal("external").describe("A database that somebody else runs"),
  secretArn: secretArn.describe("User, password and, unless `endpoint` says it, the host"),
  roleArn: roleArn
    .optional()
    .describe("The role to read the secret with, where it belongs to another account"),
  kmsKeyArn: keyArn.optional().describe("The secret's key, where it is not the account's own"),
  endpoint: z.string().optional().describe("Where it is; what the secret says when left out"),
  readEndpoint: z.string().optional().describe("Where it can be read"),
  cidrBlocks: z.array(cidr).min(1).describe("Where it is: clients reach nothing else"),
});

export const databaseSettings = (environment: Environment) =>
  z.discriminatedUnion("engine", [sharedStorage(environment), managed(environment), external]);
