import type { SpanContext } from "@opentelemetry/api";

/** AWS's header, under which a trace goes from one service to the next. */
export const TRACE_HEADER = "x-amzn-trace-id";

const ROOT = /(?:^|;)\s*Root=1-([\da-f]{8})-([\da-f]{24})\s*(?:;|$)/i;

/**
 * The id of the trace that the load balancer began. Whatever else the header says came from outside: whoever sends a request could
 * claim a parent, or have all of theirs recorded.
 */
export function rootOf(header: string | string[] | undefined): string | undefined {
  const [, seconds, random] = ROOT.exec(String(header ?? "")) ?? [];
  return seconds && random && `${seconds}${random}`.toLowerCase();
}

/** As X-Ray writes an id. */
export const xrayId = (traceId: string): string => `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;

/** What a call hands on, so that what it causes is part of the same trace, or of none. */
export const headerOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `Root=${xrayId(traceId)};Parent=${spanId};Sampled=${traceFlags & 1}`;
