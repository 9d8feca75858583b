import { messageOf } from "../problem";

export type Status = "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "STOPPED" | "TIMED_OUT" | "FAULT";
type Ended = Exclude<Status, "IN_PROGRESS">;

export interface PhaseRecord {
  phaseType: string;
  phaseStatus?: Ended;
  /** Seconds since 1970, as in the API. */
  startTime: number;
  endTime?: number;
  contexts?: { statusCode: string; message: string }[];
}

export const now = () => Date.now() / 1000;

/** What a build has done so far, in the words of the API. */
export class Phases {
  readonly records: PhaseRecord[] = [];

  /** The last one ends as this begins. */
  begin(phaseType: string): void {
    this.finish();
    this.records.push({ phaseType, startTime: now() });
  }

  finish(): void {
    const last = this.records.at(-1);
    if (!last || last.endTime !== undefined) return;
    last.endTime = now();
    last.phaseStatus ??= "SUCCEEDED";
  }

  fail(error: unknown, phaseStatus: Ended): void {
    const last = this.records.at(-1);
    if (!last) return;
    const contexts = [{ statusCode: "COMMAND_EXECUTION_ERROR", message: messageOf(error) }];
    Object.assign(last, { phaseStatus, endTime: now(), contexts });
  }

  failed(phase: string): boolean {
    return this.records.some(({ phaseType, phaseStatus }) => phaseType === phase && phaseStatus === "FAILED");
  }
}
