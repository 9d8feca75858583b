import { DynamoDBClient, UpdateItemCommand, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { Lease, Phase } from "../lease";
import { keyOf, leaseIn, LeaseLocation, readLease } from "../lease-item";

export type Refused = "refused";

/** The lease in DynamoDB. Every change is one conditional write; `"refused"` means that its condition did not hold. */
export class LeaseStore {
  private readonly location: LeaseLocation;

  constructor(
    private readonly client: Pick<DynamoDBClient, "send">,
    table: string,
    key: string,
    private readonly timeoutMs: number,
  ) {
    this.location = { table, key };
  }

  read(): Promise<Lease | undefined> {
    return readLease(this.client, this.location, this.limit());
  }

  take(expect: Lease | undefined, lease: Lease): Promise<Lease | Refused> {
    const suspects = lease.suspects.length > 0;
    return this.update({
      UpdateExpression:
        "SET recordId = :record, epoch = :epoch, beat = :beat, holder = :holder, leaseMs = :leaseMs, phase = :phase, wanted = :none" +
        (suspects ? ", suspects = :suspects" : " REMOVE suspects"),
      ConditionExpression: expect ? "epoch = :oldEpoch AND beat = :oldBeat" : "attribute_not_exists(pk)",
      ExpressionAttributeValues: {
        ":record": s(lease.record),
        ":epoch": n(lease.epoch),
        ":beat": n(lease.beat),
        ":holder": s(lease.holder),
        ":leaseMs": n(lease.leaseMs),
        ":phase": s(lease.phase),
        ":none": s(""),
        ...(suspects ? { ":suspects": { SS: lease.suspects } } : {}),
        ...(expect ? { ":oldEpoch": n(expect.epoch), ":oldBeat": n(expect.beat) } : {}),
      },
    });
  }

  /** Also the health report: `healthy` is PostgreSQL's last answer on this node. */
  renew(node: string, epoch: number, phase: Phase, healthy: boolean): Promise<Lease | Refused> {
    return this.update({
      UpdateExpression: `SET phase = :phase, healthy = :healthy${healthy ? ", initialised = :healthy" : ""} ADD beat :one`,
      ConditionExpression: "holder = :node AND epoch = :epoch",
      ExpressionAttributeValues: {
        ":phase": s(phase),
        ":healthy": { BOOL: healthy },
        ":one": n(1),
        ":node": s(node),
        ":epoch": n(epoch),
      },
    });
  }

  release(node: string, epoch: number): Promise<Lease | Refused> {
    return this.update({
      UpdateExpression: "SET holder = :none, phase = :none, healthy = :no ADD beat :one",
      ConditionExpression: "holder = :node AND epoch = :epoch",
      ExpressionAttributeValues: {
        ":none": s(""),
        ":no": { BOOL: false },
        ":one": n(1),
        ":node": s(node),
        ":epoch": n(epoch),
      },
    });
  }

  /** Removes a suspect from the list, but only in the epoch in which it was seen dead, so that a late message cannot clear a new suspicion. */
  clear(suspect: string, epoch: number): Promise<Lease | Refused> {
    return this.update({
      UpdateExpression: "DELETE suspects :suspect",
      ConditionExpression: "epoch = :epoch",
      ExpressionAttributeValues: { ":suspect": { SS: [suspect] }, ":epoch": n(epoch) },
    });
  }

  /** Asks the holder to hand over. */
  want(node: string, epoch: number): Promise<Lease | Refused> {
    return this.update({
      UpdateExpression: "SET wanted = :wanted",
      ConditionExpression: "epoch = :epoch AND holder <> :none",
      ExpressionAttributeValues: { ":wanted": s(node), ":epoch": n(epoch), ":none": s("") },
    });
  }

  /** Declares that nobody uses data that was used under this record, up to this epoch. */
  free(record: string, epoch: number): Promise<Lease | Refused> {
    return this.update({
      UpdateExpression: "SET freeData = :data",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeValues: { ":data": s(`${record} ${epoch}`) },
    });
  }

  private async update(
    input: Pick<
      UpdateItemCommandInput,
      "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeValues"
    >,
  ): Promise<Lease | Refused> {
    try {
      const answer = await this.client.send(
        new UpdateItemCommand({
          ...keyOf(this.location),
          ReturnValues: "ALL_NEW",
          ...input,
        }),
        this.limit(),
      );
      return leaseIn(answer.Attributes!);
    } catch (error) {
      if ((error as Error).name === "ConditionalCheckFailedException") return "refused";
      throw error;
    }
  }

  private limit() {
    return { abortSignal: AbortSignal.timeout(this.timeoutMs) };
  }
}

const s = (value: string): AttributeValue => ({ S: value });
const n = (value: number): AttributeValue => ({ N: String(value) });
