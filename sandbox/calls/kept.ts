import type { Call } from "../page/live";
import type { Told, Woken } from "./told";

/** One call of a function, as the emulators know it. */
export interface KeptCall extends Omit<Call, "name" | "woken"> {
  /** The function's name on AWS. */
  function: string;
  woken: Woken;
}

/** As many as a person may want to look back at. */
const MOST = 100;

/** The newest calls. */
export class KeptCalls {
  private readonly calls = new Map<string, KeptCall>();
  /** Reports about calls whose beginning is missing: another emulator reports it, and may be later. */
  private readonly early = new Map<string, Told[]>();
  private changes = 0;

  add(told: Told[]): void {
    for (const one of told) this.take(one);
    this.changes += told.length;
  }

  /** Changes with each report. */
  get version(): number {
    return this.changes;
  }

  /** The newest first. */
  get list(): KeptCall[] {
    return [...this.calls.values()].sort((one, other) => other.at - one.at);
  }

  private take(told: Told): void {
    const { call: id, began, asked, ended } = told;
    if (began) this.calls.set(id, { id, ...began, failed: false, asked: [] });
    const call = this.calls.get(id);
    if (!call) this.early.set(id, [...(this.early.get(id) ?? []), told]);
    if (call && ended) Object.assign(call, ended);
    if (call && asked) count(call, asked);
    if (began) this.catchUp(id);
    for (const all of [this.calls, this.early])
      for (const oldest of [...all.keys()].slice(0, -MOST)) all.delete(oldest);
  }

  private catchUp(id: string): void {
    const early = this.early.get(id) ?? [];
    this.early.delete(id);
    for (const one of early) this.take(one);
  }
}

function count({ asked }: KeptCall, { service, operation, failed }: NonNullable<Told["asked"]>): void {
  let same = asked.find((one) => one.service === service && one.operation === operation);
  if (!same) asked.push((same = { service, operation, times: 0, failed: 0 }));
  same.times++;
  if (failed) same.failed++;
}
