import { rmSync } from "node:fs";
import { createServer, Server } from "node:net";
import * as path from "node:path";
import { newFolder } from "../../../folder";

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const message = (type: string, body: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const text = (value: string) => Buffer.from(`${value}\0`);
const int16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const int32 = (value: number) =>
  Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
const AUTHENTICATED = message("R", int32(0));
const READY = message("Z", Buffer.from("I"));
const failure = (code: string) =>
  message(
    "E",
    Buffer.concat([text("SFATAL"), text(`C${code}`), text(`Mfailed with ${code}`), Buffer.from([0])]),
  );

/** The rows of one column of texts, as PostgreSQL sends them. */
function rowsOf(values: (string | null)[]): Buffer {
  const column = Buffer.concat([
    text("rolpassword"),
    int32(0),
    int16(0),
    int32(25),
    int16(-1 & 0xffff),
    int32(-1),
    int16(0),
  ]);
  const row = (value: string | null) =>
    message(
      "D",
      Buffer.concat([
        int16(1),
        ...(value === null ? [int32(-1)] : [int32(value.length), Buffer.from(value)]),
      ]),
    );
  return Buffer.concat([
    message("T", Buffer.concat([int16(1), column])),
    ...values.map(row),
    message("C", text(`SELECT ${values.length}`)),
  ]);
}

/** PostgreSQL on a socket, as far as it lets in and answers: by the rows of a statement, or by an error's code. */
export class PostgresStandIn {
  readonly runDir = newFolder("pg");
  readonly port = 5432;
  /** What was asked, with its values, after whoever asked it. */
  readonly asked: [user: string, statement: string, ...values: string[]][] = [];
  /** Refuses whoever connects. */
  refusal?: string;
  answer: (statement: string) => (string | null)[] | { code: string } | "silence" = () => [];
  ended = 0;
  private server?: Server;

  async listen(): Promise<void> {
    this.server = createServer((socket) => {
      socket.on("error", () => undefined);
      let user = "";
      let parsed = "";
      let kept = Buffer.alloc(0);
      const run = (statement: string, values: string[]) => {
        this.asked.push([user, statement, ...values]);
        const answer = this.answer(statement);
        if (answer === "silence") return false;
        socket.write("code" in answer ? failure(answer.code) : rowsOf(answer));
        return true;
      };
      socket.on("data", (data) => {
        kept = Buffer.concat([kept, data]);
        if (user === "") {
          user = kept.toString("utf8", 8).split("\0")[1]!;
          kept = Buffer.alloc(0);
          if (this.refusal) return void socket.end(failure(this.refusal));
          return void socket.write(Buffer.concat([AUTHENTICATED, READY]));
        }
        while (kept.length >= 5 && kept.length > kept.readInt32BE(1)) {
          const type = String.fromCharCode(kept[0]!);
          const body = kept.subarray(5, kept.readInt32BE(1) + 1);
          kept = kept.subarray(kept.readInt32BE(1) + 1);
          if (type === "Q") {
            if (run(body.toString("utf8").replace(/\0$/, ""), [])) socket.write(READY);
          } else if (type === "P") parsed = body.toString("utf8").split("\0")[1]!;
          else if (type === "B") {
            const at = body.indexOf(0, body.indexOf(0) + 1) + 1;
            const formats = body.readInt16BE(at);
            const value = at + 2 + 2 * formats + 2;
            const length = body.readInt32BE(value);
            socket.write(Buffer.concat([message("1", Buffer.alloc(0)), message("2", Buffer.alloc(0))]));
            run(parsed, [body.toString("utf8", value + 4, value + 4 + length)]);
          } else if (type === "S") socket.write(READY);
          else if (type === "X") this.ended += 1;
        }
      });
    });
    await new Promise<void>((resolve) =>
      this.server!.listen(path.join(this.runDir, ".s.PGSQL.5432"), resolve),
    );
  }

  close(): void {
    this.server?.close();
    rmSync(this.runDir, { recursive: true, force: true });
  }
}
