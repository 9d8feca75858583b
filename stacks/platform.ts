import * as pulumi from "@pulumi/pulumi";
import { bastionArea, networkArea } from "./areas/network";
import { webArea } from "./areas/web";
import { Settings } from "./settings";

/** Wires the areas that the settings name, in the order in which data flows. Returns what the stack tells when it is up. */
export function platform(settings: Settings): Record<string, pulumi.Output<unknown>> {
  const { keepData } = settings;
  const network = networkArea(settings);
  const bastion = settings.bastion && bastionArea(settings.bastion, network);
  const web = settings.web && webArea(settings.web, { keepData, network, bastion, needs: [] });
  return {
    vpcId: network.vpcId,
    ...(bastion && { bastionId: bastion.instanceId }),
    ...(web && { url: web.web.url, webGroupName: web.web.groupName }),
  };
}
