import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { bytesOf } from "./archive";
import { Inputs } from "./types";

/** In the place of what is known only once something else is made. */
export const UNKNOWN = { unknown: true };

/** Arguments as two runs of a program are compared: of a file or an archive counts what is in it. */
export async function comparable(inputs: Inputs): Promise<Inputs> {
  return (await plainly(inputs)) as Inputs;
}

async function plainly(value: unknown): Promise<unknown> {
  if (pulumi.isUnknown(value)) return UNKNOWN;
  if (Array.isArray(value)) return Promise.all(value.map(plainly));
  if (pulumi.asset.Asset.isInstance(value) || pulumi.asset.Archive.isInstance(value))
    return {
      sha256: createHash("sha256")
        .update(await bytesOf(value))
        .digest("hex"),
    };
  if (value === null || typeof value !== "object") return value;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, one]) => [key, await plainly(one)] as const),
  );
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}
