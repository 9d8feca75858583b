import * as pulumi from "@pulumi/pulumi";
import { Bastion } from "../components/network/bastion";
import { Network } from "../components/network/network";
import { Tier } from "../components/network/subnet-plan";
import { WebImage } from "../components/web/image";
import { WebTier } from "../components/web/web-tier";
import { Settings } from "./settings";

/** What a stack tells when it is up. */
export interface PlatformOutputs {
  [name: string]: pulumi.Output<unknown>;
}

/** Wires the areas that the settings name, in the order in which data flows. */
export function platform(settings: Settings): PlatformOutputs {
  const { keepData } = settings;
  const network = new Network("network", { ...settings.network, virtualIpTiers: virtualIpTiers(settings) });
  const bastion = settings.bastion && bastionIn(network, settings.bastion);
  const web = settings.web && webTier(network, settings.web, { keepData, bastion });
  return {
    vpcId: network.vpcId,
    ...(bastion && { bastionId: bastion.instanceId }),
    ...(web && { url: web.url, webGroupName: web.groupName }),
  };
}

/** The database's virtual IP is reached from where the web servers are. */
function virtualIpTiers(_settings: Settings): Tier[] {
  return [];
}

function bastionIn(network: Network, settings: NonNullable<Settings["bastion"]>): Bastion {
  return new Bastion("bastion", {
    ...settings,
    vpcId: network.vpcId,
    vpcCidr: network.cidrBlock,
    subnetId: network.publicSubnetIds[0]!,
  });
}

function webTier(
  network: Network,
  settings: NonNullable<Settings["web"]>,
  shared: { keepData: boolean; bastion?: Bastion },
): WebTier {
  const { subnets, ...args } = settings;
  const image = new WebImage("web", { keepData: shared.keepData });
  const web = new WebTier("web", {
    ...args,
    keepData: shared.keepData,
    vpcId: network.vpcId,
    publicSubnetIds: network.publicSubnetIds,
    serverSubnetIds: subnets === "public" ? network.publicSubnetIds : network.privateSubnetIds,
    publicAddresses: subnets === "public",
    image: image.imageUri,
    repositoryArn: image.repositoryArn,
    bastionSecurityGroupId: shared.bastion?.securityGroupId,
  });
  if (subnets === "private") network.allowEgress("web", web.securityGroupId);
  return web;
}
