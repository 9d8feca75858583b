import {
  Change,
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { Names, Target } from "../ports";

const bare = (name = "") => name.toLowerCase().replace(/\.$/, "");

const recordOf = (host: string, target: Target): ResourceRecordSet =>
  "address" in target
    ? { Name: host, Type: "A", TTL: 60, ResourceRecords: [{ Value: target.address }] }
    : {
        Name: host,
        Type: "A",
        AliasTarget: { DNSName: target.name, HostedZoneId: target.zone, EvaluateTargetHealth: false },
      };

/** The record beside a name that says which project owns it. */
const noteOf = (host: string, owner: string): ResourceRecordSet => ({
  Name: `_project.${host}`,
  Type: "TXT",
  TTL: 300,
  ResourceRecords: [{ Value: `"${owner}"` }],
});

const leadsTo = (record: ResourceRecordSet) =>
  bare(record.AliasTarget?.DNSName) || record.ResourceRecords?.map(({ Value }) => Value).join();

const TAKEN = (host: string) =>
  `The name ${host} points to something that does not belong to this project; choose another name.`;

/** The zone may hold names of the platform and of others: only names that such a note assigns to the project are changed. */
export function namesOf(client: Route53Client, HostedZoneId: string): Names {
  const at = async (name: string): Promise<ResourceRecordSet[]> => {
    const { ResourceRecordSets = [] } = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId, StartRecordName: name, MaxItems: 10 }),
    );
    return ResourceRecordSets.filter((record) => bare(record.Name) === bare(name));
  };
  const change = (...Changes: Change[]) =>
    client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
  const look = async (host: string, owner: string) => {
    const records = await at(host);
    const notes = await at(noteOf(host, owner).Name!);
    return { records, notes, own: notes.some((note) => leadsTo(note) === `"${owner}"`) };
  };
  return {
    taken: async (host, owner) => {
      const { records, notes, own } = await look(host, owner);
      return !own && records.length + notes.length > 0 ? TAKEN(host) : undefined;
    },
    point: async (host, owner, target) => {
      const { records, notes, own } = await look(host, owner);
      const record = recordOf(host, target);
      // A name from before these notes points at its project.
      const unnoted = notes.length === 0 && records.every((each) => leadsTo(each) === leadsTo(record));
      if (own) await change({ Action: "UPSERT", ResourceRecordSet: record });
      else if (unnoted)
        await change(
          { Action: "CREATE", ResourceRecordSet: noteOf(host, owner) },
          // Not UPSERT: a record that was added in between is not the project's.
          ...(records.length > 0 ? [] : [{ Action: "CREATE" as const, ResourceRecordSet: record }]),
        );
      else return { refused: TAKEN(host) };
      return undefined;
    },
    remove: async (host, owner) => {
      const { records, notes, own } = await look(host, owner);
      const gone = [...records.filter(({ Type }) => Type === "A"), ...notes];
      if (own)
        await change(...gone.map((ResourceRecordSet) => ({ Action: "DELETE" as const, ResourceRecordSet })));
    },
  };
}
