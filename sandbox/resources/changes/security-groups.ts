import { Change, Changes } from "../../engine/types";
import { authorize, revokeAll } from "../security-groups";
import { withItsOwner } from "./calls";

/** All rules that the group itself declares. */
async function rules(r: Change): Promise<void> {
  for (const direction of ["ingress", "egress"] as const)
    if (r.changed.includes(direction)) await revokeAll(r, r.id, direction);
  await authorize(
    r,
    r.id,
    (["ingress", "egress"] as const).filter((direction) => r.changed.includes(direction)),
  );
}

export const securityGroups: Changes = {
  SecurityGroup: {
    carries: ["ingress", "egress", "revokeRulesOnDelete"],
    update: rules,
    remove: async (r) => (await r.use("ec2")).deleteSecurityGroup({ GroupId: r.id }),
  },
  DefaultSecurityGroup: { carries: ["ingress", "egress"], update: rules, remove: withItsOwner },
  SecurityGroupIngressRule: {
    remove: async (r) =>
      (await r.use("ec2")).revokeSecurityGroupIngress({
        GroupId: r.inputs["securityGroupId"],
        SecurityGroupRuleIds: [r.id],
      }),
  },
  SecurityGroupEgressRule: {
    remove: async (r) =>
      (await r.use("ec2")).revokeSecurityGroupEgress({
        GroupId: r.inputs["securityGroupId"],
        SecurityGroupRuleIds: [r.id],
      }),
  },
};
