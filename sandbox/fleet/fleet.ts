import { setTimeout as after } from "node:timers/promises";
import type { Stack } from "@aws-sdk/client-cloudformation";
import { ACCOUNT } from "../emulators/endpoints";
import { Emulators } from "../emulators/emulators";
import { rootClients, rootClientsOfBoth, Use } from "../engine/clients";
import { Paths } from "../paths";
import { messageOf, until } from "../problem";
import { Processes } from "../processes";
import { stopAll } from "../stopping";
import { DatabaseNodes } from "../nodes/nodes";
import { MirrorGroups } from "../mirror/groups";
import { MirrorNetwork } from "../mirror/network";
import { ProjectServers } from "../sites/servers";
import { ProjectTargets } from "../sites/targets";
import { Timeline } from "../failures/timeline";
import { AlarmJudge } from "./alarm-judge";
import { AlarmWatch } from "./alarm-watch";
import { Balancer } from "./balancer";
import { Builds } from "./builds";
import { CpuMetrics } from "./cpu";
import { EventRules } from "./event-rules";
import { Groups } from "./groups";
import { LaunchHooks } from "./launch-hooks";
import { Metadata } from "./metadata";
import { refresh } from "./refresh";
import { Remembered } from "./remembered";
import { Runner, Server } from "./runner";
import { Scaling } from "./scaling";
import { Stacks } from "./stacks";
import { StateChanges } from "./state-changes";
import { Target } from "./target-group";
import { StandIn, translation } from "./translation";
import { Traffic } from "./traffic";
import { observe, View } from "./view";
import { lacking } from "./wholeness";

const LOOK_MS = 500;
const METRICS_MS = 10_000;
/** How long an alarm's minute is, for tests that cannot wait for whole ones. */
const MINUTE = Number(process.env["GROUNDWORK_ALARM_MINUTE"] ?? 60);

export interface FleetOptions {
  emulators: Emulators;
  processes: Processes;
  paths: Paths;
  webapp: string;
  /** Whether browsers request each file of a page again. @default false */
  uncached?: boolean;
  /** Whether a debugger may pause the web servers. @default false */
  inspect?: boolean;
  network: MirrorNetwork;
  /** The servers of projects. */
  servers: ProjectServers;
  /** What their load balancers count. */
  targets: ProjectTargets;
  /** CodeBuild, as the functions reach it. */
  codebuild: Use;
  /** Where the load balancer listens. */
  port: number;
  /** Called for each web server that has just been started, before it is registered anywhere. */
  launched: (id: string, group: string | undefined) => void;
  /** For a program without database nodes. */
  standIn?: StandIn;
  /** Called with failures, and with how they end. */
  timeline: Timeline;
  /** Where the web servers send their traces, if the program has any. */
  traces?: string;
  note: (line: string) => void;
}

/** AWS's data plane for what the program declared: each part looks at the emulators and does what AWS would do next. */
export class Fleet {
  /** The services that it calls. */
  static readonly services = [
    ...(["autoscaling", "ec2", "elb", "iam", "sts"] as const),
    ...(["dynamodb", "s3", "secretsmanager", "events", "cloudwatch"] as const),
  ];

  private readonly use: Use;
  /** For what is read at each look. */
  private readonly declared: Remembered;
  private readonly metadata: Metadata;
  private readonly balancer: Balancer;
  private readonly runner: Runner;
  private readonly nodes: DatabaseNodes;
  private readonly groups: Groups;
  private readonly launchHooks: LaunchHooks;
  private readonly stateChanges: StateChanges;
  private readonly stacks: Stacks;
  private readonly builds: Builds;
  private readonly mirror: MirrorGroups;
  private readonly cpu: CpuMetrics;
  private readonly scaling: Scaling;
  private readonly judge: AlarmJudge;
  private readonly alarms: AlarmWatch;
  /** Servers that a deployment is working on. */
  readonly held = new Set<string>();
  private readonly seen = new Set<string>();
  private view: View = { machines: [], groups: [], targetGroups: [], registered: new Map() };
  private readonly stopping = new AbortController();
  private loops: Promise<void>[] = [];

  constructor(private readonly options: FleetOptions) {
    const { emulators, processes, paths, note } = options;
    const { tell } = options.timeline;
    const { region } = emulators.endpoints;
    this.declared = new Remembered(emulators.endpoints);
    this.use = rootClients(emulators.endpoints);
    this.metadata = new Metadata(this.use, ACCOUNT, note);
    this.balancer = new Balancer(this.declared.use, (id) => this.runner.portOf(id), note, tell);
    this.nodes = new DatabaseNodes({
      use: this.use,
      declared: this.declared,
      endpoints: emulators.endpoints,
      processes,
      paths,
      note,
      tell,
    });
    this.runner = new Runner({
      use: this.use,
      processes,
      metadata: this.metadata,
      logs: paths.logs,
      webapp: options.webapp,
      uncached: options.uncached ?? false,
      inspect: options.inspect ?? false,
      checks: (id, port) => this.balancer.checks(id, port),
      environment: emulators.environment,
      translate: translation({
        virtualIp: () => this.nodes.address,
        standIn: options.standIn,
        agent: options.traces,
      }),
      nodes: this.nodes,
      held: this.held,
      drained: (id) => this.balancer.drained(id),
      tell,
    });
    this.groups = new Groups(this.use, note, {
      held: this.held,
      tell,
      patient: options.inspect,
    });
    this.launchHooks = new LaunchHooks(this.use, this.runner, note);
    const where = { region, account: ACCOUNT };
    const rules = new EventRules(this.declared.use, where, note);
    this.stateChanges = new StateChanges(rules, where);
    this.stacks = new Stacks(this.declared.use, rules);
    // Those of CloudFormation's stacks, which are MiniStack's; the program's own are records on moto.
    this.builds = new Builds({ list: this.declared.of("ministack"), ask: options.codebuild }, rules);
    const { moto } = rootClientsOfBoth(emulators.endpoints);
    this.mirror = new MirrorGroups({ ministack: this.declared.of("ministack"), moto }, options.network);
    this.cpu = new CpuMetrics(this.use);
    this.scaling = new Scaling(this.use, note);
    this.alarms = new AlarmWatch(this.use, tell);
    this.judge = new AlarmJudge(this.use, MINUTE);
  }

