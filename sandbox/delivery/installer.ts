import * as fs from "node:fs";
import * as path from "node:path";
import { Endpoints } from "../emulators/endpoints";
import { clientsOf, Use } from "../engine/clients";
import { Fleet } from "../fleet/fleet";
import { messageOf, until } from "../problem";
import { HOOKS, hooksIn } from "./appspec";
import { unpack } from "./archives";
import { Deployment } from "./deployment";
import { ReleaseServers } from "./servers";
import type { ServiceRole } from "./service-role";

/** A server that is not healthy by then has failed. */
const HEALTHY_SECONDS = 120;

export interface InstallerOptions {
  /** Both emulators, with root's keys. */
  use: Use;
  /** The role with which a deployment calls other services. */
  roleOf: (deployment: Deployment) => Pick<ServiceRole, "use" | "must">;
  endpoints: Endpoints;
  fleet: () => Fleet;
  servers: ReleaseServers;
}

/** Installs a release on one server, as CodeDeploy and its agent there would. */
export class Installer {
  constructor(private readonly options: InstallerOptions) {}

  /** One server: taken off the load balancer, given the release, and brought back. Returns why it failed, if it did. */
  async deployTo(deployment: Deployment, id: string, zip: Uint8Array): Promise<string | undefined> {
    const { held } = this.options.fleet();
    held.add(id);
    try {
      await this.blockTraffic(deployment, id);
      const failure = await this.install(deployment, id, zip);
      if (!failure) await this.allowTraffic(deployment, id);
      return failure;
    } catch (error) {
      return `${id}: ${messageOf(error)}`;
    } finally {
      held.delete(id);
    }
  }

  /** Resolves when a server gets no more requests and has finished those it had. */
  async blockTraffic(deployment: Deployment, id: string): Promise<void> {
    const elb = await this.options.roleOf(deployment).use("elb");
    for (const arn of await this.targetGroups(deployment)) {
      await elb.deregisterTargets({ TargetGroupArn: arn, Targets: [{ Id: id }] });
      await this.mayLook(deployment, arn);
      await until(`The end of what ${id} still answers`, () => !this.targetIn(arn, id), { seconds: 600 });
    }
    deployment.say(`${id} BlockTraffic: no requests go there any more`);
  }

  async allowTraffic(deployment: Deployment, id: string): Promise<void> {
    const elb = await this.options.roleOf(deployment).use("elb");
    for (const arn of await this.targetGroups(deployment)) {
      await elb.registerTargets({ TargetGroupArn: arn, Targets: [{ Id: id }] });
      await this.mayLook(deployment, arn);
      await until(`A healthy answer of ${id}`, () => this.targetIn(arn, id)?.health === "healthy", {
        seconds: HEALTHY_SECONDS,
      });
    }
    deployment.say(`${id} AllowTraffic: it is healthy and has its share again`);
  }

  /** The bundle's hooks on one server. Returns why it failed, if it did. */
  async install(deployment: Deployment, id: string, zip: Uint8Array): Promise<string | undefined> {
    const { servers } = this.options;
    const before = servers.releaseOf(id);
    const stop = before && (await this.runHooks(deployment, id, before, HOOKS.stop));
    if (stop && !deployment.asked.ignoreStopFailures) return stop;
    const folder = servers.folderFor(id, deployment.id);
    await unpack(zip, folder);
    deployment.say(`${id} DownloadBundle: ${deployment.bundle.key}`);
    const failure = await this.runHooks(deployment, id, folder, HOOKS.install);
    if (failure) fs.rmSync(folder, { recursive: true, force: true });
    else servers.keep(id, folder);
    return failure;
  }

  private async runHooks(
    deployment: Deployment,
    id: string,
    folder: string,
    events: readonly string[],
  ): Promise<string | undefined> {
    const hooks = hooksIn(fs.readFileSync(path.join(folder, "appspec.yml"), "utf8"));
    for (const event of events)
      for (const { location, timeout } of hooks[event] ?? []) {
        const script = path.join(folder, location);
        if (!fs.existsSync(script)) return `${id} ${event}: the bundle has no ${location}`;
        fs.chmodSync(script, 0o755);
        deployment.say(`${id} ${event}: ${location}`);
        const environment = {
          LIFECYCLE_EVENT: event,
          DEPLOYMENT_ID: deployment.id,
          APPLICATION_NAME: deployment.application,
          DEPLOYMENT_GROUP_NAME: deployment.group.deploymentGroupName!,
          DEPLOYMENT_GROUP_ID: deployment.group.deploymentGroupId ?? "",
        };
        const say = (text: string) =>
          text.split("\n").forEach((line) => line && deployment.say(`${id} ${event}: ${line}`));
        const code = await this.options.servers.run(id, script, timeout, environment, say);
        if (code === undefined) return `${id} ${event}: ${location} took longer than ${timeout} seconds`;
        if (code !== 0) return `${id} ${event}: ${location} ended with ${code}`;
      }
    return undefined;
  }

  /** The bundle, as the server's own role may read it. */
  async fetch({ bundle }: Deployment, id: string): Promise<Uint8Array> {
    const { fleet, endpoints } = this.options;
    const environment = fleet().web.webOf(id)?.environment ?? {};
    const answer = await fetch(environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"]!, {
      headers: { authorization: environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]! },
    });
    const given = (await answer.json()) as Record<"AccessKeyId" | "SecretAccessKey" | "Token", string>;
    const credentials = {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.Token,
    };
    const { region, ministack: endpoint } = endpoints;
    const s3 = await clientsOf({ region, endpoint, credentials })("s3");
    const { bucket: Bucket, key: Key, version: VersionId, eTag } = bundle;
    const { Body } = await s3.getObject({ Bucket, Key, VersionId, IfMatch: eTag && `"${eTag}"` });
    return Body!.transformToByteArray();
  }

  /** Where the deployment group's servers are registered, by ARN. */
  async targetGroups(deployment: Deployment): Promise<string[]> {
    const listed = deployment.group.loadBalancerInfo?.targetGroupInfoList ?? [];
    if (listed.length === 0) return [];
    const elb = await this.options.roleOf(deployment).use("elb");
    const { TargetGroups = [] } = await elb.describeTargetGroups({ Names: listed.map(({ name }) => name!) });
    return TargetGroups.map((one) => one.TargetGroupArn!);
  }

  /** CodeDeploy asks the load balancer who is healthy; this asks the sandbox's own. */
  private mayLook(deployment: Deployment, TargetGroupArn: string): Promise<void> {
    return this.options.roleOf(deployment).must("elb", "DescribeTargetHealth", { TargetGroupArn });
  }

  private targetIn(arn: string, id: string) {
    return this.options.fleet().targets.find((one) => one.group === arn && one.id === id);
  }
}
