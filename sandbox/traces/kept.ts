import type { Segment } from "./segment";

/** A request and everything that it caused, with the parts in the order of their beginning. */
export interface Trace {
  id: string;
  segments: Segment[];
}

/** As many as a person may want to look back at. */
const MOST = 200;

/** The newest traces. */
export class KeptTraces {
  private readonly traces = new Map<string, Map<string, Segment>>();

  /** A part is reported when it begins, when it ends, or both times. */
  add(segments: Segment[]): void {
    for (const segment of segments) {
      const parts = this.traces.get(segment.trace_id) ?? new Map<string, Segment>();
      parts.set(segment.id, { ...parts.get(segment.id), ...segment });
      this.traces.set(segment.trace_id, parts);
    }
    for (const id of [...this.traces.keys()].slice(0, -MOST)) this.traces.delete(id);
  }

  /** The newest first. */
  get list(): Trace[] {
    const traces = [...this.traces].map(([id, parts]) => ({
      id,
      segments: [...parts.values()].sort((one, other) => one.start_time - other.start_time),
    }));
    return traces.reverse();
  }
}
