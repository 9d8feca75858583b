// Connections that change their protocol, as a WebSocket does, on their way through a server of the sandbox's.
import assert from "node:assert/strict";
import * as http from "node:http";
import { connect } from "node:net";
import { forwardUpgrade } from "../../sandbox/fleet/forwarding";
import { LocalServer } from "../../sandbox/server";

describe("a connection that changes its protocol", () => {
  const seen: http.IncomingHttpHeaders[] = [];
  let target: LocalServer;
  let door: LocalServer;
  before(async () => {
    const none = () => {};
    target = new LocalServer("target", none, none, undefined, async ({ url, headers }, socket) => {
      seen.push(headers);
      if (url === "/refused") return socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno");
      socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
      return socket.pipe(socket);
    });
    await target.start();
    door = new LocalServer("door", none, none, undefined, async (request, socket, head) =>
      forwardUpgrade(request, socket, head, {
        port: target.port,
        path: request.url!,
        listener: { port: door.port, protocol: "HTTP" },
        idleMs: 5_000,
        cookies: ["AWSALB=i-1"],
      }),
    );
    await door.start();
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
    const { upgrade, "x-forwarded-for": from } = seen.at(-1)!;
    assert.deepEqual([upgrade, from], ["echo", "127.0.0.1"]);
  });

  it("hears the target's own refusal", async () => {
    assert.match(await talk("/refused"), /^HTTP\/1\.1 401 Unauthorized\r\n/);
  });

  it("is refused by a name that is not the server's", async () => {
    const before = seen.length;
    assert.match(await talk("/", "", "attacker.example"), /^HTTP\/1\.1 403 /);
    assert.equal(seen.length, before);
  });
});
