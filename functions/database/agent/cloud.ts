import {
  DescribeInstancesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import { destinationOf, VirtualIpRoutes, virtualIpRoutes } from "../routes";
import { AgentConfig, log } from "./config";

/** What a node does in EC2: the route of the virtual IP, and the end of a former holder. */
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

  /** A packet for the virtual IP is not for the instance's own address: EC2 drops it while this check is on. */
  async acceptVirtualIp(): Promise<void> {
    await this.send(
      new ModifyInstanceAttributeCommand({ InstanceId: this.node, SourceDestCheck: { Value: false } }),
    );
  }

  /** Points the virtual IP at this node in every route table that asks for it; the tables that were changed. */
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

  /** Stops an instance by force; true only when EC2 itself says that it is off. */
  async fence(node: string): Promise<boolean> {
    try {
      // Asked every time: only a state read after our own stop can be trusted to be newer than the suspicion.
      await this.send(new StopInstancesCommand({ InstanceIds: [node], Force: true, SkipOsShutdown: true }));
    } catch (error) {
      if (!isName(error, "IncorrectInstanceState") && !isName(error, "InvalidInstanceID.NotFound"))
        throw error;
    }
    return this.off(node);
  }

  private async off(node: string): Promise<boolean> {
    try {
      const answer = await this.send(new DescribeInstancesCommand({ InstanceIds: [node] }));
      const state = answer.Reservations?.[0]?.Instances?.[0]?.State?.Name;
      return state === "stopped" || state === "terminated";
    } catch (error) {
      // EC2 forgets a terminated instance after about an hour.
      if (isName(error, "InvalidInstanceID.NotFound")) return true;
      throw error;
    }
  }

  private readonly send: EC2Client["send"] = ((command: Parameters<EC2Client["send"]>[0]) =>
    this.client.send(command, { abortSignal: AbortSignal.timeout(3000) })) as EC2Client["send"];
}

/** EC2 as this node reaches it. */
export function connect(config: AgentConfig): Cloud {
  const client = new EC2Client({ region: config.region, maxAttempts: 2 });
  return new Cloud(client, config.node, config.virtualIp, config.vpc);
}

function isName(error: unknown, name: string): boolean {
  return (error as Error).name === name || (error as { Code?: string }).Code === name;
}
