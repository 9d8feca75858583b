// What our texts say that things cost, each figure with where it comes from in the price list of the previews.
import { Bastion } from "../../components/network/bastion";
import { ManagedDatabase } from "../../components/database/managed";
import { costsOf, sumOf } from "../../scripts/preview/cost";
import { resourcesOf } from "../../scripts/preview/declared";
import { ASSUMED, priceOf, type PriceName, type Region } from "../../scripts/preview/prices";
import { NETWORK } from "../components/around";
import { run } from "../harness";
import { stackView } from "../stacks/stacks";

/** A figure as the list has it in a region. */
export type Figure = (region: Region) => number | Promise<number>;

export interface Claim {
  /** From the root of the repository. */
  file: string;
  /** With `{}` in the place of each figure. */
  words: string;
  figures: Figure[];
}

const HOURS = 730;
const MINUTES = HOURS * 60;

const price =
  (name: PriceName, times = 1): Figure =>
  (region) =>
    priceOf(name, region) * times;
const hourly = (name: PriceName, times = 1) => price(name, times * HOURS);
const plus =
  (...figures: Figure[]): Figure =>
  async (region) =>
    (await Promise.all(figures.map((one) => one(region)))).reduce((sum, one) => sum + one, 0);
const minus =
  (of: Figure, taken: Figure): Figure =>
  async (region) =>
    (await of(region)) - (await taken(region));

/** What a component of a stack costs; `fixed` leaves out what depends on use. */
const ofStack =
  (stack: string, component: string, { fixed = false } = {}): Figure =>
  async (region) =>
    sumOf(
      costsOf(resourcesOf((await stackView(stack)).resources), region).filter(
        ({ resource, assumed }) => resource.component === component && !(fixed && assumed),
      ),
    );

/** What a component costs by itself, without what depends on use. */
const alone =
  (make: () => object): Figure =>
  async (region) =>
    sumOf(costsOf(resourcesOf((await run(make)).resources), region).filter(({ assumed }) => !assumed));
const database = (kind: "instance" | "cluster" | "aurora") =>
  alone(
    () =>
      new ManagedDatabase("db", {
        kind,
        keepData: true,
        network: {
          ...NETWORK,
          privateSubnetIds: ["subnet-a", "subnet-b", "subnet-c"].slice(0, kind === "cluster" ? 3 : 2),
        },
        ...(kind === "instance" && { instanceClass: "db.t4g.micro" }),
      }),
  );

/** A function's calls, each of some seconds at 256 MiB. */
const calls = (times: number, seconds: number) =>
  plus(price("function requests", times / 1e6), price("function time", (times * seconds * 0.25) / 1e6));

const KEY = price("key");
const MOVED = calls(1e6, 0.06);
const GATEWAY = hourly("nat gateway");

const claims = (file: string, ...all: [words: string, ...figures: Figure[]][]): Claim[] =>
  all.map(([words, ...figures]) => ({ file, words, figures }));

