import * as rpc from "@pulumi/pulumi/runtime/rpc";
import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN } from "../engine/comparable";
import { Inputs } from "../engine/types";

// Pulumi's encoding of what JSON lacks: objects with a mark, and a text for an unknown value.
const { specialSigKey: MARK, specialSecretSig: SECRET } = rpc;

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` */
export function partsOf(urn: string): { type: string; name: string } {
  const [, , types, ...name] = urn.split("::");
  return { type: types!.split("$").pop()!, name: name.join("::") };
}

/** Arguments in a form for comparison: the engine's secrets are unwrapped, and for a file or archive its content counts. */
export function compared<T>(sent: T): T {
  if (sent === rpc.unknownValue) return UNKNOWN as T;
  if (Array.isArray(sent)) return sent.map(compared) as T;
  if (typeof sent !== "object" || sent === null) return sent;
  const inputs = sent as Inputs;
  if (inputs[MARK] === SECRET)
    return compared(("plaintext" in inputs ? JSON.parse(inputs["plaintext"]) : inputs["value"]) as T);
  if (inputs[MARK] !== undefined && inputs["hash"] !== undefined) return { hash: inputs["hash"] } as T;
  return Object.fromEntries(Object.entries(inputs).map(([key, one]) => [key, compared(one as unknown)])) as T;
}

/** Arguments as a program gave them: files and archives are Pulumi's own objects again. */
export const received = (sent: Inputs): Inputs =>
  Object.fromEntries(
    Object.entries(sent).map(([key, one]) => [key, rpc.deserializeProperty(one, true) as unknown]),
  );

/** The part of a value that the protocol can carry; undefined values are left out. */
export function toSend(value: unknown): unknown {
  if (pulumi.isUnknown(value)) return rpc.unknownValue;
  if (Array.isArray(value)) return value.map(toSend);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => [key, toSend(one)]),
  );
}
