import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/postgres-adapter";
import pg from "pg";
import { Server } from "socket.io";

const page = readFileSync(new URL("index.html", import.meta.url));
const server = createServer((_request, response) => {
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(page);
});
const io = new Server(server);

// With several servers, the database passes messages between their visitors.
const database = new pg.Pool({ connectionString: process.env.DATABASE_URL });
database.on("error", (error) => console.error(error.message));
await database.query(
  "CREATE TABLE IF NOT EXISTS socket_io_attachments (id bigserial UNIQUE, created_at timestamptz DEFAULT now(), payload bytea)",
);
io.adapter(createAdapter(database));

io.on("connection", (socket) => {
  socket.on("said", (text) => io.emit("said", String(text).slice(0, 1000)));
});

server.listen(process.env.PORT ?? 3000);
