import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { item, object, updateOf } from "./attributes";
import type { Caller, State } from "../project";
import type { ApiStore } from "../store";
import { change, keyOf, moving, onProject, read, Table, transact } from "./table";
import { onDomain } from "./table-claims";
import { admitStore, query, QuotaItem, UNITS, usageOf } from "./table-admit";

/** What the API reads and writes. */
export function apiStore(table: Table): ApiStore {
  const { client, TableName } = table;
  const admitting = admitStore(table, (project) =>
    project.domain ? [onDomain(table, project, project.domain, project.createdAt)] : [],
  );

  return {
    ...admitting,
    moveNamed: async (project, from, onward, domain) => {
      const parts = [
        onProject(table, project.id, moving(from, onward)),
        onDomain(table, project, domain, onward.due),
      ];
      const refused = await transact(table, parts);
      return refused < 0 ? "moved" : refused === 0 ? "busy" : "taken";
    },
    units: async () => {
      const items = await query<QuotaItem>(table, "byDue", "queue", UNITS);
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
    waiting: async () => (await admitting.live()).filter((p) => p.step === "approve"),
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
        updateOf(
          { decision, approved: decision.verdict === "approve" ? decision : undefined },
          [],
          "#step = :approve AND attribute_not_exists(#decision)",
          {
            ":approve": "approve",
          },
        ),
      ),
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
