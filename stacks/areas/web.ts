import { BakedImage } from "../../components/web/baked-image";
import { Bastion } from "../../components/network/bastion";
import { Network } from "../../components/network/network";
import { watchImage } from "../../components/operations/watches/image";
import { watchWeb } from "../../components/operations/watches/web";
import { WebImage } from "../../components/web/image";
import { WebTier } from "../../components/web/web-tier";
import { Settings } from "../settings";
import { Shown } from "./shown";
import { together, WebNeeds } from "./web-needs";

export interface WebArea {
  image: WebImage;
  web: WebTier;
  baked?: BakedImage;
  minSize: number;
}

interface Shared {
  keepData: boolean;
  network: Network;
  bastion?: Bastion;
  needs: (WebNeeds | undefined)[];
}

/** The app's image, and the servers that run it where the settings say. */
export function webArea(settings: NonNullable<Settings["web"]>, shared: Shared): WebArea {
  const { keepData, network, bastion } = shared;
  const { subnets, image: machine, bakeSchedule, ...args } = settings;
  const image = new WebImage("web", { keepData });
  const baked =
    machine === "baked"
      ? bakedImage(image, { schedule: bakeSchedule, retentionDays: args.logRetentionDays }, network)
      : undefined;
  const web = new WebTier("web", {
    ...args,
    ...together(shared.needs),
    keepData,
    vpcId: network.vpcId,
    publicSubnetIds: network.publicSubnetIds,
    serverSubnetIds: subnets === "public" ? network.publicSubnetIds : network.privateSubnetIds,
    publicAddresses: subnets === "public",
    image: image.imageUri,
    repositoryArn: image.repositoryArn,
    imageParameter: baked?.imageParameter,
    bastionSecurityGroupId: bastion?.securityGroupId,
  });
  if (subnets === "private") network.allowEgress("web", web.securityGroupId);
  return { image, web, baked, minSize: settings.minSize };
}

function bakedImage(
  image: WebImage,
  settings: { schedule: string; retentionDays: number },
  network: Network,
): BakedImage {
  const baked = new BakedImage("web-image", {
    vpcId: network.vpcId,
    subnetId: network.privateSubnetIds[0]!,
    image: image.imageUri,
    repositoryArn: image.repositoryArn,
    ...settings,
  });
  network.allowEgress("web-image", baked.securityGroupId);
  return baked;
}

export function webShown({ web, baked, minSize }: WebArea): Partial<Shown> {
  const { loadBalancer, targetGroup } = web.loadBalancer;
  const { url, groupName, logGroupName } = web;
  const watched = {
    loadBalancer: loadBalancer.arnSuffix,
    targetGroup: targetGroup.arnSuffix,
    groupName,
    minSize,
  };
  return {
    outputs: { url, webGroupName: groupName },
    watches: [watchWeb(watched), ...(baked ? [watchImage(baked.imageArnPrefix)] : [])],
    logGroups: { web: logGroupName },
    doors: { web: loadBalancer.arn },
  };
}
