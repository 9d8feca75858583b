import { WITH_INTERFACES } from "./security-groups";
import { Inputs, inUse, needs, Rule, Standing, taken } from "./rule";

const EIP = "ec2/eip:Eip";
const ASSOCIATION = "ec2/eipAssociation:EipAssociation";
const GATEWAY = "ec2/internetGateway:InternetGateway";
const INSTANCE = "ec2/instance:Instance";
const INTERFACE = "ec2/networkInterface:NetworkInterface";
const NAT = "ec2/natGateway:NatGateway";
const SUBNET = "ec2/subnet:Subnet";
const VPC = "ec2/vpc:Vpc";
const GROUP = "ec2/securityGroup:SecurityGroup";
const BALANCER = "lb/loadBalancer:LoadBalancer";
const ENDPOINT = "ec2/vpcEndpoint:VpcEndpoint";

const EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
/** AWS's default quotas of a region. */
const ADDRESSES = 5;
const VPCS = 5;

const vpcOfSubnet = (account: Standing, subnet: unknown) =>
  account.find(SUBNET, subnet)?.inputs.vpcId as unknown;
/** A VPC that no stack made has whatever it needs. */
const isReachable = (account: Standing, vpc: unknown) =>
  !account.find(VPC, vpc) || account.all(GATEWAY).some(({ inputs }) => inputs.vpcId === vpc);
/** What an address is held by: a machine, or an interface of one. */
const holderOf = (account: Standing, { instanceId, networkInterfaceId }: Inputs) =>
  account.find(INSTANCE, instanceId) ?? account.find(INTERFACE, networkInterfaceId);
const addressOf = (account: Standing, { allocationId }: Inputs) =>
  account.all(EIP).find(({ outputs }) => outputs.allocationId === allocationId);

const routeKey = ({ routeTableId, destinationCidrBlock, destinationPrefixListId }: Inputs) =>
  `${String(routeTableId)} ${String(destinationCidrBlock ?? destinationPrefixListId)}`;

const most = (
  name: string,
  types: string[],
  count: number,
  call: string,
  code: string,
  message: string,
): Rule =>
  needs(
    { name, code, call, source: "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html" },
    types,
    (_, account) => account.all(...types).length < count,
    () => message,
    { on: ["create"] },
  );

