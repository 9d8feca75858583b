import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { item, object, updateOf } from "./attributes";
import { Caller, Project } from "./project";
import { Store, Usage } from "./store";

/** A key is `kind#id`; two sparse indexes list a unit's projects and those that somebody has to look at. */
const keyOf = (kind: string, id: string) => ({ pk: { S: `${kind}#${id}` } });
const DAY = 24 * 60 * 60;
/** Writers of one quota meet; DynamoDB then cancels all but one, so a loser tries again. */
const TRIES = 40;

export function storeIn(client: DynamoDBClient, TableName: string): Store {
  const read = async <T>(kind: string, id: string) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: keyOf(kind, id), ConsistentRead: true }),
    );
    return Item && object<T>(Item);
  };
  const query = async (IndexName: string, KeyConditionExpression: string, values: object) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        IndexName,
        KeyConditionExpression,
        ExpressionAttributeValues: item(values),
        ScanIndexForward: IndexName === "byDue",
      }),
    );
    return Items.map((one) => object<Project>(one));
  };
  /** An update of a project that may be refused by its condition: then nothing. */
  const change = async (id: string, update: ReturnType<typeof updateOf>) => {
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf("project", id),
          ...update,
          ReturnValues: "ALL_NEW",
        }),
      );
      return object<Project>(Attributes!);
    } catch (error) {
      if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
      return undefined;
    }
  };
  /** All of it or nothing; the index of the first part whose condition refused, or -1 when it is written. */
  const transact = async (parts: TransactWriteItem[]): Promise<number> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems: parts }));
        return -1;
      } catch (error) {
        const reasons = (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? [];
        const refused = reasons.findIndex(({ Code }) => Code === "ConditionalCheckFailed");
        if (refused >= 0) return refused;
        const met = reasons.some(({ Code }) => Code === "TransactionConflict");
        if (!met || attempt === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(1000, 20 * attempt)));
      }
    }
  };
  const onQuota = (unit: string, expression: string, values: object, condition?: string) => ({
    Update: {
      TableName,
      Key: keyOf("quota", unit),
      UpdateExpression: expression,
      ExpressionAttributeValues: item(values),
      ConditionExpression: condition,
    },
  });
  const onProject = (id: string, update: ReturnType<typeof updateOf>) => ({
    Update: { TableName, Key: keyOf("project", id), ...update },
  });
  const leaving = (host: string) => ({ Delete: { TableName, Key: keyOf("host", host) } });
  const usage = async (unit: string): Promise<Usage> => {
    const found = await read<{ used: number; reserved: number }>("quota", unit);
    return { usedCents: found?.used ?? 0, reservedCents: found?.reserved ?? 0 };
  };
  const repeated = (sub: string, key: string) =>
    read<{ id: string; digest: string }>("request", `${sub}#${key}`);

  return {
    get: (id) => read<Project>("project", id),
    list: (unit) => query("byUnit", "unit = :unit", { ":unit": unit }),
    waiting: async () =>
      (await query("byDue", "queue = :queue", { ":queue": "due" })).filter((p) => p.step === "approve"),
    due: (now) => query("byDue", "queue = :queue AND due <= :now", { ":queue": "due", ":now": now }),
    usage,
    repeated,
    accept: async (project, quotaCents, once) => {
      const room = quotaCents - project.cents;
      if (room < 0) return { kind: "quota", leftCents: quotaCents - (await usage(project.unit)).usedCents };
      const put = (kind: string, id: string, content: object): TransactWriteItem => ({
        Put: {
          TableName,
          Item: { ...keyOf(kind, id), ...item(content) },
          ConditionExpression: "attribute_not_exists(pk)",
        },
      });
      const parts = [
        put("project", project.id, { ...project, queue: "due" }),
        put("host", project.host, { id: project.id }),
        onQuota(
          project.unit,
          "ADD used :cents, reserved :cents",
          { ":cents": project.cents, ":room": room },
          "attribute_not_exists(used) OR used <= :room",
        ),
      ];
      if (once) {
        const ttl = Math.floor(Date.parse(project.createdAt) / 1000) + DAY;
        parts.push(
          put("request", `${project.owner}#${once.key}`, { id: project.id, digest: once.digest, ttl }),
        );
      }
      const refused = await transact(parts);
      if (refused < 0) return { kind: "accepted" };
      const seen = once && (await repeated(project.owner, once.key));
      if (seen) return { kind: "repeated", ...seen };
      if (refused === 2)
        return { kind: "quota", leftCents: quotaCents - (await usage(project.unit)).usedCents };
      return { kind: "taken" };
    },
    begin: (id, step, stage, { token, due }) =>
      change(
        id,
        updateOf(
          { step, token, due, queue: "due", [`stages.${step}`]: stage },
          token ? [] : ["token"],
          step.startsWith("undo")
            ? "attribute_exists(#pk)"
            : "attribute_exists(#pk) AND attribute_not_exists(#cancel)",
        ),
      ),
    end: async (id, step, stage, { clear = [], ...changes } = {}) => {
      await change(id, updateOf({ ...changes, [`stages.${step}`]: stage }, clear, "attribute_exists(#pk)"));
    },
    note: async (id, { clear = [], ...changes }) => {
      await change(id, updateOf(changes, clear, "attribute_exists(#pk)"));
    },
    commit: async (project, stage, { clear = [], ...changes }) => {
      const written = updateOf(
        { ...changes, quota: "committed", "stages.finish": stage },
        clear,
        "#quota = :reserved AND attribute_not_exists(#cancel)",
        { ":reserved": "reserved" },
      );
      const refused = await transact([
        onProject(project.id, written),
        onQuota(project.unit, "ADD reserved :less", { ":less": -project.cents }),
      ]);
      if (refused < 0) return true;
      return (await read<Project>("project", project.id))?.quota === "committed";
    },
    close: async (project, stage, state, forgetAt) => {
      const reserved = project.quota === "reserved" ? -project.cents : 0;
      const written = updateOf(
        { state, quota: "released", "stages.undo reserve": stage, ttl: forgetAt },
        ["due", "queue", "step", "token", "cancel", "url"],
        "#quota = :quota",
        { ":quota": project.quota },
      );
      if (project.quota === "released") return;
      await transact([
        onProject(project.id, written),
        onQuota(project.unit, "ADD used :less, reserved :reserved", {
          ":less": -project.cents,
          ":reserved": reserved,
        }),
        leaving(project.host),
      ]);
    },
    forget: async (project) => {
      await transact([
        {
          Delete: {
            TableName,
            Key: keyOf("project", project.id),
            ConditionExpression: "attribute_exists(pk)",
          },
        },
        onQuota(project.unit, "ADD used :less, reserved :less", { ":less": -project.cents }),
        leaving(project.host),
      ]);
    },
    move: async (id, from, { state, run, due, change: wanted }) => {
      const states = Object.fromEntries(from.map((one, index) => [`:s${index}`, one]));
      const update = updateOf(
        { state, run, due, queue: "due", change: wanted },
        ["failure", "decision", "reminded", "cancel", "step", "token", ...(wanted ? [] : ["change"])],
        `#state IN (${Object.keys(states).join(", ")})`,
        states,
      );
      return (await change(id, update)) !== undefined;
    },
    settle: async (id, state, stage, { clear = [], ...changes }) => {
      const step = changes.failure ? "keep" : "finish";
      await change(
        id,
        updateOf(
          { ...changes, state, [`stages.${step}`]: stage },
          [...clear, "change", "cancel", "step", "token"],
          "attribute_exists(#pk)",
        ),
      );
    },
    cancel: (id) =>
      change(
        id,
        updateOf(
          { cancel: true },
          [],
          "#state = :running AND (attribute_not_exists(#step) OR NOT begins_with(#step, :undo))",
          { ":running": "running", ":undo": "undo" },
        ),
      ),
    decide: (id, decision) =>
      change(
        id,
        updateOf({ decision }, [], "#step = :approve AND attribute_not_exists(#decision)", {
          ":approve": "approve",
        }),
      ),
    stuck: async (id) => {
      const update = updateOf({ state: "needs-hands" }, ["due", "queue", "token"], "#state IN (:a, :b, :c)", {
        ":a": "running",
        ":b": "updating",
        ":c": "deleting",
      });
      return (await change(id, update)) !== undefined;
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
      const found = await read<Caller & { ttl: number }>("ticket", ticket);
      // Time to live deletes late, by days at worst.
      return found && found.ttl * 1000 > Date.now() ? found : undefined;
    },
    removeTicket: async (ticket) => {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf("ticket", ticket) }));
    },
  };
}
