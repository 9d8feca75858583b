import { trusts } from "./rights";
import { inUse, kept, needs, overwritten, Rule, taken } from "./rule";

const SECRET = "secretsmanager/secret:Secret";
/** A secret in its recovery window. */
const DELETED_SECRET = "secretsmanager/deleted:Deleted";
const VAULT = "backup/vault:Vault";
const PLAN = "backup/plan:Plan";
const SELECTION = "backup/selection:Selection";
const POOL = "cognito/userPool:UserPool";
const SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/apireference";
const BACKUP = "https://docs.aws.amazon.com/aws-backup/latest/devguide";
const COGNITO = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference";
const SSM = "https://docs.aws.amazon.com/systems-manager/latest/APIReference";

/** By what people of a pool may begin to sign in. */
const factorsOf = ({ signInPolicy }: Record<string, unknown>): string[] =>
  (signInPolicy as { allowedFirstAuthFactors?: string[] } | undefined)?.allowedFirstAuthFactors ?? [];

export const keeping: Rule[] = [
  {
    ...taken(
      {
        name: "a secret's name is unique",
        code: "ResourceExistsException",
        call: "Secrets Manager: CreateSecret",
        source: `${SECRETS}/API_CreateSecret.html`,
      },
      [SECRET],
      ({ name }) => name as unknown,
      (name) => `The operation failed because the secret ${name} already exists.`,
    ),
  },
  {
    name: "a deleted secret keeps its name for a while",
    code: "InvalidRequestException",
    source: `${SECRETS}/API_DeleteSecret.html`,
    on: ["create", "delete"],
    types: [SECRET],
    refuses: ({ operation, inputs: { name } }, account) =>
      operation === "create" && account.all(DELETED_SECRET).some(({ inputs }) => inputs.name === name)
        ? {
            call: "Secrets Manager: CreateSecret",
            message:
              "You can't create this secret because a secret with this name is already scheduled for deletion.",
          }
        : undefined,
    leaves({ inputs: { name, recoveryWindowInDays = 30 } }, account) {
      if (recoveryWindowInDays > 0) account.put(`left:${DELETED_SECRET}`, "deleted", { name });
    },
  },
  taken(
    {
      name: "a key alias is unique",
      code: "AlreadyExistsException",
      call: "KMS: CreateAlias",
      source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html",
    },
    ["kms/alias:Alias"],
    ({ name }) => name as unknown,
    (name) => `An alias with the name arn:aws:kms:eu-west-1:123456789012:${name} already exists`,
  ),
  inUse(
    // Not refused: KMS schedules the deletion, and what is encrypted is lost with it.
    {
      name: "a key stays while data is under it",
      code: "(taken by AWS, and its data lost)",
      call: "KMS: ScheduleKeyDeletion",
      source: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    },
    ["kms/key:Key"],
    ({ outputs }) => outputs.arn as unknown,
    [
      "rds/instance:Instance",
      "rds/cluster:Cluster",
      "backup/vault:Vault",
      "efs/fileSystem:FileSystem",
      "dynamodb/table:Table",
      ":BucketServerSideEncryptionConfiguration",
    ],
    (_, { name }) => `the data of ${name} could no longer be read`,
  ),
  taken(
    {
      name: "a parameter's name is unique",
      code: "ParameterAlreadyExists",
      call: "SSM: PutParameter",
      source: `${SSM}/API_PutParameter.html`,
    },
    ["ssm/parameter:Parameter"],
    ({ name }) => name as unknown,
    () =>
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
  ),
  taken(
    {
      name: "a document's name is unique",
      code: "DocumentAlreadyExists",
      call: "SSM: CreateDocument",
      source: `${SSM}/API_CreateDocument.html`,
    },
    ["ssm/document:Document"],
    ({ name }) => name as unknown,
    (name) => `Document with same name ${name} already exists`,
  ),
  taken(
    {
      name: "a vault's name is unique",
      code: "AlreadyExistsException",
      call: "Backup: CreateBackupVault",
      source: `${BACKUP}/API_CreateBackupVault.html`,
    },
    [VAULT],
    ({ name }) => name as unknown,
    (name) => `Backup vault with the same name already exists: ${name}`,
  ),
  kept(
    {
      name: "a vault with backups stays",
      code: "InvalidRequestException",
      call: "Backup: DeleteBackupVault",
      source: `${BACKUP}/API_DeleteBackupVault.html`,
    },
    [VAULT],
    ({ inputs }) => inputs.forceDestroy !== true,
    () => "Backup vault cannot be deleted because it contains recovery points.",
  ),
  inUse(
    {
      name: "a plan with selections stays",
      code: "InvalidRequestException",
      call: "Backup: DeleteBackupPlan",
      source: `${BACKUP}/API_DeleteBackupPlan.html`,
    },
    [PLAN],
    ({ id }) => id,
    [SELECTION],
    () => "Related backup plan selections must be deleted prior to backup plan deletion",
  ),
  trusts(
    {
      code: "InvalidParameterValueException",
      call: "Backup: CreateBackupSelection",
      source: `${BACKUP}/API_CreateBackupSelection.html`,
      message: "IAM Role cannot be assumed by AWS Backup",
    },
    SELECTION,
    ({ iamRoleArn }) => iamRoleArn as unknown,
    "backup.amazonaws.com",
  ),
  kept(
    {
      name: "a guarded user pool stays",
      code: "InvalidParameterException",
      call: "Cognito Identity Provider: DeleteUserPool",
      source: `${COGNITO}/API_DeleteUserPool.html`,
    },
    [POOL],
    ({ inputs }) => inputs.deletionProtection === "ACTIVE",
    () =>
      "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
  ),
  taken(
    {
      name: "a user group's name is unique",
      code: "GroupExistsException",
      call: "Cognito Identity Provider: CreateGroup",
      source: `${COGNITO}/API_CreateGroup.html`,
    },
    ["cognito/userGroup:UserGroup"],
    ({ userPoolId, name }) => `${String(userPoolId)} ${String(name)}`,
    () => "A group with the name already exists.",
  ),
  needs(
    {
      name: "a user pool's attributes stay",
      code: "InvalidParameterException",
      call: "Cognito Identity Provider: UpdateUserPool",
      source: `${COGNITO}/API_AddCustomAttributes.html`,
    },
    [POOL],
    ({ schemas = [] }, _, { thing }) =>
      ((thing!.inputs.schemas ?? []) as { name: string }[]).every(({ name }) =>
        (schemas as { name: string }[]).some((one) => one.name === name),
      ),
    () => "cannot modify or remove schema items",
    { on: ["update"] },
  ),
  needs(
    {
      // The provider sets the factors first, and takes the passkeys out of the pool afterwards.
      name: "passkeys go before a second factor is required",
      code: "InvalidParameterException",
      call: "Cognito Identity Provider: SetUserPoolMfaConfig",
      source: "https://github.com/hashicorp/terraform-provider-aws/issues/50110",
    },
    [POOL],
    ({ mfaConfiguration }, _, { thing }) =>
      mfaConfiguration !== "ON" || !factorsOf(thing!.inputs).includes("WEB_AUTHN"),
    () => "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.",
    { on: ["update"] },
  ),
  overwritten(
    {
      name: "a bucket is scanned once",
      call: "GuardDuty: CreateMalwareProtectionPlan",
      source:
        "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateMalwareProtectionPlan.html",
    },
    ["guardduty/malwareProtectionPlan:MalwareProtectionPlan"],
    ({ protectedResource }) => protectedResource?.s3Bucket?.bucketName as unknown,
  ),
];
