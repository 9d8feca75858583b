import {
  DeleteItemCommand,
  paginateQuery,
  PutItemCommand,
  TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { item, object, updateOf } from "./attributes";
import { Caller, Project, State } from "../project";
import { ApiStore, Usage } from "../store";
import { change, keyOf, move, onQuota, read, readsOf, Table, transact } from "./table";

/** What the API reads and writes. */
export function apiStore(table: Table): ApiStore {
  const { client, TableName } = table;
  const query = async (IndexName: string, key: string, value: string) => {
    const found: Project[] = [];
    const asked = {
      TableName,
      IndexName,
      KeyConditionExpression: "#key = :value",
      ExpressionAttributeNames: { "#key": key },
      ExpressionAttributeValues: item({ ":value": value }),
      ScanIndexForward: false,
    };
    for await (const { Items = [] } of paginateQuery({ client }, asked))
      found.push(...Items.map((one) => object<Project>(one)));
    return found;
  };
  const live = () => query("byDue", "queue", "due");
  const usage = async (unit: string): Promise<Usage> => {
    const found = await read<{ used: number; reserved: number }>(table, "quota", unit);
    return { usedCents: found?.used ?? 0, reservedCents: found?.reserved ?? 0 };
  };

  return {
    ...readsOf(table),
    move: (id, from, onward) => move(table, id, from, onward),
    usage,
    list: (unit) => query("byUnit", "unit", unit),
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
          "ADD used :cents, reserved :cents",
          { ":cents": project.cents, ":room": room },
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
