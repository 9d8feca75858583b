import { ApiReply, refusal } from "./http";

/** Remembers who may do a thing, and what came of it. A claim ends by itself, so that a crash blocks nobody for long. */
export interface Claims {
  /** Takes the key unless somebody holds it; otherwise tells what they answered, if they have. */
  claim(key: string, seconds: number): Promise<{ mine: boolean; answer?: string }>;
  keep(key: string, answer: string, seconds: number): Promise<void>;
  release(key: string): Promise<void>;
}

/** Longer than a function runs: whoever holds a claim is answered or dead before it ends. */
export const CLAIM_SECONDS = 40;
const DAY = 24 * 60 * 60;

export const isIdempotencyKey = (key: string) => /^[\w.:-]{8,128}$/.test(key);

export const badKey = () =>
  refusal(400, "Idempotency-Key must be 8 to 128 letters, digits or any of . _ : -, such as a UUID.");

/**
 * Does the work once for a key, however many ask at the same time: the first one works, the others wait and get its
 * answer, for a day. What was refused is forgotten, so that it can be tried again with the same key.
 */
export async function once(
  key: string,
  claims: Claims,
  work: () => Promise<ApiReply>,
  pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
): Promise<ApiReply> {
  for (let wait = 100; wait < 3_000; wait *= 1.4) {
    const claim = await claims.claim(key, CLAIM_SECONDS);
    if (claim.mine) return firstTime(key, claims, work);
    if (claim.answer) return JSON.parse(claim.answer);
    await pause(wait);
  }
  return refusal(409, "The first request with this Idempotency-Key is still being answered: try again.");
}

async function firstTime(key: string, claims: Claims, work: () => Promise<ApiReply>): Promise<ApiReply> {
  const done = await work();
  if (done.statusCode === 202) await claims.keep(key, JSON.stringify(done), DAY);
  else await claims.release(key);
  return done;
}
