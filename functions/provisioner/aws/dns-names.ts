import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { Names } from "../ports";

export function namesOf(client: Route53Client, HostedZoneId: string): Names {
  const change = async (Action: "UPSERT" | "DELETE", ResourceRecordSet: object) => {
    const Changes = [{ Action, ResourceRecordSet: ResourceRecordSet as never }];
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
  };
  return {
    point: (host, target) =>
      change(
        "UPSERT",
        "address" in target
          ? { Name: host, Type: "A", TTL: 60, ResourceRecords: [{ Value: target.address }] }
          : {
              Name: host,
              Type: "A",
              AliasTarget: { DNSName: target.name, HostedZoneId: target.zone, EvaluateTargetHealth: false },
            },
      ),
    remove: async (host) => {
      const { ResourceRecordSets = [] } = await client.send(
        new ListResourceRecordSetsCommand({
          HostedZoneId,
          StartRecordName: host,
          StartRecordType: "A",
          MaxItems: 1,
        }),
      );
      const [found] = ResourceRecordSets;
      if (found?.Name === `${host}.` && found.Type === "A") await change("DELETE", found);
    },
  };
}
