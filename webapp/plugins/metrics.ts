import { monitorEventLoopDelay } from "node:perf_hooks";
import type { FastifyInstance } from "fastify";
import fp from "fastify-plugin";
import { type Gauges, RequestMetrics } from "../metrics";

declare module "fastify" {
  interface FastifyInstance {
    /** Absent if metrics are disabled. */
    requestMetrics?: RequestMetrics;
  }
}

const NANOSECONDS_PER_MS = 1e6;

/** One line of CloudWatch embedded metric format a minute: it needs no agent, no API call and no permission. */
export default fp(async function metrics(server: FastifyInstance) {
  const {
    METRICS_NAMESPACE: namespace,
    INSTANCE_NAME: instance,
    METRICS_INTERVAL_SECONDS: seconds,
  } = server.config;
  if (!namespace) return void server.decorate("requestMetrics", undefined);

  const requests = new RequestMetrics();
  server.decorate("requestMetrics", requests);
  server.addHook("onResponse", (_request, reply, done) => {
    requests.count(reply.statusCode, reply.elapsedTime);
    done();
  });

  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const gauges = (): Gauges => ({
    eventLoopDelayMs: delay.count > 0 ? delay.max / NANOSECONDS_PER_MS : 0,
    waitingNumbers: server.primes.waiting,
    residentBytes: process.memoryUsage.rss(),
  });
  const report = (): void => {
    server.ports.metrics(`${requests.take({ namespace, instance, at: Date.now(), ...gauges() })}\n`);
    delay.reset();
  };
  const timer = setInterval(report, seconds * 1000).unref();
  server.addHook("onClose", async () => {
    clearInterval(timer);
    report();
    delay.disable();
  });
});
