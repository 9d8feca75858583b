import * as net from "node:net";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { Address } from "./translation";

/**
 * The VPC's router for one address that moves: connections to the port here go to the instance that the route tables
 * currently name. A change of the route breaks open connections, as a packet would no longer find its peer.
 */
export class Router {
  private readonly server = net.createServer((client) => this.connect(client));
  private readonly open = new Set<net.Socket>();
  private leadsTo?: string;

  constructor(
    private readonly use: Use,
    private readonly virtualIp: string,
    private readonly addressOf: (instanceId: string) => Address | undefined,
  ) {}

  /** The current instance behind the address. */
  get instance(): string | undefined {
    return this.leadsTo;
  }

  async start(): Promise<Address> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.server.on("error", () => {}); // it could not accept one more connection; the next may work
    return { host: "127.0.0.1", port: (this.server.address() as net.AddressInfo).port };
  }

  async follow(): Promise<void> {
    const ec2 = await this.use("ec2");
    const tables = await everyPage(
      (from) => ec2.describeRouteTables(from),
      (page) => page.RouteTables,
    );
    const routes = tables.flatMap((table) => table.Routes ?? []);
    const route = routes.find((one) => one.DestinationCidrBlock === `${this.virtualIp}/32`);
    const instance = route?.InstanceId ?? (await this.ownerOf(route?.NetworkInterfaceId));
    if (instance === this.leadsTo) return;
    this.leadsTo = instance;
    for (const socket of this.open) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async ownerOf(networkInterface: string | undefined): Promise<string | undefined> {
    if (!networkInterface) return undefined;
    const ec2 = await this.use("ec2");
    const { NetworkInterfaces } = await ec2.describeNetworkInterfaces({
      NetworkInterfaceIds: [networkInterface],
    });
    return NetworkInterfaces?.[0]?.Attachment?.InstanceId;
  }

  private connect(client: net.Socket): void {
    const address = this.leadsTo && this.addressOf(this.leadsTo);
    if (!address) return void client.destroy();
    const upstream = net.connect(address.port, address.host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.open.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
