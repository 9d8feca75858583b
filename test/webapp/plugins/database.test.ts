import assert from "node:assert/strict";
import { once } from "node:events";
import * as net from "node:net";
import { requireDatabase } from "../../../webapp/plugins/database";
import { start } from "../helper";

/** What a client asks first when it wants TLS: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const SSL_REQUEST = 80877103;
const AUTHENTICATED = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

const open: net.Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A PostgreSQL that lets everybody in and hangs up at the first statement. Keeps what each connection asked first. */
async function lossy() {
  const first: number[] = [];
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      first.push(data.readInt32BE(4));
      if (first.at(-1) === SSL_REQUEST) return void socket.destroy();
      socket.write(Buffer.concat([AUTHENTICATED, READY]));
      socket.once("data", () => socket.destroy());
    });
  });
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  return { url: `postgresql://app@127.0.0.1:${port}/app`, first };
}

describe("the database of the app", () => {
  it("does not exist if none is configured, and routes that need it say so", async () => {
    const { app } = await start();
    assert.deepEqual([app.hasDecorator("database"), app.database], [true, undefined]);
    assert.throws(() => requireDatabase(app), {
      statusCode: 503,
      message: "no database is configured: set DATABASE_SECRET_ARN",
    });
  });

  it("is reached through TLS unless that is turned off, and its loss is logged", async () => {
    const { url, first } = await lossy();
    const plain = await start({ DATABASE_URL: url, DATABASE_TLS: "off" });
    assert.equal(requireDatabase(plain.app), plain.app.database);
    await assert.rejects(plain.app.database!.check(), { name: "DatabaseUnavailable" });
    assert.ok(first.length > 0 && !first.includes(SSL_REQUEST));
    const lost = plain.lines.filter(({ msg }) => msg === "lost the database, reconnecting");
    assert.deepEqual(
      lost.map(({ level, err }) => [level, (err as Error).message]),
      [[40, "Connection terminated unexpectedly"]],
    );
    first.length = 0;
    const { app } = await start({ DATABASE_URL: url, DATABASE_TLS: "verify" });
    await assert.rejects(app.database!.check(), { name: "DatabaseUnavailable" });
    assert.deepEqual(new Set(first), new Set([SSL_REQUEST]));
  });

  it("is opened with its secret's credentials", async () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf";
    const asked: string[] = [];
    const secrets = {
      readSecret: async (wanted: string) => {
        asked.push(wanted);
        throw new Error("denied");
      },
      assumeRole: async () => Promise.reject(new Error("no role")),
    };
    const { app } = await start({ DATABASE_SECRET_ARN: arn }, { secrets });
    await assert.rejects(app.database!.check(), { name: "DatabaseUnavailable" });
    assert.deepEqual(asked, [arn]);
  });

  it("is closed with the app", async () => {
    const { url } = await lossy();
    const { app } = await start({ DATABASE_URL: url, DATABASE_TLS: "off" });
    let closed = false;
    const database = app.database!;
    const { close } = database;
    database.close = async () => {
      closed = true;
      await close.call(database);
    };
    await app.close();
    assert.ok(closed);
  });
});
