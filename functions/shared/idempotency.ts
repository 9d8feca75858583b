import { hash, randomBytes } from "node:crypto";
import type { Claims } from "./claims";
import { ApiReply, refusal } from "./http";

/** Longer than a function runs: whoever holds a claim has an answer or is dead before it expires. */
export const CLAIM_SECONDS = 40;
const DAY = 24 * 60 * 60;

/** Spelled out: in other languages, which read it in the API's document, `\w` matches more letters. */
export const KEY = /^[A-Za-z0-9_.:-]{8,128}$/;

/** A caller's request; the same key means the same request only for the same caller and operation. */
export interface Asked {
  operation: string;
  caller: string;
  /** The Idempotency-Key header, if present. */
  key: string | undefined;
  /** The request's content without its secrets; only its digest is kept. */
  content: string;
}

export const digestOf = (...parts: string[]) => hash("sha256", JSON.stringify(parts));

/**
 * Does the work once per key, however many ask at the same time: the first caller works, the others wait and get its
 * answer, for a day. A refusal is forgotten, so that it can be tried again with the same key.
 *
 * The work gets a token that is the same for the same request, and passes it wherever it creates something that must
 * exist once: that covers a function that died between its work and its answer.
 */
export async function once(
  { operation, caller, key, content }: Asked,
  claims: Claims,
  work: (token: string) => Promise<ApiReply>,
  pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
): Promise<ApiReply> {
  if (key === undefined) return work(randomBytes(32).toString("hex"));
  if (!KEY.test(key))
    return refuse(400, "must be 8 to 128 letters, digits or any of . _ : -, such as a UUID.");
  const claimed = digestOf(operation, caller, key);
  const token = digestOf(claimed, content);
  for (let wait = 100; wait < 3_000; wait *= 1.4) {
    const { mine, answer } = await claims.claim(claimed, CLAIM_SECONDS);
    if (mine) return firstTime(claimed, token, claims, work);
    if (answer) {
      const first = JSON.parse(answer) as Answered;
      return first.token === token ? first.reply : refuse(422, "came with another request before.");
    }
    await pause(wait);
  }
  return refuse(409, "came with a request that is still being answered: try again.");
}

interface Answered {
  token: string;
  reply: ApiReply;
}

const refuse = (status: number, why: string) => refusal(status, `Idempotency-Key ${why}`, { code: "key" });

async function firstTime(
  claimed: string,
  token: string,
  claims: Claims,
  work: (token: string) => Promise<ApiReply>,
): Promise<ApiReply> {
  let reply: ApiReply | undefined;
  try {
    return (reply = await work(token));
  } finally {
    const answered = reply?.statusCode === 202 && JSON.stringify({ token, reply } satisfies Answered);
    await (answered ? claims.keep(claimed, answered, DAY) : claims.release(claimed));
  }
}
