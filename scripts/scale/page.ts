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
    ["What is limited", "AWS allows", `reached at ${whom}`, "AWS raises it"],
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
  const door = Math.floor((most("partitionReads") * 8_192) / raised.bytesOfRecord);
  return `# Scale

What limits each part, at which number, what that costs, and where the design changes. All figures come from \`npm run scale\`, which a test holds this page to;
**nothing of it was measured on AWS**. What people and projects do is taken for granted ([the list](../scripts/scale/assumed.json)); AWS's limits are the defaults of an account in ${REGION}
([the list](../scripts/scale/published-limits.json)), read on the page that each links to, or in an earlier state of it in AWS's own repositories; ° is from knowledge, ? is assumed because AWS does not say. Prices are those of each
preview ([the list](../scripts/preview/price-list.json), ${read}), on demand, without traffic to the internet and free tiers.

## People

A person is active on ${assumed.people.daysActiveAMonth} days a month and asks for ${assumed.people.requestsADay} pages on each, a fifth of them in the busiest hour; a small server is taken to answer ${assumed.people.requestsAServerSecond} requests a second (on two quiet cores
[it answers more](benchmarks.md)), and one is spare.

${table(
  ["People", "requests a second", "servers", "database", "USD a month", "a person"],
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

Of a million people's bill:

${table(
  ["Part", "USD a month"],
  costOfPeople(1_000_000, prod, SERVERS)
    .sort((a, b) => b.usd - a.usd)
    .map(({ what, usd }) => [what, number(usd)]),
)}

${limits(PEOPLE, "people")}

**Where the design changes.** To a million people: not at all but for quotas and sizes. Threat protection is most of the bill; \`identity.threatProtection: false\` takes it away, and what Cognito then asks for each person is not in
the price list. Beyond, the first to go is the one writer of the database: shared storage is written by one machine, and RDS by one of a class; reads go to replicas, which this platform does not have. Then sign-ins: a second pool means a
second region or account, since Cognito counts by both.

## Projects

The mix: ${MIX.map(({ share, type, framework, environment }) => `${number(share * 100)} % ${type}/${framework} in ${environment}`).join(", ")}; each month a tenth of them is new.

${table(
  ["Projects", "accounts", "USD a month", "a project", "of it the platforms"],
  SIZES.map((many) => {
    const { accounts, lines } = costOfProjects(many, prod, per);
    const usd = sum(lines);
    return [number(many), number(accounts), number(usd), number(usd / many), number(lines[0]!.usd)];
  }),
)}

${table(
  ["A project of the kind", "USD a month"],
  MIX.map((kind) => [
    `${kind.type}/${kind.framework} in ${kind.environment}`,
    sum(costOfProject(kind)).toFixed(2),
  ]),
)}

${limits(rows, "projects")}

**Where the design changes.**

| From | What | Instead |
|--:|---|---|
| 2 | the vCPUs and the one build of a new account | ask AWS before the first team does ([quotas.md](quotas.md)) |
| ${number(100)} | a function, an access control and a policy of headers serve 100 distributions | AWS raises it; then the setting \`siteCapacity\` |
| some 1,000 | more builds at a time than run and wait: what comes beyond is asked for again each minute (below) | builds raised ahead, by what teams will bear to wait |
| ${number(CELL)} | IAM's roles, which AWS raises no further than that | **a cell**: an account with a platform of its own for some business units, by \`aws:allowedAccountIds\`; nothing spans cells but DNS and the bill |
| ${number(door)} | each request at the door reads all records of the index: with one request a second a partition has no more to give | a count for each room beside the records, changed in the same transaction; several values of \`queue\` |
| 1,000,000 | ${number(Math.ceil(1_000_000 / CELL))} cells | accounts made by a program, a directory of units and their cells, regions by where teams are; none of it is here |

## The provisioner under load

Simulated: the provisioner's own functions, saga and catalogue, with a clock, an account and AWS's limits in AWS's place (seed ${SCENARIOS.raised.seed}; stacks, builds and servers take as many minutes as \`assumed.json\` says).

![The queues over time](scale-queue.svg)

${table(
  [
    "10,000 ask within eight hours",
    "ready",
    "kept out, full",
    "failed",
    "taken back",
    "half were ready within",
    "the slowest",
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

- With a new account's defaults ${number(defaults.ready)} projects get ready. The door keeps out what it knows of; of those that it lets in, ${number(defaults.rolledBack)} are taken back for want of vCPUs or calls.
- With raised quotas all ${number(raised.ready)} get ready, at most ${number(raised.mostCallsAtOnce)} calls of our functions at once. A project takes ${number(raised.transitionsEach)} state transitions, ${number(raised.callsEach)} calls and ${number(raised.writesEach)} writes, its record ${number(raised.bytesOfRecord)} bytes.
- With half the builds CodeBuild's queue is full (${number(fewBuilds.mostQueued)}) within the hour. What it turns away waits at the project and is asked for again each minute: half are ready within ${number(fewBuilds.waits.median)} minutes, the last after ${number(fewBuilds.waits.slowest)}; ${fewBuilds.failed > 0 ? `${number(fewBuilds.failed)} fail` : "none fails"}.

${table(
  [
    "10,000 stand, 60 more ask each hour; from 1:00 to 2:00",
    "ready of 240",
    "failed",
    "for a person",
    "overdue at most",
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

- What nobody told is found by the look of each minute, which takes the oldest first; what its five minutes do not suffice for is left to the next one.
- The few that fail after an hour without looks were being asked whether they serve, for which the saga gives an hour: their address may answer all the same. \`PATCH\` with \`{"rebuild": true}\` makes them ready.
- What asks CodeBuild in vain waits and asks again: an hour without builds fails ${number(builds.failed)} of 240.

What it does not know: how CloudFormation's limits behave (AWS does not publish them), failures by chance, and throttling within CloudFormation's own calls, which makes stacks slower than assumed when many are made at once.
`;
}
