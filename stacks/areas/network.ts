import { Bastion } from "../../components/network/bastion";
import { Network } from "../../components/network/network";
import { Tier } from "../../components/network/subnet-plan";
import { watchNetwork } from "../../components/operations/watches/network";
import { Settings } from "../settings";
import { Shown } from "./shown";

/** The VPC; its tables lead to the database's virtual IP from where the web servers are. */
export function networkArea(settings: Settings): Network {
  return new Network("network", { ...settings.network, virtualIpTiers: virtualIpTiers(settings) });
}

function virtualIpTiers({ database, web }: Settings): Tier[] {
  return database?.engine === "shared-storage" ? [web?.subnets ?? "private"] : [];
}

export const networkShown = (network: Network, bastion?: Bastion): Partial<Shown> => ({
  outputs: { vpcId: network.vpcId, ...(bastion && { bastionId: bastion.instanceId }) },
  watches: [watchNetwork(network.ways)],
});

export function bastionArea(settings: NonNullable<Settings["bastion"]>, network: Network): Bastion {
  return new Bastion("bastion", {
    ...settings,
    vpcId: network.vpcId,
    vpcCidr: network.cidrBlock,
    subnetId: network.publicSubnetIds[0]!,
  });
}
