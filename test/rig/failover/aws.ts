import * as http from "node:http";
import {
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DescribeRouteTablesCommand,
  EC2Client,
  RunInstancesCommand,
  StartInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { virtualIp } from "./net";

type Service = "ec2" | "dynamodb" | "secretsmanager";

export interface DataPlane {
  /** Called before EC2 admits that an instance is stopped: when it says so, it is so. */
  stopped(instance: string): Promise<void>;
  routed(instance: string | undefined): void;
}

/**
 * The proxies through which the hosts reach the emulators. Behind EC2's proxy moto keeps the records, and the rig plays the
 * data plane: an instance that is stopped loses its processes, a route that is replaced is replaced in the router.
 */
export class Aws {
  private readonly servers: http.Server[] = [];
  private readonly ec2: EC2Client;
  private readonly dynamo: DynamoDBClient;
  routeTable = "";
  vpc = "";
  /** Services that do not answer at present. */
  readonly away = new Set<Service>();
  /** Instances that EC2 cannot stop, as in a zone that it does not reach. */
  readonly unstoppable = new Set<string>();
  /** Extra time that EC2 takes to stop an instance. */
  stopDelayMs = 0;
  endpoints: Record<Service, string> = { ec2: "", dynamodb: "", secretsmanager: "" };

  constructor(
    private readonly target: { ministack: string; moto: string; region: string },
    private readonly plane: DataPlane,
    environment: Record<string, string>,
  ) {
    const credentials = {
      accessKeyId: environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
    };
    this.ec2 = new EC2Client({ region: target.region, endpoint: target.moto, credentials });
    this.dynamo = new DynamoDBClient({ region: target.region, endpoint: target.ministack, credentials });
  }

  async up(address: string): Promise<void> {
    this.endpoints = {
      ec2: await this.proxy(address, "ec2", this.target.moto),
      dynamodb: await this.proxy(address, "dynamodb", this.target.ministack),
      secretsmanager: await this.proxy(address, "secretsmanager", this.target.ministack),
    };
  }

  /** The new table's ARN. */
  async createTable(name: string): Promise<string> {
    const made = await this.dynamo.send(
      new CreateTableCommand({
        TableName: name,
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    return made.TableDescription!.TableArn!;
  }

  /** A VPC with a tagged route table and tagged instances; their ids. */
  async createInstances(count: number): Promise<string[]> {
    const vpc = await this.ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
    const VpcId = (this.vpc = vpc.Vpc!.VpcId!);
    const subnet = await this.ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.0.0/24" }));
    const table = await this.ec2.send(new CreateRouteTableCommand({ VpcId }));
    this.routeTable = table.RouteTable!.RouteTableId!;
    const launched = await this.ec2.send(
      new RunInstancesCommand({
        ImageId: "ami-12c6146b",
        MinCount: count,
        MaxCount: count,
        SubnetId: subnet.Subnet!.SubnetId,
      }),
    );
    const ids = launched.Instances!.map((i) => i.InstanceId!);
    await this.ec2.send(
      new CreateTagsCommand({
        Resources: [this.routeTable, ...ids],
        Tags: [{ Key: "database", Value: "true" }],
      }),
    );
    return ids;
  }

  async startInstance(id: string): Promise<void> {
    await this.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
  }

  /** Where the route table sends the virtual IP. */
  async routeTarget(): Promise<string | undefined> {
    const answer = await this.ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [this.routeTable] }));
    const route = answer.RouteTables?.[0]?.Routes?.find((r) => r.DestinationCidrBlock === `${virtualIp}/32`);
    return route?.InstanceId;
  }

  down(): void {
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
    this.ec2.destroy();
    this.dynamo.destroy();
  }

  private async proxy(address: string, name: Service, target: string): Promise<string> {
    const { hostname, port } = new URL(target);
    const agent = new http.Agent({ keepAlive: true });
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks);
        const forward = async () => {
          // No answer at all: the client's own limit ends the request.
          if (this.away.has(name)) return;
          if (name === "ec2" && !(await this.before(body.toString()))) return refuse(response);
          const { method, url, headers } = request;
          const upstream = http.request({ hostname, port, method, path: url, headers, agent }, (answer) => {
            const parts: Buffer[] = [];
            answer.on("data", (part: Buffer) => parts.push(part));
            answer.on("end", () => {
              const finish = () => {
                response.writeHead(answer.statusCode!, answer.headers);
                response.end(Buffer.concat(parts));
              };
              if (name === "ec2") this.after(body.toString()).then(finish, finish);
              else finish();
            });
          });
          upstream.on("error", () => response.destroy());
          upstream.end(body);
        };
        forward().catch(() => response.destroy());
      });
    });
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    return `http://${address}:${(server.address() as { port: number }).port}`;
  }

  /** False for what EC2 cannot do. */
  private async before(body: string): Promise<boolean> {
    const call = new URLSearchParams(body);
    if (call.get("Action") !== "StopInstances" && call.get("Action") !== "TerminateInstances") return true;
    if (this.stopDelayMs) await new Promise((resolve) => setTimeout(resolve, this.stopDelayMs));
    const id = call.get("InstanceId.1");
    if (id && this.unstoppable.has(id)) return false;
    if (id) await this.plane.stopped(id);
    return true;
  }

  private async after(body: string): Promise<void> {
    if (!/Action=(Replace|Create|Delete)Route\b/.test(body)) return;
    this.plane.routed(await this.routeTarget());
  }
}

function refuse(response: http.ServerResponse): void {
  response.writeHead(500, { "content-type": "text/xml" });
  response.end(
    "<Response><Errors><Error><Code>InternalError</Code><Message>not now</Message></Error></Errors></Response>",
  );
}
