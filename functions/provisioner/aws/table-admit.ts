import { paginateQuery, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { item, object } from "./attributes";
import type { Project } from "../project";
import type { AdmitStore, Usage } from "../store";
import { keyOf, move, onQuota, read, readsOf, Table, transact } from "./table";

export interface QuotaItem {
  used?: number;
  reserved?: number;
  limit?: Usage["limit"];
  /** The unit's name, which sorts the list of units. */
  due: string;
}

/** Quotas share an index with projects that are due for a look, in a list of their own. */
export const UNITS = "units";

export const usageOf = (item: QuotaItem | undefined): Usage => ({
  usedCents: item?.used ?? 0,
  reservedCents: item?.reserved ?? 0,
  ...(item?.limit && { limit: item.limit }),
});

/** Everything that an index holds under a key, latest first. */
export async function query<T>({ client, TableName }: Table, IndexName: string, key: string, value: string) {
  const found: T[] = [];
  const asked = {
    TableName,
    IndexName,
    KeyConditionExpression: "#key = :value",
    ExpressionAttributeNames: { "#key": key },
    ExpressionAttributeValues: item({ ":value": value }),
    ScanIndexForward: false,
  };
  for await (const { Items = [] } of paginateQuery({ client }, asked))
    found.push(...Items.map((one) => object<T>(one)));
  return found;
}

/**
 * What lets projects in.
 * @param also what is taken for a project besides
 */
export function admitStore(
  table: Table,
  also: (project: Project) => TransactWriteItem[] = () => [],
): AdmitStore {
  const { TableName } = table;
  const reads = readsOf(table);
  const usage = async (unit: string) => usageOf(await read<QuotaItem>(table, "quota", unit));
  return {
    ...reads,
    move: (id, from, onward) => move(table, id, from, onward),
    usage,
    at: async (host) => {
      const { id } = (await read<{ id: string }>(table, "host", host)) ?? {};
      return id === undefined ? undefined : reads.get(id);
    },
    list: (unit) => query<Project>(table, "byUnit", "unit", unit),
    live: () => query<Project>(table, "byDue", "queue", "due"),
    accept: async (project, quotaCents) => {
      const room = quotaCents - project.cents;
      const overQuota = async () => ({
        kind: "quota" as const,
        leftCents: quotaCents - (await usage(project.unit)).usedCents,
      });
      if (room < 0) return overQuota();
      const put = (kind: string, id: string, content: object): TransactWriteItem => ({
        Put: {
          TableName,
          Item: { ...keyOf(kind, id), ...item(content) },
          ConditionExpression: "attribute_not_exists(pk)",
        },
      });
      const refused = await transact(table, [
        put("project", project.id, { ...project, queue: "due" }),
        put("host", project.host, { id: project.id }),
        onQuota(
          table,
          project.unit,
          "SET queue = :units, due = :unit ADD used :cents, reserved :cents",
          { ":cents": project.cents, ":room": room, ":units": UNITS, ":unit": project.unit },
          "attribute_not_exists(used) OR used <= :room",
        ),
        ...also(project),
      ]);
      const kind = (["repeated", "taken", "quota", "domain"] as const)[refused] ?? "accepted";
      return kind === "quota" ? overQuota() : { kind };
    },
  };
}
