import { provisionerOptions } from "../../../components/provisioner/args";
import { QUOTAS } from "../../quotas/quotas";
import { most } from "../limits";
import type { Outage } from "./world";
import type { Scenario } from "./scenario";

const DAY_OF_WORK = 480;
const quotaOf = (what: string) => QUOTAS.find((one) => one.what === what)!.most;
const room = (setting: "siteCapacity" | "balancerCapacity" | "databaseCapacity" | "domainCapacity") =>
  provisionerOptions.shape[setting].parse(undefined);

/** An account for which AWS has raised everything that blocks ten thousand projects. */
const RAISED = {
  seed: 22,
  quotas: { buildsAtOnce: 120, stacks: 30_000, vCpus: 100_000 },
  capacity: { sites: 20_000, balancers: 20_000, databases: 20_000, domains: 20_000 },
};

const outage = (title: string, of: Outage["of"]): Scenario => ({
  ...RAISED,
  title,
  standing: 10_000,
  asked: 240,
  overMinutes: 240,
  outage: { of, fromMinute: 60, minutes: 60 },
  minutes: 360,
});

export const SCENARIOS = {
  defaults: {
    title: "AWS's defaults for a new account",
    seed: 22,
    quotas: {
      buildsAtOnce: most("builds"),
      stacks: quotaOf("CloudFormation stacks"),
      vCpus: quotaOf("vCPUs of running on-demand standard instances"),
    },
    capacity: {
      sites: room("siteCapacity"),
      balancers: room("balancerCapacity"),
      databases: room("databaseCapacity"),
      domains: room("domainCapacity"),
    },
    asked: 10_000,
    overMinutes: DAY_OF_WORK,
    minutes: 720,
  },
  raised: {
    ...RAISED,
    title: "raised quotas, 120 builds at once",
    asked: 10_000,
    overMinutes: DAY_OF_WORK,
    minutes: 600,
  },
  fewBuilds: {
    ...RAISED,
    title: "raised quotas, but 60 builds at once; a quarter of the day",
    quotas: { ...RAISED.quotas, buildsAtOnce: 60 },
    asked: 2_500,
    overMinutes: DAY_OF_WORK / 4,
    minutes: 240,
  },
  events: outage("no events and no look of each minute for an hour", "events"),
  functions: outage("Lambda runs nothing for an hour", "functions"),
  builds: outage("CodeBuild begins nothing for an hour", "builds"),
} satisfies Record<string, Scenario>;
