import { crash } from "../crash";
import { Endpoints } from "../emulators/endpoints";
import { Carried, SERVICES, signedAs } from "../emulators/services";
import type { Fleet } from "../fleet/fleet";
import type { Server } from "../fleet/runner";
import { messageOf, Problem } from "../problem";
import type { Started } from "../processes";
import { askProxies } from "./proxies";
import { Timeline } from "./timeline";

/** How long a zone accepts no instance: a group with another zone is whole again earlier. */
export const ZONE_SECONDS = 60;
export const THROTTLE_SECONDS = 30;
const MOST_SECONDS = 600;
const LOOK_MS = 500;

export interface FailuresOptions {
  fleet: Pick<Fleet, "servers" | "databaseStateOf" | "current" | "refill">;
  endpoints: Endpoints;
  timeline: Timeline;
  /** The database that stands in if the program has no nodes of its own. */
  standIn?: Started;
  note: (line: string) => void;
}

/** What a person may request, in words. */
export interface Asked {
  what: string;
  name?: string;
  seconds?: string;
}

/** Failures of the stack that a person requests. Each returns a sentence about what was done, and what to expect. */
export class Failures {
  private readonly zonesDown = new Map<string, number>();
  private readonly throttles = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: FailuresOptions) {}

  /** What can be requested right now, and what is in progress. */
  get now() {
    return {
      zones: this.zones.map((name) => ({ name, downFor: secondsTo(this.zonesDown.get(name)) })),
      services: throttleable().map(nameOf).sort(),
      throttled: [...this.throttles]
        .map(([name, until]) => ({ name, seconds: secondsTo(until) }))
        .filter(({ seconds }) => seconds > 0),
    };
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  async cause({ what, name, seconds }: Asked): Promise<string> {
    switch (what) {
      case "web":
        return this.killWeb();
      case "database":
        return this.killDatabase();
      case "zone":
        return this.killZone(name);
      case "throttle":
        return this.throttle(name, seconds);
      default:
        throw new Problem(`kill takes web, database or zone, got ${what || "nothing"}.`);
    }
  }

  private killWeb(): string {
    const server = this.options.fleet.servers.find(
      ({ role, alive, lost }) => role === "web" && alive && !lost,
    );
    if (!server) throw new Problem("No web server runs right now: see npm run sandbox -- status.");
    this.options.timeline.begin(`You killed the web server ${server.id}`);
    crash(server);
    return `Killed ${server.id} (process ${server.pid}). Its health check fails next; then its group replaces it.`;
  }

  private killDatabase(): string {
    const { fleet, timeline, standIn } = this.options;
    const active = fleet.servers.find(
      ({ role, alive, id }) => role === "database" && alive && fleet.databaseStateOf(id) === "active",
    );
    if (active) {
      timeline.begin(`You killed the database's writer ${active.id}`);
      crash(active);
      return `Killed ${active.id} with its PostgreSQL. The other node takes over when the lease has ended; then the group replaces it.`;
    }
    if (!standIn || standIn.child.exitCode !== null || standIn.child.signalCode !== null)
      throw new Problem("No database server runs right now: see npm run sandbox -- status.");
    process.kill(standIn.child.pid!, "SIGKILL");
    return `Killed ${standIn.name} (process ${standIn.child.pid}). Nothing here starts it again: it stands in for what AWS runs.`;
  }

  /** All machines of a zone lose power at once, and for a minute none can be launched there. */
  private async killZone(given = ""): Promise<string> {
    const { fleet, timeline, endpoints } = this.options;
    const zone = this.zones.find((one) => given !== "" && (one === given || one.endsWith(given)));
    if (!zone) throw new Problem(`kill zone takes ${listed(this.zones)}, got ${given || "nothing"}.`);
    const down = this.zones.find((one) => secondsTo(this.zonesDown.get(one)) > 0);
    if (down)
      throw new Problem(
        `${down} is down for another ${secondsTo(this.zonesDown.get(down))} seconds: one zone at a time.`,
      );
    const inside = ({ id }: Server) => fleet.current.machines.find((one) => one.id === id)?.zone === zone;
    await askProxies(endpoints, { zone, seconds: ZONE_SECONDS });
    this.zonesDown.set(zone, Date.now() + ZONE_SECONDS * 1000);
    this.later(ZONE_SECONDS, () => fleet.refill());
    timeline.begin(`You cut off the zone ${zone}`);
    const lost = fleet.servers.filter((one) => one.alive && !one.lost && inside(one));
    for (const server of lost) crash(server);
    const ids = lost.map(({ id, role }) => `${id} (${role})`);
    return `Cut off ${zone} for ${ZONE_SECONDS} seconds: ${ids.length ? `${listed(ids, "and")} lost power` : "no server was there"}. What replaces them starts in another zone.`;
  }

  /** A service refuses requests of functions and servers, as AWS throttles those who call too often. */
  private async throttle(given = "", wanted = String(THROTTLE_SECONDS)): Promise<string> {
    const carried = throttleable().find((one) => callsOf(one).includes(given.toLowerCase()));
    if (!carried)
      throw new Problem(
        `throttle takes one of ${throttleable().map(nameOf).sort().join(", ")}, got ${given || "nothing"}.`,
      );
    const seconds = Number(wanted);
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > MOST_SECONDS)
      throw new Problem(`throttle takes whole seconds from 1 to ${MOST_SECONDS}, got ${wanted}.`);
    const name = nameOf(carried);
    const rest = secondsTo(this.throttles.get(name));
    if (rest > 0) throw new Problem(`${name} is throttled already, for another ${rest} seconds.`);
    const { endpoints, timeline } = this.options;
    await askProxies(endpoints, { throttle: signedAs(carried), seconds });
    this.throttles.set(name, Date.now() + seconds * 1000);
    timeline.begin(`You throttled ${name} for ${seconds} seconds`);
    timeline.tell("failure", `${name} refuses what functions and servers ask`);
    this.watchThrottle(name, signedAs(carried));
    return `${name} refuses for ${seconds} seconds what functions and servers ask. An SDK tries again by itself; see what does not.`;
  }

  private watchThrottle(name: string, signed: string): void {
    const { endpoints, timeline, note } = this.options;
    const release = timeline.hold();
    let looking = false;
    const timer = setInterval(() => {
      if (looking) return;
      looking = true;
      void askProxies(endpoints)
        .then(({ throttled }) => {
          const { seconds, refused } = throttled[signed] ?? { seconds: 0, refused: 0 };
          if (refused > 0) timeline.tell("detection", `the first call of ${name} is refused`);
          if (seconds > 0) return;
          this.over(timer);
          timeline.tell(
            "recovery",
            `${name} answers again; ${counted(refused, "call was", "calls were")} refused`,
          );
          release();
        })
        .catch((error: unknown) => {
          this.over(timer);
          release();
          note(`throttle: ${messageOf(error)}`);
        })
        .finally(() => (looking = false));
    }, LOOK_MS);
    this.timers.add(timer);
  }

  private later(seconds: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void work().catch((error: unknown) => this.options.note(`zone: ${messageOf(error)}`));
    }, seconds * 1000);
    this.timers.add(timer);
  }

  private over(timer: NodeJS.Timeout): void {
    clearInterval(timer);
    this.timers.delete(timer);
  }

  /** The zones in which the program's groups have servers, or may have. */
  private get zones(): string[] {
    const { servers, current } = this.options.fleet;
    const own = current.groups.filter(({ instanceIds }) =>
      servers.some(({ id }) => instanceIds.includes(id)),
    );
    return [...new Set(own.flatMap(({ zones }) => zones))].sort();
  }
}

/** The services whose calls come to the emulators' proxies; one entry for all that sign the same name, as both versions of SES do. */
function throttleable(): Carried[] {
  const all = Object.values(SERVICES).filter(({ proxied = true }: Carried) => proxied);
  return all.filter((one, index) => all.findIndex((other) => signedAs(other) === signedAs(one)) === index);
}

const nameOf = ({ commands }: Carried) => commands[0]!;

/** By the names that a person may use. */
const callsOf = (carried: Carried) => [
  ...Object.values(SERVICES)
    .filter((one: Carried) => signedAs(one) === signedAs(carried))
    .flatMap(({ commands }) => commands),
  signedAs(carried),
  ...Object.entries(SERVICES).flatMap(([key, one]) => (one === carried ? [key] : [])),
];

const secondsTo = (until = 0) => Math.max(0, Math.ceil((until - Date.now()) / 1000));

const counted = (count: number, one: string, more: string) => `${count} ${count === 1 ? one : more}`;

const listed = (words: string[], last = "or") =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
