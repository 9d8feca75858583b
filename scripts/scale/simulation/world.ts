// The provisioner's own functions and state machine, on a simulated account and clock.
import { provisionerOptions } from "../../../components/provisioner/args";
import { schemaOf } from "../../../components/shared/options";
import { kindOf, type Environment } from "../../../functions/provisioner/catalogue";
import type {
  Builder,
  FunctionSettings,
  ReconcilePorts,
  StepPorts,
} from "../../../functions/provisioner/ports";
import { idOf, type Project } from "../../../functions/provisioner/project";
import { reconcile, type ReconcileEvent } from "../../../functions/provisioner/reconcile";
import { runStep } from "../../../functions/provisioner/steps";
import { type ApiPorts, submit } from "../../../functions/provisioner/submit";
import assumed from "../assumed.json";
import { most } from "../limits";
import { Account, type Quotas, type Shape } from "./account";
import type { Bucket } from "./bucket";
import { Clock } from "./clock";
import { Machine } from "./machine";
import { type Random, randomFrom } from "./random";
import { Store, unasked } from "./store";

export interface Outage {
  /** `events`: none arrives, nor does the minute. `functions`: Lambda runs none of ours. `builds`: CodeBuild starts none. */
  of: "events" | "functions" | "builds";
  fromMinute: number;
  minutes: number;
}

export interface WorldArgs {
  seed: number;
  quotas: Quotas;
  capacity: FunctionSettings["capacity"];
  outage?: Outage;
}

const MINUTE = 60_000;
/** Lambda then ends the function of each minute. */
const RECONCILE_MS = 300_000;
const TRIES = 3;
const START = Date.parse("2030-01-07T08:00:00.000Z");
/** What uses up an account's vCPUs. */
const VCPUS: Record<Environment, number> = { dev: 2, stag: 2, prod: 4 };

class Throttled extends Error {
  override readonly name = "ThrottlingException";
}
class Unavailable extends Error {
  override readonly name = "Lambda.ServiceException";
}

/** One call of a function: it takes time, and may be cut off. */
class Call {
  private owed = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly until = Infinity,
  ) {}

  /** Records are quick: their time is added to the next call of another service. */
  record<T>(value: T): T {
    this.owed += assumed.milliseconds.record;
    return value;
  }

  async spend(ms: number): Promise<void> {
    await this.clock.sleep(ms + this.owed);
    this.owed = 0;
    // Nobody receives the results of a call that was cut off.
    if (this.clock.now > this.until) await new Promise(() => undefined);
  }

  /** As the SDK calls: three times, with a growing pause if AWS throttles it. */
  async ask(bucket: Bucket, calls = 1): Promise<void> {
    for (let n = 0; n < calls; n++)
      for (let attempt = 1; ; attempt++) {
        await this.spend(assumed.milliseconds.call);
        if (bucket.take(this.clock.now)) break;
        if (attempt === TRIES) throw new Throttled("Rate exceeded");
        await this.spend(this.random() * 500 * 2 ** attempt);
      }
  }
}

export class World {
  readonly clock = new Clock(START);
  readonly store = new Store();
  readonly random: Random;
  readonly account: Account;
  readonly machine: Machine;
  readonly settings: FunctionSettings;
  /** The failures in the functions' logs, by kind. */
  readonly logged = new Map<string, number>();
  calls = 0;
  atOnce = 0;
  mostAtOnce = 0;

  constructor(private readonly args: WorldArgs) {
    this.random = randomFrom(args.seed);
    this.settings = settingsWith(args.capacity);
    this.account = new Account(this.clock, this.random, args.quotas, (what, name) => this.tell(what, name));
    const called = {
      step: async (event: Parameters<typeof runStep>[2]) => {
        if (this.is("functions")) {
          await this.clock.sleep(assumed.milliseconds.call);
          throw new Unavailable("503");
        }
        return this.counted(() => runStep(this.stepPorts(this.call()), this.settings, event));
      },
      person: (id: string) => this.store.attend(id),
    };
    this.machine = new Machine(this.clock, this.random, called, this.settings.approvalHours);
    void this.eachMinute();
  }

