import { Monitoring, Operated } from "../shared/monitoring";
import { fill } from "../shared/options";
import { ExistingNetworkArgs, existingNetworkOptions, NetworkLike } from "./args";

/**
 * A VPC that existed before the stack, in which nothing is created, changed or deleted. Costs nothing.
 * Fails as that VPC fails: its routes and NAT belong to its owner.
 */
export class ExistingNetwork implements NetworkLike, Operated {
  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly publicSubnetIds: string[];
  readonly privateSubnetIds: string[];
  readonly virtualIpRouteTableIds: string[];

  constructor(name: string, args: ExistingNetworkArgs) {
    const filled = fill("ExistingNetwork", name, existingNetworkOptions, args);
    this.vpcId = filled.vpcId;
    this.cidrBlock = filled.cidrBlock;
    this.publicSubnetIds = filled.publicSubnetIds;
    this.privateSubnetIds = filled.privateSubnetIds;
    this.virtualIpRouteTableIds = filled.virtualIpRouteTableIds;
  }

  /** None, because the VPC's owner monitors it. */
  monitoring(): Monitoring[] {
    return [];
  }
}
