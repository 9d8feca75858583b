import { sleep, until } from "../../sandbox/problem";
import {
  buildDone,
  call,
  executionOf,
  outboxOf,
  settledProject,
  stackDone,
  wish,
} from "../../test/provisioner/driver";
import { functionNamed, Rig, startRig, User } from "../../test/provisioner/rig";
import { Figure, median, percentile, rounded } from "../figure";

const BENCH = "provisioner";
export const about =
  "requests a second, how soon a team is told, what our machinery adds to a project, and the functions' zips [requests]";

const CROWD: User = { email: "bench@example.org", unit: "bench", quota: 10_000 };
const ROLES = ["api", "steps", "reconcile"] as const;

/** All on one run of the emulators: their latency is not AWS's, so counts and zips carry over and times do not. */
export async function run([requests = "100"]: string[]): Promise<Figure[]> {
  const rig = await startRig();
  try {
    await rig.token(CROWD);
    return [
      ...(await machinery(rig)),
      ...(await told(rig)),
      ...(await zips(rig)),
      ...(await rush(rig, Number(requests))),
    ];
  } finally {
    await rig.stop();
  }
}

const reported = (figure: string, value: number): Figure => ({
  bench: BENCH,
  figure,
  ours: rounded(value),
  goal: "reported",
});

async function rush(rig: Rig, requests: number): Promise<Figure[]> {
  const times: number[] = [];
  const post = async (name: string, query: string, wanted: number) => {
    const start = performance.now();
    const { status } = await call(rig, CROWD, "POST", `/projects${query}`, wish(name));
    if (status !== wanted) throw new Error(`a request was answered with ${status}`);
    return performance.now() - start; // the API answers when the execution has started
  };
  await clients(100, (i) => post(`warm-${i}`, "?dryRun=1", 200));
  const began = performance.now();
  await clients(requests, async (i) => times.push(await post(`bench-${i}`, "", 202)));
  const seconds = (performance.now() - began) / 1000;
  return [
    reported("POST to execution started, 50 clients, p50 ms", median(times)),
    reported("POST to execution started, 50 clients, p99 ms", percentile(times, 0.99)),
    reported("accepted requests per second, 50 clients", requests / seconds),
  ];
}

/** Fifty clients that share so many requests. */
async function clients(requests: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const client = async () => {
    for (let i = next++; i < requests; i = next++) await work(i);
  };
  await Promise.all(Array.from({ length: 50 }, client));
}

/** One project with warm functions, told of the ends of stack and build once each. */
async function machinery(rig: Rig): Promise<Figure[]> {
  const warm = await call(rig, CROWD, "POST", "/projects", wish("warm"));
  await settledProject(rig, warm.body.id, { user: CROWD });
  const before = await durations(rig);
  const { body } = await call(rig, CROWD, "POST", "/projects", wish("counted"));
  await reaches(rig, body.id, "create");
  await stackDone(rig, body.id);
  await reaches(rig, body.id, "deliver");
  await buildDone(rig, body.id);
  await settledProject(rig, body.id, { user: CROWD, events: false });
  const after = await durations(rig);
  const executionArn = executionOf(rig, body.id);
  const { events = [] } = await rig.aws.sfn.getExecutionHistory({ executionArn, maxResults: 1_000 });
  const states = events.filter((event) => event.stateEnteredEventDetails).length;
  const calls = events.filter((event) => event.type === "TaskScheduled").length;
  const spent = (role: "steps" | "reconcile") =>
    after[role].slice(before[role].length).reduce((sum, each) => sum + each, 0);
  return [
    { bench: BENCH, figure: "states entered on the way to ready", ours: states, goal: "<= 8" },
    { bench: BENCH, figure: "function calls of the machine on the way to ready", ours: calls, goal: "<= 4" },
    reported("ms in the machine's functions on the way to ready, warm", spent("steps")),
    reported("ms in the function that two events wake, warm", spent("reconcile")),
  ];
}

/**
 * One project after the other: from the request to its execution, and from the event of its stack's end to the e-mail, less the
 * build, which is told to have ended as soon as it is noted.
 */
async function told(rig: Rig): Promise<Figure[]> {
  const posts: number[] = [];
  const times: number[] = [];
  for (let i = 0; i < 10; i++) {
    const asked = performance.now();
    const { body } = await call(rig, CROWD, "POST", "/projects", wish(`told-${i}`));
    posts.push(performance.now() - asked);
    await reaches(rig, body.id, "create");
    const start = performance.now();
    const heard = stackDone(rig, body.id);
    await reaches(rig, body.id, "deliver");
    await Promise.all([heard, buildDone(rig, body.id), isMailed(rig, `told-${i} is ready`)]);
    times.push(performance.now() - start);
  }
  return [
    reported("POST to execution started, one client, p50 ms", median(posts)),
    { ...reported("stack done to team told, without the build, p50 ms", median(times)), goal: "<= 1000" },
    reported("stack done to team told, without the build, slowest of ten, ms", Math.max(...times)),
  ];
}

const LOOKING = { everyMs: 10 };

const isMailed = (rig: Rig, subject: string) =>
  until(`The e-mail "${subject}"`, async () => (await outboxOf(rig)).includes(subject), LOOKING);

async function reaches(rig: Rig, id: string, step: string): Promise<void> {
  const hasReached = async () => {
    const { Item } = await rig.aws.dynamodb.getItem({
      TableName: rig.outputs.tableName,
      Key: { pk: { S: `project#${id}` } },
      ConsistentRead: true,
    });
    // The build is started by the step itself; before it is noted, nothing could be told of it.
    return (
      (Item?.["step"]?.S === step && (step === "create" ? Item["stackId"] : Item["buildId"])) || undefined
    );
  };
  await until(`The project's step ${step}`, hasReached, LOOKING);
}

/** What the emulator reports of each call, as Lambda does. */
async function durations(rig: Rig): Promise<Record<(typeof ROLES)[number], number[]>> {
  await sleep(500); // logs are written after the answer
  const read = async (role: (typeof ROLES)[number]) => {
    const FunctionName = await functionNamed(rig, role);
    const { LoggingConfig } = await rig.aws.lambda.getFunctionConfiguration({ FunctionName });
    const { events = [] } = await rig.aws.logs.filterLogEvents({ logGroupName: LoggingConfig!.LogGroup! });
    return events.flatMap(({ message }) => {
      const found = /^REPORT .*?Duration: ([\d.]+) ms/.exec(message ?? "");
      return found ? [Number(found[1])] : [];
    });
  };
  const [api, steps, reconcile] = await Promise.all(ROLES.map(read));
  return { api: api!, steps: steps!, reconcile: reconcile! };
}

async function zips(rig: Rig): Promise<Figure[]> {
  return Promise.all(
    ROLES.map(async (role) => {
      const FunctionName = await functionNamed(rig, role);
      const { CodeSize } = await rig.aws.lambda.getFunctionConfiguration({ FunctionName });
      // One function for all routes of the API instead of eight to keep warm.
      const limit = role === "api" ? 10_600 : 10_000;
      return { bench: BENCH, figure: `zip of ${role}, bytes`, ours: CodeSize!, goal: `<= ${limit}` };
    }),
  );
}
