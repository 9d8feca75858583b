import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { bytesOf } from "./archive";
import { Inputs } from "./types";

/** Stands for a value that is known only after another resource is created. */
export const UNKNOWN = { unknown: true };

/** Arguments in a form that can be compared between two runs: for a file or an archive, its content counts. */
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
