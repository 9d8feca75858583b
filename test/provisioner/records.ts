// What the table holds of projects, changed as time or a test's hand would.
import { type AttributeValue, paginateScan } from "@aws-sdk/client-dynamodb";
import { updateOf } from "../../functions/provisioner/aws/attributes";
import { change as changeProject } from "../../functions/provisioner/aws/table";
import { domainStore } from "../../functions/provisioner/aws/table-domains";
import { apiStore } from "../../functions/provisioner/aws/table-api";
import { DOMAIN, Rig } from "./rig";

const tableOf = (rig: Rig) => ({ client: rig.aws.dynamodb, TableName: rig.outputs.tableName });
export const storeOf = (rig: Rig) => apiStore(tableOf(rig));
export const record = async (rig: Rig, id: string) => (await storeOf(rig).get(id))!;

/** All items of the table, page by page. */
export async function itemsOf(rig: Rig): Promise<Record<string, AttributeValue>[]> {
  const TableName = rig.outputs.tableName;
  const items = [];
  for await (const { Items = [] } of paginateScan(
    { client: rig.aws.dynamodb },
    { TableName, ConsistentRead: true },
  ))
    items.push(...Items);
  return items;
}

/** Clears away what a test has written past the API. */
export async function forgetAll(rig: Rig, unit: string): Promise<void> {
  const TableName = rig.outputs.tableName;
  const mine = (await itemsOf(rig)).filter(({ pk }) =>
    new RegExp(`^(project|host|quota)#${unit}`).test(pk!.S!),
  );
  await Promise.all(mine.map(({ pk }) => rig.aws.dynamodb.deleteItem({ TableName, Key: { pk: pk! } })));
}

/** What was answered under an Idempotency-Key is forgotten, as if the function had died before it could be kept. */
export async function forgetAnswers(rig: Rig): Promise<number> {
  const TableName = rig.outputs.tableName;
  const answers = (await itemsOf(rig)).filter(({ pk }) => pk!.S!.startsWith("claim#"));
  await Promise.all(answers.map(({ pk }) => rig.aws.dynamodb.deleteItem({ TableName, Key: { pk: pk! } })));
  return answers.length;
}

/** The addresses that a project's name leads to. */
export async function leadsTo(rig: Rig, host: string): Promise<string[]> {
  const { ResourceRecordSets = [] } = await rig.aws.route53.listResourceRecordSets({
    HostedZoneId: rig.outputs.zoneId,
  });
  const mine = ResourceRecordSets.filter(({ Name }) => Name === `${host}.${DOMAIN}.`);
  return mine.flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value }) => Value!));
}

/** Changes a record as time would. */
export const change = (rig: Rig, id: string, values: Record<string, string>) =>
  changeProject(tableOf(rig), id, updateOf(values));

/** What is written of a team's own name. */
export const claimOf = async (rig: Rig, domain: string) =>
  (await itemsOf(rig)).find(({ pk }) => pk!.S === `domain#${domain}`);

/** A name is due, as it is some minutes later. */
export const claimDue = (rig: Rig, domain: string) =>
  domainStore(tableOf(rig)).mark(domain, { due: "2000-01-01" });

/** Every waiting project is due, as it is a minute later. */
export async function overdue(rig: Rig): Promise<void> {
  const waiting = (await itemsOf(rig)).filter(
    (item) => item["queue"] && ["running", "deleting"].includes(item["state"]?.S ?? ""),
  );
  await Promise.all(waiting.map((item) => change(rig, item["id"]!.S!, { due: "2000-01-01" })));
}

/** Where the static template lies. */
export async function templateBucket(rig: Rig): Promise<{ Bucket: string; Key: string }> {
  const { Buckets = [] } = await rig.aws.s3.listBuckets({});
  const Bucket = Buckets.find((one) => one.Name!.includes("templates"))!.Name!;
  const { Contents = [] } = await rig.aws.s3.listObjectsV2({ Bucket, Prefix: "static" });
  return { Bucket, Key: Contents[0]!.Key! };
}
