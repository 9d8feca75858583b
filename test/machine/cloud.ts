// What a machine of EC2 finds around it: the metadata service, and AWS's services by their own names, with TLS.
import * as http from "node:http";
import * as https from "node:https";
import { AddressInfo } from "node:net";
import type { Credentials } from "../../sandbox/emulators/endpoints";
import { Net } from "../rig/failover/net";
import { sh } from "../rig/failover/shell";
import { createAuthority } from "../webapp/certificates";
import { Machine } from "./machine";

export const REGION = "eu-west-1";
const METADATA = "169.254.169.254";
const AUTHORITY = "/usr/local/share/ca-certificates/aws.crt";
const TOKEN = "token-of-the-metadata-service";
/** `*` stands for one label only. */
const CERTIFIED = [REGION, `s3.${REGION}`, `dkr.ecr.${REGION}`].map((zone) => `*.${zone}.amazonaws.com`);

export interface Request {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Answers what is asked of one name. */
export type Service = (request: Request, response: http.ServerResponse) => void;

/** By the name before `.eu-west-1.amazonaws.com`. */
export type Services = Record<string, Service>;

/** Instances' metadata by their addresses, and the services that all of them reach. */
export class Cloud {
  private readonly authority = createAuthority("AWS");
  private readonly servers: http.Server[] = [];
  private readonly instances = new Map<string, { id: string; userData: string }>();

  constructor(
    private readonly net: Net,
    private readonly services: Services,
    /** Of the role that every machine has. */
    private readonly credentials: Credentials = { accessKeyId: "machine", secretAccessKey: "test" },
  ) {}

  async up(): Promise<void> {
    const { certificate: cert, key } = this.authority.issue(CERTIFIED);
    await this.serve(80, http.createServer(listener(this.metadata)));
    await this.serve(443, https.createServer({ cert, key }, listener(this.aws)));
  }

  /** Makes a machine an instance that boots with this user data. */
  launch(machine: Machine, name: string, id: string, userData: string): void {
    this.instances.set(this.net.address(name), { id, userData });
    const names = Object.keys(this.services).map(
      (service) => `${METADATA} ${service}.${REGION}.amazonaws.com`,
    );
    machine.write("/etc/hosts", ["127.0.0.1 localhost", ...names, ""].join("\n"));
    machine.write("/etc/cloud/cloud.cfg.d/99-ec2.cfg", EC2);
    machine.write("/etc/systemd/system.conf.d/authority.conf", TRUST);
    machine.write(AUTHORITY, this.authority.certificate);
    sh("chroot", machine.root, "update-ca-certificates");
  }

  down(): void {
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  /** In the router, as in a VPC, so that nothing else of this machine takes us for the metadata service. */
  private async serve(port: number, server: http.Server): Promise<void> {
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, this.net.outside, resolve));
    const to = `${this.net.outside}:${(server.address() as AddressInfo).port}`;
    const rule = ["-d", METADATA, "-p", "tcp", "--dport", String(port), "-j", "DNAT", "--to-destination", to];
    const inRouter = ["netns", "exec", this.net.ns("router"), "iptables", "-t", "nat", "-A", "PREROUTING"];
    sh("ip", ...inRouter, ...rule);
  }

  private readonly metadata: Service = (request, response) => {
    const { method, headers } = request;
    if (method === "PUT" && request.path === "/latest/api/token")
      return void response.setHeader("x-aws-ec2-metadata-token-ttl-seconds", "300").end(TOKEN);
    if (headers["x-aws-ec2-metadata-token"] !== TOKEN) return void response.writeHead(401).end();
    const instance = this.instances.get(response.socket!.remoteAddress!);
    const found =
      instance && lookUp(metadataOf(instance, this.credentials), request.path.split("/").slice(2));
    if (found === undefined) return void response.writeHead(404).end();
    response.end(found);
  };

  private readonly aws: Service = (request, response) => {
    const service = this.services[request.headers.host!.replace(`.${REGION}.amazonaws.com`, "")];
    if (service) service(request, response);
    else response.writeHead(404).end();
  };
}

const listener = (service: Service) => (request: http.IncomingMessage, response: http.ServerResponse) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const { method, url, headers } = request;
    service({ method: method!, path: url!, headers, body: Buffer.concat(parts).toString() }, response);
  });
};

/** Of cloud-init what reads user data: Debian's looks for all clouds, and makes users, locales and package lists. */
const EC2 = `datasource_list: [Ec2]
datasource:
  Ec2: { metadata_urls: ["http://${METADATA}"], max_wait: 10 }
network: { config: disabled }
cloud_init_modules: [write-files]
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts-user]
`;

/** Amazon's own authority is known to every program from the start. */
const TRUST = `[Manager]
DefaultEnvironment=NODE_EXTRA_CA_CERTS=${AUTHORITY} AWS_CA_BUNDLE=${AUTHORITY}
`;

type Tree = { [name: string]: string | Tree };

const metadataOf = (
  { id, userData }: { id: string; userData: string },
  { accessKeyId, secretAccessKey }: Credentials,
): Tree => ({
  "user-data": userData,
  "meta-data": {
    "instance-id": id,
    "local-hostname": "ip-10-0-0-1",
    iam: {
      "security-credentials": {
        role: JSON.stringify({
          Code: "Success",
          Type: "AWS-HMAC",
          AccessKeyId: accessKeyId,
          SecretAccessKey: secretAccessKey,
          Token: "",
          LastUpdated: new Date().toISOString(),
          Expiration: new Date(Date.now() + 6 * 60 * 60_000).toISOString(),
        }),
      },
    },
    placement: { "availability-zone": `${REGION}a`, region: REGION },
  },
  dynamic: { "instance-identity": { document: JSON.stringify({ region: REGION, instanceId: id }) } },
});

/** A value, or the list of what a folder holds. */
function lookUp(tree: Tree, [name, ...rest]: string[]): string | undefined {
  const found = name ? tree[name] : tree;
  if (found === undefined || typeof found === "string") return found;
  if (rest.length > 0) return lookUp(found, rest);
  return Object.entries(found)
    .map(([key, value]) => (typeof value === "string" ? key : `${key}/`))
    .join("\n");
}

/** A service of an emulator. */
export function forwardTo(endpoint: string): Service {
  return ({ method, path: url, headers, body }, response) => {
    const forward = http.request(endpoint + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    forward.on("error", () => response.destroy());
    forward.end(body);
  };
}

/** A bucket with one object. */
export function fileAt(name: string, content: Buffer): Service {
  return ({ path: url }, response) => {
    if (url !== name) return void response.writeHead(404).end();
    response.setHeader("content-length", content.length);
    response.setHeader("last-modified", new Date().toUTCString());
    response.end(content);
  };
}
