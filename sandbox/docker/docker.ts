import { createHash } from "node:crypto";
import * as path from "node:path";
import { buildImage, Recipe } from "./builder";
import { Container, Wanted } from "./container";
import { DockerError, Engine, GOING, GONE, unless } from "./engine";
import { ProjectNetworks } from "./networks";
import { tarOf } from "./tar";

/** Says of each thing in the daemon which sandbox made it. */
const LABEL = "groundwork.sandbox";

/** How much of its report on a fetched image is kept: an error ends it. */
const LAST_SAID = 4_000;

type Running = Omit<Wanted, "name" | "labels">;

/** What one sandbox has in the machine's Docker: marked as its own, and removed at its end or by its next start. */
export class Docker {
  readonly networks: ProjectNetworks;
  private readonly labels: Record<string, string>;
  private readonly prefix: string;
  private count = 0;
  private stopped = false;
  private readonly volumes = new Map<string, Promise<string>>();
  private readonly starting = new Set<Promise<Container>>();

  constructor(
    readonly engine: Engine,
    /** The sandbox's folder, by which it is known. */
    private readonly run: string,
  ) {
    this.labels = { [LABEL]: run };
    this.prefix = `groundwork-${createHash("sha256").update(run).digest("hex").slice(0, 8)}`;
    this.networks = new ProjectNetworks(engine, { prefix: this.prefix, labels: this.labels });
  }

  /** Builds an image for a build of CodeBuild's. Returns its name here, and its content's. */
  async build(buildId: string, recipe: Recipe): Promise<{ name: string; content: string }> {
    const tag = `${this.prefix}:${buildId.split(":").at(-1)}`;
    const folder = path.join(this.run, "docker");
    await buildImage(this.engine.socket, { tag, label: `${LABEL}=${this.run}`, folder }, recipe);
    return { name: tag, content: (await this.contentOf(tag))! };
  }

  /** The daemon's own word on an image's content, if the image is here. */
  private async contentOf(image: string): Promise<string | undefined> {
    const path = `/images/${encodeURIComponent(image)}/json`;
    return (await this.engine.ask<{ Id: string }>("GET", path).catch(unless(GONE)))?.Id;
  }

  /** Fetches a public image, unless it is here. */
  async fetch(image: string): Promise<void> {
    if (await this.contentOf(image)) return;
    const [name, tag] = image.split(/:(?=[^/]*$)/) as [string, string];
    const from = `fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(tag)}`;
    let said = "";
    for await (const part of await this.engine.open("POST", `/images/create?${from}`))
      said = (said + String(part)).slice(-LAST_SAID);
    const wrong = /"error":"((?:[^"\\]|\\.)*)"/.exec(said)?.[1];
    if (wrong) throw new DockerError(500, `${image} cannot be fetched: ${wrong}`);
  }

  async start(wanted: Running, heard: (text: string) => void): Promise<Container> {
    if (this.stopped) throw new DockerError(503, "the sandbox stops");
    const name = `${this.prefix}-${++this.count}`;
    const starting = Container.start(this.engine, { ...wanted, name, labels: this.labels }, heard);
    this.starting.add(starting);
    try {
      return await starting;
    } finally {
      this.starting.delete(starting);
    }
  }

  /** A project's volume, whose root belongs to this user; the first caller creates it, with the help of any image. */
  volume(project: string, owner: number, image: string): Promise<string> {
    const known = this.volumes.get(project);
    if (known) return known;
    const made = this.makeVolume(`${this.prefix}-${project}`, owner, image);
    this.volumes.set(project, made);
    made.catch(() => this.volumes.delete(project)); // the next caller tries again
    return made;
  }

  private async makeVolume(name: string, owner: number, image: string): Promise<string> {
    await this.engine.ask("POST", "/volumes/create", { body: { Name: name, Labels: this.labels } });
    // Only by way of a container can it be given to somebody; this one never runs.
    const { Id } = await this.engine.ask<{ Id: string }>("POST", "/containers/create", {
      body: {
        Image: image,
        Labels: this.labels,
        Cmd: ["true"],
        HostConfig: {
          Mounts: [{ Type: "volume", Source: name, Target: "/volume", VolumeOptions: { NoCopy: true } }],
        },
      },
    });
    try {
      const tar = tarOf([{ name: "volume/", mode: 0o755, owner }]);
      await this.engine.ask("PUT", `/containers/${Id}/archive?path=/`, { tar });
    } finally {
      await this.engine.ask("DELETE", `/containers/${Id}?force=true`).catch(unless(GONE, GOING));
    }
    return name;
  }

  /** Removes the networks and volumes of projects that are gone, once their containers have ended. */
  async keepOnly(projects: (string | undefined)[]): Promise<void> {
    for (const project of this.networks.projects) {
      if (projects.includes(project)) continue;
      try {
        await this.engine.ask("DELETE", `/volumes/${this.prefix}-${project}`).catch(unless(GONE));
        this.volumes.delete(project);
        await this.networks.end(project);
      } catch (error) {
        if (!(error instanceof DockerError)) throw error; // one that is in use is tried again
      }
    }
  }

  /** Removes everything that this sandbox or an earlier one of its folder made. Returns how much. */
  async clear(): Promise<number> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`${LABEL}=${this.run}`] }));
    const { engine } = this;
    const containers = await engine.ask<{ Id: string }[]>(
      "GET",
      `/containers/json?all=true&filters=${filters}`,
    );
    for (const { Id } of containers)
      await engine.ask("DELETE", `/containers/${Id}?force=true&v=true`).catch(unless(GONE, GOING));
    const networks = await engine.ask<{ Id: string }[]>("GET", `/networks?filters=${filters}`);
    for (const { Id } of networks) await engine.ask("DELETE", `/networks/${Id}`).catch(unless(GONE, GOING));
    const { Volumes } = await engine.ask<{ Volumes: { Name: string }[] | null }>(
      "GET",
      `/volumes?filters=${filters}`,
    );
    for (const { Name } of Volumes ?? [])
      await engine.ask("DELETE", `/volumes/${Name}?force=true`).catch(unless(GONE, GOING));
    const images = await engine.ask<{ Id: string }[]>("GET", `/images/json?filters=${filters}`);
    for (const { Id } of images)
      await engine.ask("DELETE", `/images/${Id}?force=true`).catch(unless(GONE, GOING));
    return containers.length + networks.length + (Volumes ?? []).length + images.length;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.allSettled(this.starting);
    await this.clear();
    await Promise.all(this.networks.projects.map((project) => this.networks.end(project)));
  }
}
