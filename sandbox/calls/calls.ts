import * as http from "node:http";
import { Endpoints, ownKey } from "../emulators/endpoints";
import type { Resource } from "../engine";
import type { Call } from "../page/live";
import { bodyOf, LocalServer, Refusal } from "../server";
import { KeptCalls } from "./kept";
import { inWords, type Told } from "./told";

/** Each call of a function, as the emulators report it: its trigger, its calls to AWS, its end. */
export class Calls {
  private readonly kept = new KeptCalls();
  private readonly server: LocalServer;

  constructor(
    private readonly endpoints: Endpoints,
    note: (line: string) => void,
  ) {
    this.server = new LocalServer("calls", (request, response) => this.take(request, response), note);
  }

  /** Returns the address for the emulators' reports. */
  async start(): Promise<string> {
    return `http://127.0.0.1:${await this.server.start()}/`;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Changes when there is something new. */
  get version(): number {
    return this.kept.version;
  }

  /** Newest first, by the program's own names. */
  list(resources: Resource[]): Call[] {
    const nameOf = (physical: string) =>
      resources.find(({ id }) => id.split(/[:/]/).at(-1) === physical)?.name ?? physical;
    return this.kept.list.map(({ function: name, woken, ...call }) => ({
      ...call,
      name: nameOf(name),
      woken: inWords(woken, nameOf),
    }));
  }

  private async take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const [[name, key]] = Object.entries(ownKey(this.endpoints)) as [[string, string]];
    if (request.headers[name] !== key) throw new Refusal(403, "Only the emulators report calls.");
    if (request.method !== "POST") return void response.writeHead(405).end();
    this.kept.add(JSON.parse((await bodyOf(request)).toString()) as Told[]);
    response.writeHead(204).end();
  }
}
