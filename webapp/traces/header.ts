import type { SpanContext } from "@opentelemetry/api";

/** AWS's header, which carries a trace from one service to the next. */
export const TRACE_HEADER = "x-amzn-trace-id";

const ROOT = /(?:^|;)\s*Root=1-([\da-f]{8})-([\da-f]{24})\s*(?:;|$)/i;

/**
 * The id of the trace that the load balancer began. Everything else in the header came from outside: a sender could claim a
 * parent, or have all of its requests recorded.
 */
export function rootOf(header: string | string[] | undefined): string | undefined {
  const [, seconds, random] = ROOT.exec(String(header ?? "")) ?? [];
  return seconds && random && `${seconds}${random}`.toLowerCase();
}

/** X-Ray's format of an id. */
export const xrayId = (traceId: string): string => `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;

/** What a call passes on, so that its effects are part of the same trace, or of none. */
export const headerOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `Root=${xrayId(traceId)};Parent=${spanId};Sampled=${traceFlags & 1}`;
