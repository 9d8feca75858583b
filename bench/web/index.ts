import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Postgres } from "../../test/postgres";
import bundle from "../../webapp/bundle.cjs";
import { isPrime } from "../../webapp/load/prime";
import { type Figure, median } from "../figure";
import { get, hold, type Measured, occasional, post } from "./load";
import { installPeers } from "./peers";
import {
  type Server,
  type Servers,
  serversOn,
  startExpress,
  startFastify,
  startFlask,
  startOurs,
} from "./servers";

export const about =
  "the web app beside Fastify alone, Express and Flask: throughput, and latency while every core computes";

const BENCH = "web";
const NUMBER = 112_272_535_095_293;
const CLIENTS = 32;
const say = (line: string): void => console.log(line);

/** `--seconds N` and `--rounds N`: how long each measurement takes and how often it is repeated, peers in turn. */
export async function run(args: string[]): Promise<Figure[]> {
  const option = (name: string, byDefault: number) =>
    Number(args[args.indexOf(name) + 1 || args.length] ?? byDefault);
  const plan = { seconds: option("--seconds", 4), rounds: option("--rounds", 5) };

  const hasFlask = installPeers(say);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-bench-web-"));
  const file = await bundle(folder);
  const postgres = await Postgres.start();
  const servers = serversOn(postgres);
  try {
    return [
      ...(await throughputOfHome(servers, file, plan)),
      ...(await throughputOfUsers(servers, file, plan, hasFlask)),
      ...(await latencyUnderLoad(servers, file, plan, hasFlask)),
      computing(),
    ];
  } finally {
    servers.stop();
    await postgres.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface Plan {
  seconds: number;
  rounds: number;
}

async function throughputOfHome(servers: Servers, file: string, plan: Plan): Promise<Figure[]> {
  say("GET /: 100 connections");
  const ours = await startOurs(servers, file);
  const all = [ours, await startFastify(servers, await headersOf(ours)), await startExpress(servers)];
  const results = await inTurn(all, plan, (server) => get(server, "/", plan.seconds, 100));
  stop(all);
  const goals = { "Fastify with one route": "ratio >= 0.9", Express: "ratio >= 4" };
  // Where Linux tells: what else the machine does disturbs it less than the rate.
  const knowsCpu = [...results.values()].flat().every(({ cpu }) => cpu !== undefined);
  return all
    .slice(1)
    .flatMap((peer) => [
      figure("GET /, requests a second", results, ours, peer, (each) => each.perSecond, goals),
      ...(knowsCpu
        ? [figure("GET /, µs of processor each", results, ours, peer, (each) => each.cpu!, {})]
        : []),
    ]);
}

async function throughputOfUsers(
  servers: Servers,
  file: string,
  plan: Plan,
  hasFlask: boolean,
): Promise<Figure[]> {
  const all = [
    await startOurs(servers, file),
    await startExpress(servers),
    ...(hasFlask ? [await startFlask(servers)] : []),
  ];
  const goals = { Express: "ratio >= 2", Flask: "ratio >= 8" };
  say("GET /users (20 rows): 50 connections");
  const read = await inTurn(all, plan, (server) => get(server, "/users", plan.seconds, 50));
  say("POST /users: 50 connections");
  const written = await inTurn(all, plan, (server) => post(server, "/users", plan.seconds, 50));
  stop(all);
  return all
    .slice(1)
    .flatMap((peer) => [
      figure("GET /users (20 rows), requests a second", read, all[0]!, peer, (each) => each.perSecond, goals),
      figure("POST /users, requests a second", written, all[0]!, peer, (each) => each.perSecond, {}),
    ]);
}

/** Each measurement meets a fresh server: a peer goes on computing for clients that have left. */
async function latencyUnderLoad(
  servers: Servers,
  file: string,
  plan: Plan,
  hasFlask: boolean,
): Promise<Figure[]> {
  const starts = [
    () => startOurs(servers, file),
    () => startExpress(servers),
    ...(hasFlask ? [() => startFlask(servers)] : []),
  ];
  const results = new Map<string, { idle: number[]; loaded: number[] }>();
  say(`GET / every 10 ms, alone and while ${CLIENTS} clients hold /load`);
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const start of starts) {
      const server = await start();
      await occasional(server, "/", 1);
      const idle = await occasional(server, "/", plan.seconds);
      const release = hold(server, `/load?number=${NUMBER}`, CLIENTS);
      await sleep(1000);
      const loaded = await occasional(server, "/", plan.seconds);
      const computed = await release();
      stop([server]);
      const { name } = server;
      say(
        `  ${name}: p99 ${idle.toFixed(1)} ms alone, ${loaded.toFixed(1)} ms under load, ${computed} numbers computed`,
      );
      const all = results.get(name) ?? { idle: [], loaded: [] };
      results.set(name, { idle: [...all.idle, idle], loaded: [...all.loaded, loaded] });
    }
  }
  const own = results.get("ours")!;
  const what = `p99 of GET / while ${CLIENTS} clients hold /load, ms`;
  const ours = median(own.loaded);
  const beside = (peer: number, peerName: string, goal: string): Figure => ({
    bench: BENCH,
    figure: what,
    ours,
    peer,
    peerName,
    ratio: ours / peer,
    goal,
  });
  return [
    beside(median(own.idle), "itself alone", "ratio <= 3"),
    { bench: BENCH, figure: what, ours, goal: "<= 20" },
    ...[...results]
      .filter(([name]) => name !== "ours")
      .map(([name, { loaded }]) => beside(median(loaded), name, "beside it")),
  ];
}

