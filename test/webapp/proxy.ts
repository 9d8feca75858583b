import { once } from "node:events";
import net from "node:net";

/** An address that leads to a server, like the virtual IP. */
export class Proxy {
  private readonly connections = new Set<[net.Socket, net.Socket]>();
  private readonly server = net.createServer((inside) => this.join(inside));

  private constructor(private readonly target: number) {}

  static async to(target: number): Promise<Proxy> {
    const proxy = new Proxy(target);
    proxy.server.listen(0, "127.0.0.1");
    await once(proxy.server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  /** As when a route moves: what was connected hears nothing any more, and new connections reach a server. */
  vanish(): void {
    for (const [inside, outside] of this.connections) {
      inside.unpipe();
      outside.unpipe();
    }
  }

  /** As when the server behind is another one, which knows no such connection. */
  reset(): void {
    for (const pair of this.connections) for (const socket of pair) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.reset();
    this.server.close();
    await once(this.server, "close");
  }

  private join(inside: net.Socket): void {
    const outside = net.connect(this.target, "127.0.0.1");
    const pair: [net.Socket, net.Socket] = [inside, outside];
    this.connections.add(pair);
    inside.pipe(outside).pipe(inside);
    for (const socket of pair) {
      socket.on("error", () => undefined);
      socket.on("close", () => this.connections.delete(pair));
    }
  }
}
