import { ExistingNetwork } from "../components/network/existing-network";
import { Network } from "../components/network/network";
import { Settings } from "./schema";

/**
 * The VPC of all projects, not connected to the platform's. Both have the same block unless the settings say otherwise, because AWS
 * does not peer VPCs whose blocks overlap.
 */
export function projectsNetworkOf({
  network,
}: NonNullable<Settings["provisioner"]>): Network | ExistingNetwork {
  const { existing, ...args } = network;
  if (existing) return new ExistingNetwork("projects-network", existing);
  // A project's security groups come and go without this program, so no rule here could name them.
  return new Network("projects-network", { ...args, letsEverybodyOut: true });
}

/** The stack's VPC, or an existing one. The route tables of the web servers' subnets lead to the database's virtual IP. */
export function networkOf({ network, database, web }: Settings): Network | ExistingNetwork {
  const { existing, ...args } = network;
  if (existing) return new ExistingNetwork("network", existing);
  const clients = web?.subnets ?? "private";
  return new Network("network", {
    ...args,
    virtualIpTiers: database?.engine === "shared-storage" ? [clients] : [],
  });
}
