import { everyPage } from "../../engine/pages";
import { documentText } from "../../engine/shape";
import { Changes, Inputs } from "../../engine/types";
import { motoIam, nameOf } from "../iam";
import { enforceable } from "../policy-quirks";
import { again, ifThere, moved } from "./calls";

const inline = (i: Inputs) => ((i["inlinePolicies"] ?? []) as Inputs[]).filter(({ name }) => name);

export const iam: Changes = {
  Role: {
    carries: [
      ...["assumeRolePolicy", "description", "maxSessionDuration", "inlinePolicies", "managedPolicyArns"],
      "forceDetachPolicies",
    ],
    async update(r) {
      const iam = await r.use("iam");
      const i = r.inputs;
      const RoleName = r.id;
      if (r.changed.includes("assumeRolePolicy"))
        await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: documentText(i["assumeRolePolicy"]) });
      if (r.changed.includes("description") || r.changed.includes("maxSessionDuration"))
        await iam.updateRole({
          RoleName,
          Description: i["description"], // MiniStack ignores an empty one
          MaxSessionDuration: i["maxSessionDuration"] ?? 3600,
        });
      const names = moved(
        inline(r.before).map(({ name }) => String(name)),
        inline(i).map(({ name }) => String(name)),
      );
      for (const PolicyName of names.gone) await iam.deleteRolePolicy({ RoleName, PolicyName });
      for (const { name, policy } of inline(i))
        await iam.putRolePolicy({ RoleName, PolicyName: name, PolicyDocument: enforceable(policy) });
      const managed = moved<string>(r.before["managedPolicyArns"], i["managedPolicyArns"]);
      for (const PolicyArn of managed.gone) await iam.detachRolePolicy({ RoleName, PolicyArn });
      for (const PolicyArn of managed.added) await iam.attachRolePolicy({ RoleName, PolicyArn });
    },
    async remove(r) {
      const iam = await r.use("iam");
      const RoleName = r.id;
      for (const { name } of inline(r.inputs)) await iam.deleteRolePolicy({ RoleName, PolicyName: name });
      for (const PolicyArn of (r.inputs["managedPolicyArns"] ?? []) as string[])
        await iam.detachRolePolicy({ RoleName, PolicyArn });
      await iam.deleteRole({ RoleName });
    },
  },
  RolePolicy: {
    update: again,
    remove: async (r) =>
      (await r.use("iam")).deleteRolePolicy({
        RoleName: nameOf(r.inputs["role"]),
        PolicyName: r.outputs["name"],
      }),
  },
  RolePolicyAttachment: {
    remove: async (r) =>
      (await r.use("iam")).detachRolePolicy({
        RoleName: nameOf(r.inputs["role"]),
        PolicyArn: r.inputs["policyArn"],
      }),
  },
  Policy: {
    carries: ["policy"],
    async update(r) {
      const iam = await r.use("iam");
      const PolicyDocument = enforceable(r.inputs["policy"]);
      const { PolicyVersion } = await iam.createPolicyVersion({
        PolicyArn: r.id,
        PolicyDocument,
        SetAsDefault: true,
      });
      // IAM keeps five versions: only the last one counts here.
      const versions = await everyPage(
        (from) => iam.listPolicyVersions({ PolicyArn: r.id, ...from }),
        (page) => page.Versions,
      );
      for (const { VersionId } of versions)
        if (VersionId !== PolicyVersion!.VersionId)
          await iam.deletePolicyVersion({ PolicyArn: r.id, VersionId });
    },
    remove: async (r) => (await r.use("iam")).deletePolicy({ PolicyArn: r.id }),
  },
  InstanceProfile: {
    async remove(r) {
      const RoleName = nameOf(r.inputs["role"]);
      for (const iam of [await r.use("iam"), motoIam(r.region)]) {
        await iam.removeRoleFromInstanceProfile({ InstanceProfileName: r.id, RoleName });
        await iam.deleteInstanceProfile({ InstanceProfileName: r.id });
      }
      await ifThere(motoIam(r.region).deleteRole({ RoleName }));
    },
  },
  OpenIdConnectProvider: {
    remove: async (r) => (await r.use("iam")).deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: r.id }),
  },
  AccountPasswordPolicy: {
    update: again,
    remove: async (r) => (await r.use("iam")).deleteAccountPasswordPolicy({}),
  },
};
