import * as http from "node:http";
import * as path from "node:path";
import { publicFolder } from "../../webapp/paths";
import { bodyOf, LocalServer, Refusal, targetOf } from "../server";
import { guardPage, sendFile, StaticFiles } from "../static-files";
import { Daemon } from "./daemon";
import { KeptTraces, type Trace } from "./kept";
import { type Segment, segmentsOf } from "./segment";

const own = path.join(__dirname, "public");
const ofPage = path.join(own, "../../page/public");
const FILES: StaticFiles = {
  "/": path.join(own, "index.html"),
  "/traces.css": path.join(own, "traces.css"),
  "/traces.js": path.join(own, "traces.js"),
  "/page.css": path.join(ofPage, "page.css"),
  "/drawing.js": path.join(ofPage, "drawing.js"),
  "/base.css": path.join(publicFolder, "base.css"),
  "/dom.js": path.join(publicFolder, "dom.js"),
};

/** X-Ray in the sandbox, and the servers' agent that sends to it: receives every part of a request, and shows them together. */
export class Traces {
  private readonly kept = new KeptTraces();
  private readonly beside: Daemon;
  private readonly server: LocalServer;

  constructor(note: (line: string) => void) {
    this.server = new LocalServer("traces", (request, response) => this.answer(request, response), note);
    this.beside = new Daemon((segments) => this.kept.add(segments), note);
  }

  async start(): Promise<void> {
    await this.server.start();
    await this.beside.start();
  }

  stop(): Promise<void> {
    this.beside.stop();
    return this.server.stop();
  }

  /** Where a person looks at them. */
  get url(): string {
    return `http://127.0.0.1:${this.server.port}/`;
  }

  /** Where the web servers send them, instead of to their agent. */
  get agent(): string {
    return `${this.url}v1/traces`;
  }

  /** Where functions send them, instead of to the daemon beside each. */
  get daemon(): string {
    return this.beside.address;
  }

  /** Where the emulator reports what AWS's own services would report to X-Ray. */
  get segments(): string {
    return `${this.url}segments`;
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { path: route } = targetOf(request);
    if (request.method === "POST" && route === "/v1/traces") {
      this.kept.add(await read(request, segmentsOf));
      return void response.writeHead(200, { "content-type": "application/json" }).end("{}");
    }
    if (request.method === "POST" && route === "/segments") {
      this.kept.add(await read(request, (segments: Segment[]) => segments.map((one) => ({ ...one }))));
      return void response.writeHead(204).end();
    }
    if (request.method !== "GET") return void response.writeHead(405).end();
    guardPage(response);
    if (route === "/traces.json") {
      const body = JSON.stringify(this.kept.list satisfies Trace[]);
      return void response.writeHead(200, { "content-type": "application/json" }).end(body);
    }
    sendFile(FILES, route, response, "/");
  }
}

async function read<T>(request: http.IncomingMessage, parts: (told: T) => Segment[]): Promise<Segment[]> {
  const text = (await bodyOf(request)).toString();
  try {
    return parts(JSON.parse(text) as T);
  } catch {
    throw new Refusal(
      400,
      "Parts of a trace are JSON: OTLP's at /v1/traces, a list of X-Ray's segments at /segments.",
    );
  }
}
