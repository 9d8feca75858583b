import assert from "node:assert/strict";
import * as http from "node:http";
import * as net from "node:net";
import { AddressInfo } from "node:net";
import { Hop, forward } from "../../sandbox/fleet/forwarding";
import { LocalServer } from "../../sandbox/server";

describe("the sandbox's load balancer", () => {
  const opened: (LocalServer | net.Server)[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0))
      if (one instanceof LocalServer) await one.stop();
      else one.close();
  });

  /** Leads to a target that answers with exactly these bytes, and then with silence or the end of its connection. */
  const before = async (answer: string, { silent = false, hop = {} as Partial<Hop> } = {}) => {
    const upstream = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => (silent ? socket.write(answer) : socket.end(answer)));
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as AddressInfo;
    const listener = { port: 443, protocol: "HTTPS" };
    const serve = (request: http.IncomingMessage, response: http.ServerResponse) =>
      forward(request, response, {
        port,
        path: "/",
        listener,
        agent: new http.Agent(),
        idleMs: 60_000,
        ...hop,
      });
    const balancer = new LocalServer("balancer", serve, (line) => assert.fail(line));
    opened.push(upstream, balancer);
    return `http://127.0.0.1:${await balancer.start()}`;
  };
  const head = "HTTP/1.1 200 OK\r\n";
  const whole = `${head}Content-Length: 5\r\n\r\nwhole`;

  it("hands an answer on as it is", async () => {
    assert.equal(await (await fetch(await before(whole))).text(), "whole");
  });

  const BROKEN = {
    "a body that is shorter than it says": `${head}Content-Length: 10\r\n\r\nhalf`,
    "a chunk that ends too early": `${head}Transfer-Encoding: chunked\r\n\r\nff\r\nhalf`,
    "a chunk without a length": `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
  };
  for (const [name, answer] of Object.entries(BROKEN))
    for (const silent of [false, true])
      it(`breaks the client's connection off at ${name}${silent ? ", and silence" : ""}`, async () => {
        // The silence is over soon after the answer has begun: a busy machine may take long until then.
        const agent = new http.Agent();
        const address = await before(answer, { silent, hop: { agent } });
        await assert.rejects(async () => {
          const response = await fetch(address);
          for (const socket of Object.values(agent.sockets).flat()) socket!.setTimeout(1);
          await response.text();
        }, TypeError);
      });

  it("answers 502 for a target that is gone or talks nonsense, and 504 for one that is silent", async () => {
    const status = async (...args: Parameters<typeof before>) => (await fetch(await before(...args))).status;
    for (const nonsense of [
      "",
      "hello\r\n\r\n",
      "HTTP/1.1 099 Low\r\n\r\n",
      "HTTP/1.1 200 OK\r\nBad\0: x\r\n\r\n",
      head,
    ])
      assert.equal(await status(nonsense), 502, nonsense);
    assert.equal(await status(whole, { hop: { port: undefined } }), 502);
    assert.equal(await status(whole, { hop: { port: 1 } }), 502);
    assert.equal(await status("", { silent: true, hop: { idleMs: 50 } }), 504);
  });
});
