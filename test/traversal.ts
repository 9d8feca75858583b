// Paths that lead out of a served folder. Sent as they are: fetch and the like tidy them up before they leave.
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";

const UP = [
  "../",
  "..%2f",
  "..%2F",
  "%2e%2e/",
  "%2e%2e%2f",
  ".%2e/",
  "%252e%252e%252f",
  "..\\",
  "..%5c",
  "%2e%2e%5c",
];
const MORE = ["....//", "..;/", "..%00/", "..%c0%af", "%c0%ae%c0%ae/", "\uff0e\uff0e/"];

/** Ways to ask below `prefix` for `file`, a path relative to the served folder's parent, and for an absolute one. */
export function waysOut(prefix: string, file: string, absolute: string): string[] {
  return [
    ...[...UP, ...MORE].flatMap((up) => [1, 2, 3, 4, 8].map((n) => `${prefix}${up.repeat(n)}${file}`)),
    ...UP.map((up) => `${up.startsWith(".") || up.startsWith("%") ? "/" : ""}${up.repeat(4)}${file}`),
    ...["/", "%2f", "//", "\\", "%5c", "file://"].map((start) => `${prefix}${start}${absolute}`),
    ...[absolute, `/${absolute}`, `//${absolute}`, `http://127.0.0.1/${prefix}../${file}`],
    ...[
      `${prefix}app.css%00`,
      `${prefix}%00/../${file}`,
      `${prefix}app.css/../../${file}`,
      `${prefix}\0${file}`,
    ],
    ...[
      `/..`,
      `/../`,
      "//",
      "///",
      `${prefix}..`,
      `${prefix}.`,
      `${prefix}%`,
      `${prefix}%zz`,
      `${prefix}%ff`,
    ],
  ];
}

/** A file's first bytes, to be looked for in answers; throws when it is not there to be stolen. */
export const secretOf = (file: string) => fs.readFileSync(path.resolve(file), "utf8").slice(0, 60);

/** Sends a GET of exactly this target, and reads until the connection ends. */
export function rawGet(port: number, target: string): Promise<{ status: number; answer: string }> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    const parts: Buffer[] = [];
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${JSON.stringify(target)}`)));
    socket.on("data", (part) => parts.push(part));
    socket.on("error", reject);
    socket.on("close", () => {
      const answer = Buffer.concat(parts).toString("latin1");
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]), answer });
    });
    socket.write(
      Buffer.from(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`, "utf8"),
    );
  });
}
