import {
  DeleteItemCommand,
  paginateQuery,
  PutItemCommand,
  TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { item, object, updateOf } from "./attributes";
import { Caller, Project, State } from "../project";
import { ApiStore, Usage } from "../store";
import { change, keyOf, move, onQuota, read, readsOf, Table, transact } from "./table";

interface QuotaItem {
  used?: number;
  reserved?: number;
  limit?: Usage["limit"];
  /** The unit's name, by which the list of units is sorted. */
  due: string;
}

/** Quotas stand in the same index as projects that are looked at, in a list of their own. */
const UNITS = "units";

const usageOf = (item: QuotaItem | undefined): Usage => ({
  usedCents: item?.used ?? 0,
  reservedCents: item?.reserved ?? 0,
  ...(item?.limit && { limit: item.limit }),
});

/** What the API reads and writes. */
export function apiStore(table: Table): ApiStore {
  const { client, TableName } = table;
  const query = async <T>(IndexName: string, key: string, value: string) => {
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
  };
  const live = () => query<Project>("byDue", "queue", "due");
  const usage = async (unit: string) => usageOf(await read<QuotaItem>(table, "quota", unit));

  return {
    ...readsOf(table),
    move: (id, from, onward) => move(table, id, from, onward),
    usage,
    units: async () => {
      const items = await query<QuotaItem>("byDue", "queue", UNITS);
      return items.map((one) => ({ unit: one.due, ...usageOf(one) })).reverse();
    },
    setLimit: async (unit, limit) => {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          ...{ TableName, Key: keyOf("quota", unit), ReturnValues: "ALL_NEW" },
          ...updateOf({ queue: UNITS, due: unit, limit }, limit ? [] : ["limit"]),
        }),
      );
      return { unit, ...usageOf(object<QuotaItem>(Attributes!)) };
    },
    list: (unit) => query<Project>("byUnit", "unit", unit),
    waiting: async () => (await live()).filter((p) => p.step === "approve"),
    live,
    accept: async (project, quotaCents) => {
      const room = quotaCents - project.cents;
      if (room < 0) return { kind: "quota", leftCents: quotaCents - (await usage(project.unit)).usedCents };
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
      ]);
      switch (refused) {
        case 0:
          return { kind: "repeated" };
        case 1:
          return { kind: "taken" };
        case 2:
          return { kind: "quota", leftCents: quotaCents - (await usage(project.unit)).usedCents };
        default:
          return { kind: "accepted" };
      }
    },
    cancel: (id) =>
      change(
        table,
        id,
        updateOf(
          { cancel: true },
          [],
          "#state = :running AND (attribute_not_exists(#step) OR NOT begins_with(#step, :undo))",
          { ":running": "running" satisfies State, ":undo": "undo" },
        ),
      ),
    decide: (id, decision) =>
      change(
        table,
        id,
        updateOf({ decision }, [], "#step = :approve AND attribute_not_exists(#decision)", {
          ":approve": "approve",
        }),
      ),
    queuePush: async (id, nextPush) => {
      const moving = { ":running": "running", ":updating": "updating" } satisfies Record<string, State>;
      const update = updateOf({ nextPush }, [], "#state IN (:running, :updating)", moving);
      return (await change(table, id, update)) !== undefined;
    },
    putTicket: async (ticket, caller, forgetAt) => {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: { ...keyOf("ticket", ticket), ...item({ ...caller, ttl: forgetAt }) },
        }),
      );
    },
    ticket: async (ticket) => {
      const found = await read<Caller & { ttl: number }>(table, "ticket", ticket);
      // Time to live deletes late, by days at worst.
      return found && found.ttl * 1000 > Date.now() ? found : undefined;
    },
    removeTicket: async (ticket) => {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf("ticket", ticket) }));
    },
  };
}
