import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { TRACE_HEADER } from "../traces/header";
import type * as Recording from "../traces/traces";

declare module "fastify" {
  interface FastifyRequest {
    /** Absent if traces are disabled, and for requests that did not come through the load balancer. */
    trace?: Recording.RequestTrace;
  }
}

/** A request as part of the trace that the load balancer began. Without traces, none of its code is loaded. */
export default fp(async function traces(server: FastifyInstance) {
  const { TRACED_PERCENT: percent, TRACES_ENDPOINT: endpoint, INSTANCE_NAME: instance } = server.config;
  server.decorateRequest("trace");
  if (percent === 0) return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() of a file of ours would want another name after it is built
  const { Traces } = require("../traces/traces") as typeof Recording;
  const warn = (problem: string) => server.log.warn({ problem }, "the agent does not accept traces");
  const all = new Traces({ percent, endpoint, instance, warn });

  server.addHook("onRequest", (request, _reply, done) => {
    request.trace = all.begin(request.headers[TRACE_HEADER], request.method, addressOf(request));
    const traceId = request.trace?.id;
    if (traceId) (request.log as Bindable).setBindings({ traceId });
    done();
  });
  server.addHook("onResponse", (request, { statusCode }, done) => {
    request.trace?.end(request.routeOptions.url, statusCode);
    done();
  });
  server.addHook("onClose", () => all.close());
});

type Bindable = FastifyBaseLogger & { setBindings(bindings: object): void };

/** Without the query: it may contain what a user would not want in a trace. */
const addressOf = ({ protocol, host, url }: FastifyRequest) => `${protocol}://${host}${url.split("?", 1)[0]}`;
