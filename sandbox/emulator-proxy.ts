import * as http from "node:http";
import { bodyOf, LocalServer, targetOf } from "./server";

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** Only asks whether the emulator would accept the call: emulators/access.py. */
const ONLY_CHECK = { "x-groundwork-only-check": "1" };

export interface Onward {
  headers: http.IncomingHttpHeaders;
  /** Passes a call on to the emulator. */
  pass(call: string): Promise<Answer>;
  /** The refusal that the emulator would answer with, if any. */
  refused(): Promise<Answer | undefined>;
}

/** What happens to a call: it may be changed, and work may be done before and after it is passed on. */
export type Around = (call: string, onward: Onward) => Promise<Answer>;

/** A server in front of an emulator that may change what passes. */
export class EmulatorProxy {
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly server: LocalServer;

  constructor(
    private readonly emulator: string,
    private readonly around: Around,
    note: (line: string) => void,
  ) {
    this.server = new LocalServer("proxy", (request, response) => this.answer(request, response), note);
  }

  async start(): Promise<string> {
    return `http://127.0.0.1:${await this.server.start()}`;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    await this.server.stop();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const call = (await bodyOf(request)).toString();
    const { status, headers, body } = await this.around(call, {
      headers: request.headers,
      pass: (changed) => this.pass(request, changed),
      refused: async () => {
        const answer = await this.pass(request, call, ONLY_CHECK);
        return answer.status === 204 ? undefined : answer;
      },
    });
    response.writeHead(status, headers).end(body);
  }

  private async pass(
    request: http.IncomingMessage,
    call: string,
    more: http.OutgoingHttpHeaders = {},
  ): Promise<Answer> {
    const { method, headers } = request;
    const sent = { ...headers, ...more, "content-length": Buffer.byteLength(call) };
    const { hostname, port } = new URL(this.emulator);
    const { text: path } = targetOf(request);
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http
        .request({ hostname, port, path, method, headers: sent, agent: this.agent }, resolve)
        .on("error", reject)
        .end(call);
    });
    return { status: answer.statusCode!, headers: answer.headers, body: await bodyOf(answer, Infinity) };
  }
}