  minute = (): number => (this.clock.now - START) / MINUTE;

  /** Whether something is out of order at the moment. */
  is(what: Outage["of"]): boolean {
    const { outage } = this.args;
    if (outage?.of !== what) return false;
    const since = this.minute() - outage.fromMinute;
    return since >= 0 && since < outage.minutes;
  }

  /** Lets minutes pass, and keeps the functions' log. */
  async pass(minutes: number): Promise<void> {
    const before = console.error;
    console.error = (line: string) => {
      const { what, name } = JSON.parse(line) as { what: string; name: string };
      const kind = `${what}: ${name}`;
      this.logged.set(kind, (this.logged.get(kind) ?? 0) + 1);
    };
    try {
      await this.clock.run(this.clock.now + minutes * MINUTE);
    } finally {
      console.error = before;
    }
  }

  /** Somebody asks for a project; returns the API's status. */
  async ask(body: Record<string, unknown>, unit: string, token: string): Promise<number> {
    if (this.is("functions")) return 503;
    const caller = { sub: unit, email: `${unit}@example.org`, unit, quotaCents: 1e12, admin: false };
    const call = this.call();
    return this.counted(async () => {
      const { statusCode } = await submit(this.apiPorts(call), this.settings, caller, body, token);
      await call.spend(0);
      return statusCode;
    });
  }

  private call = (until?: number) => new Call(this.clock, this.random, until);

  private async counted<T>(work: () => Promise<T>): Promise<T> {
    this.calls++;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    try {
      return await work();
    } finally {
      this.atOnce--;
    }
  }

  private async eachMinute(): Promise<void> {
    for (;;) {
      await this.clock.sleep(MINUTE);
      void this.event({ source: "aws.events", "detail-type": "Scheduled Event", detail: {} });
    }
  }

  private tell(what: "stack" | "build", name: string): void {
    const detail = what === "stack" ? { "stack-id": `stack/${name}/1` } : { "project-name": name };
    const source = what === "stack" ? "aws.cloudformation" : "aws.codebuild";
    void this.event({ source, "detail-type": what, detail });
  }

  private async event(event: ReconcileEvent): Promise<void> {
    if (this.is("events")) return;
    // Lambda keeps an event and tries again, after five minutes at most.
    for (let pause = 1_000; this.is("functions"); pause = Math.min(2 * pause, 300_000)) {
      if (event.source === "aws.events") return;
      await this.clock.sleep(pause);
    }
    const call = this.call(this.clock.now + RECONCILE_MS);
    const done = this.counted(() => reconcile(this.reconcilePorts(call), this.settings, event));
    await done.catch(() => undefined);
  }

  /** The store as a function sees it: each access takes a moment. */
  private storeFor(call: Call): Store {
    return new Proxy(this.store, {
      get: (store, name: keyof Store) => {
        const found = store[name];
        return typeof found === "function" ? call.record(found) : found;
      },
    });
  }

  private common = (call: Call) => ({
    store: this.storeFor(call),
    publish: async () => call.record(undefined),
    answer: async (token: string, result: Parameters<Machine["answer"]>[1]) => {
      await call.ask(this.account.calls.answers);
      this.machine.answer(token, result);
    },
    fail: async (token: string) => {
      await call.ask(this.account.calls.answers);
      this.machine.fail(token);
    },
    mail: async () => call.record(undefined),
    now: () => new Date(this.clock.now),
    start: async (...[name, input]: Parameters<ApiPorts["start"]>) => {
      await call.ask(this.account.calls.starts);
      this.machine.start(name, input);
    },
    names: {
      taken: async () => {
        await call.ask(this.account.calls.names, 2);
        return undefined;
      },
      point: async () => {
        await call.ask(this.account.calls.names, 3);
        return undefined;
      },
      remove: async () => call.ask(this.account.calls.names, 3),
    },
    addressOf: async () => "192.0.2.1",
    admins: async () => ["admin@example.org"],
    probe: async (_url: string, at: string) => {
      await call.spend(assumed.milliseconds.call);
      return this.account.serves(at.replace(/\.aws$/, "")) ? undefined : "it does not answer yet";
    },
    healthy: async () => true,
    removeSecret: async () => call.record(undefined),
    readStack: async (name: string) => {
      await call.ask(this.account.calls.stacks);
      return this.account.stack(name);
    },
    removeStack: async (name: string) => {
      await call.ask(this.account.calls.stacks, 2);
      return this.account.removeStack(name);
    },
  });

