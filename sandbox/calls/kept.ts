import type { Call } from "../page/live";
import type { Told, Woken } from "./told";

/** One call of a function, as the emulators know it. */
export interface KeptCall extends Omit<Call, "name" | "woken"> {
  /** The function's name on AWS. */
  function: string;
  woken: Woken;
}

/** So many as a person may want to look back at. */
const MOST = 100;

/** The newest calls. */
export class KeptCalls {
  private readonly calls = new Map<string, KeptCall>();
  private changes = 0;

  add(told: Told[]): void {
    for (const one of told) this.take(one);
    this.changes += told.length;
  }

  /** Another number once something was told. */
  get version(): number {
    return this.changes;
  }

  /** The newest first. */
  get list(): KeptCall[] {
    return [...this.calls.values()].sort((one, other) => other.at - one.at);
  }

  private take({ call: id, began, asked, ended }: Told): void {
    if (began) this.calls.set(id, { id, ...began, failed: false, asked: [] });
    for (const oldest of [...this.calls.keys()].slice(0, -MOST)) this.calls.delete(oldest);
    const call = this.calls.get(id);
    if (call && ended) Object.assign(call, ended);
    if (call && asked) count(call, asked);
  }
}

function count({ asked }: KeptCall, { service, operation, failed }: NonNullable<Told["asked"]>): void {
  let same = asked.find((one) => one.service === service && one.operation === operation);
  if (!same) asked.push((same = { service, operation, times: 0, failed: 0 }));
  same.times++;
  if (failed) same.failed++;
}
