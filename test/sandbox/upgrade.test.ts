// Connections that change their protocol, as a WebSocket does, on their way through a server of the sandbox's.
import assert from "node:assert/strict";
import * as http from "node:http";
import { connect } from "node:net";
import { Duplex } from "node:stream";
import { forwardUpgrade } from "../../sandbox/fleet/forwarding";
import { until } from "../../sandbox/problem";
import { LocalServer } from "../../sandbox/server";

describe("a connection that changes its protocol", () => {
  const SWITCHED = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
  const seen: http.IncomingHttpHeaders[] = [];
  const reached: Duplex[] = [];
  let idleMs: number;
  let cookies: string[] | undefined;
  let target: LocalServer;
  let door: LocalServer;
  before(async () => {
    const none = () => {};
    target = new LocalServer("target", none, none, undefined, async ({ url, headers }, socket, head) => {
      seen.push(headers);
      reached.push(socket);
      if (url === "/refused") return socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno");
      if (url === "/early") {
        socket.write(`${SWITCHED}early words`);
        return socket.once("end", () => socket.end()).resume();
      }
      if (url === "/closing") return socket.end(SWITCHED);
      socket.write(SWITCHED);
      if (head.length > 0) socket.write(head);
      return socket.pipe(socket);
    });
    await target.start();
    door = new LocalServer("door", none, none, undefined, async (request, socket, head) =>
      forwardUpgrade(request, socket, head, {
        port: request.url === "/gone" ? 1 : target.port,
        path: request.url!,
        listener: { port: door.port, protocol: "HTTP" },
        idleMs,
        cookies,
      }),
    );
    await door.start();
  });
  beforeEach(() => {
    // Longer than a test waits: nothing ends because of silence unless it says so.
    [idleMs, cookies] = [3_600_000, ["AWSALB=i-1"]];
  });
  after(async () => {
    await door.stop();
    await target.stop();
  });

  /** Says these words once the first answer is there; answers all that it hears. */
  const talk = (path: string, words = "", host = "localhost") =>
    new Promise<string>((resolve) => {
      let heard = "";
      const socket = connect(door.port, "127.0.0.1", () =>
        socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n`),
      );
      socket.setEncoding("utf8").on("data", (part: string) => {
        if (heard === "" && words) socket.write(words);
        heard += part;
        if (words && heard.endsWith(words)) socket.end();
      });
      socket.on("error", () => {}).once("close", () => resolve(heard));
    });

  it("leads both ways, and bears the balancer's cookie", async () => {
    const heard = await talk("/", "to and fro");
    assert.match(
      heard,
      /^HTTP\/1\.1 101 Switching Protocols\r\n[^]*set-cookie: AWSALB=i-1\r\n[^]*to and fro$/,
    );
    const { upgrade, connection, "x-forwarded-for": from } = seen.at(-1)!;
    assert.deepEqual([upgrade, connection, from], ["echo", "upgrade", "127.0.0.1"]);
  });

  it("hears the target's own refusal", async () => {
    const heard = await talk("/refused");
    assert.match(heard, /^HTTP\/1\.1 401 Unauthorized\r\nset-cookie: AWSALB=i-1\r\n[^]*\r\n\r\nno$/);
  });

  it("bears no cookie where the balancer has none", async () => {
    cookies = undefined;
    const heard = await talk("/", "to and fro");
    assert.equal(heard, `${SWITCHED}to and fro`);
  });

  it("loses nothing that either side says at once", async () => {
    const whole = (words: string) => until(words, () => heard.includes(words), { everyMs: 5 });
    const before = reached.length;
    let heard = "";
    const begin = (path: string, words = "") => {
      heard = "";
      const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${words}`;
      const socket = connect(door.port, "127.0.0.1", () => socket.write(request));
      return socket.setEncoding("utf8").on("data", (part: string) => (heard += part));
    };
    const first = begin("/early");
    await whole("early words");
    first.destroy();
    const second = begin("/", "words with the request");
    await whole("words with the request");
    second.destroy();
    const open = () => reached.slice(before).map((one) => one.destroyed);
    await until("The target's end", open, { wanted: (all) => !all.includes(false), seconds: 5 });
  });

  it("ends when the target ends it, and when neither side has said anything for too long", async () => {
    assert.match(await talk("/closing"), /^HTTP\/1\.1 101 /);
    idleMs = 50;
    assert.match(await talk("/"), /^HTTP\/1\.1 101 /);
    await until("The target's end", () => reached.at(-1)!.destroyed);
  });

  it("is refused where the target is gone", async () => {
    assert.equal(await talk("/gone"), "HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
  });

  it("is refused by a name that is not the server's", async () => {
    const before = seen.length;
    assert.match(await talk("/", "", "attacker.example"), /^HTTP\/1\.1 403 /);
    assert.equal(seen.length, before);
  });
});
