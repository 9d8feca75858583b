import { ExistingNetwork } from "../components/network/existing-network";
import { Network } from "../components/network/network";
import { Settings } from "./schema";

/** The stack's VPC, or the one that was there before. Its tables lead to the database's virtual IP from where the web servers are. */
export function networkOf({ network, database, web }: Settings): Network | ExistingNetwork {
  const { existing, ...args } = network;
  if (existing) return new ExistingNetwork("network", existing);
  const clients = web?.subnets ?? "private";
  return new Network("network", {
    ...args,
    virtualIpTiers: database?.engine === "shared-storage" ? [clients] : [],
  });
}