  private builder(call: Call): Builder {
    return {
      start: async (project, key) => {
        try {
          await call.ask(this.account.calls.builds);
        } catch (error) {
          if (error instanceof Throttled) return "full";
          throw error;
        }
        const id = this.is("builds") ? undefined : this.account.startBuild(project, key);
        return id === undefined ? "full" : { id };
      },
      stop: async () => call.record(undefined),
    };
  }

  private stepPorts(call: Call): StepPorts {
    const common = this.common(call);
    return {
      ...common,
      stacks: {
        read: common.readStack,
        remove: common.removeStack,
        create: async ({ name }) => {
          await call.ask(this.account.calls.stacks);
          const project = this.store.projects.get(idOf(this.settings.prefix, name)!)!;
          const refused = this.account.createStack(name, shapeOf(project), vCpusOf(project));
          return refused === undefined ? { id: name } : { refused };
        },
        update: async () => "unchanged",
      },
      builds: this.builder(call),
      releases: { current: async () => undefined, keep: async () => [], restore: async () => "gone" },
      empty: async () => call.spend(assumed.milliseconds.call),
      showCommit: async () => {}, // which they do not know
    };
  }

  private reconcilePorts(call: Call): ReconcilePorts {
    const common = this.common(call);
    return {
      ...common,
      stacks: {
        read: common.readStack,
        remove: common.removeStack,
        problem: async () => "The account has no more vCPUs.",
        checkDrift: async () => call.ask(this.account.calls.stacks),
      },
      builds: this.builder(call),
      buildState: async (id) => {
        await call.ask(this.account.calls.builds);
        return { status: this.account.build(id), reason: "" };
      },
      replacing: async () => "done",
      logTail: async () => "",
      execution: async (name) => {
        await call.ask(this.account.calls.executions);
        return this.machine.state(name);
      },
      alarm: async () => call.record(undefined),
    };
  }

  private apiPorts(call: Call): ApiPorts {
    const common = this.common(call);
    return {
      ...common,
      stacks: { read: common.readStack },
      keepSecret: async (id) => call.record(`arn:${id}`),
      keepValues: async (id) => call.record(`arn:${id}`),
      claims: { claim: unasked, keep: unasked, release: unasked },
      readValues: unasked,
      keepHook: unasked,
      apiUrl: unasked,
      ticketForm: unasked,
      mailReaches: unasked,
      hasTotp: unasked,
      runbook: unasked,
    };
  }
}

const shapeOf = ({ type, framework }: Project): Shape => {
  const { template, engine } = kindOf(type, framework)!;
  return engine ? "database" : template;
};
const vCpusOf = (project: Project) => (shapeOf(project) === "static" ? 0 : VCPUS[project.environment]);

/** The component's own defaults, except that nobody has to approve anything first. */
function settingsWith(capacity: FunctionSettings["capacity"]): FunctionSettings {
  const args = schemaOf(provisionerOptions).parse({ sender: "projects@example.org" });
  return {
    ...args,
    prefix: "gw",
    consoleUrl: "https://www.example.org",
    domain: "projects.example.org",
    link: "",
    zones: [],
    starters: "",
    automatic: ["dev", "stag", "prod"],
    capacity,
    templates: { static: "https://t/static", server: "https://t/server", database: "https://t/database" },
    parameters: { static: {}, server: { PublicSubnets: "a,b", PrivateSubnets: "c,d" } },
  };
}

/** Reading all records uses the index's capacity for this many seconds: what one partition gives, at two reads per unit of 4 KB. */
export const secondsOfIndex = (projects: number, bytesEach: number): number =>
  (projects * bytesEach) / 8_192 / most("partitionReads");
