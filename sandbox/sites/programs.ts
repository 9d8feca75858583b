import * as http from "node:http";
import * as net from "node:net";
import { endAll, exitOf, runShut, Stranger } from "../builds/enclosure";
import { Image } from "../builds/images";
import type { Docker } from "../docker/docker";
import { Containers, Place } from "./containers";

/** Longer than a page takes, and shorter than anybody waits. */
const ANSWER_MS = 5_000;

/** A project's program while it runs: a process of this machine, or a container. */
export interface Program {
  /** With its exit code, once it is gone. */
  ended: Promise<number>;
  /** Whether it takes requests. */
  listens: () => Promise<boolean>;
  /** Ends it, with everything that it started. */
  end: () => Promise<void>;
}

export interface Beginning {
  place: Place;
  image: Image;
  /** With the image's content, if it runs as a process. */
  folder: string;
  user: Stranger;
  /** Of this machine's loopback. */
  port: number;
  heard: (text: string) => void;
  /** Whether it is the release command that runs. @default the server */
  releases?: boolean;
}

export class Programs {
  constructor(
    private readonly containers: Containers,
    private readonly docker?: Docker,
  ) {}

  start(beginning: Beginning): Promise<Program> {
    const { docker } = beginning.image;
    return docker === undefined ? this.process(beginning) : this.container(beginning, docker);
  }

  private async process({ place, folder, image, user, port, heard, releases }: Beginning): Promise<Program> {
    const { environment, command } = await this.containers.of(place, folder, { releases });
    const child = runShut(
      releases ? command : image.command,
      await this.containers.shut({ image, user, port }, folder, environment),
    );
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding("utf8").on("data", heard);
    const ended = exitOf(child);
    child.once("exit", () => endAll(child, user)); // else what it left behind keeps its output open
    return { ended, listens: () => accepts(port), end: async () => endAll(child, user) };
  }

  private async container(
    { place, folder, port, heard, releases }: Beginning,
    image: string,
  ): Promise<Program> {
    const docker = this.docker!;
    const { stack, uploads } = place;
    const hosts: string[] = [];
    const { environment, command, authority } = await this.containers.of(place, folder, {
      releases,
      reach: async (database) => {
        if (database.inside) return database.inside;
        const way = await docker.networks.wayTo(stack, database.port);
        hosts.push(way.host);
        return { host: way.host.split(":")[0]!, port: way.port };
      },
    });
    const container = await docker.start(
      {
        image,
        environment,
        ...(releases
          ? { entrypoint: ["sh"], command: ["-c", command] }
          : { port: { inside: place.port, here: port } }),
        network: await docker.networks.of(stack),
        hosts,
        files: authority,
        ...(uploads && {
          volume: { name: await docker.volume(stack, uploads.owner, image), at: uploads.folder },
        }),
      },
      heard,
    );
    return {
      ended: container.ended,
      listens: () => answers(port, place.health),
      end: () => container.end(),
    };
  }
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

/** Docker itself accepts connections before the program in the container does: what tells is an answer, whatever it says. */
const answers = (port: number, path: string) =>
  new Promise<boolean>((resolve) => {
    const request = http.get(
      { host: "127.0.0.1", port, path, timeout: ANSWER_MS, agent: false },
      (response) => {
        response.destroy();
        resolve(true);
      },
    );
    request.once("error", () => resolve(false)).once("timeout", () => request.destroy());
  });
