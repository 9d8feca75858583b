import { strict as assert } from "node:assert";

/** An item without its end, which must be so many seconds from now. */
export function without(end: string, item: Record<string, { N?: string }>, seconds: number) {
  const { [end]: found, ...rest } = item;
  const left = Number(found!.N) - Date.now() / 1000;
  assert.ok(left > seconds - 10 && left <= seconds, `${left} s`);
  assert.match(found!.N!, /^\d+$/);
  return rest;
}
