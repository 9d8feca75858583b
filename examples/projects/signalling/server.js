import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const page = readFileSync(new URL("index.html", import.meta.url));
const server = createServer((_request, response) => {
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(page);
});

/** Who is in which room. Only this server knows. With several servers, the two ends of a call must find each other in another way. */
const rooms = new Map();

new WebSocketServer({ server, path: "/signals", maxPayload: 64 * 1024 }).on(
  "connection",
  (socket, request) => {
    const name = new URL(request.url, "http://localhost").searchParams.get("room") ?? "";
    const room = rooms.get(name) ?? new Set();
    rooms.set(name, room);
    if (room.size > 1) return socket.close(1013, "two are in this room already");
    const tell = (text) => room.forEach((each) => each !== socket && each.send(text));
    room.add(socket);
    socket.on("message", (data) => tell(String(data)));
    socket.on("close", () => {
      room.delete(socket);
      if (room.size === 0) rooms.delete(name);
    });
    if (room.size === 2) socket.send(JSON.stringify({ joined: true }));
  },
);

server.listen(process.env.PORT ?? 3000);
