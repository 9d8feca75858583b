import { label, ofType, Rules } from "../rule";
import { parsePolicy } from "../statements";

const TRAIL =
  "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html";

/** What AWS's own agents ask of the roles and policies that they are given, beyond what a plan can tell. */
export const agentRules: Rules = {
  // CreateTrail tries the role and answers InvalidCloudWatchLogsRoleArnException. AWS documents the conditions for buckets and keys
  // only; who set them on this role saw its log end (https://github.com/prowler-cloud/prowler/issues/4714).
  "lets CloudTrail take its role without a condition": (view) =>
    ofType(view, "aws:iam/role:Role")
      .filter(({ inputs }) =>
        parsePolicy(String(inputs.assumeRolePolicy)).some(
          ({ principals, conditions }) =>
            principals.includes("cloudtrail.amazonaws.com") && conditions.length > 0,
        ),
      )
      .map(
        (role) => `${label(role)} is taken by CloudTrail under a condition that it does not meet (${TRAIL})`,
      ),
};
