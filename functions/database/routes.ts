import {
  CreateRouteCommand,
  DescribeRouteTablesCommand,
  EC2Client,
  ReplaceRouteCommand,
} from "@aws-sdk/client-ec2";

/** A route table tagged for the virtual IP. */
export interface VirtualIpTable {
  id: string;
  /** The instance that the virtual IP leads to; absent without a route, empty if the route is a black hole. */
  target?: string;
}

export interface VirtualIpRoutes {
  tables(): Promise<VirtualIpTable[]>;
  /** Points the virtual IP at an instance. */
  point(table: VirtualIpTable, instance: string): Promise<void>;
}

/** Filters for the database in one VPC: another stack in the same account has the same tags. */
export const databaseIn = (vpc: string) => [
  { Name: "tag:database", Values: ["true"] },
  { Name: "vpc-id", Values: [vpc] },
];

export const destinationOf = (virtualIp: string) => `${virtualIp}/32`;

/** The routes of the virtual IP, for the node that becomes active and for the function that watches over it. */
export function virtualIpRoutes(
  ec2: Pick<EC2Client, "send">,
  { vpc, virtualIp }: { vpc: string; virtualIp: string },
): VirtualIpRoutes {
  const DestinationCidrBlock = destinationOf(virtualIp);
  return {
    async tables() {
      const found: VirtualIpTable[] = [];
      let token: string | undefined;
      do {
        const page = await ec2.send(
          new DescribeRouteTablesCommand({ Filters: databaseIn(vpc), NextToken: token }),
        );
        for (const table of page.RouteTables ?? []) {
          const route = table.Routes?.find((one) => one.DestinationCidrBlock === DestinationCidrBlock);
          // A route without an instance still has to be replaced, not created.
          found.push({ id: table.RouteTableId!, target: route && (route.InstanceId ?? "") });
        }
        token = page.NextToken;
      } while (token);
      return found;
    },
    async point({ id, target }, instance) {
      const route = { RouteTableId: id, DestinationCidrBlock, InstanceId: instance };
      const replace = () => ec2.send(new ReplaceRouteCommand(route));
      if (target !== undefined) return void (await replace());
      try {
        await ec2.send(new CreateRouteCommand(route));
      } catch (error) {
        if ((error as Error).name !== "RouteAlreadyExists") throw error;
        await replace();
      }
    },
  };
}
