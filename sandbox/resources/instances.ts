import { parameterStore } from "../engine/calls";
import { asList, pascal, pick, tagList } from "../engine/shape";
import { Inputs, Request, Table } from "../engine/types";
import { tagged } from "./network";

/** Machines and what they start from, on moto. */
export const instances: Table = {
  Instance: async (r) => {
    const ec2 = await r.use("ec2");
    const i = r.inputs;
    const template = asList<Inputs>(i["launchTemplate"])[0];
    const { Instances } = await ec2.runInstances({
      MinCount: 1,
      MaxCount: 1,
      ImageId: i["ami"],
      InstanceType: i["instanceType"],
      KeyName: i["keyName"],
      SubnetId: i["subnetId"],
      SecurityGroupIds: i["vpcSecurityGroupIds"],
      PrivateIpAddress: i["privateIp"],
      UserData:
        i["userDataBase64"] ?? (i["userData"] ? Buffer.from(i["userData"]).toString("base64") : undefined),
      IamInstanceProfile: i["iamInstanceProfile"] ? { Name: i["iamInstanceProfile"] } : undefined,
      MetadataOptions: pascal(i["metadataOptions"]),
      NetworkInterfaces: i["networkInterfaces"]?.map((one: Inputs) => ({
        DeviceIndex: one["deviceIndex"],
        NetworkInterfaceId: one["networkInterfaceId"],
      })),
      LaunchTemplate: template && {
        LaunchTemplateId: template["id"],
        LaunchTemplateName: template["name"],
        Version: template["version"],
      },
      TagSpecifications: tagged("instance", r),
    });
    const made = Instances![0]!;
    const id = made.InstanceId!;
    if (i["sourceDestCheck"] === false)
      await ec2.modifyInstanceAttribute({ InstanceId: id, SourceDestCheck: { Value: false } });
    if (i["disableApiTermination"])
      await ec2.modifyInstanceAttribute({ InstanceId: id, DisableApiTermination: { Value: true } });
    return {
      id,
      outputs: {
        arn: r.arn("ec2", `instance/${id}`),
        instanceState: "running",
        availabilityZone: made.Placement?.AvailabilityZone,
        privateIp: made.PrivateIpAddress,
        privateDns: made.PrivateDnsName,
        publicIp: made.PublicIpAddress,
        publicDns: made.PublicDnsName,
        primaryNetworkInterfaceId: made.NetworkInterfaces?.[0]?.NetworkInterfaceId,
      },
    };
  },

  NetworkInterface: async (r) => {
    const ec2 = await r.use("ec2");
    const { NetworkInterface } = await ec2.createNetworkInterface({
      SubnetId: r.inputs["subnetId"],
      Groups: r.inputs["securityGroups"],
      Description: r.inputs["description"],
      PrivateIpAddress: r.inputs["privateIps"]?.[0],
      TagSpecifications: tagged("network-interface", r),
    });
    const id = NetworkInterface!.NetworkInterfaceId!;
    if (r.inputs["sourceDestCheck"] === false)
      await ec2.modifyNetworkInterfaceAttribute({
        NetworkInterfaceId: id,
        SourceDestCheck: { Value: false },
      });
    return {
      id,
      outputs: {
        arn: r.arn("ec2", `network-interface/${id}`),
        privateIp: NetworkInterface!.PrivateIpAddress,
        privateIps: NetworkInterface!.PrivateIpAddresses?.map(({ PrivateIpAddress }) => PrivateIpAddress),
        macAddress: NetworkInterface!.MacAddress,
        ownerId: r.account,
      },
    };
  },

  LaunchTemplate: async (r) => {
    const ec2 = await r.use("ec2");
    const name = r.physicalName(r.inputs["name"], 128);
    const { LaunchTemplate } = await ec2.createLaunchTemplate({
      LaunchTemplateName: name,
      LaunchTemplateData: await templateData(r),
      VersionDescription: r.inputs["description"],
      TagSpecifications: tagged("launch-template", r),
    });
    const id = LaunchTemplate!.LaunchTemplateId!;
    return {
      id,
      outputs: { name, arn: r.arn("ec2", `launch-template/${id}`), latestVersion: 1, defaultVersion: 1 },
    };
  },

  EncryptionByDefault: async (r) => {
    const ec2 = await r.use("ec2");
    if (r.inputs["enabled"] !== false) await ec2.enableEbsEncryptionByDefault({});
    return { id: "ebs-encryption-by-default" };
  },
};

export async function templateData(r: Request) {
  const { inputs } = r;
  const same = pick(
    inputs,
    "instanceType",
    "keyName",
    "userData",
    "ebsOptimized",
    "metadataOptions",
    "creditSpecification",
    "instanceInitiatedShutdownBehavior",
    "disableApiTermination",
  );
  return {
    ...pascal(same),
    ImageId: await imageOf(r),
    SecurityGroupIds: inputs["vpcSecurityGroupIds"],
    IamInstanceProfile: pascal(inputs["iamInstanceProfile"]),
    Monitoring: pascal(inputs["monitoring"]),
    BlockDeviceMappings: asList<Inputs>(inputs["blockDeviceMappings"]).map((one) =>
      withSize(withBooleans(pascal(one))),
    ),
    NetworkInterfaces: asList<Inputs>(inputs["networkInterfaces"]).map(({ securityGroups, ...one }) => ({
      ...withBooleans(pascal(one)),
      Groups: securityGroups,
    })),
    TagSpecifications: asList<Inputs>(inputs["tagSpecifications"]).map(({ resourceType, tags }) => ({
      ResourceType: resourceType,
      Tags: tagList(tags ?? {}),
    })),
  };
}

/** EC2 resolves `resolve:ssm:` at each launch; moto accepts only an image's id. */
async function imageOf({ inputs, use, region }: Request): Promise<string | undefined> {
  const image: string | undefined = inputs["imageId"];
  if (!image?.startsWith("resolve:ssm:")) return image;
  const Name = image.slice("resolve:ssm:".length);
  const { Parameter } = await (await parameterStore(Name, use, region)).getParameter({ Name });
  return Parameter!.Value;
}

/** A volume without a size is as large as the image's; moto does not look there. */
function withSize({ Ebs, ...mapping }: Inputs): Inputs {
  if (!Ebs || Ebs.VolumeSize || Ebs.SnapshotId) return { ...mapping, Ebs };
  return { ...mapping, Ebs: { ...Ebs, VolumeSize: 8 } };
}

/** The provider takes some switches as the texts "true" and "false". */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- shaped for whichever API takes it
function withBooleans(value: any): any {
  if (value === "true" || value === "false") return value === "true";
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withBooleans(one)]));
}
