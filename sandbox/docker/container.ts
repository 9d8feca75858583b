import { StringDecoder } from "node:string_decoder";
import { Problem } from "../problem";
import { Engine, GOING, GONE, unless } from "./engine";
import { Entry, tarOf } from "./tar";

export interface Wanted {
  name: string;
  image: string;
  labels: Record<string, string>;
  environment: Record<string, string>;
  /** Instead of the image's own. */
  entrypoint?: string[];
  command?: string[];
  network: string;
  /** What the network calls it. */
  alias?: string;
  /** More names that it knows, as `name:address`. */
  hosts?: string[];
  /** Its own port, and the one of this machine's loopback that leads there. */
  port?: { inside: number; here: number };
  /** What it finds below its root, beside the image. */
  files?: Entry[];
  /** A volume, at this folder of its own. */
  volume?: { name: string; at: string };
}

/** Of what Docker gives by default: to give files to another user, to become that user, and to end its processes. */
const RIGHTS = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID"];
/** A project's server on AWS has as much. */
const MEMORY = 2 * 1024 ** 3;
const PROCESSES = 512;

/** A container while it runs. */
export class Container {
  /** With its exit code, once it is gone and has said everything. */
  readonly ended: Promise<number>;

  private constructor(
    private readonly engine: Engine,
    private readonly id: string,
    heard: (text: string) => void,
  ) {
    this.ended = Promise.all([this.exit(), this.listen(heard)]).then(([code]) => code);
    this.ended.catch(() => {}); // whoever awaits it gets the error
  }

  static async start(engine: Engine, wanted: Wanted, heard: (text: string) => void): Promise<Container> {
    const name = encodeURIComponent(wanted.name);
    const { Id } = await engine.ask<{ Id: string }>("POST", `/containers/create?name=${name}`, {
      body: declaration(wanted),
    });
    try {
      if (wanted.files)
        await engine.ask("PUT", `/containers/${Id}/archive?path=/`, { tar: tarOf(wanted.files) });
      await engine.ask("POST", `/containers/${Id}/start`);
    } catch (error) {
      await remove(engine, Id);
      throw error;
    }
    return new Container(engine, Id, heard);
  }

  /** Kills it, and removes what it has written except for its volume. */
  async end(): Promise<void> {
    await remove(this.engine, this.id);
  }

  private async exit(): Promise<number> {
    const { StatusCode } = await this.engine.ask<{ StatusCode: number }>(
      "POST",
      `/containers/${this.id}/wait`,
    );
    return StatusCode;
  }

  private async listen(heard: (text: string) => void): Promise<void> {
    const what = "follow=true&stdout=true&stderr=true";
    const stream = await this.engine.open("GET", `/containers/${this.id}/logs?${what}`);
    for await (const text of spoken(stream)) heard(text);
  }
}

const remove = (engine: Engine, id: string) =>
  engine.ask("DELETE", `/containers/${id}?force=true&v=true`).catch(unless(GONE, GOING));

function declaration({ volume, port, alias, network, ...wanted }: Wanted) {
  const inside = port && `${port.inside}/tcp`;
  return {
    Image: wanted.image,
    Labels: wanted.labels,
    Env: Object.entries(wanted.environment).map(([name, value]) => `${name}=${value}`),
    ...(wanted.entrypoint && { Entrypoint: wanted.entrypoint }),
    ...(wanted.command && { Cmd: wanted.command }),
    ...(inside && { ExposedPorts: { [inside]: {} } }),
    HostConfig: {
      NetworkMode: network,
      ...(inside && {
        PortBindings: { [inside]: [{ HostIp: "127.0.0.1", HostPort: String(port.here) }] },
      }),
      ExtraHosts: wanted.hosts ?? [],
      // As on AWS, where it is a file system: what the image has there does not appear in it.
      ...(volume && {
        Mounts: [{ Type: "volume", Source: volume.name, Target: volume.at, VolumeOptions: { NoCopy: true } }],
      }),
      CapDrop: ["ALL"],
      CapAdd: RIGHTS,
      SecurityOpt: ["no-new-privileges"],
      PidsLimit: PROCESSES,
      Memory: MEMORY,
      MemorySwap: MEMORY,
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "1" } },
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: alias ? [alias] : [] } } },
  };
}

/** The head of each part of a log: which stream it is of, and how long. */
const HEAD = 8;

/** What a container says on both of its streams, taken out of Docker's frames. */
export async function* spoken(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoders = new Map<number, StringDecoder>();
  let rest = Buffer.alloc(0);
  for await (const part of stream) {
    rest = Buffer.concat([rest, part]);
    while (rest.length >= HEAD && rest.length >= HEAD + rest.readUInt32BE(4)) {
      const end = HEAD + rest.readUInt32BE(4);
      const of = rest[0]!;
      if (!decoders.has(of)) decoders.set(of, new StringDecoder("utf8"));
      yield decoders.get(of)!.write(rest.subarray(HEAD, end));
      rest = rest.subarray(end);
    }
  }
  if (rest.length > 0) throw new Problem("Docker broke a container's log off.");
}
