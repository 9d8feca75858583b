import { Case, Ground, MANAGED, POLICY } from "./ground";

const group = async ({ use }: Ground, id: string) => {
  const ec2 = await use("ec2");
  const { SecurityGroupRules } = await ec2.describeSecurityGroupRules({ SecurityGroupRuleIds: [id] });
  return { ec2, GroupId: SecurityGroupRules![0]!.GroupId, SecurityGroupRuleIds: [id] };
};
const rule = (on: Ground) => ({
  ...{ securityGroupId: on.group, ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/8" },
});

/** What belongs to something else, which stays when somebody takes this away. */
export const GONE: Record<string, Pick<Case, "given" | "byHand">> = {
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    given: ({ role }) => ({ role, policyArn: MANAGED }),
    byHand: async ({ use, role }) =>
      (await use("iam")).detachRolePolicy({ RoleName: role, PolicyArn: MANAGED }),
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    given: ({ bucket }) => ({
      bucket,
      policy: POLICY("s3:GetObject", { Principal: "*", Resource: `arn:aws:s3:::${bucket}/*` }),
    }),
    byHand: async ({ use, bucket }) => (await use("s3")).deleteBucketPolicy({ Bucket: bucket }),
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    given: ({ bucket }) => ({ bucket, blockPublicAcls: true }),
    byHand: async ({ use, bucket }) => (await use("s3")).deletePublicAccessBlock({ Bucket: bucket }),
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    given: rule,
    byHand: async (on, id) => {
      const { ec2, ...of } = await group(on, id);
      await ec2.revokeSecurityGroupEgress(of);
    },
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    given: rule,
    byHand: async (on, id) => {
      const { ec2, ...of } = await group(on, id);
      await ec2.revokeSecurityGroupIngress(of);
    },
  },
};
