import { IAM } from "@aws-sdk/client-iam";
import { credentialsIn } from "../emulators/endpoints";
import { documentText, pick, tagList } from "../engine/shape";
import { Inputs, Request, Table } from "../engine/types";
import { enforceable } from "./policy-quirks";

/** Identities on MiniStack, which enforces them. */
export const iam: Table = {
  Role: async (r) => {
    const iam = await r.use("iam");
    const i = r.inputs;
    const name = r.physicalName(i["name"]);
    const request = {
      RoleName: name,
      AssumeRolePolicyDocument: documentText(i["assumeRolePolicy"]),
      Path: i["path"],
      Description: i["description"],
      MaxSessionDuration: i["maxSessionDuration"],
      PermissionsBoundary: i["permissionsBoundary"],
      Tags: tagList(r.tags),
    };
    const { Role } = await iam.createRole(request);
    for (const arn of i["managedPolicyArns"] ?? [])
      await iam.attachRolePolicy({ RoleName: name, PolicyArn: arn });
    for (const { name: policy, policy: document } of (i["inlinePolicies"] ?? []) as Inputs[])
      if (policy)
        await iam.putRolePolicy({
          RoleName: name,
          PolicyName: policy,
          PolicyDocument: enforceable(document),
        });
    return {
      id: name,
      outputs: { name, arn: Role!.Arn, uniqueId: Role!.RoleId, createDate: Role!.CreateDate?.toISOString() },
    };
  },

  RolePolicy: async (r) => {
    const iam = await r.use("iam");
    const name = r.physicalName(r.inputs["name"], 128);
    await iam.putRolePolicy({
      RoleName: nameOf(r.inputs["role"]),
      PolicyName: name,
      PolicyDocument: enforceable(r.inputs["policy"]),
    });
    return { id: `${nameOf(r.inputs["role"])}:${name}`, outputs: { name } };
  },

  RolePolicyAttachment: async (r) => {
    const iam = await r.use("iam");
    const { policyArn } = r.inputs;
    await iam.attachRolePolicy({ RoleName: nameOf(r.inputs["role"]), PolicyArn: policyArn });
    return { id: `${nameOf(r.inputs["role"])}/${policyArn}` };
  },

  Policy: async (r) => {
    const iam = await r.use("iam");
    const name = r.physicalName(r.inputs["name"], 128);
    const { Policy } = await iam.createPolicy({
      PolicyName: name,
      PolicyDocument: enforceable(r.inputs["policy"]),
      Path: r.inputs["path"],
      Description: r.inputs["description"],
      Tags: tagList(r.tags),
    });
    return { id: Policy!.Arn!, outputs: { name, arn: Policy!.Arn, policyId: Policy!.PolicyId } };
  },

  InstanceProfile: async (r) => {
    const name = r.physicalName(r.inputs["name"], 128);
    const role = nameOf(r.inputs["role"]);
    const arn = await addProfile(await r.use("iam"), name, role, r);
    // moto starts an instance only with a profile that it has itself.
    const onMoto = motoIam(r.region);
    await onMoto.createRole({ RoleName: role, AssumeRolePolicyDocument: "{}" }).catch(unlessThere);
    await addProfile(onMoto, name, role, r);
    return { id: name, outputs: { name, arn } };
  },

  OpenIdConnectProvider: async (r) => {
    const iam = await r.use("iam");
    const { url, clientIdLists, thumbprintLists } = r.inputs;
    const { OpenIDConnectProviderArn } = await iam.createOpenIDConnectProvider({
      Url: url,
      ClientIDList: clientIdLists,
      ThumbprintList: thumbprintLists,
      Tags: tagList(r.tags),
    });
    return { id: OpenIDConnectProviderArn!, outputs: { arn: OpenIDConnectProviderArn } };
  },

  AccountPasswordPolicy: async (r) => {
    const iam = await r.use("iam");
    const i = pick(r.inputs, "minimumPasswordLength", "maxPasswordAge", "passwordReusePrevention");
    await iam.updateAccountPasswordPolicy({
      MinimumPasswordLength: i["minimumPasswordLength"],
      MaxPasswordAge: i["maxPasswordAge"],
      PasswordReusePrevention: i["passwordReusePrevention"],
      RequireSymbols: r.inputs["requireSymbols"],
      RequireNumbers: r.inputs["requireNumbers"],
      RequireUppercaseCharacters: r.inputs["requireUppercaseCharacters"],
      RequireLowercaseCharacters: r.inputs["requireLowercaseCharacters"],
      AllowUsersToChangePassword: r.inputs["allowUsersToChangePassword"],
    });
    return { id: "iam-account-password-policy" };
  },
};

export const motoIam = (region: string) =>
  new IAM({
    region,
    credentials: credentialsIn(process.env),
    endpoint: process.env["AWS_ENDPOINT_URL_EC2"],
  });

/** A role may be given by name or by ARN. */
export const nameOf = (role: string) => role.split("/").at(-1)!;

async function addProfile(iam: IAM, InstanceProfileName: string, RoleName: string, { tags }: Request) {
  const { InstanceProfile } = await iam.createInstanceProfile({ InstanceProfileName, Tags: tagList(tags) });
  await iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName });
  return InstanceProfile!.Arn!;
}

function unlessThere(error: Error): void {
  if (!/EntityAlreadyExists/.test(error.name)) throw error;
}
