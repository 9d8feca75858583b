/// <reference lib="dom" />
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import { freePort } from "../../sandbox/ports";
import { until } from "../../sandbox/problem";
import type { Rig } from "../../test/uploads/rig";
import { Visitor } from "../../test/uploads/visitor";
import { Figure, rounded } from "../figure";

const MEBIBYTE = 1024 * 1024;
const SIZE_MIB = 1_024;

/** How much the server's process grows while 1 GB goes through it. */
export async function memoryFigures(rig: Rig): Promise<Figure[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-bench-uploads-"));
  const bundle = createRequire(__filename)("../../webapp/bundle.cjs") as (folder: string) => Promise<string>;
  const port = await freePort();
  const env = {
    ...process.env,
    ...(await rig.webEnvironment()),
    PORT: String(port),
    HOST: "127.0.0.1",
    LOG_LEVEL: "error",
  };
  const server = spawn(process.execPath, [await bundle(folder)], {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    await until("The server's health", async () => (await fetch(`${url}/health`).catch(() => undefined))?.ok);
    const visitor = await new Visitor(url).join("bench@example.com");
    await send(url, visitor, 32); // the SDK and its connections are there from now on
    const before = residentMiB(server.pid!);
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, residentMiB(server.pid!))), 20);
    const begun = performance.now();
    await send(url, visitor, SIZE_MIB);
    clearInterval(watch);
    const seconds = (performance.now() - begun) / 1_000;
    console.log(
      `1 GB through the server in ${rounded(seconds)} s: ${rounded(before)} MiB before, ${rounded(peak)} MiB at most`,
    );
    return [
      {
        bench: "uploads",
        figure: "server's memory for a 1 GB upload (MiB more)",
        ours: rounded(peak - before),
        goal: "<= 120",
      },
    ];
  } finally {
    server.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A multipart form with a file that is made while it is sent. */
async function send(url: string, visitor: Visitor, mebibytes: number): Promise<void> {
  const boundary = "----groundwork-bench";
  const part = (head: string, body: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}`;
  const block = Buffer.alloc(MEBIBYTE, "x");
  async function* body() {
    yield Buffer.from(part('name="form"', `${visitor.token}\r\n`));
    yield Buffer.from(part('name="sensitive"', "no\r\n"));
    yield Buffer.from(part('name="file"; filename="big.txt"\r\nContent-Type: text/plain', ""));
    for (let sent = 0; sent < mebibytes; sent++) yield block;
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  const response = await fetch(`${url}/uploads/files`, {
    method: "POST",
    body: body() as unknown as BodyInit,
    duplex: "half",
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      cookie: `session=${visitor.cookies["session"]}`,
    },
  } as RequestInit);
  if (response.status !== 201)
    throw new Error(`the upload was refused: ${response.status} ${await response.text()}`);
}

function residentMiB(pid: number): number {
  const [, kibibytes] = /VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))!;
  return Number(kibibytes) / 1024;
}
