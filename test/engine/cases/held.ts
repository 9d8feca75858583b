import type { Inputs, Standing, Thing } from "../account/rule";

/** Things are not deleted while a user of theirs stands. */
export const HELD: Record<
  string,
  [type: string, inputs: Inputs, user: string, of: (thing: Thing) => Inputs]
> = {
  "an address in use stays": [
    "ec2/eip:Eip",
    {},
    "ec2/natGateway:NatGateway",
    ({ outputs }) => ({ allocationId: outputs.allocationId as string }),
  ],
  "a security group in use stays": [
    "ec2/securityGroup:SecurityGroup",
    {},
    "lb/loadBalancer:LoadBalancer",
    ({ id }) => ({ securityGroups: [id] }),
  ],
  "a security group stays while others' rules name it": [
    "ec2/securityGroup:SecurityGroup",
    {},
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ({ id }) => ({ securityGroupId: "sg-other", referencedSecurityGroupId: id }),
  ],
  "a subnet in use stays": [
    "ec2/subnet:Subnet",
    {},
    "autoscaling/group:Group",
    ({ id }) => ({ vpcZoneIdentifiers: [id] }),
  ],
  "a VPC in use stays": ["ec2/vpc:Vpc", {}, "ec2/subnet:Subnet", ({ id }) => ({ vpcId: id })],
  "an interface in use stays": [
    "ec2/networkInterface:NetworkInterface",
    {},
    "ec2/instance:Instance",
    ({ id }) => ({ networkInterfaces: [{ networkInterfaceId: id }] }),
  ],
  "a target group in use stays": [
    "lb/targetGroup:TargetGroup",
    {},
    "lb/listener:Listener",
    ({ outputs }) => ({ defaultActions: [{ targetGroupArn: outputs.arn as string }] }),
  ],
  "a certificate in use stays": [
    "acm/certificate:Certificate",
    {},
    "lb/listener:Listener",
    ({ outputs }) => ({ certificateArn: outputs.arn as string }),
  ],
  "a role with policies stays": [
    "iam/role:Role",
    { name: "web" },
    "iam/rolePolicy:RolePolicy",
    () => ({ role: "web" }),
  ],
  "an attached policy stays": [
    "iam/policy:Policy",
    {},
    "iam/rolePolicyAttachment:RolePolicyAttachment",
    ({ outputs }) => ({ policyArn: outputs.arn as string }),
  ],
  "a mounted file system stays": [
    "efs/fileSystem:FileSystem",
    {},
    "efs/mountTarget:MountTarget",
    ({ id }) => ({ fileSystemId: id }),
  ],
  "a parameter group in use stays: ParameterGroup": [
    "rds/parameterGroup:ParameterGroup",
    { name: "pg17" },
    "rds/instance:Instance",
    () => ({ parameterGroupName: "pg17" }),
  ],
  "a parameter group in use stays: ClusterParameterGroup": [
    "rds/clusterParameterGroup:ClusterParameterGroup",
    { name: "pg17" },
    "rds/cluster:Cluster",
    () => ({ dbClusterParameterGroupName: "pg17" }),
  ],
  "a subnet group in use stays": [
    "rds/subnetGroup:SubnetGroup",
    { name: "database" },
    "rds/instance:Instance",
    () => ({ dbSubnetGroupName: "database" }),
  ],
  "a rule with targets stays": [
    "cloudwatch/eventRule:EventRule",
    { name: "minute" },
    "cloudwatch/eventTarget:EventTarget",
    () => ({ rule: "minute" }),
  ],
  "a deployment stays while a stage serves it": [
    "apigateway/deployment:Deployment",
    {},
    "apigateway/stage:Stage",
    ({ id }) => ({ deployment: id }),
  ],
  "what a method uses stays: Authorizer": [
    "apigateway/authorizer:Authorizer",
    {},
    "apigateway/method:Method",
    ({ id }) => ({ authorizerId: id }),
  ],
  "what a method uses stays: RequestValidator": [
    "apigateway/requestValidator:RequestValidator",
    {},
    "apigateway/method:Method",
    ({ id }) => ({ requestValidatorId: id }),
  ],
  "a firewall in use stays": [
    "wafv2/webAcl:WebAcl",
    {},
    "wafv2/webAclAssociation:WebAclAssociation",
    ({ outputs }) => ({ webAclArn: outputs.arn as string }),
  ],
  "a key stays while data is under it": [
    "kms/key:Key",
    {},
    "rds/instance:Instance",
    ({ outputs }) => ({ kmsKeyId: outputs.arn as string }),
  ],
  "a plan with selections stays": [
    "backup/plan:Plan",
    {},
    "backup/selection:Selection",
    ({ id }) => ({ planId: id }),
  ],
  "a part of an image stays: Component": [
    "imagebuilder/component:Component",
    {},
    "imagebuilder/imageRecipe:ImageRecipe",
    ({ outputs }) => ({ components: [{ componentArn: outputs.arn as string }] }),
  ],
  ...Object.fromEntries(
    ["imageRecipe", "infrastructureConfiguration", "distributionConfiguration"].map((kind) => {
      const type = kind[0]!.toUpperCase() + kind.slice(1);
      return [
        `a part of an image stays: ${type}`,
        [
          `imagebuilder/${kind}:${type}`,
          {},
          "imagebuilder/imagePipeline:ImagePipeline",
          ({ outputs }: Thing) => ({ [`${kind}Arn`]: outputs.arn as string }),
        ],
      ];
    }),
  ),
};

