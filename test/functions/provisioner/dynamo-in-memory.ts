// DynamoDB as far as the provisioner's table asks of it: keys, conditions, updates, transactions and indexes, judged as DynamoDB does.
import { type AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { accepts, type Expression, type Item, updated, used } from "./dynamo-expressions";

/* eslint-disable @typescript-eslint/no-explicit-any -- each operation has inputs of its own */
type Input = Record<string, any>;

const INDEXES: Record<string, { hash: string; range: string }> = {
  byUnit: { hash: "unit", range: "createdAt" },
  byDue: { hash: "queue", range: "due" },
};
/** So few to a page that whoever reads one page only is found out. */
const PAGE = 2;

const failure = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });

export class DynamoInMemory {
  readonly items = new Map<string, Item>();
  /** Every call, by the name of its operation. */
  readonly calls: [operation: string, input: Input][] = [];
  /** What the next calls answer instead of being done, the first of it first. */
  readonly failures: Error[] = [];
  readonly client: DynamoDBClient;

  constructor(private readonly tableName: string) {
    // The SDK's own pages take nothing but a client of its own class.
    this.client = new DynamoDBClient({ region: "eu-west-1" });
    this.client.send = (async (command: { constructor: { name: string }; input: Input }) => {
      const operation = command.constructor.name.replace(/Command$/, "");
      this.calls.push([operation, command.input]);
      await Promise.resolve();
      const wrong = this.failures.shift();
      if (wrong) throw wrong;
      return this.answer(operation, command.input);
    }) as never;
  }

  private answer(operation: string, input: Input): object {
    switch (operation) {
      case "GetItem":
        this.demand(input.ConsistentRead === true, "what is read decides, so it is read as it is now");
        return { Item: this.copyOf(this.at(input, input.Key)) };
      case "PutItem":
      case "DeleteItem":
      case "UpdateItem":
        this.write([{ [operation.replace("Item", "")]: input }], () =>
          failure("ConditionalCheckFailedException", {
            Item:
              input.ReturnValuesOnConditionCheckFailure === "ALL_OLD"
                ? this.copyOf(this.at(input, input.Key ?? { pk: input.Item.pk }))
                : undefined,
          }),
        );
        return {
          Attributes: input.ReturnValues === "ALL_NEW" ? this.copyOf(this.at(input, input.Key)) : undefined,
        };
      case "TransactWriteItems":
        this.write(input.TransactItems, (codes) =>
          failure("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) }),
        );
        return {};
      case "Query":
        return this.query(input);
      default:
        throw new Error(`the table knows no ${operation}`);
    }
  }

  /** All or nothing: each condition is judged before anything is written. */
  private write(parts: Input[], refusal: (codes: string[]) => Error): void {
    const each = parts.map((part) => Object.entries(part)[0]!) as [string, Input][];
    const codes = each.map(([kind, input]) => {
      const before = this.at(input, kind === "Put" ? { pk: input.Item.pk } : input.Key);
      const condition = input.ConditionExpression as string | undefined;
      return condition === undefined || accepts(condition, input as Expression, before ?? {})
        ? "None"
        : "ConditionalCheckFailed";
    });
    if (codes.some((code) => code !== "None")) throw refusal(codes);
    for (const [kind, input] of each) {
      const key = (kind === "Put" ? input.Item.pk : input.Key.pk).S as string;
      used(input as Expression, [input.ConditionExpression, input.UpdateExpression]);
      if (kind === "Delete") this.items.delete(key);
      else if (kind === "Put") this.items.set(key, structuredClone(input.Item));
      else
        this.items.set(
          key,
          updated(input.UpdateExpression, input as Expression, this.items.get(key) ?? { pk: { S: key } }),
        );
    }
  }

  private query(input: Input): object {
    const index = INDEXES[input.IndexName]!;
    const condition = input.KeyConditionExpression as string;
    used(input as Expression, [condition]);
    const range = (item: Item) => item[index.range]!.S!;
    const found = [...this.items.values()]
      .filter((item) => item[index.hash] && item[index.range])
      .filter((item) => accepts(condition, input as Expression, item))
      .sort((a, b) => (range(a) < range(b) ? -1 : 1));
    if (input.ScanIndexForward === false) found.reverse();
    const from = Number(input.ExclusiveStartKey?.from?.N ?? 0);
    const next = from + PAGE < found.length ? { from: { N: String(from + PAGE) } } : undefined;
    return {
      Items: found.slice(from, from + PAGE).map((item) => this.copyOf(item)),
      LastEvaluatedKey: next,
    };
  }

  private at({ TableName }: Input, key: { pk: AttributeValue }): Item | undefined {
    this.demand(TableName === this.tableName, `there is no table ${TableName}`);
    return this.items.get(key.pk.S!);
  }

  private demand(so: boolean, otherwise: string): void {
    if (!so) throw failure("ValidationException", { message: otherwise });
  }

  private copyOf = (item: Item | undefined) => item && structuredClone(item);
}
