import { kept, LOST, Rule, taken } from "./rule";

/**
 * An account, or its region, has one of each. Whoever writes it last has it, and a deletion takes it from everybody: a program retains it, so
 * that no deletion comes here.
 */
const ONE_AN_ACCOUNT: Record<string, string> = {
  "apigateway/account:Account": "API Gateway: UpdateAccount",
  "ebs/encryptionByDefault:EncryptionByDefault": "EC2: EnableEbsEncryptionByDefault",
  "ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess": "EC2: EnableSnapshotBlockPublicAccess",
  "ec2/instanceMetadataDefaults:InstanceMetadataDefaults": "EC2: ModifyInstanceMetadataDefaults",
  "iam/accountPasswordPolicy:AccountPasswordPolicy": "IAM: UpdateAccountPasswordPolicy",
  "s3/accountPublicAccessBlock:AccountPublicAccessBlock": "S3 Control: PutPublicAccessBlock",
};

export const accountWide: Rule[] = [
  ...Object.entries(ONE_AN_ACCOUNT).map(([type, call]) =>
    kept(
      {
        name: `an account keeps its one ${type.split(":")[1]}`,
        code: LOST,
        call,
        source: "AWS's reference of the call: it has no name, so that there is one",
      },
      [type],
      () => true,
      ({ name }) => `${name} would be gone for all that goes by it in this account; retain it on delete`,
    ),
  ),
  taken(
    {
      name: "an account has one access analyzer",
      code: "ServiceQuotaExceededException",
      call: "AccessAnalyzer: CreateAnalyzer",
      source: "https://docs.aws.amazon.com/general/latest/gr/access-analyzer.html",
    },
    ["accessanalyzer/analyzer:Analyzer"],
    ({ type = "ACCOUNT" }) => type as unknown,
    () => "You have reached the maximum number of analyzers.",
  ),
  taken(
    {
      name: "a budget's name is unique",
      code: "DuplicateRecordException",
      call: "Budgets: CreateBudget",
      source:
        "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateBudget.html",
    },
    ["budgets/budget:Budget"],
    ({ name }) => name as unknown,
    (name) => `Error creating budget: ${name} - the budget already exists.`,
  ),
];
