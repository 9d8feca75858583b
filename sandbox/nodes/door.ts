import * as http from "node:http";
import { AddressInfo } from "node:net";

export interface DataPlane {
  /** Ends an instance's processes; resolves when the last one is gone. */
  stop(instanceId: string): Promise<void>;
  /** A route has changed. */
  routed(): Promise<void>;
}

/**
 * EC2 as the database nodes reach it: when it says that an instance is stopped, then it is. moto alone would say so at once,
 * and a node that believes it would start a second PostgreSQL beside the first.
 */
export class Ec2Door {
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly server = http.createServer((request, response) => {
    this.pass(request, response).catch(() => response.destroy());
  });

  constructor(
    private readonly moto: string,
    private readonly plane: DataPlane,
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

  private async pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await read(request);
    const call = new URLSearchParams(body.toString());
    const action = call.get("Action") ?? "";
    if (/^(Stop|Terminate)Instances$/.test(action))
      for (const [name, id] of call) if (name.startsWith("InstanceId.")) await this.plane.stop(id);
    const { method, url, headers } = request;
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const outgoing = http.request(this.moto + url!, { method, headers, agent: this.agent }, resolve);
      outgoing.on("error", reject).end(body);
    });
    const content = await read(answer);
    if (/^(Create|Replace|Delete)Route$/.test(action)) await this.plane.routed();
    response.writeHead(answer.statusCode!, answer.headers).end(content);
  }
}

async function read(message: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
