import { everyPage } from "../../engine/pages";
import { IF_GIVEN, Read } from "../../engine/types";
import { nameOf } from "../iam";
import { asEnforced } from "./policies";

/** Roles and their rights. */
export const identities: Record<string, Read> = {
  "iam/Policy": {
    normally: { policy: undefined },
    async read(r) {
      const iam = await r.use("iam");
      const { Policy } = await iam.getPolicy({ PolicyArn: r.id });
      const { PolicyVersion } = await iam.getPolicyVersion({
        PolicyArn: r.id,
        VersionId: Policy!.DefaultVersionId,
      });
      return { policy: asEnforced(r.inputs["policy"], decodeURIComponent(PolicyVersion!.Document!)) };
    },
  },
  "iam/Role": {
    normally: {
      ...{ assumeRolePolicy: undefined, maxSessionDuration: 3600 },
      managedPolicyArns: IF_GIVEN,
    },
    async read(r) {
      const iam = await r.use("iam");
      const { Role } = await iam.getRole({ RoleName: r.id });
      const attached = await everyPage(
        (from) => iam.listAttachedRolePolicies({ RoleName: r.id, ...from }),
        (page) => page.AttachedPolicies,
      );
      return {
        assumeRolePolicy: decodeURIComponent(Role!.AssumeRolePolicyDocument!),
        maxSessionDuration: Role!.MaxSessionDuration,
        managedPolicyArns: attached.map(({ PolicyArn }) => PolicyArn),
      };
    },
  },
  "iam/RolePolicy": {
    normally: { policy: undefined },
    async read(r) {
      const iam = await r.use("iam");
      const { PolicyDocument } = await iam.getRolePolicy({
        RoleName: nameOf(r.inputs["role"]),
        PolicyName: r.outputs["name"],
      });
      return { policy: asEnforced(r.inputs["policy"], decodeURIComponent(PolicyDocument!)) };
    },
  },
};
