import { EC2Client, ModifyInstanceAttributeCommand } from "@aws-sdk/client-ec2";
import { fence } from "../fencing";
import { destinationOf, VirtualIpRoutes, virtualIpRoutes } from "../routes";
import { AgentConfig, log } from "./config";

/** What a node does in EC2: it moves the route of the virtual IP and stops a former holder. */
export class Cloud {
  private readonly routes: VirtualIpRoutes;

  constructor(
    private readonly client: Pick<EC2Client, "send">,
    private readonly node: string,
    private readonly virtualIp: string,
    vpc: string,
  ) {
    this.routes = virtualIpRoutes({ send: this.send }, { vpc, virtualIp });
  }

  /** A packet for the virtual IP is not addressed to the instance's own IP, so EC2 drops it while this check is on. */
  async acceptVirtualIp(): Promise<void> {
    await this.send(
      new ModifyInstanceAttributeCommand({ InstanceId: this.node, SourceDestCheck: { Value: false } }),
    );
  }

  /** Points the virtual IP at this node in every route table tagged for it; returns the tables that changed. */
  async route(): Promise<string[]> {
    const moved: string[] = [];
    for (const table of await this.routes.tables()) {
      if (table.target === this.node) continue;
      await this.routes.point(table, this.node);
      log(`Updated route on ${table.id} to ${destinationOf(this.virtualIp)} via ${this.node}`);
      moved.push(table.id);
    }
    return moved;
  }

  /** Stops a former holder by force; returns true only when EC2 itself reports it as off. */
  fence(node: string): Promise<boolean> {
    return fence({ send: this.send }, node);
  }

  private readonly send: EC2Client["send"] = ((command: Parameters<EC2Client["send"]>[0]) =>
    this.client.send(command, { abortSignal: AbortSignal.timeout(3000) })) as EC2Client["send"];
}

/** The EC2 calls that this node makes. */
export function connect(config: AgentConfig): Cloud {
  const client = new EC2Client({ region: config.region, maxAttempts: 2 });
  return new Cloud(client, config.node, config.virtualIp, config.vpc);
}
