import assert from "node:assert/strict";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { start } from "./helper";

interface Answer {
  statusCode: number | undefined;
  headers: Record<string, unknown>;
  body: string;
}

async function ask(app: FastifyInstance, url: string, method = "GET", headers = {}): Promise<Answer> {
  const { port } = app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const request = http.request({ port, path: url, method, headers, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += String(chunk)));
      // Node.js adds these to whatever is sent over a connection.
      const { date: _, connection: __, "keep-alive": ___, ...rest } = response.headers;
      response.on("end", () => resolve({ statusCode: response.statusCode, headers: rest, body }));
    });
    request.on("error", reject).end();
  });
}

describe("the shortcut of GET /", () => {
  it("answers exactly what Fastify does", async () => {
    const { app } = await start();
    await app.listen({ port: 0, host: "127.0.0.1" });
    const { statusCode, headers, body } = await app.inject("/");
    const { date: _, connection: __, ...rest } = headers;
    assert.deepEqual(await ask(app, "/"), { statusCode, headers: rest, body });
  });

  it("leaves everything else to Fastify", async () => {
    const { app } = await start();
    await app.listen({ port: 0, host: "127.0.0.1" });
    const page = await ask(app, "/", "GET", { accept: "text/html" });
    assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
    assert.equal((await ask(app, "/", "HEAD")).body, "");
    assert.equal((await ask(app, "/", "POST")).statusCode, 404);
    assert.equal((await ask(app, "/?x=1")).statusCode, 200);
    assert.equal((await ask(app, "/health")).statusCode, 200);
    assert.equal((await ask(app, "/nowhere")).statusCode, 404);
  });

  it("is counted in the metrics", async () => {
    const lines: string[] = [];
    const { app } = await start(
      { METRICS_NAMESPACE: "Groundwork/Web" },
      { metrics: (line) => void lines.push(line) },
    );
    await app.listen({ port: 0, host: "127.0.0.1" });
    for (let n = 0; n < 3; n += 1) await ask(app, "/");
    await ask(app, "/health");
    await app.close();
    assert.equal(JSON.parse(lines.join("")).Requests, 4);
  });

  it("is not taken where each request is logged", async () => {
    const { app, lines } = await start({ LOG_LEVEL: "debug" });
    await app.listen({ port: 0, host: "127.0.0.1" });
    await ask(app, "/");
    assert.deepEqual(
      lines.filter(({ msg }) => msg === "answered").map(({ path }) => path),
      ["/"],
    );
  });
});
