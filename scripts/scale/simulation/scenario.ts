import type { FunctionSettings } from "../../../functions/provisioner/ports";
import assumed from "../assumed.json";
import type { Quotas } from "./account";
import { type Outage, World } from "./world";

export interface Scenario {
  title: string;
  seed: number;
  quotas: Quotas;
  capacity: FunctionSettings["capacity"];
  /** How many ask, evenly over this many minutes. */
  asked: number;
  overMinutes: number;
  /** Existing projects, each looked at once a day. */
  standing?: number;
  outage?: Outage;
  /** How long the simulation runs. */
  minutes: number;
}

/** The state at a minute. */
export interface Moment {
  minute: number;
  /** Admitted and not at rest: their stack is being created. */
  creating: number;
  /** Their build waits for its turn, or is running. */
  queued: number;
  building: number;
  /** Built, and checked until it answers. */
  serving: number;
  ready: number;
  /** Overdue for a look. */
  overdue: number;
}

export interface Outcome {
  moments: Moment[];
  ready: number;
  failed: number;
  /** Refused because the platform is full. */
  full: number;
  rolledBack: number;
  needPerson: number;
  moving: number;
  /** From the request to ready, in minutes. */
  waits: { median: number; slowest: number };
  mostQueued: number;
  /** How many minutes after the outage nobody was overdue any more; undefined if there was none, or no end in sight. */
  caughtUpAfter?: number;
  /** For each project that asked. */
  transitionsEach: number;
  callsEach: number;
  writesEach: number;
  mostCallsAtOnce: number;
  bytesOfRecord: number;
  logged: Record<string, number>;
}

const LATE_MS = 120_000;
const AGAIN_MINUTES = 5;
/** The id prefix of existing projects. */
const STANDING = "standing-";

export async function simulate(scenario: Scenario): Promise<Outcome> {
  const world = new World(scenario);
  const { clock, store, random } = world;
  stand(world, scenario.standing ?? 0);
  let full = 0;
  const person = async (n: number, at: number) => {
    await clock.sleep(at);
    const token = Array.from({ length: 10 }, () =>
      Math.floor(random() * 256)
        .toString(16)
        .padStart(2, "0"),
    );
    for (;;) {
      const status = await world.ask(wish(n, random()), `unit${n % 50}`, token.join(""));
      if (status === 409) full++;
      if (status !== 503) return;
      await clock.sleep(AGAIN_MINUTES * 60_000);
    }
  };
  for (let n = 0; n < scenario.asked; n++) void person(n, random() * scenario.overMinutes * 60_000);

  const moments: Moment[] = [];
  let mostQueued = 0;
  for (let minute = 0; minute <= scenario.minutes; minute++) {
    const moment: Moment = { minute, creating: 0, queued: 0, building: 0, serving: 0, ready: 0, overdue: 0 };
    const late = new Date(clock.now - LATE_MS).toISOString();
    for (const project of store.projects.values()) {
      const { state, step, due } = project;
      if (due !== undefined && due < late) moment.overdue++;
      if (state === "ready") moment.ready++;
      if (state !== "running") continue;
      if (step === "serve" || step === "finish") moment.serving++;
      else if (step !== "deliver") moment.creating++;
    }
    moment.queued = world.account.waitingBuilds();
    moment.building = world.account.runningBuilds();
    mostQueued = Math.max(mostQueued, moment.queued);
    moments.push(moment);
    await world.pass(1);
  }
  return outcomeOf(scenario, world, { moments, full, mostQueued });
}

function outcomeOf(
  { asked, outage }: Scenario,
  { store, machine, calls, mostAtOnce, logged }: World,
  seen: Pick<Outcome, "moments" | "full" | "mostQueued">,
): Outcome {
  const { moments } = seen;
  const asking = [...store.projects.values()].filter(({ id }) => !id.startsWith(STANDING));
  const count = (...wanted: string[]) => asking.filter(({ state }) => wanted.includes(state)).length;
  const waits = asking
    .flatMap(({ state, createdAt, stages }) =>
      state === "ready" ? [(Date.parse(stages.finish!.endedAt!) - Date.parse(createdAt)) / 60_000] : [],
    )
    .sort((a, b) => a - b);
  const end = outage && outage.fromMinute + outage.minutes;
  const caughtUp = end !== undefined && moments.find(({ minute, overdue }) => minute >= end && overdue === 0);
  return {
    ...seen,
    ready: count("ready"),
    failed: count("failed"),
    rolledBack: count("rolled-back"),
    needPerson: count("needs-attention"),
    moving: count("running", "updating", "deleting"),
    waits: { median: waits[waits.length >> 1] ?? 0, slowest: waits.at(-1) ?? 0 },
    ...(caughtUp && { caughtUpAfter: caughtUp.minute - end! }),
    transitionsEach: machine.transitions / asked,
    callsEach: calls / asked,
    writesEach: store.writes / asked,
    mostCallsAtOnce: mostAtOnce,
    bytesOfRecord: Math.round(store.bytesEach()),
    logged: Object.fromEntries([...logged].sort()),
  };
}

/** Projects that are ready, with their next looks spread over a day. */
function stand({ store, account, clock, random }: World, many: number): void {
  const DAY = 86_400_000;
  const at = new Date(clock.now).toISOString();
  const done = { state: "done" as const, at, endedAt: at };
  for (let n = 0; n < many; n++) {
    const id = `${STANDING}${n}`;
    const { stack: framework, ...asked } = wish(n, random());
    account.put(`gw-${id}`);
    store.put({
      ...asked,
      ...{ id, framework, branch: "main", unit: `unit${n % 50}`, owner: "o", ownerEmail: "o@example.org" },
      ...{ name: id, host: id, secretArn: `arn:${id}`, cents: 100 },
      state: "ready",
      stages: { reserve: done, create: done, deliver: done, serve: done, finish: done },
      run: { name: `${id}-create`, action: "create", approval: false },
      quota: "committed",
      createdAt: at,
      due: new Date(clock.now + random() * DAY).toISOString(),
      ...{ stackId: `gw-${id}`, buildId: id, url: `https://${id}.projects.example.org` },
    });
  }
}

const MIX = assumed.projects.mix;

/** What the nth asks for; `share` says how often each kind is asked for. */
function wish(n: number, share: number) {
  let left = share;
  const kind = MIX.find((one) => (left -= one.share) < 0) ?? MIX[0]!;
  const { type, framework, environment } = kind;
  return {
    ...{ name: `project-${n}`, type, stack: framework },
    environment: environment as "dev" | "prod",
    repository: `https://github.com/example/project-${n}.git`,
    email: `team-${n % 50}@example.org`,
  };
}
