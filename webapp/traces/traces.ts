import {
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-base";
import { headerOf, rootOf, xrayId } from "./header";

export interface TracesOptions {
  /** The share of requests that are recorded. */
  percent: number;
  /** The machine's agent that accepts them. */
  endpoint: string;
  instance: string;
  /** Called if the agent does not accept them. */
  warn: (problem: string) => void;
}

/** The agent runs on the same machine. */
const AGENT_MS = 2_000;

/** OpenTelemetry takes a trace's id from a parent or generates it: the load balancer provides an id but is no parent. */
class GivenIds extends RandomIdGenerator {
  given = "";
  override generateTraceId = () => this.given;
}

/** Records the course of requests, and sends it to the machine's agent. Loaded only if traces are enabled. */
export class Traces {
  private readonly ids = new GivenIds();
  private readonly provider: BasicTracerProvider;
  private readonly tracer: Tracer;
  private readonly warn: TracesOptions["warn"];

  constructor({ percent, endpoint, instance, warn }: TracesOptions) {
    diag.setLogger(
      { ...NOTHING, error: warn },
      { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
    );
    this.provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ "service.name": "web", "service.instance.id": instance }),
      idGenerator: this.ids,
      sampler: new TraceIdRatioBasedSampler(percent / 100),
      spanProcessors: [
        new BatchSpanProcessor(new OTLPTraceExporter({ url: endpoint, timeoutMillis: AGENT_MS }), {
          scheduledDelayMillis: 1_000,
        }),
      ],
    });
    this.tracer = this.provider.getTracer("groundwork-web");
    this.warn = warn;
  }

  /** None for requests that did not come through the load balancer, such as its own checks. */
  begin(header: string | string[] | undefined, method: string, url: string): RequestTrace | undefined {
    const root = rootOf(header);
    if (!root) return undefined;
    this.ids.given = root;
    // The agent builds X-Ray's segments from attributes with these names.
    const attributes = { "http.method": method, "http.url": url };
    return new RequestTrace(
      this.tracer,
      this.tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, ROOT_CONTEXT),
    );
  }

  /** Sends the rest; an agent that is down must not delay the close. */
  async close(): Promise<void> {
    await this.provider.shutdown().catch((error: Error) => this.warn(error.message));
  }
}

const nothing = (): void => {};
const NOTHING = { error: nothing, warn: nothing, info: nothing, debug: nothing, verbose: nothing };

/** A request's part of its trace. */
export class RequestTrace {
  constructor(
    private readonly tracer: Tracer,
    private readonly span: Span,
  ) {}

  /** In X-Ray's format; undefined for a request that is not recorded. */
  get id(): string | undefined {
    return this.span.isRecording() ? xrayId(this.span.spanContext().traceId) : undefined;
  }

  /** A call to another service, with the name that X-Ray shows. */
  call(service: string, method: string, url: string): CallTrace {
    const attributes = { "http.method": method, "http.url": url, "peer.service": service };
    const parent = trace.setSpan(ROOT_CONTEXT, this.span);
    const span = this.tracer.startSpan(`${method} ${service}`, { kind: SpanKind.CLIENT, attributes }, parent);
    return { header: headerOf(span.spanContext()), end: (status) => end(span, status) };
  }

  end(route: string | undefined, statusCode: number): void {
    if (route) this.span.setAttribute("http.route", route);
    end(this.span, statusCode);
  }
}

export interface CallTrace {
  /** The call's headers. */
  header: string;
  /** Without a status if no answer came. */
  end(statusCode?: number): void;
}

function end(span: Span, statusCode?: number): void {
  if (statusCode !== undefined) span.setAttribute("http.status_code", statusCode);
  if (statusCode === undefined || statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