/** Things are not deleted as they are, and are with other arguments. */
export const GUARDED: Record<string, [type: string, guarded: Inputs, free: Inputs]> = {
  "a guarded load balancer stays": [
    "lb/loadBalancer:LoadBalancer",
    { enableDeletionProtection: true },
    { enableDeletionProtection: false },
  ],
  "a guarded machine stays": ["ec2/instance:Instance", { disableApiTermination: true }, {}],
  "a bucket with objects stays": ["s3/bucket:Bucket", { forceDestroy: false }, { forceDestroy: true }],
  "a guarded table stays": ["dynamodb/table:Table", { deletionProtectionEnabled: true }, {}],
  "a guarded database stays": ["rds/instance:Instance", { deletionProtection: true }, {}],
  "a guarded cluster stays": ["rds/cluster:Cluster", { deletionProtection: true }, {}],
  "a vault with backups stays": ["backup/vault:Vault", {}, { forceDestroy: true }],
  "a guarded user pool stays": [
    "cognito/userPool:UserPool",
    { deletionProtection: "ACTIVE" },
    { deletionProtection: "INACTIVE" },
  ],
  "a repository with images stays": ["ecr/repository:Repository", {}, { forceDelete: true }],
};

/** What an account has once, by its type. */
export const ONCE: Record<string, string> = Object.fromEntries(
  [
    "apigateway/account:Account",
    "ebs/encryptionByDefault:EncryptionByDefault",
    "ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
    "ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    "iam/accountPasswordPolicy:AccountPasswordPolicy",
    "s3/accountPublicAccessBlock:AccountPublicAccessBlock",
  ].map((type) => [`an account keeps its one ${type.split(":")[1]}`, type]),
);

/** What has an address of the internet in a subnet, and so holds the way in of its network, and of no other. */
export const ADDRESSED: Record<
  string,
  (subnet: string, account: Standing) => [type: string, inputs: Inputs]
> = {
  "a NAT gateway": (subnetId) => ["ec2/natGateway:NatGateway", { subnetId }],
  "a load balancer": (subnet) => ["lb/loadBalancer:LoadBalancer", { subnets: [subnet] }],
  "a machine": (subnetId) => ["ec2/instance:Instance", { subnetId, associatePublicIpAddress: true }],
  "an interface with an address": (subnetId, account) => [
    "ec2/eipAssociation:EipAssociation",
    { networkInterfaceId: account.put("aws:ec2/networkInterface:NetworkInterface", "i", { subnetId }).id },
  ],
};
