import { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";

/** Where a name leads by the records of Route 53: to an AWS name, or to addresses. */
export interface Leading {
  alias?: string;
  addresses: string[];
}

const bare = (name = "") => name.toLowerCase().replace(/\.$/, "");

/** Undefined for a name that leads nowhere. */
export async function resolve(use: Use, host: string): Promise<Leading | undefined> {
  const route53 = await use("route53");
  const zones = await everyPage(
    (from) => route53.listHostedZones(from),
    (page) => page.HostedZones,
  );
  const zone = zones.find(({ Name }) => host.endsWith(`.${bare(Name)}`));
  if (!zone) return undefined;
  const { ResourceRecordSets = [] } = await route53.listResourceRecordSets({
    HostedZoneId: zone.Id,
    StartRecordName: host,
    StartRecordType: "A",
    MaxItems: 1,
  });
  const record = ResourceRecordSets.find(({ Name, Type }) => bare(Name) === host && Type === "A");
  return record && leadingOf(record);
}

const leadingOf = ({ AliasTarget, ResourceRecords = [] }: ResourceRecordSet): Leading => ({
  alias: AliasTarget && bare(AliasTarget.DNSName),
  addresses: ResourceRecords.map(({ Value }) => Value!),
});
