// npm run bench: lists the benchmarks. npm run bench -- NAME ARGS...: runs one; a table for people and, last, a JSON line a figure.
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import { Benchmark, Figure, keepsGoal, rounded } from "./figure";

const names = fs
  .readdirSync(__dirname)
  .filter((name) => fs.existsSync(path.join(__dirname, name, "index.ts")))
  .sort();

// Not import(): it would bypass the TypeScript compiler.
const load = createRequire(__filename) as (file: string) => Benchmark;
const benchmark = (name: string) => load(path.join(__dirname, name, "index.ts"));

function machine(): string {
  const cpus = os.cpus();
  const gib = (os.totalmem() / 2 ** 30).toFixed(0);
  return `${cpus.length} x ${cpus[0]?.model.trim() ?? os.arch()}, ${gib} GiB, ${os.type()} ${os.release()}, Node ${process.version}`;
}

/** What else the machine does at the moment; well above 0 per core, every time is too long. */
const busy = () => `load ${os.loadavg()[0]!.toFixed(2)} on ${os.cpus().length} cores`;

/** As it is printed; whether a goal is kept is judged before. */
const short = (figure: Figure): Figure => ({
  ...figure,
  ours: rounded(figure.ours),
  peer: typeof figure.peer === "number" ? rounded(figure.peer) : figure.peer,
  ratio: typeof figure.ratio === "number" ? rounded(figure.ratio) : figure.ratio,
});

function table(figures: Figure[]): string {
  const verdict = { true: "kept", false: "MISSED", undefined: "" };
  const rows = figures
    .map((figure) => [figure, short(figure)] as const)
    .map(([exact, f]) => [
      f.figure,
      String(f.ours),
      f.peerName ? `${f.peerName} ${f.peer}` : "",
      String(f.ratio ?? ""),
      f.goal,
      verdict[String(keepsGoal(exact)) as keyof typeof verdict],
    ]);
  const all = [["figure", "ours", "peer", "ratio", "goal", ""], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

async function main([name, ...args]: string[]): Promise<void> {
  if (name === undefined) {
    for (const known of names) console.log(`npm run bench -- ${known.padEnd(12)} ${benchmark(known).about}`);
    return;
  }
  if (!names.includes(name)) {
    console.error(`There is no benchmark ${name}: there are ${names.join(", ")}.`);
    process.exitCode = 1;
    return;
  }
  console.log(`${machine()}\nbefore: ${busy()}`);
  const figures = await benchmark(name).run(args);
  console.log(`after: ${busy()}\n\n${table(figures)}\n`);
  for (const { bench, figure, ours, peer = null, peerName = null, ratio = null, goal } of figures.map(short))
    console.log(JSON.stringify({ bench, figure, ours, peer, peerName, ratio, goal }));
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(process.env.DEBUG ? error.stack : error.message);
  process.exitCode = 1;
});
