import * as net from "node:net";
import { Engine, GONE, unless } from "./engine";

/** A database's name for the containers of its project. */
export const DATABASE = "database";

interface Network {
  name: string;
  gateway: string;
  subnet: string;
}

/** How a container reaches a port of this machine. */
export interface Way {
  /** For Docker's `--add-host`. */
  host: string;
  port: number;
}

/**
 * A network for each project, so that its containers reach each other and nobody else's. Of what listens on this machine's loopback they
 * reach the project's database alone, through a forwarder at the network's own end of it.
 */
export class ProjectNetworks {
  private readonly all = new Map<string, Promise<Network>>();
  private readonly forwarders = new Map<string, Promise<net.Server | undefined>>();

  constructor(
    private readonly engine: Engine,
    private readonly own: { prefix: string; labels: Record<string, string> },
  ) {}

  /** The name of a project's network; the first caller creates it. */
  async of(project: string): Promise<string> {
    return (await this.network(project)).name;
  }

  /** The way from a project's containers to a port of this machine's loopback. */
  async wayTo(project: string, port: number): Promise<Way> {
    const { gateway, subnet } = await this.network(project);
    const key = `${project} ${port}`;
    if (!this.forwarders.has(key)) this.forwarders.set(key, forwarder(gateway, subnet, port));
    const server = await this.forwarders.get(key)!;
    // In Docker Desktop the network's end is in a machine of its own, from which this one has a name.
    if (!server) return { host: `${DATABASE}:host-gateway`, port };
    return { host: `${DATABASE}:${gateway}`, port: (server.address() as net.AddressInfo).port };
  }

  /** Projects that have one. */
  get projects(): string[] {
    return [...this.all.keys()];
  }

  /** Removes a project's network; the daemon refuses it while a container is in it. */
  async end(project: string): Promise<void> {
    const network = await this.all.get(project)?.catch(() => undefined);
    for (const [key, made] of this.forwarders) {
      if (!key.startsWith(`${project} `)) continue;
      (await made.catch(() => undefined))?.close();
      this.forwarders.delete(key);
    }
    if (network) await this.engine.ask("DELETE", `/networks/${network.name}`).catch(unless(GONE));
    this.all.delete(project);
  }

  private network(project: string): Promise<Network> {
    const known = this.all.get(project);
    if (known) return known;
    const made = this.make(project);
    this.all.set(project, made);
    made.catch(() => this.all.delete(project)); // the next caller tries again
    return made;
  }

  private async make(project: string): Promise<Network> {
    const name = `${this.own.prefix}-${project}`;
    await this.engine.ask("POST", "/networks/create", {
      body: { Name: name, Driver: "bridge", CheckDuplicate: true, Labels: this.own.labels },
    });
    const { IPAM } = await this.engine.ask<{ IPAM: { Config: { Gateway: string; Subnet: string }[] } }>(
      "GET",
      `/networks/${name}`,
    );
    const { Gateway, Subnet } = IPAM.Config.find((one) => net.isIPv4(one.Gateway))!;
    return { name, gateway: Gateway, subnet: Subnet };
  }
}

/** A server at a network's end that leads to a port of the loopback; none if the network's end is not on this machine. */
function forwarder(gateway: string, subnet: string, port: number): Promise<net.Server | undefined> {
  const [base, bits] = subnet.split("/") as [string, string];
  const admitted = new net.BlockList();
  admitted.addSubnet(base, Number(bits));
  const server = net.createServer((socket) => {
    // The machine answers at this address from every network that it has.
    if (!socket.remoteAddress || !admitted.check(socket.remoteAddress)) return void socket.destroy();
    const onward = net.connect(port, "127.0.0.1");
    socket.pipe(onward).pipe(socket);
    socket.on("error", () => onward.destroy()).on("close", () => onward.destroy());
    onward.on("error", () => socket.destroy()).on("close", () => socket.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRNOTAVAIL" ? resolve(undefined) : reject(error),
    );
    server.listen(0, gateway, () => resolve(server));
  });
}
