import * as path from "node:path";
import { Use } from "../engine/clients";
import { freePort } from "../ports";
import { Processes, Started } from "../processes";
import { Metadata } from "./metadata";
import { Translate } from "./translation";
import { fileIn, variablesIn } from "./user-data";
import { Group, Machine, View } from "./view";

const WEB_ENVIRONMENT = "/etc/groundwork/web.env";

export interface RunnerOptions {
  use: Use;
  processes: Processes;
  metadata: Metadata;
  logs: string;
  /** The web app as `node FILE` starts it. */
  webapp: string;
  /** What leads an SDK to the emulators. */
  environment: Record<string, string>;
  translate: Translate;
  /** Resolves when nobody sends to the instance any more. */
  drained: (instanceId: string) => Promise<void>;
}

/** A web server's process in the place of its instance. */
export interface Server {
  id: string;
  port: number;
  pid: number;
  alive: boolean;
  startedAt: Date;
  log: string;
  lost: boolean;
}

interface Running extends Server {
  started: Started;
}

/**
 * Runs every instance whose user data writes the web app's environment as a process on a port of its own. An instance that
 * is terminated loses its process; a process that dies leaves its instance as an instance whose machine died.
 */
export class Runner {
  private readonly running = new Map<string, Running>();
  private readonly looked = new Set<string>();

  constructor(private readonly options: RunnerOptions) {}

  get servers(): Server[] {
    return [...this.running.values()];
  }

  portOf(instanceId: string): number | undefined {
    return this.running.get(instanceId)?.port;
  }

  async follow({ machines, groups }: View): Promise<void> {
    const up = machines.filter(({ state }) => state === "running");
    for (const machine of up.filter(({ id }) => !this.looked.has(id))) {
      this.looked.add(machine.id);
      await this.launch(machine, groups);
    }
    const wanted = new Set(up.map(({ id }) => id));
    for (const server of this.running.values()) if (!wanted.has(server.id)) void this.end(server);
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.running.values()].map(({ started }) => this.options.processes.stop(started, 1_000)),
    );
  }

  private async launch(machine: Machine, groups: Group[]): Promise<void> {
    const { use, processes, logs, webapp } = this.options;
    const ec2 = await use("ec2");
    const { UserData } = await ec2.describeInstanceAttribute({
      InstanceId: machine.id,
      Attribute: "userData",
    });
    const userData = Buffer.from(UserData?.Value ?? "", "base64").toString();
    const written = fileIn(userData, WEB_ENVIRONMENT);
    if (written === undefined) return;

    const profile =
      machine.profile ?? (await this.profileOf(groups.find(({ name }) => name === machine.group)));
    const port = await freePort();
    const log = path.join(logs, `${machine.id}.log`);
    const started = processes.start(`web ${machine.id}`, process.execPath, [webapp], {
      cwd: path.dirname(webapp),
      env: {
        PATH: process.env["PATH"],
        ...withoutKeys(this.options.environment),
        ...(profile ? await this.options.metadata.environmentOf(machine.id, profile) : {}),
        ...this.options.translate(variablesIn(written)),
        INSTANCE_NAME: machine.id,
        HOST: "127.0.0.1",
        PORT: String(port),
      },
      log,
    });
    const server: Running = {
      id: machine.id,
      port,
      pid: started.child.pid!,
      alive: true,
      startedAt: new Date(),
      log,
      lost: false,
      started,
    };
    this.running.set(machine.id, server);
    void started.gone.then(() => (server.alive = false));
  }

  /** moto's groups start instances without the profile that their launch template names. */
  private async profileOf(group: Group | undefined): Promise<string | undefined> {
    if (!group?.template?.LaunchTemplateId) return undefined;
    const ec2 = await this.options.use("ec2");
    const { LaunchTemplateVersions } = await ec2.describeLaunchTemplateVersions({
      LaunchTemplateId: group.template.LaunchTemplateId,
      Versions: [group.template.Version ?? "$Latest"],
    });
    const profile = LaunchTemplateVersions?.[0]?.LaunchTemplateData?.IamInstanceProfile;
    return profile?.Name ?? profile?.Arn?.split("/").at(-1);
  }

  private async end(server: Running): Promise<void> {
    if (server.lost) return;
    server.lost = true;
    await this.options.drained(server.id);
    await this.options.processes.stop(server.started, 20_000);
    this.running.delete(server.id);
  }
}

/** An instance has its role's credentials, never root's. */
function withoutKeys({
  AWS_ACCESS_KEY_ID: _id,
  AWS_SECRET_ACCESS_KEY: _key,
  ...rest
}: Record<string, string>) {
  return rest;
}
