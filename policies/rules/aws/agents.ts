import { each, label, ofType, Rules } from "../rule";
import { parsePolicy } from "../statements";

const TRAIL =
  "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html";

const LOGS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html";
const LOGS_NEED = ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "DescribeKey"];

/** What AWS's own agents require of their roles and policies, beyond what a plan can show. */
export const agentRules: Rules = {
  // CreateTrail tests the role and answers InvalidCloudWatchLogsRoleArnException. AWS documents these conditions only for buckets and
  // keys. Somebody who set them on this role saw the log end (https://github.com/prowler-cloud/prowler/issues/4714).
  "lets CloudTrail assume its role without a condition": (view) =>
    ofType(view, "aws:iam/role:Role")
      .filter(({ inputs }) =>
        parsePolicy(String(inputs.assumeRolePolicy)).some(
          ({ principals, conditions }) =>
            principals.includes("cloudtrail.amazonaws.com") && conditions.length > 0,
        ),
      )
      .map((role) => `${label(role)} has a condition that CloudTrail does not meet (${TRAIL})`),

  // CreateLogGroup and AssociateKmsKey test the key.
  "gives CloudWatch Logs all that it needs of a key, or nothing": each(["aws:kms/key:Key"], ({ inputs }) => {
    const given = parsePolicy(String(inputs.policy)).filter(({ principals }) =>
      principals.some((one) => /^logs\.[\w-]+\.amazonaws\.com$/.test(one)),
    );
    const actions = given.flatMap((statement) => statement.actions);
    const has = (action: string) => actions.some((one) => allows(one, `kms:${action}`));
    const missing = given.length > 0 ? LOGS_NEED.filter((action) => !has(action)) : [];
    return missing.length > 0 && `does not allow CloudWatch Logs ${missing.join(", ")} (${LOGS})`;
  }),
};

const allows = (pattern: string, action: string) =>
  pattern.endsWith("*") ? action.startsWith(pattern.slice(0, -1)) : pattern === action;
