import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface Rule {
  /** Why the rule exists. The console shows this text. */
  description: string;
  /** The TCP port. @default every port and protocol */
  port?: number;
  /** The other end: a block of addresses, or ... */
  cidr?: pulumi.Input<string>;
  /** ... the members of another group, or ... */
  group?: pulumi.Input<string>;
  /** ... the address list of an AWS service. */
  prefixList?: pulumi.Input<string>;
}

/** A security group without rules: nothing gets in or out until `ingress` and `egress` allow it. */
export function securityGroup(
  name: string,
  vpcId: pulumi.Input<string>,
  description: string,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(name, { vpcId, description, tags: { Name: name } }, opts);
}

export function ingress(
  name: string,
  securityGroupId: pulumi.Input<string>,
  rule: Rule,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new aws.vpc.SecurityGroupIngressRule(name, { securityGroupId, ...args(rule) }, opts);
}

export function egress(
  name: string,
  securityGroupId: pulumi.Input<string>,
  rule: Rule,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new aws.vpc.SecurityGroupEgressRule(name, { securityGroupId, ...args(rule) }, opts);
}

function args({ description, port, cidr, group, prefixList }: Rule) {
  return {
    description,
    ...(port === undefined ? { ipProtocol: "-1" } : { ipProtocol: "tcp", fromPort: port, toPort: port }),
    ...(cidr === undefined ? {} : { cidrIpv4: cidr }),
    ...(group === undefined ? {} : { referencedSecurityGroupId: group }),
    ...(prefixList === undefined ? {} : { prefixListId: prefixList }),
  };
}