export const CLAIMS: Claim[] = [
  ...claims("components/shared/build-project.ts", ["About {} USD a minute.", price("build minute")]),
  ...claims("components/shared/rest-api.ts", ["About {} USD for a million requests.", price("api requests")]),
  ...claims("components/identity/user-pool.ts", ["{} USD for the key that seals sessions", KEY]),
  ...claims("components/identity/args.ts", ["about {} USD per user and month", price("protected person")]),
  ...claims("components/database/failover-watchdog.ts", [
    "Costs about {} USD a month, at a second per check.",
    calls(MINUTES, 1),
  ]),
  ...claims("components/database/managed.ts", [
    "Costs about {} USD a month (db.t4g.micro with its standby), {} (Aurora at rest) or {} (cluster).",
    ...[database("instance"), database("aurora"), database("cluster")],
  ]),
  ...claims("components/database/storage.ts", ["Costs {} USD a GB and month", price("efs")]),
  ...claims("components/database/shared-storage.ts", [
    "Costs about {} USD a month for two t4g.small, {} for disks, key, lease and stored data, including its backups.",
    hourly("ec2 t4g.small", 2),
    minus(ofStack("dev", "SharedStorage"), hourly("ec2 t4g.micro", 2)),
  ]),
  ...claims("components/delivery/artifacts.ts", ["About {} USD a month and the storage.", KEY]),
  ...claims("components/delivery/pipeline.ts", [
    "About {} USD a run, of ten minutes.",
    plus(price("pipeline minute", 10), price("build minute", 6)),
  ]),
  ...claims("components/delivery/delivery.ts", [
    "About {} USD a month at rest, {} a run.",
    ofStack("dev", "Delivery", { fixed: true }),
    plus(price("pipeline minute", 10), price("build minute", 6)),
  ]),
  ...claims("components/web/load-balancer.ts", [
    "Costs about {} USD a month, with an address in each of two zones.",
    plus(
      hourly("load balancer"),
      hourly("load balancer capacity", ASSUMED["load balancer capacity"]),
      hourly("public address", 2),
    ),
  ]),
  ...claims("components/web/baked-image.ts", [
    "about {} USD a month for the images.",
    price("machine image", ASSUMED["machine image"]),
  ]),
  ...claims("components/web/image.ts", ["Costs {} USD a GB and month", price("image")]),
  ...claims("components/web/web-tier.ts", [
    "Costs about {} USD a month for the load balancer and {} for each t4g.small with its disk, {} more with an address of its own.",
    plus(hourly("load balancer"), hourly("public address", 2)),
    plus(hourly("ec2 t4g.small"), price("ec2 detailed monitoring"), price("disk gp3", 10)),
    hourly("public address"),
  ]),
  ...claims("components/web/args.ts", [
    "10 costs about {} USD more a month per server",
    price("figures sent", (MINUTES * 5) / 1_000),
  ]),
  ...claims("components/network/bastion.ts", [
    "Costs about {} USD a month while it exists, with its disk and an address.",
    alone(() => new Bastion("bastion", { network: NETWORK })),
  ]),
  ...claims("components/network/args.ts", [
    "each costs about {} USD a month per zone",
    hourly("interface endpoint"),
  ]),
  ...claims("components/network/network.ts", [
    "a t4g.nano (about {} USD a month) or NAT gateways (about {} USD a month each)",
    ...[hourly("ec2 t4g.nano"), GATEWAY],
  ]),
  ...claims("components/uploads/mover.ts", ["Costs about {} USD a million objects", MOVED]),
  ...claims("components/uploads/file-uploads.ts", [
    "{} USD a month for the key and about {} USD a million objects moved.",
    ...[KEY, MOVED],
  ]),
  ...claims("components/operations/alarms.ts", ["{} USD a month for each metric", price("alarm")]),
  ...claims("components/operations/backup-plan.ts", [
    "{} USD a month for the key and about {} USD a GB and month.",
    ...[KEY, price("backup")],
  ]),
  ...claims("components/operations/alarm-topic.ts", ["About {} USD a month for the key.", KEY]),
  ...claims("components/operations/dashboard.ts", ["{} USD a month; the first three", price("dashboard")]),
  ...claims("components/operations/log-export.ts", [
    "{} USD a month for the key, about {} a GB for the copying",
    ...[KEY, price("delivery stream")],
  ]),
  ...claims("components/operations/web-firewall.ts", [
    "{} USD a month and {} for a million requests.",
    ofStack("prod", "WebFirewall", { fixed: true }),
    price("firewall requests"),
  ]),
  ...claims("components/operations/audit-trail.ts", [
    "{} USD a month for the key; the first copy of the events is free, the log group about {} USD a GB.",
    ...[KEY, price("log")],
  ]),
  ...claims("components/operations/args.ts", ["about {} USD for 100,000 of them", price("data events")]),
  ...claims("components/provisioner/provisioner.ts", [
    "Costs about {} USD a month with few requests;",
    ofStack("dev", "Provisioner"),
  ]),
  ...claims("functions/provisioner/about.ts", [
    "each further GB costs about {} cents a month with its backup",
    (region) => 100 * (priceOf("efs", region) + priceOf("backup", region)),
  ]),
  ...claims(
    "docs/network.md",
    ["one NAT instance for all zones | {} USD |", hourly("ec2 t4g.nano")],
    ["a NAT instance in each zone | {} USD a zone |", hourly("ec2 t4g.nano")],
    ["one NAT gateway for all zones | {} USD and {} a GB |", GATEWAY, price("nat gateway traffic")],
    ["a NAT gateway in each zone | {} USD a zone and {} a GB |", GATEWAY, price("nat gateway traffic")],
    ["Each public IPv4 address costs another {} USD a month", hourly("public address")],
    ["endpoint costs about {} USD a month per zone.", hourly("interface endpoint")],
    ["Flow logs cost about {} USD a GB.", price("log")],
  ),
  ...claims(
    "docs/identity.md",
    ["plus {} USD a month for the session key.", KEY],
    ["about {} USD per person and month, from the first person on.", price("protected person")],
    ["Mail through SES costs {} USD for 1,000.", price("mail")],
  ),
  ...claims("docs/first-steps.md", ["The key costs {} USD a month;", KEY]),
  ...claims(
    "docs/operations.md",
    [
      "which connects the projects' servers to the internet for {} USD a month.",
      plus(GATEWAY, hourly("public address")),
    ],
    ["what it costs while it runs, from {} USD", database("instance")],
    ["| keys | {} USD each:", KEY],
    ["| {} USD for a million recorded traces", price("traces")],
  ),
];

/** Figures that no price list of ours has, each with the reason. */
export const ELSEWHERE: Record<string, string> = {
  "AWS charges about 10 cents a month for each GB of it":
    "Amazon RDS pricing, backup storage of a deleted database: 0.095 USD; no stack of ours declares a snapshot",
  "DocumentDB costs at least about 60 USD a month": "we create nothing there: the sentence says why",
  "`GetCostAndUsage` by that tag once a day (0.01 USD a call)":
    "an idea for later, which nothing of ours calls",
};
