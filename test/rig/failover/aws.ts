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
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  ListTablesCommand,
} from "@aws-sdk/client-dynamodb";
import { instancePorts } from "../../../functions/database/agent/nodes";
import type { Lease } from "../../../functions/database/lease";
import { leaseIn } from "../../../functions/database/lease-item";
import type { InstancePorts } from "../../../functions/database/agent/switchover";
import { virtualIp } from "./net";

/** EC2 has a door for the hosts and one for the failover function, which is outside of the VPC. */
type Service = "ec2" | "ec2 of the function" | "dynamodb" | "secretsmanager";

export interface DataPlane {
  /** A stop by force was accepted: what the host is like at that moment says whether it deserved it. */
  stopping(instance: string): void;
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
  /** What DynamoDB has no capacity for at present: it has one for reads and one for writes. */
  throttled: "nothing" | "writes" | "reads and writes" = "nothing";
  /** Instances that EC2 cannot stop, as in a zone that it does not reach. */
  readonly unstoppable = new Set<string>();
  /** Instances that are terminated: their tags are gone, and with them the right to stop them. */
  readonly terminated = new Set<string>();
  /** How long EC2 takes from a stop, at some moment of which the instance loses its power, to saying so. */
  confirmMs = 0;
  /** What a round begins with. */
  usualConfirmMs = 0;
  /** The stops that were accepted. */
  readonly stops: string[] = [];
  private readonly stopping = new Map<string, number>();
  readonly endpoints: Record<Service, string> = {
    ec2: "",
    "ec2 of the function": "",
    dynamodb: "",
    secretsmanager: "",
  };

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
    const { moto, ministack } = this.target;
    this.endpoints.ec2 = await this.proxy(address, "ec2", moto);
    this.endpoints["ec2 of the function"] = await this.proxy(address, "ec2 of the function", moto);
    this.endpoints.dynamodb = await this.proxy(address, "dynamodb", ministack);
    this.endpoints.secretsmanager = await this.proxy(address, "secretsmanager", ministack);
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

  /** The table forgets the lease, as it was at that moment. */
  async loseLease(): Promise<Lease> {
    const [TableName] = (await this.dynamo.send(new ListTablesCommand({}))).TableNames!;
    const key = { TableName, Key: { pk: { S: "database" } } };
    const { Attributes } = await this.dynamo.send(new DeleteItemCommand({ ...key, ReturnValues: "ALL_OLD" }));
    return leaseIn(Attributes!);
  }

  heal(): void {
    this.away.clear();
    this.throttled = "nothing";
    this.unstoppable.clear();
    this.terminated.clear();
    this.stopping.clear();
    this.confirmMs = this.usualConfirmMs;
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

  /** What a person's machine may ask of EC2. */
  get instances(): InstancePorts {
    const { region } = this.target;
    const credentials = this.ec2.config.credentials;
    const client = new EC2Client({ region, endpoint: this.endpoints.ec2, credentials, maxAttempts: 1 });
    return instancePorts(client);
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
          const ec2 = name.startsWith("ec2");
          const call = new URLSearchParams(body.toString());
          if (name === "dynamodb" && this.refuses(request)) return throttle(response);
          const refusal = ec2 ? await this.before(call) : undefined;
          if (refusal) return refuse(response, refusal);
          const { method, url, headers } = request;
          const upstream = http.request({ hostname, port, method, path: url, headers, agent }, (answer) => {
            const parts: Buffer[] = [];
            answer.on("data", (part: Buffer) => parts.push(part));
            answer.on("end", () => {
              const finish = () => {
                const { "content-length": _, ...headers } = answer.headers;
                response.writeHead(answer.statusCode!, headers);
                response.end(text);
              };
              const whole = Buffer.concat(parts);
              const text = ec2 ? this.asItIs(call, whole.toString()) : whole;
              if (ec2) this.after(call).then(finish, finish);
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

  private refuses({ headers }: http.IncomingMessage): boolean {
    if (this.throttled === "nothing") return false;
    return (
      this.throttled === "reads and writes" || !/Get|Query|Describe/.test(String(headers["x-amz-target"]))
    );
  }

  /** The name of the error by which EC2 does not do it. */
  private async before(call: URLSearchParams): Promise<string | undefined> {
    if (call.get("Action") !== "StopInstances") return undefined;
    const id = call.get("InstanceId.1")!;
    if (this.terminated.has(id)) return "UnauthorizedOperation";
    if (this.unstoppable.has(id)) return "InternalError";
    this.stops.push(id);
    this.plane.stopping(id);
    if (this.confirmMs === 0) await this.plane.stopped(id);
    else if (!this.stopping.has(id)) {
      this.stopping.set(id, Date.now() + this.confirmMs);
      setTimeout(() => void this.plane.stopped(id), Math.random() * (this.confirmMs - 1000)).unref();
    }
    return undefined;
  }

  /** What EC2 says of an instance, for which the emulator is too fast, and of one that only plays at being terminated. */
  private asItIs(call: URLSearchParams, text: string): string {
    if (call.get("Action") !== "DescribeInstances") return text;
    const id = call.get("InstanceId.1") ?? "";
    const pending = Date.now() < (this.stopping.get(id) ?? 0);
    const state = this.terminated.has(id) ? "terminated" : pending ? "stopping" : undefined;
    if (!state) return text;
    return text.replace(/(<instanceState>[^]*?<name>)\w[\w-]*(<\/name>)/, `$1${state}$2`);
  }

  private async after(call: URLSearchParams): Promise<void> {
    if (!/^(Replace|Create|Delete)Route$/.test(call.get("Action") ?? "")) return;
    this.plane.routed(await this.routeTarget());
  }
}

function refuse(response: http.ServerResponse, code: string): void {
  response.writeHead(code === "InternalError" ? 500 : 403, { "content-type": "text/xml" });
  response.end(
    `<Response><Errors><Error><Code>${code}</Code><Message>not now</Message></Error></Errors></Response>`,
  );
}

/** As DynamoDB answers a request that is over a table's throughput. */
function throttle(response: http.ServerResponse): void {
  response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
  const __type = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException";
  response.end(JSON.stringify({ __type, message: "not now" }));
}
