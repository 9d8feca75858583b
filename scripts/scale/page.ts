import type { Resource } from "../preview/resource";
import { read } from "../preview/prices";
import assumed from "./assumed.json";
import {
  CELL,
  connectionsOf,
  databaseFor,
  MIX,
  PEOPLE,
  projectRows,
  reachedAt,
  requestsASecond,
  type Row,
  serversFor,
} from "./capacity";
import { costOfPeople, costOfProject, costOfProjects, REGION, sum } from "./cost";
import { most } from "./limits";
import type { Outcome } from "./simulation/scenario";
import { SCENARIOS } from "./simulation/scenarios";

export type Outcomes = Record<keyof typeof SCENARIOS, Outcome>;

export const SIZES = [100, 10_000, 1_000_000];
/** Of the stack prod. */
const SERVERS = 2;

const number = (value: number): string =>
  value >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString("en")
    : value.toPrecision(2).replace(/\.0$/, "");
const table = (heads: string[], rows: string[][]): string =>
  [
    `| ${heads.join(" | ")} |`,
    `|${heads.map((_, i) => (i === 0 ? "---" : "--:")).join("|")}|`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");

const MARKS = { read: "", knowledge: " °", assumed: " ?" };

const limits = (rows: Row[], whom: string): string =>
  table(
    ["Limit", "AWS allows", `reached at ${whom}`, "AWS raises it"],
    rows.map((row) => [
      `[${row.service}: ${row.what}](${row.page})${MARKS[row.known]}`,
      [number(row.most), row.unit].filter(Boolean).join(" "),
      number(reachedAt(row)),
      row.fixed ? "no" : "yes",
    ]),
  );

/** docs/scale.md. */
export function scalePage(outcomes: Outcomes, prod: Resource[]): string {
  const { defaults, raised, fewBuilds, events, functions, builds } = outcomes;
  const per = { transitions: raised.transitionsEach, calls: raised.callsEach, writes: raised.writesEach };
  const rows = projectRows(raised.bytesOfRecord);
  const readsPerSecond = Math.floor((most("partitionReads") * 8_192) / raised.bytesOfRecord);
  return `# Scale

What limits each part, at which size, what that costs, and where the design has to change. \`npm run scale\` computes all figures, and a test keeps this page in step with it.
**None of this was measured on AWS.** The behaviour of people and projects is assumed ([the list](../scripts/scale/assumed.json)). AWS's limits are the defaults of an account in ${REGION}
([the list](../scripts/scale/published-limits.json)), read on the linked page or in an earlier version of it in AWS's own repositories; ° marks a limit from general knowledge, ? one that is assumed because AWS does not publish it. Prices are those of the
previews ([the list](../scripts/preview/price-list.json), ${read}): on demand, without traffic to the internet and without free tiers.

## People

A person is active on ${assumed.people.daysActiveAMonth} days a month and requests ${assumed.people.requestsADay} pages on each, a fifth of them in the busiest hour. A small server is assumed to answer ${assumed.people.requestsAServerSecond} requests a second (on two quiet cores,
[it answers more](benchmarks.md)), and there is one spare server.

${table(
  ["People", "requests a second", "servers", "database", "USD a month", "per person"],
  SIZES.map((many) => {
    const usd = sum(costOfPeople(many, prod, SERVERS));
    const class_ = databaseFor(many, SERVERS);
    return [
      number(many),
      number(requestsASecond(many)),
      number(serversFor(many, SERVERS)),
      `${class_}, ${connectionsOf(class_)} connections`,
      number(usd),
      (usd / many).toFixed(usd / many < 1 ? 3 : 2),
    ];
  }),
)}

The bill for a million people:

${table(
  ["Part", "USD a month"],
  costOfPeople(1_000_000, prod, SERVERS)
    .sort((a, b) => b.usd - a.usd)
    .map(({ what, usd }) => [what, number(usd)]),
)}

${limits(PEOPLE, "people")}

**Where the design changes.** Up to a million people, only quotas and sizes change. Threat protection is most of the bill; \`identity.threatProtection: false\` removes it, but what Cognito then charges for each person is not in
the price list. Beyond that, the first limit is the database's single writer: one machine writes to shared storage, and one instance of a given class to RDS. Reads could go to replicas, which this platform does not have. The next limit is sign-ins: a second pool needs a
second region or account, because Cognito counts by both.

## Projects

The mix: ${MIX.map(({ share, type, framework, environment }) => `${number(share * 100)} % ${type}/${framework} in ${environment}`).join(", ")}; each month, a tenth of them is new.

${table(
  ["Projects", "accounts", "USD a month", "per project", "of which platforms"],
  SIZES.map((many) => {
    const { accounts, lines } = costOfProjects(many, prod, per);
    const usd = sum(lines);
    return [number(many), number(accounts), number(usd), number(usd / many), number(lines[0]!.usd)];
  }),
)}

${table(
  ["Kind of project", "USD a month"],
  MIX.map((kind) => [
    `${kind.type}/${kind.framework} in ${kind.environment}`,
    sum(costOfProject(kind)).toFixed(2),
  ]),
)}

${limits(rows, "projects")}

**Where the design changes.**

| From | What | Instead |
|--:|---|---|
| 2 | the vCPUs and the one build of a new account | request more from AWS before the first team needs them ([quotas.md](quotas.md)) |
| ${number(100)} | a function, an access control and a headers policy serve 100 distributions | have AWS raise the quota, then raise the setting \`siteCapacity\` |
| about 1,000 | more builds at once than can run and wait: the rest are requested again every minute (below) | raise the build quota in advance, according to how long teams can wait |
| ${number(CELL)} | IAM roles, which AWS raises no further | **a cell**: an account with its own platform for some business units, by \`aws:allowedAccountIds\`; cells share only DNS and the bill |
| ${number(readsPerSecond)} | each request to the API reads all records of the index: at one request a second, a partition is exhausted | a counter for each limit beside the records, changed in the same transaction; several values of \`queue\` |
| 1,000,000 | ${number(Math.ceil(1_000_000 / CELL))} cells | accounts created by a program, a directory of units and their cells, regions close to the teams; none of this exists here |

## The provisioner under load

This is a simulation: the provisioner's own functions, saga and catalogue run against a simulated clock, account and AWS limits (seed ${SCENARIOS.raised.seed}; \`assumed.json\` says how many minutes stacks, builds and servers take).

![The queues over time](scale-queue.svg)

${table(
  [
    "10,000 requests within eight hours",
    "ready",
    "refused as full",
    "failed",
    "rolled back",
    "median time to ready",
    "slowest",
  ],
  (["defaults", "raised", "fewBuilds"] as const).map((name) => {
    const { ready, full, failed, rolledBack, waits } = outcomes[name];
    return [
      SCENARIOS[name].title,
      ...[ready, full, failed, rolledBack].map(number),
      `${number(waits.median)} min`,
      `${number(waits.slowest)} min`,
    ];
  }),
)}

- With a new account's defaults, ${number(defaults.ready)} projects become ready. The API refuses what exceeds the limits it knows; of the projects it accepts, ${number(defaults.rolledBack)} are rolled back for lack of vCPUs or calls.
- With raised quotas, all ${number(raised.ready)} become ready, with at most ${number(raised.mostCallsAtOnce)} calls of our functions at once. A project takes ${number(raised.transitionsEach)} state transitions, ${number(raised.callsEach)} calls and ${number(raised.writesEach)} writes; its record has ${number(raised.bytesOfRecord)} bytes.
- With half the builds, CodeBuild's queue is full (${number(fewBuilds.mostQueued)}) within the hour. A build that it refuses waits in its project and is requested again every minute: half of the projects are ready within ${number(fewBuilds.waits.median)} minutes, the last after ${number(fewBuilds.waits.slowest)}; ${fewBuilds.failed > 0 ? `${number(fewBuilds.failed)} fail` : "none fails"}.

${table(
  [
    "10,000 exist, 60 more are requested each hour; from 1:00 to 2:00",
    "ready of 240",
    "failed",
    "need a person",
    "most overdue",
    "caught up after",
  ],
  ([events, functions, builds] as const).map((outcome, i) => [
    SCENARIOS[(["events", "functions", "builds"] as const)[i]!].title,
    number(outcome.ready),
    number(outcome.failed),
    number(outcome.needPerson),
    number(Math.max(...outcome.moments.map(({ overdue }) => overdue))),
    outcome.caughtUpAfter === undefined ? "not within 4 hours" : `${number(outcome.caughtUpAfter)} min`,
  ]),
)}

- Missed events are found by the reconciler, which runs every minute and takes the oldest projects first; whatever does not fit into its five minutes is left to the next run.
- The few projects that fail after an hour without the reconciler were in the step that checks whether they serve, for which the saga allows an hour. Their address may answer nevertheless; \`PATCH\` with \`{"rebuild": true}\` makes them ready.
- A build that CodeBuild refuses waits and is requested again: an hour without builds fails ${number(builds.failed)} of 240 projects.

The simulation does not cover how CloudFormation's limits behave (AWS does not publish them), random failures, and throttling within CloudFormation's own calls, which makes stacks slower than assumed when many are created at once.
`;
}
