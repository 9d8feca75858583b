import assert from "node:assert/strict";
import { readConfig } from "../../webapp/config";
import { projectsApi } from "../../webapp/console/projects";
import { headerOf, rootOf, xrayId } from "../../webapp/traces/header";
import { Traces } from "../../webapp/traces/traces";
import { listen, type Listener } from "../listener";
import { some } from "../some";
import { start } from "./helper";

const TRACE = "67891233abcdef012345678912345678";
const ROOT = "Root=1-67891233-abcdef012345678912345678";

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code: number };
  attributes: { key: string; value: object }[];
}

/** Stands in for the machine's agent: what it was sent, as OTLP's JSON has it. */
class Agent {
  readonly spans: Span[] = [];
  private server?: Listener;

  async start(): Promise<string> {
    this.server = await listen(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString());
      for (const { scopeSpans } of resourceSpans)
        for (const { spans } of scopeSpans) this.spans.push(...(spans as Span[]));
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
    return `${this.server.url}/v1/traces`;
  }

  stop = () => this.server?.close();
}

const attributesOf = ({ attributes }: Span) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe("traces", () => {
  let agent: Agent;
  let environment: Record<string, string>;
  beforeEach(async () => {
    agent = new Agent();
    environment = { TRACED_PERCENT: "100", TRACES_ENDPOINT: await agent.start() };
  });
  afterEach(() => agent.stop());

  it("include a request in the load balancer's trace, without its query", async () => {
    const { app } = await start(environment);
    const headers = { "x-amzn-trace-id": ROOT, host: "www.example.com" };
    await app.inject({ url: "/load?number=7&token=hush", headers });
    await app.close();
    const [span, ...more] = agent.spans as [Span];
    assert.deepEqual(more, []);
    assert.deepEqual([span.traceId, span.parentSpanId ?? "", span.kind], [TRACE, "", 2]);
    assert.deepEqual(attributesOf(span), {
      "http.method": "GET",
      "http.url": "http://www.example.com/load",
      "http.route": "/load",
      "http.status_code": 200,
    });
    assert.equal(span.status.code, 0);
  });

  it("leave out requests that did not pass through the load balancer, such as its health checks", async () => {
    const { app } = await start(environment);
    await app.inject("/health");
    await app.inject({ url: "/health", headers: { "x-amzn-trace-id": "Root=1-67891233-short" } });
    await app.close();
    assert.deepEqual(agent.spans, []);
  });

  it("mark a failed request as failed", async () => {
    const { app } = await start(environment);
    await app.inject({ url: "/users", headers: { "x-amzn-trace-id": ROOT } });
    await app.close();
    assert.deepEqual(
      agent.spans.map((span) => [attributesOf(span)["http.status_code"], span.status.code]),
      [[503, 2]],
    );
  });

  it("trust nothing that a visitor claims except the trace's id", async () => {
    const { app } = await start(environment);
    const claim = `Self=1-67891233-1245678abcdef01234567890;${ROOT};Parent=53995c3f42cd8ad8;Sampled=0`;
    await app.inject({ url: "/health", headers: { "x-amzn-trace-id": claim } });
    await app.close();
    assert.deepEqual(
      agent.spans.map(({ traceId, parentSpanId = "" }) => [traceId, parentSpanId]),
      [[TRACE, ""]],
    );
  });

  it("are as many as configured", async () => {
    const { app } = await start({ ...environment, TRACED_PERCENT: "25" });
    for (let n = 0; n < 400; n += 1) {
      const random = n.toString(16).padStart(8, "0").split("").reverse().join("");
      const headers = { "x-amzn-trace-id": `Root=1-67891233-${random}${random}${random}` };
      await app.inject({ url: "/health", headers });
    }
    await app.close();
    assert.ok(agent.spans.length > 60 && agent.spans.length < 140, `${agent.spans.length} of 400`);
  });

  it("are named in the lines that a recorded request logs", async () => {
    const { app, lines } = await start(environment);
    await app.inject({ url: "/nowhere", headers: { "x-amzn-trace-id": ROOT } });
    assert.deepEqual(
      lines.map(({ msg, traceId }) => [msg, traceId]),
      [["refused", "1-67891233-abcdef012345678912345678"]],
    );
    assert.equal(xrayId(TRACE), lines[0]!.traceId);
  });

  it("do not exist if tracing is off", async () => {
    const { app, lines } = await start({ ...environment, TRACED_PERCENT: "0" });
    await app.inject({ url: "/nowhere", headers: { "x-amzn-trace-id": ROOT } });
    await app.close();
    assert.deepEqual(agent.spans, []);
    assert.deepEqual(
      some(lines).map((line) => "traceId" in line),
      [false],
    );
  });

  it("log when the agent does not accept them, and keep serving", async () => {
    await agent.stop();
    const { app, lines } = await start(environment);
    const { statusCode } = await app.inject({ url: "/health", headers: { "x-amzn-trace-id": ROOT } });
    await app.close();
    assert.equal(statusCode, 200);
    assert.deepEqual([...new Set(lines.map(({ msg }) => msg))], ["the agent does not accept traces"]);
  });

  describe("of a call to the provisioner's API", () => {
    let carried: (string | undefined)[];
    let api: Listener;
    beforeEach(async () => {
      carried = [];
      api = await listen((request, response) => {
        carried.push(request.headers["x-amzn-trace-id"] as string | undefined);
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
      });
    });
    afterEach(() => api.close());

    const ask = async (percent: number) => {
      const endpoint = environment.TRACES_ENDPOINT!;
      const traces = new Traces({ percent, endpoint, instance: "web-1", warn: () => {} });
      const trace = traces.begin(ROOT, "GET", "http://www.example.com/console/api/quota")!;
      const config = readConfig({ PARAMETER_PATH: "/a", PROVISIONER_PARAMETER: "/a/url" });
      const projects = projectsApi(config, { parameters: async () => ({ "/a/url": api.url }) });
      await projects("token", { method: "GET", path: "/quota?x=hush", trace });
      trace.end("/console/api/quota", 200);
      await traces.close();
    };

    it("carry the trace on, with the call as the parent", async () => {
      await ask(100);
      const [call, request] = agent.spans as [Span, Span];
      assert.deepEqual([call.traceId, call.parentSpanId, call.kind], [TRACE, request.spanId, 3]);
      assert.deepEqual(carried, [`${ROOT};Parent=${call.spanId};Sampled=1`]);
      assert.deepEqual(attributesOf(call), {
        "http.method": "GET",
        "http.url": `${api.url}/quota`,
        "peer.service": "provisioner",
        "http.status_code": 200,
      });
    });

    it("pass on that it is not recorded", async () => {
      await ask(0);
      assert.deepEqual(agent.spans, []);
      assert.match(carried[0]!, /^Root=1-67891233-abcdef012345678912345678;Parent=[\da-f]{16};Sampled=0$/);
    });
  });

  it("read the load balancer's header, and write their own", () => {
    assert.equal(rootOf(ROOT), TRACE);
    assert.equal(rootOf(`Self=1-1-1; ${ROOT} ;x=y`), TRACE);
    for (const other of [undefined, "", "Root=1-67891233", `x${ROOT}`, `${ROOT}0`])
      assert.equal(rootOf(other), undefined);
    assert.equal(
      headerOf({ traceId: TRACE, spanId: "53995c3f42cd8ad8", traceFlags: 1 }),
      `${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`,
    );
  });
});
