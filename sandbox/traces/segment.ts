import { xrayId } from "../../webapp/traces/header";

/** A part of a trace, in the form of X-Ray's own segment documents. Times are seconds since 1970. */
export interface Segment {
  trace_id: string;
  id: string;
  parent_id?: string;
  name: string;
  /** Its kind of AWS resource. */
  origin?: string;
  start_time: number;
  /** Absent while it is in progress. */
  end_time?: number;
  /** Whether the server failed. */
  fault?: boolean;
  /** Whether the caller made an error. */
  error?: boolean;
  /** "aws" for a function's own calls to AWS. */
  namespace?: string;
  /** The requested operation. */
  aws?: { operation?: string };
  http?: { request?: { method?: string } };
}

/** What a web server's library sends, as far as it is read: OTLP as JSON. */
interface Exported {
  resourceSpans?: {
    resource?: { attributes?: Attribute[] };
    scopeSpans?: { spans?: Span[] }[];
  }[];
}
interface Attribute {
  key: string;
  value: { stringValue?: string };
}
interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: Attribute[];
  status?: { code?: number };
}

const SERVER = 2;
const FAILED = 2;

/** What the CloudWatch agent makes of it on AWS; a request has its method and path beside its server's name. */
export function segmentsOf({ resourceSpans = [] }: Exported): Segment[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const server = textOf(resource?.attributes, "service.name");
    return scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => segmentOf(span, server)));
  });
}

function segmentOf(span: Span, server: string): Segment {
  const { traceId, spanId, parentSpanId, kind, attributes, status } = span;
  const of = (key: string) => textOf(attributes, key);
  const path = URL.canParse(of("http.url")) ? new URL(of("http.url")).pathname : "";
  const called = kind === SERVER ? server : `call to ${of("peer.service")}`;
  return {
    trace_id: xrayId(traceId),
    id: spanId,
    ...(parentSpanId && { parent_id: parentSpanId }),
    name: `${called}: ${of("http.method")} ${path}`,
    ...(kind === SERVER && { origin: "AWS::EC2::Instance" }),
    start_time: Number(span.startTimeUnixNano) / 1e9,
    end_time: Number(span.endTimeUnixNano) / 1e9,
    fault: status?.code === FAILED,
  };
}

const textOf = (attributes: Attribute[] = [], key: string): string =>
  attributes.find((one) => one.key === key)?.value.stringValue ?? "";
