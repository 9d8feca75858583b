import type { UploadSettings } from "../identity/settings";
import { Refusal } from "../refusal";
import type { Files } from "./files";

const GIBIBYTE = 1024 ** 3;

/**
 * How many more bytes a person may store. It counts stored bytes: forms signed at the same moment may exceed it by their own files, and so
 * may the last file of a form that does not state its size.
 */
export async function roomFor(personId: string, files: Files, { maxPersonBytes }: UploadSettings) {
  return maxPersonBytes === undefined ? Infinity : maxPersonBytes - (await files.used(personId));
}

/** Refuses a file of this many bytes if less is left. */
export function requireRoom(left: number, size: number, { maxPersonBytes = 0 }: UploadSettings): void {
  if (size <= left) return;
  const message = `only ${inGb(Math.max(0, left))} of your ${inGb(maxPersonBytes)} GB are left: delete some files first`;
  throw new Refusal(413, message, { field: "size" });
}

const inGb = (bytes: number) => Math.floor((bytes / GIBIBYTE) * 100) / 100;
