import * as dgram from "node:dgram";
import { once } from "node:events";
import { messageOf } from "../problem";
import type { Segment } from "./segment";

/** X-Ray's daemon, as Lambda runs one beside each function: it receives parts of a trace by UDP, each behind a line that names its format. */
export class Daemon {
  private readonly socket = dgram.createSocket("udp4");

  constructor(take: (segments: Segment[]) => void, note: (line: string) => void) {
    this.socket.on("message", (message) => take(segmentsIn(message.toString())));
    this.socket.on("error", (error) => note(`traces: ${messageOf(error)}`));
  }

  async start(): Promise<void> {
    this.socket.bind(0, "127.0.0.1");
    await once(this.socket, "listening");
  }

  /** Where it listens. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  stop(): void {
    this.socket.close();
  }
}

/** None for anything else: a sender by UDP gets no answer. */
export function segmentsIn(message: string): Segment[] {
  try {
    const [header, document = "", ...rest] = message.split("\n");
    const { format, version } = JSON.parse(header!) as { format?: string; version?: number };
    if (format !== "json" || version !== 1 || rest.length > 0) return [];
    const { trace_id, id, parent_id, name, start_time, end_time, ...more } = JSON.parse(document) as Segment;
    const texts = [trace_id, id, name].every((one) => typeof one === "string");
    if (!texts || ![start_time, end_time].every((one) => typeof one === "number")) return [];
    const { namespace, aws, http, fault = false, error = false } = more;
    return [{ trace_id, id, parent_id, name, start_time, end_time, namespace, aws, http, fault, error }];
  } catch {
    return [];
  }
}
