// The load of people and projects on each service, and how many of them reach its limit.
import { kindOf, resourcesOf, type Choice, type Environment } from "../../functions/provisioner/catalogue";
import { QUOTAS } from "../quotas/quotas";
import assumed from "./assumed.json";
import { limit, most } from "./limits";

/** A limit, and how much of it one person or one project uses. */
export interface Row {
  service: string;
  what: string;
  most: number;
  unit: string;
  each: number;
  /** @default AWS raises it on request */
  fixed?: boolean;
  known: "read" | "knowledge" | "assumed";
  page: string;
}

/** How many of them reach it. */
export const reachedAt = ({ most, each }: Row): number => Math.floor(most / each);

const row = (key: string, each: number, what?: string): Row => {
  const { service, most, unit, raisable, known, page, ...limited } = limit(key);
  return {
    ...{ service, most, unit, each, known, page },
    what: what ?? limited.what,
    ...(!raisable && { fixed: true }),
  };
};

const { people, projects } = assumed;

/** Of one person who is active in the month, in the busiest hour. */
const A_SECOND = ((people.daysActiveAMonth / 30) * people.peakHourShare) / 3_600;
export const requestsASecond = (many: number): number => many * A_SECOND * people.requestsADay;
export const serversFor = (many: number, least: number): number =>
  Math.max(least, Math.ceil(requestsASecond(many) / people.requestsAServerSecond) + 1);
/** Capacity units of the load balancer in that hour, by its most used dimension. */
export const unitsFor = (many: number): number =>
  Math.max(
    requestsASecond(many) / people.requestsAConnection / most("unitConnections"),
    (requestsASecond(many) * 3_600 * people.pageKB) / 1e6 / most("unitBytes"),
  );

/** The connections that a server holds: the web app's own default. */
const POOL = 10;
const GIB = 2 ** 30;
/** Memory of RDS's instances, in GiB. https://aws.amazon.com/rds/instance-types/ */
export const DATABASES = { "db.t4g.micro": 1, "db.t4g.small": 2, "db.t4g.medium": 4, "db.t4g.large": 8 };
export type DatabaseClass = keyof typeof DATABASES;
export const connectionsOf = (name: DatabaseClass): number =>
  Math.min(most("connections"), Math.floor((DATABASES[name] * GIB) / most("bytesAConnection")));
/** The smallest that holds all servers' connections; the largest here if none does. */
export const databaseFor = (many: number, least: number): DatabaseClass => {
  const names = Object.keys(DATABASES) as DatabaseClass[];
  return names.find((name) => connectionsOf(name) >= serversFor(many, least) * POOL) ?? names.at(-1)!;
};

const serversEach = requestsASecond(1) / people.requestsAServerSecond;

/** The limits that people of the web app reach, the first one first. */
export const PEOPLE: Row[] = [
  row("signIns", A_SECOND),
  row("signUps", A_SECOND / people.daysActiveAMonth, "sign-ups, if all of them come within one month"),
  row("people", 1),
  row("targets", serversEach),
  {
    ...row("bytesAConnection", 0),
    what: `connections to a db.t4g.micro, ${POOL} per server`,
    most: connectionsOf("db.t4g.micro"),
    unit: "",
    each: serversEach * POOL,
  },
  {
    ...row("bytesAConnection", 0),
    what: `connections to a db.t4g.large, ${POOL} per server`,
    most: connectionsOf("db.t4g.large"),
    unit: "",
    each: serversEach * POOL,
  },
  row("efsWrites", (requestsASecond(1) * people.writesShare * people.writeKB) / 1_024),
  {
    ...row("efsClient", (requestsASecond(1) * people.writesShare * people.writeKB) / 1_024),
    what: "writes of the single machine that may write",
  },
].sort((a, b) => reachedAt(a) - reachedAt(b));

/** A project's minimum number of servers, as in the template. */
export const MACHINES: Record<Environment, number> = { dev: 1, stag: 1, prod: 2 };

export type Kind = Choice & { share: number };
export const MIX = projects.mix as Kind[];
export const hasServer = ({ type, framework }: Choice): boolean =>
  kindOf(type, framework)!.template === "server";
export const hasDatabase = ({ type, framework }: Choice): boolean =>
  kindOf(type, framework)!.engine !== undefined;

const mean = (of: (kind: Kind) => number): number =>
  MIX.reduce((sum, kind) => sum + kind.share * of(kind), 0);

/** A project's use of one of AWS's quotas, averaged over the mix. */
function takenOf({ inProjects = [], each = 1, what }: (typeof QUOTAS)[number]): number {
  return mean((kind) => {
    const resources = resourcesOf(kind);
    const declared = inProjects.reduce((sum, type) => sum + (resources[type.replace(/^AWS::/, "")] ?? 0), 0);
    if (what.startsWith("vCPUs")) return declared * each * MACHINES[kind.environment];
    return declared * each + (inProjects.includes("itself") ? (hasDatabase(kind) ? 2 : 1) : 0);
  });
}

const counted: Row[] = QUOTAS.flatMap((quota) => {
  const each = takenOf(quota);
  const { what, most, young, page } = quota;
  return each === 0
    ? []
    : [{ service: "Quota", what, most: young ?? most, unit: "", each, known: "read" as const, page }];
});

const DAY = 86_400;

/** The limits that the provisioner's own design reaches; the simulation measures the size of a record. */
export const projectRows = (bytesOfRecord: number): Row[] =>
  [
    ...counted,
    {
      ...row("partitionReads", bytesOfRecord / 8_192),
      what: "read units of the index, at one API request a second that reads all records",
    },
    {
      ...row("executionLooks", (projects.newAMonthShare / 30 / 8 / 3_600) * 16),
      what: "running executions checked every minute, in a day of eight hours, 16 minutes each",
      most: most("executionLooks") * 60,
      unit: "a minute",
      each: (projects.newAMonthShare / 30 / 480) * 16,
    },
    row("stackCalls", 1 / DAY, "calls for the daily drift check"),
    {
      ...row("builds", 0),
      each: (projects.buildsAMonth / 30 / 480) * 5,
      what: "small builds at once, 5 minutes each",
    },
    {
      ...row("iamRoles", 0),
      each: mean((kind) => resourcesOf(kind)["IAM::Role"] ?? 0),
    },
  ].sort((a, b) => reachedAt(a) - reachedAt(b));

/** The maximum of projects in one account: AWS raises this no further. */
export const CELL = Math.floor(most("iamRoles") / mean((kind) => resourcesOf(kind)["IAM::Role"] ?? 0));
