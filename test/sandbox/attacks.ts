// Bytes that no well-meaning client sends, and what becomes of a port that gets them.
import * as net from "node:net";
import * as fc from "fast-check";

export interface Attack {
  bytes: string | Buffer;
  /** What the sender does next: waits for an answer, says that nothing follows, or tears the connection. */
  then: "wait" | "end" | "tear";
}

const lines = (...all: string[]) => `${all.join("\r\n")}\r\n\r\n`;
const host = "Host: 127.0.0.1";
const get = (target: string, ...headers: string[]) => lines(`GET ${target} HTTP/1.1`, host, ...headers);
const post = (target: string, body: string, ...headers: string[]) =>
  lines(`POST ${target} HTTP/1.1`, host, `Content-Length: ${Buffer.byteLength(body)}`, ...headers) + body;
const cut = (target: string, length: string, body: string) =>
  lines(`POST ${target} HTTP/1.1`, host, `Content-Length: ${length}`) + body;
const chunked = (target: string, body: string, ...headers: string[]) =>
  lines(`POST ${target} HTTP/1.1`, host, "Transfer-Encoding: chunked", ...headers) + body;

/** Known ways to break a server; `own` is the path at which the part does its work. */
export function knownAttacks(own: string): Attack[] {
  const waited = [
    ...["//", "/%", "/%00%ff", "///..//..", "/../../etc/passwd", "*", "/?%", "/?a=%ff&&=&", "/\xff\xfe"].map(
      (t) => get(t),
    ),
    ...["http://", "http://[", "http://a:b:c/", "https://example.com//", "ftp://x/%", "mailto:a", "x"].map(
      (t) => get(t),
    ),
    lines("OPTIONS * HTTP/1.1", host),
    lines("CONNECT example.com:443 HTTP/1.1", host),
    lines("FOO / HTTP/1.1", host),
    lines("get / HTTP/1.1", host),
    lines("GET / HTTP/1.1"),
    lines("GET / HTTP/1.1", "Host: ", "Host: other"),
    ...["[", "a b", "a:b:c", ":", "\xe4", "x".repeat(5_000)].map((name) =>
      lines("GET / HTTP/1.1", `Host: ${name}`),
    ),
    ...["GET /", "GET / HTTP/0.9", "GET / HTTP/2.0", "GET / HTTP/9.9", "GET", "", " ", "GET  / HTTP/1.1"].map(
      (t) => lines(t),
    ),
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    get(`/${"a".repeat(100_000)}`),
    get("/", `X-Long: ${"a".repeat(100_000)}`),
    get("/", ...Array.from({ length: 3_000 }, (_, i) => `X-${i}: 1`)),
    get("/", "No colon"),
    get("/", ": no name"),
    get("/", "X-Nul: a\0b"),
    get(own, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: x"),
    get(own, "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: x"),
    get(own, "Expect: nonsense"),
    get(own, "Connection: keep-alive, close, \xff"),
    get("/").repeat(20),
    get("//").repeat(20),
    ...[
      "",
      "{",
      "null",
      "[]",
      '"x"',
      "0",
      "{}",
      "\0",
      '{"Type":"Notification"}',
      "Action=StopInstances&InstanceId.1=i-0",
    ].flatMap((body) => [post(own, body), post(own, body, "Content-Type: text/plain")]),
    post(
      own,
      JSON.stringify({ Type: "Notification", MessageId: "1", TopicArn: "", Message: "", Timestamp: "never" }),
    ),
    post(
      own,
      JSON.stringify({
        Type: "SubscriptionConfirmation",
        MessageId: "",
        TopicArn: "x",
        Message: "",
        Timestamp: "2026-01-01",
      }),
    ),
    post(own, "x".repeat(9 * 1024 * 1024)),
    ...["-1", "many", "1e9", "99999999999999999999"].map((length) => cut(own, length, "x")),
    chunked(own, "zz\r\nx\r\n0\r\n\r\n"),
    chunked(own, "1;a=b\r\nx\r\n0\r\nTrailer: 1\r\n\r\n"),
    chunked(own, "1\r\nx\r\n0\r\n\r\n", "Content-Length: 3"),
    lines(`POST ${own} HTTP/1.1`, host, "Transfer-Encoding: gzip"),
    lines(`DELETE ${own} HTTP/1.1`, host, "Transfer-Encoding: chunked") + "1\r\nx\r\n0\r\n\r\n",
    lines(`HEAD ${own} HTTP/1.1`, host),
    lines(`TRACE ${own} HTTP/1.1`, host),
    Buffer.from("16030100c8010000c40303", "hex"), // a TLS client's hello
    Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
    Buffer.from("0000000804d2162f", "hex"), // a PostgreSQL client's wish for TLS
  ];
  const torn = [
    cut(own, "100", "x"),
    chunked(own, "ff\r\nx"),
    get(own),
    lines(`POST ${own} HTTP/1.1`, host, "Content-Length: 5", "Expect: 100-continue"),
  ];
  return [
    ...waited.map((bytes) => ({ bytes, then: "wait" as const })),
    ...[...torn, "", "GET / HT", get("//")].flatMap((bytes) => [
      { bytes, then: "end" as const },
      { bytes, then: "tear" as const },
    ]),
  ];
}

/** Requests put together of odd parts by chance. */
export function oddRequests(own: string): fc.Arbitrary<Attack> {
  const odd = fc.string({ unit: "binary", maxLength: 40 });
  const target = fc.oneof(
    fc.constantFrom(own, "//", "/%", "*"),
    odd.map((text) => `/${text}`),
    odd,
  );
  const method = fc.oneof(fc.constantFrom("GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "PATCH"), odd);
  const header = fc.oneof(
    fc.constantFrom(
      "Transfer-Encoding: chunked",
      "Connection: close",
      "Expect: 100-continue",
      "Upgrade: x",
      host,
    ),
    fc.tuple(odd, odd).map(([name, value]) => `${name}: ${value}`),
    fc.integer({ min: -5, max: 50 }).map((length) => `Content-Length: ${length}`),
  );
  const body = fc.oneof(odd, fc.json());
  const bytes = fc
    .tuple(
      method,
      target,
      fc.constantFrom("HTTP/1.1", "HTTP/1.0", "HTTP/3"),
      fc.array(header, { maxLength: 5 }),
      body,
    )
    .map(([verb, where, version, headers, text]) => lines(`${verb} ${where} ${version}`, ...headers) + text);
  return fc.record({ bytes, then: fc.constantFrom("wait", "end", "tear") });
}

/** Sends it from an address of its own, whose requests are counted apart, and gives the port a moment to do something about it. */
export function send(port: number, { bytes, then }: Attack): Promise<void> {
  const localAddress = process.platform === "linux" ? "127.0.0.99" : undefined;
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1", localAddress, allowHalfOpen: true });
    const patience = setTimeout(() => socket.destroy(), 250);
    socket.on("error", () => {}); // the port has had enough
    socket.on("close", () => {
      clearTimeout(patience);
      resolve();
    });
    socket.on("end", () => socket.destroy());
    socket.resume();
    socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes, () => {
      if (then === "end") socket.end();
      if (then === "tear") socket.resetAndDestroy();
    });
  });
}
