import { randomUUID } from "node:crypto";
import * as http from "node:http";
import { Use } from "../engine/clients";
import { messageOf } from "../problem";
import { LocalServer } from "../server";

/**
 * Credentials of an instance's role, in the form of a real instance's metadata service: short-lived, renewed by the SDK
 * itself, and limited to the role's policies.
 */
export class Metadata {
  private readonly server: LocalServer;
  private readonly roles = new Map<string, { role: string; instance: string }>();

  constructor(
    private readonly use: Use,
    private readonly account: string,
    private readonly note: (line: string) => void,
  ) {
    this.server = new LocalServer("credentials", (request, response) => this.answer(request, response), note);
  }

  async start(): Promise<void> {
    await this.server.start();
  }

  /** The variables by which an instance's SDK finds its role. */
  async environmentOf(instance: string, profile: string): Promise<Record<string, string>> {
    const iam = await this.use("iam");
    const { InstanceProfile } = await iam.getInstanceProfile({ InstanceProfileName: profile });
    const token = randomUUID();
    this.roles.set(token, { role: InstanceProfile!.Roles![0]!.RoleName!, instance });
    return {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${this.server.port}/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    };
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const known = this.roles.get(request.headers.authorization ?? "");
    if (!known) return void response.writeHead(401).end();
    try {
      const sts = await this.use("sts");
      const { Credentials } = await sts.assumeRole({
        RoleArn: `arn:aws:iam::${this.account}:role/${known.role}`,
        RoleSessionName: known.instance,
      });
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          AccessKeyId: Credentials!.AccessKeyId,
          SecretAccessKey: Credentials!.SecretAccessKey,
          Token: Credentials!.SessionToken,
          Expiration: Credentials!.Expiration,
        }),
      );
    } catch (error) {
      this.note(`${known.instance} gets no credentials: ${messageOf(error)}`);
      response.writeHead(503).end();
    }
  }
}
