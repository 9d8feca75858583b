import { EC2 } from "@aws-sdk/client-ec2";
import { KMS } from "@aws-sdk/client-kms";
import { ResourceGroupsTaggingAPI } from "@aws-sdk/client-resource-groups-tagging-api";

/** Distinguishes a run's own resources from everybody else's. */
export const TAG = "groundwork-verify";

/** The ARNs of what AWS still has of a run: everything with the tag, except for what only waits for its end. */
export async function leftOf(run: string, region: string): Promise<string[]> {
  // This region lists resources that belong to no region.
  const regions = [...new Set([region, "us-east-1"])];
  const all = await Promise.all(regions.map((one) => taggedWith(run, one)));
  const checked = await Promise.all(all.flat().map(async (arn) => ({ arn, ends: await isEnding(arn) })));
  return checked.filter(({ ends }) => !ends).map(({ arn }) => arn);
}

async function taggedWith(run: string, region: string): Promise<string[]> {
  const tagging = new ResourceGroupsTaggingAPI({ region });
  const arns: string[] = [];
  let PaginationToken: string | undefined;
  do {
    const page = await tagging.getResources({ TagFilters: [{ Key: TAG, Values: [run] }], PaginationToken });
    arns.push(...(page.ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN!));
    PaginationToken = page.PaginationToken;
  } while (PaginationToken);
  return arns;
}

/** A key is deleted after its waiting period; machines and gateways are listed for an hour after their end. */
async function isEnding(arn: string): Promise<boolean> {
  const [, , service, region, , ...rest] = arn.split(":");
  const [kind, id] = rest.join(":").split("/") as [string, string];
  if (service === "kms") {
    const { KeyMetadata } = await new KMS({ region }).describeKey({ KeyId: arn });
    return KeyMetadata?.KeyState === "PendingDeletion";
  }
  if (service !== "ec2") return false;
  const ec2 = new EC2({ region });
  if (kind === "instance")
    return gone(async () => {
      const { Reservations = [] } = await ec2.describeInstances({ InstanceIds: [id] });
      return Reservations.flatMap(({ Instances = [] }) => Instances).every(
        ({ State }) => State?.Name === "terminated",
      );
    });
  if (kind === "natgateway")
    return gone(async () => {
      const { NatGateways = [] } = await ec2.describeNatGateways({ NatGatewayIds: [id] });
      return NatGateways.every(({ State }) => State === "deleted");
    });
  return false;
}

/** EC2 forgets ended resources, and reports that by an error. */
const gone = (asked: () => Promise<boolean>): Promise<boolean> =>
  asked().catch((error: Error) => {
    if (/NotFound/.test(error.name)) return true;
    throw error;
  });
