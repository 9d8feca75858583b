import * as http from "node:http";
import { AddressInfo } from "node:net";

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** What happens to a call: it may be changed, and something done before and after it is passed on. */
export type Around = (call: string, pass: (call: string) => Promise<Answer>) => Promise<Answer>;

/** An address that stands before an emulator's. */
export class Door {
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly server = http.createServer((request, response) => {
    this.answer(request, response).catch(() => response.destroy());
  });

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
    const { status, headers, body } = await this.around(call, (changed) => this.pass(request, changed));
    response.writeHead(status, headers).end(body);
  }

  private async pass({ method, url, headers }: http.IncomingMessage, call: string): Promise<Answer> {
    const sent = { ...headers, "content-length": Buffer.byteLength(call) };
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
