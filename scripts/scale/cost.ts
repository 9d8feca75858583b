// What people and projects cost a month, by the price list of the previews.
import { costsOf } from "../preview/cost";
import { priceOf, type PriceName } from "../preview/prices";
import type { Resource } from "../preview/resource";
import type { Choice } from "../../functions/provisioner/catalogue";
import assumed from "./assumed.json";
import {
  CELL,
  type DatabaseClass,
  databaseFor,
  hasDatabase,
  hasServer,
  MACHINES,
  MIX,
  serversFor,
  unitsFor,
} from "./capacity";

export const REGION = "eu-west-1";
const HOURS = 730;
const SERVER = "t4g.small";
const price = (name: PriceName, times: number): number => priceOf(name, REGION) * times;

export interface Line {
  what: string;
  usd: number;
}
export const sum = (lines: Line[]): number => lines.reduce((total, { usd }) => total + usd, 0);

const database = (name: DatabaseClass, copies: number): number =>
  price(`rds ${name}`, copies * HOURS) + price("rds disk", copies * 20);

/** What a stack costs without any use. */
export const standing = (stack: Resource[]): number =>
  costsOf(stack, REGION).reduce((total, { usd, assumed }) => total + (assumed ? 0 : usd), 0);

/** The platform for this many people: the fixed part, and the part that grows with them. */
export function costOfPeople(many: number, prod: Resource[], leastServers: number): Line[] {
  const { people } = assumed;
  const requests = (many * people.requestsADay * people.daysActiveAMonth) / 1e6;
  const uploads = (many * people.uploadsAMonth * people.uploadMB) / 1_000;
  const more = serversFor(many, leastServers) - leastServers;
  // For a third of the time, the group is as large as the busiest hour requires.
  const servers = (price(`ec2 ${SERVER}`, HOURS) * more) / 3;
  const class_ = databaseFor(many, leastServers);
  return [
    { what: "fixed costs", usd: standing(prod) },
    { what: "more servers", usd: servers },
    { what: `database ${class_}`, usd: database(class_, 2) - database("db.t4g.micro", 2) },
    { what: "load balancer's capacity", usd: price("load balancer capacity", (unitsFor(many) * HOURS) / 3) },
    { what: "threat protection for all people", usd: price("protected person", many) },
    { what: "firewall requests", usd: price("firewall requests", requests) },
    { what: "a year of uploads", usd: price("s3", uploads * 12) },
    { what: "malware scans", usd: price("malware scan", uploads) },
    { what: "logs, 0.5 KB a request", usd: price("log", requests / 2) },
  ];
}

/** A project of a kind, with the assumed number of builds. */
export function costOfProject(kind: Choice): Line[] {
  const { environment } = kind;
  const builds = { what: "builds", usd: price("build minute", 5 * assumed.projects.buildsAMonth) };
  const logs = { what: "logs, 0.1 GB", usd: price("log", 0.1) };
  const secret = { what: "secret", usd: price("secret", 1) };
  // Stored releases hardly shrink if most of their content is pictures.
  if (!hasServer(kind))
    return [builds, logs, secret, { what: "files, 1 GB, and six releases of them", usd: price("s3", 1 + 6) }];
  const machines = MACHINES[environment];
  const balanced = environment !== "dev";
  const prod = environment === "prod";
  return [
    ...[builds, logs, secret],
    { what: "values", usd: price("secret", 1) },
    { what: "image, 1 GB", usd: price("image", 1) },
    { what: "servers", usd: machines * (price(`ec2 ${SERVER}`, HOURS) + price("disk gp3", 16)) },
    { what: "addresses", usd: price("public address", (balanced ? 2 : machines) * HOURS) },
    ...(balanced
      ? [
          {
            what: "load balancer",
            usd: price("load balancer", HOURS) + price("load balancer capacity", 0.1 * HOURS),
          },
        ]
      : []),
    ...(hasDatabase(kind)
      ? [
          {
            what: "database",
            usd: database(prod ? "db.t4g.small" : "db.t4g.micro", prod ? 2 : 1) + price("secret", 1),
          },
        ]
      : []),
  ];
}

export const meanProject = (): number =>
  MIX.reduce((total, kind) => total + kind.share * sum(costOfProject(kind)), 0);

/** This many projects, in as many accounts as they need, each with its own platform. */
export function costOfProjects(
  many: number,
  prod: Resource[],
  per: { transitions: number; calls: number; writes: number },
) {
  const accounts = Math.ceil(many / CELL);
  const begun = many * assumed.projects.newAMonthShare;
  return {
    accounts,
    lines: [
      { what: "platforms", usd: accounts * standing(prod) },
      { what: "projects", usd: many * meanProject() },
      {
        what: "the provisioner's own work",
        usd:
          price("workflow transitions", (begun * per.transitions) / 1_000) +
          price("function requests", (begun * per.calls + many * 30) / 1e6) +
          price("table requests", (begun * per.writes + many * 30 * 3) / 1e6),
      },
    ] satisfies Line[],
  };
}
