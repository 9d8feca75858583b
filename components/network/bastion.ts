import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { AMAZON_LINUX, machineProfile, METADATA_OPTIONS, sessionManagerStatements } from "../shared/instance";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { parseCidr } from "../shared/cidr";

export interface BastionArgs {
  vpcId: pulumi.Input<string>;
  /** Blocks that the bastion may reach by SSH: the VPC's own. */
  vpcCidr: string;
  /** A public subnet. */
  subnetId: pulumi.Input<string>;
  /** `ssh` opens port 22 to the admins' blocks, `session-manager` opens nothing. @default "session-manager" */
  access?: "ssh" | "session-manager";
  /** Who may come in by SSH. @default nobody */
  adminCidrs?: string[];
  /** The EC2 key pair for SSH. @default none */
  keyName?: string;
  /** @default "t4g.nano" */
  instanceType?: string;
}

/**
 * A machine to reach the others from, made when somebody needs it and taken away after.
 * Costs about 3 USD a month while it is there. Nothing depends on it.
 */
export class Bastion extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly publicIp: pulumi.Output<string>;

  constructor(name: string, args: BastionArgs, opts?: pulumi.ComponentResourceOptions) {
    const access = args.access ?? "session-manager";
    const admins = args.adminCidrs ?? [];
    new Check("Bastion", name)
      .oneOf("access", args.access, ["ssh", "session-manager"])
      .that(
        access !== "ssh" || admins.length > 0,
        "adminCidrs",
        "at least one block when access is ssh",
        admins,
      )
      .that(
        admins.every((cidr) => parseCidr(cidr) !== undefined),
        "adminCidrs",
        "IPv4 blocks such as 203.0.113.7/32",
        admins,
      )
      .that(access !== "ssh" || !!args.keyName, "keyName", "an EC2 key pair when access is ssh", args.keyName)
      .done();
    super("groundwork:index:Bastion", name, {}, opts);
    const parent = { parent: this };

    const group = securityGroup(name, args.vpcId, "Bastion", parent);
    if (access === "ssh")
      for (const cidr of admins)
        ingress(
          `${name}-ssh-${cidr}`,
          group.id,
          { description: "SSH from an admin", port: 22, cidr },
          parent,
        );
    egress(
      `${name}-ssh`,
      group.id,
      { description: "SSH to the machines of the VPC", port: 22, cidr: args.vpcCidr },
      parent,
    );
    egress(
      `${name}-https`,
      group.id,
      { description: "Session Manager and updates", port: 443, cidr: "0.0.0.0/0" },
      parent,
    );
    const { profile } = machineProfile(
      name,
      access === "session-manager" ? sessionManagerStatements : [],
      parent,
    );
    const instance = new aws.ec2.Instance(
      name,
      {
        ami: aws.ssm.getParameterOutput({ name: AMAZON_LINUX }, parent).value,
        instanceType: args.instanceType ?? "t4g.nano",
        subnetId: args.subnetId,
        vpcSecurityGroupIds: [group.id],
        associatePublicIpAddress: true,
        keyName: access === "ssh" ? args.keyName : undefined,
        iamInstanceProfile: profile.name,
        metadataOptions: METADATA_OPTIONS,
        rootBlockDevice: { encrypted: true, volumeType: "gp3" },
        ebsOptimized: true,
        monitoring: true,
        tags: { Name: name },
      },
      { ...parent, ignoreChanges: ["ami"] },
    );
    this.instanceId = instance.id;
    this.securityGroupId = group.id;
    this.publicIp = instance.publicIp;
    this.registerOutputs({
      instanceId: this.instanceId,
      securityGroupId: this.securityGroupId,
      publicIp: this.publicIp,
    });
  }
}
