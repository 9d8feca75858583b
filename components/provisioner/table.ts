import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Projects, taken names and used quotas: one key, and two sparse indexes. */
export function projectTable(
  name: string,
  keepData: boolean,
  parent: { parent: pulumi.Resource },
): aws.dynamodb.Table {
  return new aws.dynamodb.Table(
    name,
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      attributes: ["pk", "unit", "createdAt", "queue", "due"].map((attribute) => ({
        name: attribute,
        type: "S",
      })),
      globalSecondaryIndexes: [
        { name: "byUnit", hashKey: "unit", rangeKey: "createdAt", projectionType: "ALL" },
        { name: "byDue", hashKey: "queue", rangeKey: "due", projectionType: "ALL" },
      ],
      ttl: { attributeName: "ttl", enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: keepData,
    },
    { ...parent, protect: keepData },
  );
}
