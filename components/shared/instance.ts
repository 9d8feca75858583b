import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, serviceRole, Statement } from "./permissions";

/** The public parameter under which AWS publishes the newest Amazon Linux 2023 for arm64. */
export const AMAZON_LINUX = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/** A launch template resolves the image when an instance starts, so a new image does not change the program. */
export const newestImage = (parameter: pulumi.Input<string>) => pulumi.interpolate`resolve:ssm:${parameter}`;

/** Instance metadata only with session tokens, and only for the host itself. */
export const METADATA_OPTIONS = {
  httpEndpoint: "enabled",
  httpTokens: "required",
  httpPutResponseHopLimit: 1,
  httpProtocolIpv6: "disabled",
};

/** What all launch templates share. Without a size, the disk is as large as the image's own. */
export const templateDefaults = (volumeSize?: pulumi.Input<number>) => ({
  metadataOptions: METADATA_OPTIONS,
  monitoring: { enabled: true },
  ebsOptimized: "true",
  blockDeviceMappings: [
    {
      deviceName: "/dev/xvda",
      ebs: { encrypted: "true", volumeType: "gp3", volumeSize, deleteOnTermination: "true" },
    },
  ],
});

/** What the SSM agent needs for Session Manager and Run Command. The managed policy for it can also read every parameter. */
export const SESSION_MANAGER_ACTIONS = [
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "ec2messages:GetMessages",
  "ec2messages:AcknowledgeMessage",
  "ec2messages:SendReply",
];

export const sessionManagerPermissions: Statement[] = [
  allow(SESSION_MANAGER_ACTIONS, "*"), // * because ssmmessages and ec2messages have no resource-level permission
];

/** A machine's role, wrapped in an instance profile for EC2. */
export function machineProfile(
  name: string,
  permissions: Statement[],
  opts: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; profile: aws.iam.InstanceProfile } {
  const role = serviceRole(name, { service: "ec2.amazonaws.com", permissions }, opts);
  const profile = new aws.iam.InstanceProfile(name, { role: role.name }, opts);
  return { role, profile };
}

/** Tags in the form in which an auto scaling group passes them on to its instances. */
export function propagated(tags: Record<string, string>) {
  return Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true }));
}
