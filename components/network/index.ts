export { Network } from "./network";
export { ExistingNetwork } from "./existing-network";
export { Bastion } from "./bastion";
export type { BastionArgs, BastionLike, Egress, ExistingNetworkArgs, NetworkArgs, NetworkLike } from "./args";
