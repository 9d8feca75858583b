import * as http from "node:http";
import { Listener, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { LocalServer, targetOf } from "../server";
import { BalancerFigures } from "./balancer-figures";
import { forward, isOwn, refuse } from "./forwarding";
import { forwardsTo, actionFor, Incoming, redirectTo } from "./rules";
import type { Tell } from "../failures/timeline";
import { Target, TargetGroup } from "./target-group";
import { Traffic } from "./traffic";
import { View } from "./view";

const REFRESH_MS = 5_000;

/** A listener of the program, and the server that stands for it here. */
interface Listening {
  listener: Listener;
  rules: Rule[];
  server: LocalServer;
}

/** The program's load balancer: listens here for each of its listeners, and forwards requests by their rules and target groups. */
export class Balancer {
  private readonly listening: Listening[] = [];
  private readonly groups = new Map<string, TargetGroup>();
  private readonly agent = new http.Agent({ keepAlive: true, maxFreeSockets: 64 });
  private readonly figures: BalancerFigures;
  private idleMs = 60_000;
  private refreshedAt = -Infinity;
  /** The clients' answers. */
  readonly traffic = new Traffic();
  private readonly byTarget = new Map<string, Traffic>();

  constructor(
    private readonly use: Use,
    private readonly portOf: (instanceId: string) => number | undefined,
    private readonly note: (line: string) => void,
    private readonly tell: Tell = () => {},
  ) {
    this.figures = new BalancerFigures(use);
  }

  /** Sends its metrics since the last time to CloudWatch, and the state of its targets. */
  measure(): Promise<void> {
    return this.figures.put(this.listening[0]?.listener.LoadBalancerArn, this.targets);
  }

  get targets(): (Target & { group: string })[] {
    return [...this.groups.values()].flatMap((group) =>
      group.list.map((target) => ({ ...target, group: group.arn })),
    );
  }

  /** A target's answers. */
  trafficOf(id: string): Traffic | undefined {
    return this.byTarget.get(id);
  }

  /** Each listener's own port, and its address on this machine. */
  get addresses(): { port: number; protocol: string; url: string }[] {
    return this.listening.map(({ listener, server }) => ({
      port: listener.Port!,
      protocol: listener.Protocol!,
      url: `http://127.0.0.1:${server.port}`,
    }));
  }

  /** Opens a server for each listener: on the given port for the one that serves the site, on a free port for any other. */
  async open(port: number): Promise<void> {
    for (const listener of await this.declared()) await this.listenFor(listener, this.portFor(port));
  }

  /** Applies what the program declares now: a listener keeps the address that its port has here. */
  async reread(port: number): Promise<void> {
    const declared = await this.declared();
    for (const one of [...this.listening]) {
      const now = declared.find(({ Port }) => Port === one.listener.Port);
      if (now) one.listener = now;
      else {
        this.listening.splice(this.listening.indexOf(one), 1);
        await one.server.stop();
      }
    }
    for (const listener of declared)
      if (!this.listening.some((one) => one.listener.Port === listener.Port))
        await this.listenFor(listener, this.portFor(port));
    await this.refresh();
  }

  /** Why a server on that port fails the health checks of an instance's groups. */
  async checks(instanceId: string, port: number): Promise<string | undefined> {
    const groups = [...this.groups.values()].filter((group) => group.has(instanceId));
    const problems = await Promise.all(groups.map((group) => group.check(port)));
    return problems.find((problem) => problem !== undefined);
  }

  private readonly portFor = (port: number) => (this.listening.length === 0 ? port : 0);

  /** The one that serves the site comes first. */
  private async declared(): Promise<Listener[]> {
    const elb = await this.use("elb");
    const all: Listener[] = [];
    const balancers = await everyPage(
      (from) => elb.describeLoadBalancers(from),
      (page) => page.LoadBalancers,
    );
    for (const { LoadBalancerArn, Type } of balancers) {
      if (Type !== "application") continue;
      const { Attributes } = await elb.describeLoadBalancerAttributes({ LoadBalancerArn });
      const idle = Attributes?.find(({ Key }) => Key === "idle_timeout.timeout_seconds")?.Value;
      if (idle) this.idleMs = Number(idle) * 1000;
      const listeners = await everyPage(
        (from) => elb.describeListeners({ LoadBalancerArn, ...from }),
        (page) => page.Listeners,
      );
      // TLS ends at the load balancer; here the plain port stands for it, so that a browser needs no certificate.
      const byImportance = [...listeners].sort(
        (a, b) => Number(b.Protocol === "HTTPS") - Number(a.Protocol === "HTTPS"),
      );
      all.push(...byImportance);
    }
    return all;
  }

  /** Reads who is registered, and from time to time what is declared. */
  async follow({ targetGroups, registered }: View): Promise<void> {
    if (performance.now() - this.refreshedAt > REFRESH_MS) await this.refresh();
    for (const declared of targetGroups) {
      const arn = declared.TargetGroupArn!;
      const delay = await this.delayOf(arn);
      if (!this.groups.has(arn))
        this.groups.set(arn, new TargetGroup(declared, delay, this.portOf, this.tell));
      this.groups.get(arn)!.follow(declared, delay, registered.get(arn) ?? []);
    }
  }

  async drained(instanceId: string): Promise<void> {
    await Promise.all([...this.groups.values()].map((group) => group.drained(instanceId)));
  }

  async stop(): Promise<void> {
    for (const group of this.groups.values()) group.stop();
    for (const { server } of this.listening) await server.stop();
    this.agent.destroy();
  }

  private readonly delays = new Map<string, number>();

  private async delayOf(arn: string): Promise<number> {
    if (!this.delays.has(arn)) {
      const elb = await this.use("elb");
      const { Attributes } = await elb.describeTargetGroupAttributes({ TargetGroupArn: arn });
      const delay = Attributes?.find(({ Key }) => Key === "deregistration_delay.timeout_seconds")?.Value;
      this.delays.set(arn, Number(delay ?? 300));
    }
    return this.delays.get(arn)!;
  }

  private async refresh(): Promise<void> {
    this.refreshedAt = performance.now();
    this.delays.clear();
    const elb = await this.use("elb");
    for (const one of this.listening)
      one.rules = await everyPage(
        (from) => elb.describeRules({ ListenerArn: one.listener.ListenerArn, ...from }),
        (page) => page.Rules,
      );
  }

  private async listenFor(listener: Listener, port: number): Promise<void> {
    const serve = (request: http.IncomingMessage, response: http.ServerResponse) =>
      this.serve(own, request, response);
    const server = new LocalServer(`balancer ${listener.Port}`, serve, this.note);
    const own: Listening = { listener, rules: [], server };
    await server.start(port);
    this.listening.push(own);
  }

  private async serve(
    { rules, listener }: Listening,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const { text, path, query } = targetOf(request);
    const incoming: Incoming = {
      method: request.method ?? "GET",
      host: (request.headers.host ?? "").split(":")[0]!,
      path,
      query,
      headers: request.headers,
    };
    const began = performance.now();
    let targetGroupArn: string | undefined;
    response.once("close", () => {
      counted(this.traffic, response);
      this.figures.count({
        loadBalancerArn: listener.LoadBalancerArn!,
        targetGroupArn: isOwn(response) ? undefined : targetGroupArn,
        status: response.statusCode,
        seconds: (performance.now() - began) / 1000,
      });
    });
    const action = actionFor(rules, incoming);
    switch (action?.Type) {
      case "forward": {
        const target = this.choose(forwardsTo(action));
        if (!target) return refuse(response, 503, "Service Temporarily Unavailable");
        targetGroupArn = target.group.arn;
        return this.forward(target, listener, text, request, response);
      }
      case "redirect": {
        const status = action.RedirectConfig?.StatusCode === "HTTP_302" ? 302 : 301;
        const location = redirectTo(action, incoming, listener.Protocol!, String(listener.Port));
        return void response.writeHead(status, { location }).end();
      }
      case "fixed-response": {
        const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig!;
        return void response
          .writeHead(Number(StatusCode), { "content-type": ContentType ?? "text/plain" })
          .end(MessageBody);
      }
      default:
        return refuse(response, 503, `The sandbox cannot do the action ${action?.Type ?? "(none)"}`);
    }
  }

  private choose(
    groups: { arn: string; weight: number }[],
  ): { group: TargetGroup; target: Target } | undefined {
    const total = groups.reduce((sum, { weight }) => sum + weight, 0);
    let at = Math.random() * total;
    const chosen = groups.find(({ weight }) => (at -= weight) < 0) ?? groups[0];
    const group = chosen && this.groups.get(chosen.arn);
    const target = group?.next();
    return group && target && { group, target };
  }

  private forward(
    { group, target }: { group: TargetGroup; target: Target },
    listener: Listener,
    path: string,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    group.began(target);
    const traffic = this.byTarget.get(target.id) ?? new Traffic();
    this.byTarget.set(target.id, traffic);
    response.once("close", () => {
      group.ended(target);
      counted(traffic, response);
    });
    return forward(request, response, {
      port: group.addressOf(target),
      path,
      listener: { port: listener.Port!, protocol: listener.Protocol! },
      agent: this.agent,
      idleMs: this.idleMs,
    });
  }
}

/** An answer is good if it is complete and blames no server; a client that left before it began got no answer. */
function counted(traffic: Traffic, response: http.ServerResponse): void {
  if (response.headersSent) traffic.count(response.writableFinished && response.statusCode < 500);
}
