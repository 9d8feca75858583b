import { Problem } from "../../sandbox/problem";
import { readArguments } from "../command";

export const USAGE = `npm run load -- URL|--stack STACK [OPTIONS]

Keeps a web tier busy, and draws what came of it: load.svg, and the figures in load.json.

  URL                the site, such as https://www.example.com
  --stack STACK      the site of a stack that is up (\`pulumi stack output\`), with its group's size, CPU and alarms from AWS;
                     sandbox: the one that npm start runs
  --clients 16       how many ask at once, each again as soon as it is answered
  --minutes 8        how long they ask
  --then 5           how many minutes more are watched, in which the group shrinks
  --path PATH        what they ask for: by default /load with a number that takes long to test
  --group NAME       the Auto Scaling group to watch, when only a URL is given
  --out load         where to write: load.svg and load.json
`;

export interface Options {
  url?: string;
  stack?: string;
  group?: string;
  clients: number;
  minutes: number;
  then: number;
  path: string;
  out: string;
}

/** The largest prime that /load takes: no other number takes longer to test. */
export const SLOW = `/load?number=${2 ** 53 - 111}`;

export function readOptions(args: string[]): Options {
  const text = { type: "string" } as const;
  const named = { stack: text, group: text, clients: text, minutes: text, then: text, path: text, out: text };
  const { values, positionals } = readArguments(USAGE, { args, options: named, allowPositionals: true });
  const { stack, group, path = SLOW, out = "load" } = values;
  const [url, ...more] = positionals;
  if (more.length > 0) throw new Problem(`load takes one URL, got ${positionals.join(" ")}.`);
  if ((url === undefined) === (stack === undefined))
    throw new Problem(`Say what to load: a URL, or --stack with a stack that is up.\n\n${USAGE}`);
  if (!path.startsWith("/")) throw new Problem(`--path must begin with /, got ${path}.`);
  return {
    ...(url !== undefined && { url: siteOf(url) }),
    ...{ stack, group, path, out },
    clients: numberOf("clients", values.clients ?? "16", { least: 1, most: 1_000, whole: true }),
    minutes: numberOf("minutes", values.minutes ?? "8", { least: 0.05, most: 240 }),
    then: numberOf("then", values.then ?? "5", { least: 0, most: 240 }),
  };
}

function siteOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search)
    throw new Problem(`The site must be a URL such as https://www.example.com, got ${text}.`);
  return url.href.replace(/\/$/, "");
}

function numberOf(
  name: string,
  text: string,
  { least, most, whole = false }: { least: number; most: number; whole?: boolean },
): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most) || (whole && !Number.isInteger(value)))
    throw new Problem(
      `--${name} must be a ${whole ? "whole " : ""}number from ${least} to ${most}, got ${text}.`,
    );
  return value;
}
