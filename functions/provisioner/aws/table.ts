import {
  DynamoDBClient,
  GetItemCommand,
  TransactWriteItemsCommand,
  TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { named } from "../../shared/is-named";
import { item, object, Update, updateOf } from "./attributes";
import { Project, State } from "../project";
import { Changes, Onward, Reads } from "../store";

/** A key is `kind#id`; two sparse indexes list a unit's projects and those that are due for a look. */
export const keyOf = (kind: string, id: string) => ({ pk: { S: `${kind}#${id}` } });
/** Writers of one quota collide; DynamoDB then cancels all but one, so a loser tries again. */
const TRIES = 40;

/** The one table, and how everything in it is read and written. */
export interface Table {
  client: DynamoDBClient;
  TableName: string;
}

export async function read<T>(
  { client, TableName }: Table,
  kind: string,
  id: string,
): Promise<T | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName, Key: keyOf(kind, id), ConsistentRead: true }),
  );
  return Item && object<T>(Item);
}

/** An update of a project; returns nothing if its condition refuses it. */
export async function change(
  { client, TableName }: Table,
  id: string,
  update: Update,
): Promise<Project | undefined> {
  try {
    const { Attributes } = await client.send(
      new UpdateItemCommand({ TableName, Key: keyOf("project", id), ...update, ReturnValues: "ALL_NEW" }),
    );
    return object<Project>(Attributes!);
  } catch (error) {
    if (!named(error, "ConditionalCheckFailedException")) throw error;
    return undefined;
  }
}

/** All or nothing; returns the index of the first part whose condition refused, or -1 after a write. */
export async function transact({ client }: Table, parts: TransactWriteItem[]): Promise<number> {
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
}

/** A part of a transaction that changes a unit's quota. */
export const onQuota = (
  { TableName }: Table,
  unit: string,
  UpdateExpression: string,
  values: object,
  ConditionExpression?: string,
): TransactWriteItem => ({
  Update: {
    TableName,
    Key: keyOf("quota", unit),
    UpdateExpression,
    ExpressionAttributeValues: item(values),
    ConditionExpression,
  },
});

export const onProject = ({ TableName }: Table, id: string, update: Update): TransactWriteItem => ({
  Update: { TableName, Key: keyOf("project", id), ...update },
});

/** The operations that all functions use on a project. */
export function readsOf(table: Table): Reads {
  const write = async (id: string, { clear, ...changes }: Changes, more?: object) => {
    await change(table, id, updateOf({ ...changes, ...more }, clear, "attribute_exists(#pk)"));
  };
  return {
    get: (id) => read<Project>(table, "project", id),
    end: (id, step, stage, changes = {}) => write(id, changes, { [`stages.${step}`]: stage }),
    note: write,
  };
}

/** What the record says about one build, and not about the next. */
export const OF_A_BUILD = ["buildId", "built", "queued"];

/** Moves a settled project on, unless it is no longer in one of these states. */
export const move = async (table: Table, id: string, from: State[], onward: Onward): Promise<boolean> =>
  (await change(table, id, moving(from, onward))) !== undefined;

export function moving(from: State[], onward: Onward): Update {
  const states = Object.fromEntries(from.map((one, index) => [`:s${index}`, one]));
  return updateOf(
    { ...onward, queue: "due" },
    // An update waits for its own build, not for the previous one; a deletion still has to stop a running one.
    [
      "failure",
      "logTail",
      "decision",
      "reminded",
      "cancel",
      "step",
      "token",
      ...(onward.change ? OF_A_BUILD : ["change"]),
      // A push that starts becomes the newest one.
      ...(onward.change?.commit ? ["nextPush"] : []),
    ],
    `#state IN (${Object.keys(states).join(", ")})`,
    states,
  );
}
