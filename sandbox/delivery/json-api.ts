import { Answer, Around } from "../emulator-proxy";
import { messageOf } from "../problem";
import type { Judge, Rights } from "./rights";

/** One of AWS's own errors, by name. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/* eslint-disable @typescript-eslint/no-explicit-any -- a service's inputs and answers have no common type */
export type Operation = (input: any, onward: { pass(): Promise<any> }) => Promise<object> | object;
/* eslint-enable @typescript-eslint/no-explicit-any */

/**
 * A service of AWS's JSON protocol before an emulator: the operations here are ours, once the emulator's proxy has let the caller in and his
 * policies allow them, and the others the emulator's. @param asks without, whoever has come in may
 */
export const jsonApi =
  (operations: Record<string, Operation>, asks?: { rights: Rights; judge: Judge }): Around =>
  async (call, { headers, pass, refused }) => {
    const action = String(headers["x-amz-target"]).split(".").at(-1)!;
    const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
    if (!operation) return pass(call);
    const refusal = await refused();
    if (refusal) return refusal;
    try {
      const input = JSON.parse(call || "{}");
      const denied = asks && (await asks.judge(headers, await asks.rights[action]!(input)));
      if (denied) return answer(400, { __type: "AccessDeniedException", message: denied });
      return answer(200, await operation(input, { pass: () => passed(() => pass(call)) }));
    } catch (error) {
      if (error instanceof Passed) return error.answer;
      if (error instanceof ApiError) return answer(400, { __type: error.code, message: error.message });
      return answer(500, { __type: "InternalFailure", message: messageOf(error) });
    }
  };

/** The emulator's own refusal, passed on unchanged. */
class Passed extends Error {
  constructor(readonly answer: Answer) {
    super("refused by the emulator");
  }
}

async function passed(pass: () => Promise<Answer>): Promise<unknown> {
  const given = await pass();
  if (given.status !== 200) throw new Passed(given);
  return JSON.parse(given.body.toString() || "{}");
}

function answer(status: number, content: object): Answer {
  const body = Buffer.from(JSON.stringify(content));
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", "content-length": String(body.length) },
    body,
  };
}

/** A time in this protocol's format. */
export const seconds = (date: Date | undefined) => date && date.getTime() / 1000;
