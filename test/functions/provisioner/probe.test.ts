// Asks real servers on this machine, as a project's address is asked.
import { strict as assert } from "node:assert";
import { once } from "node:events";
import * as https from "node:https";
import { AddressInfo } from "node:net";
import { probeBy } from "../../../functions/provisioner/probe";
import { listen, Listener } from "../../listener";
import { createAuthority } from "../../webapp/certificates";

const URL = "http://shop-dev.projects.example.org";

describe("a probe", () => {
  const open: Listener[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });
  const serve = async (answer: Parameters<typeof listen>[0]) => {
    const listener = await listen(answer);
    open.push(listener);
    return listener;
  };

  it("requests the project's own name and path from the base, where projects answer", async () => {
    const asked: unknown[] = [];
    const { url } = await serve((request, response) => {
      asked.push([request.method, request.headers.host, request.url]);
      response.end("well");
    });
    assert.equal(await probeBy(url)(`${URL}/health?deep=1`, "203.0.113.9"), undefined);
    assert.deepEqual(asked, [["GET", "shop-dev.projects.example.org", "/health?deep=1"]]);
  });

  it("requests them from the machine that the stack names, without a base or resolver", async () => {
    const asked: unknown[] = [];
    const { port } = await serve((request, response) => {
      asked.push(request.headers.host);
      response.end();
    });
    const host = `shop.projects.invalid:${port}`;
    assert.equal(await probeBy()(`http://${host}/`, "127.0.0.1"), undefined);
    assert.deepEqual(asked, [host]);
  });

  it("accepts 200 to 399 as an answer, and reports anything else", async () => {
    for (const [status, told] of [
      [200, undefined],
      [204, undefined],
      [302, undefined],
      [399, undefined],
      [400, `${URL}/ answers 400`],
      [404, `${URL}/ answers 404`],
      [503, `${URL}/ answers 503`],
    ] as const) {
      const { url } = await serve((_, response) => response.writeHead(status).end());
      assert.equal(await probeBy(url)(`${URL}/`, "203.0.113.9"), told);
    }
  });

  it("follows no redirect, wherever it leads", async () => {
    let visits = 0;
    const elsewhere = await serve((_, response) => response.end(String(++visits)));
    const { url } = await serve((_, response) => response.writeHead(302, { Location: elsewhere.url }).end());
    assert.equal(await probeBy(url)(`${URL}/`, "203.0.113.9"), undefined);
    assert.equal(visits, 0);
  });

  it("reads nothing of an answer that never ends", async () => {
    let sent = 0;
    const { url } = await serve(
      (_, response) =>
        new Promise<void>((resolve) => {
          response.writeHead(200);
          const more = () => {
            for (let full = false; !full && !response.destroyed; sent += 65_536)
              full = !response.write(Buffer.alloc(65_536));
          };
          response.on("drain", more).on("close", resolve);
          more();
        }),
    );
    assert.equal(await probeBy(url)(`${URL}/`, "203.0.113.9"), undefined);
    assert.ok(sent < 16 * 1024 * 1024, `${sent} bytes were taken`);
  });

  it("reports if nobody answers, or not in time", async () => {
    const { url, close } = await listen(() => {});
    await close();
    assert.equal(await probeBy(url)(`${URL}/`, "x"), `${URL}/ does not answer (ECONNREFUSED)`);
    const silent = await serve(() => new Promise(() => {}));
    const waits: number[] = [];
    const { timeout } = AbortSignal;
    AbortSignal.timeout = (ms) => (waits.push(ms), timeout.call(AbortSignal, 50));
    try {
      assert.equal(await probeBy(silent.url)(`${URL}/`, "x"), `${URL}/ does not answer (within 5 seconds)`);
    } finally {
      AbortSignal.timeout = timeout;
    }
    assert.deepEqual(waits, [5_000]);
  });

  it("accepts no certificate that is not the project's", async () => {
    const { certificate: cert, key } = createAuthority().issue(["shop.projects.invalid"]);
    const server = https.createServer({ cert, key }, (_, response) => void response.end());
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const told = await probeBy()(`https://shop.projects.invalid:${port}/`, "127.0.0.1");
      assert.equal(
        told,
        `https://shop.projects.invalid:${port}/ does not answer (UNABLE_TO_VERIFY_LEAF_SIGNATURE)`,
      );
    } finally {
      server.close();
    }
  });
});
