// npm run load -- URL|--stack STACK: keeps a web tier busy, and draws the result.
import * as fs from "node:fs";
import { sleep } from "../../sandbox/problem";
import { runCommand } from "../command";
import { clock } from "./clock";
import { Options, readOptions, USAGE } from "./options";
import { pictureOf } from "./picture";
import { Report, stretchesOf, summaryOf, sumOf } from "./report";
import { Site, siteOf } from "./site";
import { Surroundings } from "./surroundings";
import { Traffic } from "./traffic";

const LOOK_EVERY_MS = 2_000;
const say = (line: string) => void process.stdout.write(`${line}\n`);

async function load(options: Options, site: Site): Promise<Report> {
  const { clients, minutes, then } = options;
  const around = site.group ? new Surroundings(site.group, site.region, site.periodSeconds) : undefined;
  const started = new Date();
  const begin = performance.now();
  const now = () => (performance.now() - begin) / 1_000;
  const traffic = new Traffic(site.url + options.path, clients);
  let interrupted = false;
  process.once("SIGINT", () => (interrupted = true));

  let said = "";
  const watch = async (until: number) => {
    while (!interrupted && now() < until) {
      await around?.look(now());
      const line = stateOf(around);
      if (line && line !== said) say(`${clockOf(now())}  ${(said = line)}`);
      await sleep(Math.min(LOOK_EVERY_MS, Math.max(0, (until - now()) * 1_000)));
    }
  };
  await watch(minutes * 60);
  await traffic.stop();
  const loadSeconds = now();
  say(`${clockOf(loadSeconds)}  the clients are done`);
  if (around) await watch(loadSeconds + then * 60);

  const cpu = await around?.cpu(started);
  if (around?.problem) say(`Not everything could be watched: ${around.problem}`);
  return {
    site: site.url,
    started: started.toISOString(),
    clients,
    loadSeconds,
    seconds: now(),
    served: sumOf(traffic.seconds, "served"),
    heldBack: sumOf(traffic.seconds, "heldBack"),
    failed: sumOf(traffic.seconds, "failed"),
    stretches: stretchesOf(traffic.seconds),
    ...(around &&
      around.looks.length > 0 && { group: { name: site.group!, looks: around.looks, cpu: cpu! } }),
  };
}

function stateOf(around: Surroundings | undefined): string | undefined {
  const look = around?.looks.at(-1);
  if (!look) return undefined;
  const rings = Object.keys(look.alarms).filter((name) => look.alarms[name] === "ALARM");
  return `${look.wanted} servers wanted, ${look.inService} in service${rings.length > 0 ? `; in alarm: ${rings.join(", ")}` : ""}`;
}

const clockOf = (seconds: number) => clock(seconds).padStart(6);

async function run(args: string[]): Promise<number> {
  const options = readOptions(args);
  const site = siteOf(options);
  say(
    `${options.clients} clients ask ${site.url}${options.path} for ${options.minutes} minutes. Ctrl-C ends it early, with what was seen until then.`,
  );
  if (!site.group)
    say(
      "Only the answers are drawn: --stack, or --group, has the group's size, CPU and alarms drawn as well.",
    );
  const report = await load(options, site);
  fs.writeFileSync(`${options.out}.json`, `${JSON.stringify(report, null, 1)}\n`);
  fs.writeFileSync(`${options.out}.svg`, pictureOf(report));
  for (const line of summaryOf(report)) say(line);
  say(`Drawn in ${options.out}.svg, with the figures in ${options.out}.json.`);
  return report.served > 0 ? 0 : 1;
}

runCommand({ usage: USAGE, run, failed: "The load test failed" });
