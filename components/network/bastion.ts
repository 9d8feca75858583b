import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fill } from "../shared/options";
import {
  AMAZON_LINUX,
  machineProfile,
  METADATA_OPTIONS,
  sessionManagerPermissions,
} from "../shared/instance";
import { egress, ingress, securityGroup } from "../shared/security-group";
import { BastionArgs, BastionLike, bastionOptions } from "./args";

/**
 * A machine from which to reach the others, created when somebody needs it and removed afterwards.
 * Costs about 10 USD a month while it exists, with its disk and an address. Nothing depends on it.
 */
export class Bastion extends pulumi.ComponentResource implements BastionLike {
  readonly instanceId: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** The address for SSH; a new one each time the bastion is created. */
  readonly publicIp: pulumi.Output<string>;

  constructor(name: string, args: BastionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { access, adminCidrs, keyName, instanceType } = fill("Bastion", name, bastionOptions, args);
    const { network } = args;
    super("groundwork:index:Bastion", name, {}, opts);
    const parent = { parent: this };

    const group = securityGroup(name, network.vpcId, "Bastion", parent);
    if (access === "ssh")
      for (const cidr of adminCidrs)
        ingress(
          `${name}-ssh-${cidr}`,
          group.id,
          { description: "SSH from an admin", port: 22, cidr },
          parent,
        );
    const opens = [
      egress(
        `${name}-ssh`,
        group.id,
        { description: "SSH to the machines of the VPC", port: 22, cidr: network.cidrBlock },
        parent,
      ),
      egress(
        `${name}-https`,
        group.id,
        { description: "Session Manager and updates", port: 443, cidr: "0.0.0.0/0" },
        parent,
      ),
    ];
    const { profile } = machineProfile(
      name,
      access === "session-manager" ? sessionManagerPermissions : [],
      parent,
    );
    const instance = new aws.ec2.Instance(
      name,
      {
        ami: aws.ssm.getParameterOutput({ name: AMAZON_LINUX }, parent).value,
        instanceType: instanceType,
        subnetId: network.publicSubnetIds[0]!,
        vpcSecurityGroupIds: [group.id],
        associatePublicIpAddress: true,
        keyName: access === "ssh" ? keyName : undefined,
        iamInstanceProfile: profile.name,
        metadataOptions: METADATA_OPTIONS,
        rootBlockDevice: { encrypted: true, volumeType: "gp3" },
        ebsOptimized: true,
        monitoring: true,
        tags: { Name: name },
      },
      { ...parent, ignoreChanges: ["ami"], dependsOn: [...opens, ...(network.ready ?? [])] },
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
