import assert from "node:assert/strict";
import * as http from "node:http";
import * as net from "node:net";
import { AddressInfo } from "node:net";
import { Hop, forward, isOwn } from "../../sandbox/fleet/forwarding";
import { until } from "../../sandbox/problem";
import { LocalServer } from "../../sandbox/server";
import { listen, Listener, textOf } from "../listener";

/** Longer than a test waits: nothing ends because of silence unless it says so. */
const HOUR_MS = 3_600_000;

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
        idleMs: HOUR_MS,
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

  it("says in its own words, and as itself, that a target is gone", async () => {
    const response = await fetch(await before("", { hop: { port: undefined } }));
    assert.deepEqual(
      [response.statusText, response.headers.get("server"), response.headers.get("content-type")],
      ["Bad Gateway", "awselb/2.0", "text/html"],
    );
    assert.match(await response.text(), /<title>502 Bad Gateway<\/title>[^]*<h1>502 Bad Gateway<\/h1>/);
    const late = await fetch(await before("", { silent: true, hop: { idleMs: 50 } }));
    assert.match(await late.text(), /<h1>504 Gateway Time-out<\/h1>/);
  });
});

describe("the sandbox's load balancer hands on", () => {
  let target: Listener;
  let balancer: LocalServer;
  let asked: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string }[];
  let answer: (response: http.ServerResponse) => unknown;
  let cookies: string[] | undefined;
  let own: boolean[];
  beforeEach(async () => {
    [asked, own, cookies] = [[], [], undefined];
    answer = (response) => response.end("answer");
    target = await listen(async (request, response) => {
      const { method, url, headers } = request;
      asked.push({ method: method!, url: url!, headers, body: await textOf(request) });
      await answer(response);
    });
    const listener = { port: 8443, protocol: "HTTPS" };
    const agent = new http.Agent();
    const serve = async (request: http.IncomingMessage, response: http.ServerResponse) => {
      await forward(request, response, {
        ...{ port: target.port, path: `${request.url}&more`, listener, agent, idleMs: HOUR_MS, cookies },
      });
      own.push(isOwn(response));
    };
    balancer = new LocalServer("balancer", serve, (line) => assert.fail(line));
    await balancer.start();
  });
  afterEach(async () => {
    await balancer.stop();
    await target.close();
  });

  const ask = (options: http.RequestOptions = {}, body?: string) =>
    new Promise<http.IncomingMessage & { text: string }>((resolve, reject) => {
      const url = `http://127.0.0.1:${balancer.port}/path?a=b`;
      const request = http.request(url, { agent: false, ...options }, async (response) =>
        resolve(Object.assign(response, { text: await textOf(response) })),
      );
      request.once("error", reject).end(body);
    });

  it("a request as it is, with who asked for it and where", async () => {
    const { statusCode, text } = await ask({ method: "POST", headers: { "x-own": "kept" } }, "body");
    assert.deepEqual([statusCode, text, own], [200, "answer", [false]]);
    const [{ method, url, headers, body }] = asked as [(typeof asked)[number]];
    assert.deepEqual([method, url, body], ["POST", "/path?a=b&more", "body"]);
    const {
      "x-own": kept,
      "x-forwarded-for": from,
      "x-forwarded-proto": proto,
      "x-forwarded-port": port,
    } = headers;
    assert.deepEqual([kept, from, proto, port], ["kept", "127.0.0.1", "https", "8443"]);
    await ask({ headers: { "x-forwarded-for": "192.0.2.1, 192.0.2.2" } });
    assert.equal(asked[1]!.headers["x-forwarded-for"], "192.0.2.1, 192.0.2.2, 127.0.0.1");
  });

  it("nothing that is meant for its own connection alone", async () => {
    const words = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"];
    const given = Object.fromEntries(words.map((name) => [name, "given"]));
    answer = (response) => {
      for (const name of words) response.setHeader(name, "given");
      response.setHeader("x-own", "kept").setHeader("transfer-encoding", "chunked").end("answer");
    };
    const request = { method: "POST", headers: { ...given, "transfer-encoding": "chunked" } };
    const { headers, text } = await ask(request, "body");
    assert.deepEqual([text, headers["x-own"], asked[0]!.body], ["answer", "kept", "body"]);
    assert.deepEqual(
      words.filter((name) => asked[0]!.headers[name] === "given" || headers[name] === "given"),
      [],
    );
  });

  it("the body of a GET, with where it ends", async () => {
    await ask({ method: "GET", headers: { "transfer-encoding": "chunked" } }, "body of a get");
    await ask();
    assert.deepEqual(
      asked.map(({ body, headers }) => [body, headers["transfer-encoding"]]),
      [
        ["body of a get", "chunked"],
        ["", undefined],
      ],
    );
  });

  it("an answer with its status, its words and its cookies, beside its own cookies", async () => {
    answer = (response) =>
      response.writeHead(418, "Teapot", { "set-cookie": ["a=1", "b=2"], "x-own": "kept" }).end();
    const of = ({ statusCode, statusMessage, headers }: http.IncomingMessage) => [
      statusCode,
      statusMessage,
      headers["x-own"],
      headers["set-cookie"],
    ];
    assert.deepEqual(of(await ask()), [418, "Teapot", "kept", ["a=1", "b=2"]]);
    cookies = ["AWSALB=i-1"];
    assert.deepEqual(of(await ask()), [418, "Teapot", "kept", ["a=1", "b=2", "AWSALB=i-1"]]);
    answer = (response) => response.end();
    assert.deepEqual((await ask()).headers["set-cookie"], ["AWSALB=i-1"]);
    cookies = undefined;
    assert.equal((await ask()).headers["set-cookie"], undefined);
  });

  it("the trace of a request, which begins here or elsewhere", async () => {
    const traced = async (given?: string) => {
      await ask({ headers: given === undefined ? {} : { "x-amzn-trace-id": given } });
      return String(asked.at(-1)!.headers["x-amzn-trace-id"]);
    };
    const [, seconds] = /^Root=1-([\da-f]{8})-[\da-f]{24}$/.exec(await traced()) ?? [];
    assert.ok(Math.abs(parseInt(seconds!, 16) - Date.now() / 1000) < 60, seconds);
    const root = "Root=1-00000001-000000000000000000000002";
    assert.match(await traced(root), new RegExp(`^Self=1-[\\da-f]{8}-[\\da-f]{24};${root}$`));
    assert.match(await traced(` ${root};Sampled=1`), new RegExp(`^Self=[^;]+;${root};Sampled=1$`));
    assert.match(
      await traced(`Self=1-old; Self=1-older;;${root};NotSelf=1`),
      new RegExp(`^Self=1-[\\da-f]{8}-[^;]+;${root};NotSelf=1$`),
    );
    assert.match(await traced("Parent=1;NotRoot=2"), /^Root=1-[^;]+;Parent=1;NotRoot=2$/);
  });

  for (const [when, begin] of [
    ["before", ""],
    ["in the middle of", "begin"],
  ])
    it(`nothing any more to somebody who has left ${when} the answer`, async () => {
      const closed = new Promise<void>((resolve) => {
        answer = (response) => {
          response.once("close", resolve);
          if (begin) response.write(begin);
        };
      });
      const leaves = new AbortController();
      const asking = fetch(`http://127.0.0.1:${balancer.port}/`, { signal: leaves.signal });
      const ended = begin ? asking : assert.rejects(asking, { name: "AbortError" });
      await (begin ? asking : until("The request", () => asked.length > 0));
      leaves.abort();
      await Promise.all([closed, ended]);
    });

  it("the news that it answers itself", async () => {
    answer = (response) => response.destroy();
    assert.equal((await ask()).statusCode, 502);
    assert.deepEqual(own, [true]);
  });
});
