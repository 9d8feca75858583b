import { Use } from "../engine/clients";
import { Group, Machine } from "./view";

/** A machine's initial configuration. */
export async function userDataOf(use: Use, { id }: Machine): Promise<string> {
  const ec2 = await use("ec2");
  const { UserData } = await ec2.describeInstanceAttribute({ InstanceId: id, Attribute: "userData" });
  return Buffer.from(UserData?.Value ?? "", "base64").toString();
}

/** moto's groups start instances without the profile that their launch template names. */
export async function profileOf(use: Use, group: Group | undefined): Promise<string | undefined> {
  if (!group?.template?.LaunchTemplateId) return undefined;
  const ec2 = await use("ec2");
  const { LaunchTemplateVersions } = await ec2.describeLaunchTemplateVersions({
    LaunchTemplateId: group.template.LaunchTemplateId,
    Versions: [group.template.Version ?? "$Latest"],
  });
  const profile = LaunchTemplateVersions?.[0]?.LaunchTemplateData?.IamInstanceProfile;
  return profile?.Name ?? profile?.Arn?.split("/").at(-1);
}
