import { monotonicMs } from "../../../functions/database/agent/config";
import { sh } from "./shell";

export const virtualIp = "10.10.10.10";

/**
 * Hosts as network namespaces around a router, as subnets around the VPC's own router:
 * only the router's route table decides where the virtual IP leads.
 */
export class Net {
  private readonly prefix: string;
  private readonly names: string[] = [];
  private readonly block: string;
  /** Of each host that was ever cut off: since when it is there again; never, while it is not. */
  private readonly joined = new Map<string, number>();

  constructor(seed = process.pid) {
    this.prefix = `g${seed % 100_000}`;
    this.block = `10.${100 + (seed % 100)}`;
  }

  /** Where the emulators are reached: this machine, as the world outside the VPC. */
  get outside(): string {
    return `${this.block}.0.1`;
  }

  ns(name: string): string {
    return `${this.prefix}${name}`;
  }

  address(name: string): string {
    return `${this.block}.${this.names.indexOf(name) + 1}.2`;
  }

  up(hosts: string[]): void {
    const router = this.ns("router");
    sh("ip", "netns", "add", router);
    sh("ip", "-n", router, "link", "set", "lo", "up");
    for (const key of ["ip_forward", "conf.all.rp_filter=0", "conf.default.rp_filter=0"])
      sh("ip", "netns", "exec", router, "sysctl", "-qw", `net.ipv4.${key.includes("=") ? key : `${key}=1`}`);
    sh("ip", "link", "add", this.ns("o"), "type", "veth", "peer", "name", "outside", "netns", router);
    sh("ip", "addr", "add", `${this.outside}/30`, "dev", this.ns("o"));
    sh("ip", "link", "set", this.ns("o"), "up");
    sh("ip", "-n", router, "addr", "add", `${this.block}.0.2/30`, "dev", "outside");
    sh("ip", "-n", router, "link", "set", "outside", "up");
    sh("ip", "route", "add", `${this.block}.0.0/16`, "via", `${this.block}.0.2`);
    for (const name of hosts) this.addHost(name);
  }

  private addHost(name: string): void {
    this.names.push(name);
    this.plug(name);
  }

  /** The host's network as a boot finds it: nothing of what was set up in it before. */
  renew(name: string): void {
    sh("ip", "-n", this.ns("router"), "link", "del", name);
    sh("ip", "netns", "del", this.ns(name));
    this.plug(name);
  }

  private plug(name: string): void {
    const [ns, router] = [this.ns(name), this.ns("router")];
    const gateway = `${this.block}.${this.names.indexOf(name) + 1}.1`;
    sh("ip", "netns", "add", ns);
    sh("ip", "link", "add", name, "netns", router, "type", "veth", "peer", "name", "eth0", "netns", ns);
    sh("ip", "-n", router, "addr", "add", `${gateway}/30`, "dev", name);
    sh("ip", "-n", router, "link", "set", name, "up");
    sh("ip", "-n", ns, "addr", "add", `${this.address(name)}/30`, "dev", "eth0");
    sh("ip", "-n", ns, "link", "set", "lo", "up");
    sh("ip", "-n", ns, "link", "set", "eth0", "up");
    // The metric that Amazon Linux gives it.
    sh("ip", "-n", ns, "route", "add", "default", "via", gateway, "metric", "512");
  }

  /** What a route table's entry for the virtual IP does in the data plane. */
  route(name: string | undefined): void {
    const router = this.ns("router");
    if (name) sh("ip", "-n", router, "route", "replace", `${virtualIp}/32`, "via", this.address(name));
    else sh("ip", "-n", router, "route", "replace", "unreachable", `${virtualIp}/32`);
  }

  /** Cuts a host off from everything; the kernel drops the routes through the link with it. */
  link(name: string, state: "up" | "down"): void {
    sh("ip", "-n", this.ns("router"), "link", "set", name, state);
    this.joined.set(name, state === "up" ? monotonicMs() : Infinity);
  }

  /** Cuts a host off from the emulators only: AWS is away, the web tier is not. */
  outsideOf(name: string, reachable: boolean): void {
    const rule = ["from", this.address(name), "to", this.outside, "blackhole"];
    sh("ip", "-n", this.ns("router"), "rule", reachable ? "del" : "add", ...rule);
    this.joined.set(name, reachable ? monotonicMs() : Infinity);
  }

  /** Since when a host reaches AWS, of the machine's monotonic clock; Infinity when it does not. */
  reachesAwsSince(name: string): number {
    return this.joined.get(name) ?? -Infinity;
  }

  down(): void {
    for (const name of [...this.names, "router"]) {
      try {
        sh("ip", "netns", "del", this.ns(name));
      } catch {
        // not made yet
      }
    }
  }
}
