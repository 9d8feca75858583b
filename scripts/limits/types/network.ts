import type { Counterpart } from "./counterpart";

const ec2 = (kind: string, ...at: string[]): Counterpart => ({
  service: "ec2",
  at,
  cloudFormation: `AWS::EC2::${kind}`,
});

/** The peers of a security group's rule, which the API takes as a list of addresses, groups and prefix lists. */
const RULE = {
  securityGroupId: "GroupId",
  cidrIpv4: "IpRanges/CidrIp",
  cidrIpv6: "Ipv6Ranges/CidrIpv6",
  description: "IpRanges/Description",
  prefixListId: "PrefixListIds/PrefixListId",
  referencedSecurityGroupId: "UserIdGroupPairs/GroupId",
  tags: "-",
};

export const network: Record<string, Counterpart> = {
  "aws:ebs/encryptionByDefault:EncryptionByDefault": { service: "ec2", at: ["EnableEbsEncryptionByDefault"] },
  "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess": {
    service: "ec2",
    at: ["EnableSnapshotBlockPublicAccess"],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    service: "ec2",
    at: ["AuthorizeSecurityGroupIngress/IpPermissions"],
  },
  "aws:ec2/eip:Eip": {
    ...ec2("EIP", "AllocateAddress", "AssociateAddress"),
    renamed: {
      instance: "InstanceId",
      networkInterface: "NetworkInterfaceId",
      associateWithPrivateIp: "PrivateIpAddress",
    },
  },
  "aws:ec2/eipAssociation:EipAssociation": ec2("EIPAssociation", "AssociateAddress"),
  "aws:ec2/flowLog:FlowLog": {
    ...ec2("FlowLog", "CreateFlowLogs"),
    renamed: {
      iamRoleArn: "DeliverLogsPermissionArn",
      vpcId: "ResourceIds",
      subnetId: "ResourceIds",
      eniId: "ResourceIds",
      transitGatewayId: "ResourceIds",
      transitGatewayAttachmentId: "ResourceIds",
      regionalNatGatewayId: "ResourceIds",
    },
  },
  "aws:ec2/instance:Instance": {
    ...ec2("Instance", "RunInstances", "RunInstances/Placement"),
    renamed: {
      ami: "ImageId",
      vpcSecurityGroupIds: "SecurityGroupIds",
      "launchTemplate.id": "LaunchTemplateId",
      "launchTemplate.name": "LaunchTemplateName",
      placementGroup: "GroupName",
      placementGroupId: "GroupId",
      placementPartitionNumber: "PartitionNumber",
      hibernation: "HibernationOptions/Configured",
      enclaveOptions: "EnclaveOptions",
      userData: "-",
      userDataBase64: "-",
      ebsBlockDevices: "BlockDeviceMappings",
      "ebsBlockDevices.iops": "Ebs/Iops",
      "ebsBlockDevices.throughput": "Ebs/Throughput",
      "ebsBlockDevices.volumeSize": "Ebs/VolumeSize",
      "ebsBlockDevices.volumeType": "Ebs/VolumeType",
      rootBlockDevice: "BlockDeviceMappings/Ebs",
      instanceInitiatedShutdownBehavior: "InstanceInitiatedShutdownBehavior",
    },
  },
  "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults": {
    service: "ec2",
    at: ["ModifyInstanceMetadataDefaults"],
  },
  "aws:ec2/internetGateway:InternetGateway": ec2(
    "InternetGateway",
    "CreateInternetGateway",
    "AttachInternetGateway",
  ),
  "aws:ec2/launchTemplate:LaunchTemplate": {
    ...ec2("LaunchTemplate", "CreateLaunchTemplate/LaunchTemplateData", "CreateLaunchTemplate"),
    cloudFormation: "AWS::EC2::LaunchTemplate/LaunchTemplateData",
    renamed: {
      name: "LaunchTemplateName",
      description: "VersionDescription",
      vpcSecurityGroupIds: "SecurityGroupIds",
      securityGroupNames: "SecurityGroups",
      "networkInterfaces.securityGroups": "Groups",
      tags: "-",
    },
  },
  "aws:ec2/natGateway:NatGateway": {
    ...ec2("NatGateway", "CreateNatGateway"),
    renamed: { privateIp: "PrivateIpAddress" },
  },
  "aws:ec2/networkInterface:NetworkInterface": {
    ...ec2("NetworkInterface", "CreateNetworkInterface"),
    renamed: {
      securityGroups: "Groups",
      privateIp: "PrivateIpAddress",
      privateIps: "PrivateIpAddresses/PrivateIpAddress",
      privateIpsCount: "SecondaryPrivateIpAddressCount",
    },
  },
  "aws:ec2/route:Route": ec2("Route", "CreateRoute"),
  "aws:ec2/routeTable:RouteTable": {
    ...ec2("RouteTable", "CreateRouteTable"),
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2(
    "SubnetRouteTableAssociation",
    "AssociateRouteTable",
  ),
  "aws:ec2/securityGroup:SecurityGroup": {
    ...ec2("SecurityGroup", "CreateSecurityGroup"),
    renamed: { name: "GroupName", description: "Description" },
  },
  "aws:ec2/subnet:Subnet": ec2("Subnet", "CreateSubnet", "ModifySubnetAttribute"),
  "aws:ec2/vpc:Vpc": ec2("VPC", "CreateVpc"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("VPCEndpoint", "CreateVpcEndpoint"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    ...ec2("SecurityGroupEgress", "AuthorizeSecurityGroupEgress/IpPermissions"),
    renamed: RULE,
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    ...ec2("SecurityGroupIngress", "AuthorizeSecurityGroupIngress/IpPermissions"),
    renamed: RULE,
  },
};