  get addresses() {
    return this.balancer.addresses;
  }

  get servers(): Server[] {
    return this.runner.servers;
  }

  /** The web servers' programs, as their machines' service managers have them. */
  get web(): Pick<Runner, "webOf" | "restWeb" | "runWeb" | "accessCheck"> {
    return this.runner;
  }

  /** What a database node is doing now. */
  databaseStateOf(id: string): ReturnType<DatabaseNodes["stateOf"]> {
    return this.nodes.stateOf(id);
  }

  get targets(): (Target & { group: string })[] {
    return this.balancer.targets;
  }

  /** The answers of the load balancer, or of one of its targets. */
  traffic(): Traffic;
  traffic(id: string): Traffic | undefined;
  traffic(id?: string): Traffic | undefined {
    return id === undefined ? this.balancer.traffic : this.balancer.trafficOf(id);
  }

  /** What the stack lacks; undefined while all is well. */
  get lacks(): string | undefined {
    return lacking(this.view, this.servers, this.targets, (id) => this.nodes.stateOf(id));
  }

  /** What the program's functions had CloudFormation create. */
  get projectStacks(): Stack[] {
    return this.stacks.current;
  }

  get current(): View {
    return this.view;
  }

  /** Gives every web server another bundle of the web app; returns how many there are. */
  renew(webapp: string): Promise<number> {
    return this.runner.renew(webapp);
  }

  /** The program has declared other listeners, rules or target groups. */
  reread(): Promise<void> {
    return this.balancer.reread(this.options.port);
  }

  /** Replaces the servers of a group whose launch template has changed; those of a group without a load balancer stay. */
  async refresh(group: string): Promise<number> {
    const declared = this.view.groups.find(({ name }) => name === group);
    if (!declared?.targetGroupArns.length) return 0;
    return refresh(this.use, group, () => ({ view: this.view, targets: this.targets }));
  }

  /** Makes each group launch its missing instances, as Auto Scaling retries a failed launch. */
  async refill(): Promise<void> {
    const autoscaling = await this.use("autoscaling");
    for (const { name, desired, instanceIds } of this.view.groups)
      if (instanceIds.length < desired)
        await autoscaling.setDesiredCapacity({ AutoScalingGroupName: name, DesiredCapacity: desired });
  }

  /** Starts every part; the site answers when this returns. */
  async start(): Promise<void> {
    await this.metadata.start();
    await this.balancer.open(this.options.port);
    await this.tick();
    await this.nodes.serving();
    const expected = this.view.groups.filter((group) => group.targetGroupArns.length > 0);
    const wanted = expected.reduce((sum, { desired }) => sum + desired, 0);
    const healthy = () => this.targets.filter(({ health }) => health === "healthy");
    await until(
      "A healthy web server",
      async () => {
        await this.tick();
        return healthy().length >= wanted;
      },
      {
        seconds: 60,
        advice: () => {
          const sick = this.servers.filter(
            ({ role, id }) => role === "web" && !healthy().some((one) => one.id === id),
          );
          return sick.length ? `see ${sick.map(({ log }) => log).join(", ")}` : "none was started";
        },
      },
    );
    this.loops = [
      this.every(LOOK_MS, () => this.tick()),
      this.every(LOOK_MS, () => this.tell()),
      this.every(Math.min(METRICS_MS, (MINUTE * 1000) / 3), () => this.measure()),
    ];
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.launchHooks.stop();
    await stopAll([
      () => this.balancer.stop(),
      () => Promise.all(this.loops), // otherwise a last look takes what stops for dead, and replaces it
      () => this.runner.stop(),
      () => this.nodes.stop(),
      () => this.metadata.stop(),
    ]);
  }

  private async tick(): Promise<void> {
    await this.declared.look("moto");
    this.view = await observe(this.declared.use);
    await this.runner.follow(this.view);
    this.launchHooks.follow(this.view);
    this.tellLaunches();
    await this.nodes.follow();
    await this.balancer.follow(this.view);
    await this.groups.follow(this.view, this.servers, this.targets);
    await this.stateChanges.follow(this.view);
    this.options.timeline.look(this.lacks);
  }

  private tellLaunches(): void {
    for (const { id, role } of this.runner.servers) {
      if (this.seen.has(id)) continue;
      this.seen.add(id);
      if (role === "web") this.options.launched(id, this.view.machines.find((one) => one.id === id)?.group);
    }
  }

  private async tell(): Promise<void> {
    await this.declared.look("ministack");
    await this.mirror.follow(); // on AWS, too, a stack's group has its machines before the stack is complete
    await this.stacks.follow();
    await this.builds.follow();
    await this.options.servers.follow(this.view.machines, this.stacks.current);
    await this.options.targets.follow(this.view.machines, this.stacks.current);
  }

  private async measure(): Promise<void> {
    await this.cpu.put(this.view, this.servers);
    await this.balancer.measure();
    await this.scaling.follow(this.view);
    await this.judge.follow();
    await this.alarms.follow();
    await this.nodes.keepSecret();
  }

  private async every(waitMs: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await after(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await work().catch((error: unknown) => signal.aborted || this.options.note(messageOf(error)));
    }
  }
}
