// The key with which Pulumi encrypts a stack's secrets.
import { KMS } from "@aws-sdk/client-kms";
import { Problem } from "../../sandbox/problem";
import { allowed, Step, unless } from "./step";

/** One key per stack, so that access to one stack's secrets does not include another's. */
export const aliasOf = (project: string, stack: string) =>
  `alias/${project.replace(/[^\w-]+/g, "-")}-${stack}-secrets`;

export async function secretsKey(kms: KMS, alias: string): Promise<Step[]> {
  const known = await allowed(
    `kms:DescribeKey on ${alias}`,
    unless(["NotFoundException"], kms.describeKey({ KeyId: alias })),
  );
  let id = known?.KeyMetadata?.KeyId;
  const state = known?.KeyMetadata?.KeyState;
  if (id !== undefined && state !== "Enabled")
    throw new Problem(
      `The key ${alias} is there but ${state}: enable it (aws kms cancel-key-deletion, aws kms enable-key), for no secret can be read without it.`,
    );
  const rotation =
    id === undefined
      ? undefined
      : await allowed(`kms:GetKeyRotationStatus on ${alias}`, kms.getKeyRotationStatus({ KeyId: id }));
  return [
    {
      what: `the key ${alias}, for the stack's secrets (1 USD a month)`,
      there: id !== undefined,
      make: async () => {
        const Description = "Encrypts the secrets of a stack's state and settings";
        const made = await allowed("kms:CreateKey", kms.createKey({ Description }));
        id = made.KeyMetadata!.KeyId!;
        await named(kms, alias, id);
      },
    },
    {
      what: "  is rotated each year",
      there: rotation?.KeyRotationEnabled === true,
      make: () => allowed(`kms:EnableKeyRotation on ${alias}`, kms.enableKeyRotation({ KeyId: id! })),
    },
  ];
}

/** If a key were left without its name, the next run would create another, and the first would go on costing money. */
async function named(kms: KMS, alias: string, id: string): Promise<void> {
  try {
    await allowed(`kms:CreateAlias on ${alias}`, kms.createAlias({ AliasName: alias, TargetKeyId: id }));
  } catch (error) {
    await kms.scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: 7 }).catch(() => {
      throw new Problem(
        `Key ${id} was made, but got no name, and could not be deleted: aws kms create-alias --alias-name ${alias} --target-key-id ${id} puts it right.`,
      );
    });
    throw error;
  }
}