/** Both loops in this process, one after the other, so that they meet the same machine. */
function computing(): Figure {
  say(`${NUMBER}: ours beside a plain loop`);
  const plain = (number: number): boolean => {
    for (let divisor = 2; divisor * divisor <= number; divisor += 1) if (number % divisor === 0) return false;
    return number > 1;
  };
  const time = (work: (number: number) => boolean): number => {
    const start = performance.now();
    if (!work(NUMBER)) throw new Error(`${NUMBER} is prime, got that it is not`);
    return performance.now() - start;
  };
  const times = Array.from({ length: 7 }, () => [time(isPrime), time(plain)] as const);
  const [ours, peer] = [median(times.map(([own]) => own)), median(times.map(([, other]) => other))];
  return {
    bench: BENCH,
    figure: `/load?number=${NUMBER}, ms`,
    ours,
    peer,
    peerName: "plain trial division",
    ratio: ours / peer,
    goal: "ratio <= 0.6",
  };
}

/** Every server once, then again: what disturbs the machine disturbs them alike. The first round warms up and is dropped. */
async function inTurn(
  all: Server[],
  { rounds }: Plan,
  work: (server: Server) => Promise<Measured>,
): Promise<Map<Server, Measured[]>> {
  const results = new Map<Server, Measured[]>(all.map((server) => [server, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const server of all) {
      const measured = await work(server);
      if (round === 0) continue;
      results.get(server)!.push(measured);
      const cpu = measured.cpu === undefined ? "" : `, ${measured.cpu.toFixed(0)} µs of processor each`;
      say(
        `  ${server.name}: ${measured.perSecond.toFixed(0)}/s, p50 ${measured.p50}, p99 ${measured.p99}, max ${measured.max} ms${cpu}`,
      );
    }
  }
  return results;
}

function figure(
  what: string,
  results: Map<Server, Measured[]>,
  ours: Server,
  peer: Server,
  pick: (measured: Measured) => number,
  goals: Record<string, string>,
): Figure {
  const [own, other] = [ours, peer].map((server) => results.get(server)!.map(pick)) as [number[], number[]];
  return {
    bench: BENCH,
    figure: what,
    ours: median(own),
    peer: median(other),
    peerName: peer.name,
    // Of the neighbours in time, so that what slows the machine for a while slows both sides of a ratio.
    ratio: median(own.map((value, round) => value / other[round]!)),
    goal: goals[peer.name] ?? "beside it",
  };
}

async function headersOf(server: Server): Promise<Record<string, string>> {
  const response = await fetch(`${server.url}/`, { headers: { accept: "application/json" } });
  await response.arrayBuffer();
  const ownOfEach = ["connection", "content-length", "content-type", "date", "keep-alive"];
  return Object.fromEntries([...response.headers].filter(([name]) => !ownOfEach.includes(name)));
}

function stop(all: Server[]): void {
  for (const { process: child } of all) child.kill("SIGKILL");
}
