import { IpPermission } from "@aws-sdk/client-ec2";
import { asList } from "../engine/shape";
import { Inputs, Request, Table } from "../engine/types";
import { setTags, tagged } from "./network";

export const securityGroups: Table = {
  SecurityGroup: async (r) => {
    const ec2 = await r.use("ec2");
    const name = r.physicalName(r.inputs["name"]);
    const { GroupId } = await ec2.createSecurityGroup({
      GroupName: name,
      Description: r.inputs["description"] ?? "Managed by Pulumi",
      VpcId: r.inputs["vpcId"],
      TagSpecifications: tagged("security-group", r),
    });
    await revokeAll(r, GroupId!, "egress"); // the provider, too, removes the rule that AWS adds
    await authorize(r, GroupId!);
    return { id: GroupId!, outputs: { name, ...identity(r, GroupId!) } };
  },

  DefaultSecurityGroup: async (r) => {
    const ec2 = await r.use("ec2");
    const { SecurityGroups } = await ec2.describeSecurityGroups({
      Filters: [
        { Name: "vpc-id", Values: [r.inputs["vpcId"]] },
        { Name: "group-name", Values: ["default"] },
      ],
    });
    const id = SecurityGroups![0]!.GroupId!;
    await revokeAll(r, id, "ingress");
    await revokeAll(r, id, "egress");
    await authorize(r, id);
    await setTags(r, id);
    return { id, outputs: { name: "default", ...identity(r, id) } };
  },

  SecurityGroupIngressRule: (r) => rule(r, "ingress"),
  SecurityGroupEgressRule: (r) => rule(r, "egress"),
};

const identity = (r: Request, id: string) => ({
  arn: r.arn("ec2", `security-group/${id}`),
  ownerId: r.account,
});

/** The permission that a separate rule stands for. */
const permissionIn = (i: Inputs): IpPermission => ({
  IpProtocol: i["ipProtocol"],
  FromPort: i["fromPort"],
  ToPort: i["toPort"],
  IpRanges: i["cidrIpv4"] ? [{ CidrIp: i["cidrIpv4"], Description: i["description"] }] : undefined,
  Ipv6Ranges: i["cidrIpv6"] ? [{ CidrIpv6: i["cidrIpv6"], Description: i["description"] }] : undefined,
  PrefixListIds: i["prefixListId"] ? [{ PrefixListId: i["prefixListId"] }] : undefined,
  UserIdGroupPairs: i["referencedSecurityGroupId"]
    ? [{ GroupId: i["referencedSecurityGroupId"], Description: i["description"] }]
    : undefined,
});

async function rule(r: Request, direction: "ingress" | "egress") {
  const i = r.inputs;
  const permission = permissionIn(i);
  const id = await add(r, direction, i["securityGroupId"], permission, tagged("security-group-rule", r));
  return { id, outputs: { securityGroupRuleId: id, arn: r.arn("ec2", `security-group-rule/${id}`) } };
}

async function add(
  r: Request,
  direction: "ingress" | "egress",
  GroupId: string,
  permission: IpPermission,
  TagSpecifications: ReturnType<typeof tagged>,
): Promise<string> {
  const ec2 = await r.use("ec2");
  const request = { GroupId, IpPermissions: [permission], TagSpecifications };
  const { SecurityGroupRules } =
    direction === "ingress"
      ? await ec2.authorizeSecurityGroupIngress(request)
      : await ec2.authorizeSecurityGroupEgress(request);
  return SecurityGroupRules![0]!.SecurityGroupRuleId!;
}

export async function authorize(
  r: Request,
  id: string,
  directions: readonly ("ingress" | "egress")[] = ["ingress", "egress"],
): Promise<void> {
  for (const direction of directions)
    for (const one of asList<Inputs>(r.inputs[direction]))
      await add(r, direction, id, permissionOf(one, id), undefined);
}

export function permissionOf(one: Inputs, own: string): IpPermission {
  const groups = [
    ...asList<string>(one["securityGroups"] ?? one["sourceSecurityGroupId"]),
    ...(one["self"] ? [own] : []),
  ];
  return {
    IpProtocol: one["protocol"],
    FromPort: one["fromPort"],
    ToPort: one["toPort"],
    IpRanges: asList<string>(one["cidrBlocks"]).map((CidrIp) => ({
      CidrIp,
      Description: one["description"],
    })),
    Ipv6Ranges: asList<string>(one["ipv6CidrBlocks"]).map((CidrIpv6) => ({ CidrIpv6 })),
    PrefixListIds: asList<string>(one["prefixListIds"]).map((PrefixListId) => ({ PrefixListId })),
    UserIdGroupPairs: groups.map((GroupId) => ({ GroupId, Description: one["description"] })),
  };
}

export async function revokeAll(r: Request, GroupId: string, direction: "ingress" | "egress"): Promise<void> {
  const ec2 = await r.use("ec2");
  const { SecurityGroups } = await ec2.describeSecurityGroups({ GroupIds: [GroupId] });
  const group = SecurityGroups![0]!;
  const IpPermissions = direction === "ingress" ? group.IpPermissions : group.IpPermissionsEgress;
  if (!IpPermissions?.length) return;
  if (direction === "ingress") await ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions });
  else await ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions });
}
