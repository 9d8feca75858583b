import * as http from "node:http";
import { AddressInfo } from "node:net";
import { behindDoor } from "./doorkeeper";

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** Asks the emulator's door whether the call may come in, and no more: emulators/doorkeeper.py. */
const ONLY_CHECK = { "x-groundwork-only-check": "1" };

export interface Onward {
  /** Hands a call over to the emulator. */
  pass(call: string): Promise<Answer>;
  /** The refusal that the emulator would answer, if it would. */
  refused(): Promise<Answer | undefined>;
}

/** What happens to a call: it may be changed, and something done before and after it is passed on. */
export type Around = (call: string, onward: Onward) => Promise<Answer>;

/** An address that stands before an emulator's. */
export class Door {
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly server = http.createServer(
    behindDoor((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    }),
  );

  constructor(
    private readonly emulator: string,
    private readonly around: Around,
  ) {}

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const call = (await read(request)).toString();
    const { status, headers, body } = await this.around(call, {
      pass: (changed) => this.pass(request, changed),
      refused: async () => {
        const answer = await this.pass(request, call, ONLY_CHECK);
        return answer.status === 204 ? undefined : answer;
      },
    });
    response.writeHead(status, headers).end(body);
  }

  private async pass(
    { method, url, headers }: http.IncomingMessage,
    call: string,
    more: http.OutgoingHttpHeaders = {},
  ): Promise<Answer> {
    const sent = { ...headers, ...more, "content-length": Buffer.byteLength(call) };
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const options = { method, headers: sent, agent: this.agent };
      http
        .request(this.emulator + url!, options, resolve)
        .on("error", reject)
        .end(call);
    });
    return { status: answer.statusCode!, headers: answer.headers, body: await read(answer) };
  }
}

async function read(message: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