export const network: Rule[] = [
  most(
    "an account has at most five addresses",
    [EIP],
    ADDRESSES,
    "EC2: AllocateAddress",
    "AddressLimitExceeded",
    "The maximum number of addresses has been reached.",
  ),
  most(
    "an account has at most five VPCs",
    [VPC],
    VPCS,
    "EC2: CreateVpc",
    "VpcLimitExceeded",
    "The maximum number of VPCs has been reached.",
  ),
  taken(
    {
      name: "an address belongs to one resource",
      code: "Resource.AlreadyAssociated",
      call: "EC2: AssociateAddress",
      source: `${EC2}/API_AssociateAddress.html`,
    },
    [ASSOCIATION, NAT],
    ({ allocationId }) => allocationId as unknown,
    (address) => `resource ${address} is already associated`,
  ),
  taken(
    {
      name: "a machine has one address",
      code: "Resource.AlreadyAssociated",
      call: "EC2: AssociateAddress",
      source: `${EC2}/API_AssociateAddress.html`,
    },
    [ASSOCIATION],
    ({ instanceId, networkInterfaceId }) => (instanceId ?? networkInterfaceId) as unknown,
    (machine) => `resource ${machine} is already associated with an address`,
  ),
  inUse(
    {
      name: "an address in use stays",
      code: "InvalidIPAddress.InUse",
      call: "EC2: ReleaseAddress",
      source: `${EC2}/API_ReleaseAddress.html`,
    },
    [EIP],
    ({ outputs }) => outputs.allocationId as unknown,
    [NAT],
    ({ id }) => `The address ${id} is in use.`,
  ),
  taken(
    {
      name: "a route table has each route once",
      code: "RouteAlreadyExists",
      call: "EC2: CreateRoute",
      source: `${EC2}/API_CreateRoute.html`,
    },
    ["ec2/route:Route"],
    routeKey,
    (key) => `The route identified by ${key.split(" ")[1]} already exists.`,
  ),
  taken(
    {
      name: "a subnet has one route table",
      code: "Resource.AlreadyAssociated",
      call: "EC2: AssociateRouteTable",
      source: `${EC2}/API_AssociateRouteTable.html`,
    },
    ["ec2/routeTableAssociation:RouteTableAssociation"],
    ({ subnetId }) => subnetId as unknown,
    (subnet) => `the specified association for ${subnet} conflicts with an existing association`,
  ),
  taken(
    {
      name: "blocks of subnets do not overlap",
      code: "InvalidSubnet.Conflict",
      call: "EC2: CreateSubnet",
      source: `${EC2}/errors-overview.html`,
    },
    [SUBNET],
    ({ vpcId, cidrBlock }) => `${String(vpcId)} ${String(cidrBlock)}`,
    (key) => `The CIDR '${key.split(" ")[1]}' conflicts with another subnet`,
  ),
  taken(
    {
      name: "a VPC has one internet gateway",
      code: "InvalidParameterValue",
      call: "EC2: AttachInternetGateway",
      source: `${EC2}/API_AttachInternetGateway.html`,
    },
    [GATEWAY],
    ({ vpcId }) => vpcId as unknown,
    (vpc) => `Network ${vpc} already has an internet gateway attached`,
  ),
  taken(
    {
      name: "a VPC has one gateway endpoint for each service",
      code: "RouteAlreadyExists",
      call: "EC2: CreateVpcEndpoint",
      source: "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    },
    [ENDPOINT],
    ({ vpcId, vpcEndpointType, serviceName }) =>
      vpcEndpointType === "Gateway" ? `${String(vpcId)} ${String(serviceName)}` : undefined,
    (key) => `route table already has a route with destination-prefix-list-id of ${key.split(" ")[1]}`,
  ),
  taken(
    {
      name: "a VPC has one private name for each service",
      code: "InvalidParameter",
      call: "EC2: CreateVpcEndpoint",
      source: "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
    },
    [ENDPOINT],
    ({ vpcId, vpcEndpointType, privateDnsEnabled, serviceName }) =>
      vpcEndpointType === "Interface" && privateDnsEnabled
        ? `${String(vpcId)} ${String(serviceName)}`
        : undefined,
    (key) =>
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${key.split(" ")[1]} in the VPC`,
  ),
  inUse(
    {
      name: "a subnet in use stays",
      code: "DependencyViolation",
      call: "EC2: DeleteSubnet",
      source: `${EC2}/API_DeleteSubnet.html`,
    },
    [SUBNET],
    ({ id }) => id,
    WITH_INTERFACES,
    ({ id }) => `The subnet '${id}' has dependencies and cannot be deleted.`,
  ),
  inUse(
    {
      name: "a VPC in use stays",
      code: "DependencyViolation",
      call: "EC2: DeleteVpc",
      source: `${EC2}/API_DeleteVpc.html`,
    },
    [VPC],
    ({ id }) => id,
    [SUBNET, GATEWAY, GROUP, ENDPOINT, "ec2/routeTable:RouteTable"],
    ({ id }) => `The vpc '${id}' has dependencies and cannot be deleted.`,
  ),
  {
    name: "an internet gateway stays while its VPC has addresses",
    code: "DependencyViolation",
    source: `${EC2}/API_DetachInternetGateway.html`,
    on: ["delete"],
    types: [GATEWAY],
    patient: true,
    refuses({ thing }, account) {
      const { vpcId } = thing!.inputs;
      const isHere = (subnet: unknown) => vpcOfSubnet(account, subnet) === vpcId;
      const mapped = [
        ...account.all(NAT).filter(({ inputs }) => isHere(inputs.subnetId)),
        ...account
          .all(BALANCER)
          .filter(({ inputs }) => !inputs.internal && (inputs.subnets ?? []).some(isHere)),
        ...account
          .all(INSTANCE)
          .filter(({ inputs }) => inputs.associatePublicIpAddress && isHere(inputs.subnetId)),
        ...account
          .all(ASSOCIATION)
          .filter(({ inputs }) => isHere(holderOf(account, inputs)?.inputs.subnetId)),
      ];
      return mapped.length > 0
        ? {
            call: "EC2: DetachInternetGateway",
            message: `Network ${String(vpcId)} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
          }
        : undefined;
    },
  },
  inUse(
    {
      name: "an interface in use stays",
      code: "InvalidParameterValue",
      call: "EC2: DeleteNetworkInterface",
      source: `${EC2}/API_DeleteNetworkInterface.html`,
    },
    [INTERFACE],
    ({ id }) => id,
    [INSTANCE],
    ({ id }) => `Network interface '${id}' is currently in use.`,
  ),
  needs(
    {
      name: "a NAT gateway's VPC has an internet gateway",
      code: "Gateway.NotAttached",
      call: "EC2: CreateNatGateway",
      source: `${EC2}/API_CreateNatGateway.html`,
    },
    [NAT],
    ({ subnetId }, account) => isReachable(account, vpcOfSubnet(account, subnetId)),
    ({ subnetId }) => `Network of ${String(subnetId)} has no Internet gateway attached`,
  ),
  needs(
    {
      name: "an address's VPC has an internet gateway",
      code: "Gateway.NotAttached",
      call: "EC2: AssociateAddress",
      source: "https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithEIPs.html",
    },
    [ASSOCIATION],
    (inputs, account) =>
      addressOf(account, inputs) !== undefined &&
      isReachable(account, vpcOfSubnet(account, holderOf(account, inputs)?.inputs.subnetId)),
    ({ allocationId }) => `Network is not attached to any internet gateway, for ${String(allocationId)}`,
  ),
];
