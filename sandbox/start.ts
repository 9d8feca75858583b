import * as path from "node:path";
import { apisOf } from "./apis";
import { endWith, stopAsked } from "./ending";
import { Options, readOptions, USAGE } from "./options";
import { pathsOf } from "./paths";
import { follow } from "./follow";
import { State } from "./state";
import { Sandbox, up } from "./up";

const LINE = 60;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(USAGE);
    return 0;
  }
  const asked = stopAsked();
  const starting = up({ ...options, paths: pathsOf(), progress: (line) => say(`  ${line}`), note: say });
  try {
    const sandbox = await Promise.race([starting, asked]);
    if (!sandbox) {
      say("Stopping before it is up ...");
      return 0;
    }
    announce(sandbox, options);
    const stopping = new AbortController();
    const following = follow(sandbox, pathsOf(), say, { logs: options.logs, signal: stopping.signal });
    try {
      await asked;
    } finally {
      stopping.abort();
    }
    say("Stopping ...");
    await following;
    return 0;
  } finally {
    await starting.then(
      (sandbox) => sandbox.stop(),
      () => {}, // it has shut down what it started
    );
  }
}

function announce({ state }: Sandbox, { watch, inspect }: Options): void {
  const rows: [string, string][] = [
    ["Site", state.url],
    ...state.addresses.slice(1).map((one): [string, string] => [`${one.protocol} ${one.port}`, one.url]),
    ...(state.projects ? [["Projects", state.projects] as [string, string]] : []),
    ...apisOf(state).map(([name, value]): [string, string] => [capitalised(name), value]),
    ...(state.projects ? startersOf(state) : []),
    ...(state.projects ? [["Docker", dockerOf(state)] as [string, string]] : []),
    ...(state.source
      ? [["Source", `git push ${state.source.folder} ${state.source.branch}`] as [string, string]]
      : []),
    ["Sandbox page", `${state.page}/sandbox`],
    ...(state.traces ? [["Traces", state.traces] as [string, string]] : []),
    ["AWS (MiniStack)", state.endpoints.ministack],
    ["AWS (moto: EC2 ...)", state.endpoints.moto],
    ...state.people.map(({ group, email, password }): [string, string] => [
      group === "admin" ? "Admin" : "Member",
      `${email}  ${password}`,
    ]),
  ];
  say("");
  for (const [name, value] of rows) say(`  ${name.padEnd(22)}${value}`);
  say(
    `\n  ${state.resources.length} resources in ${state.seconds.toFixed(1)} s. Ctrl-C takes all of it down.`,
  );
  say(
    "  Try in another terminal: npm run sandbox -- status | logs -f | kill web | kill database | mail | aws s3 ls",
  );
  if (inspect)
    say(
      "  A debugger can attach to each web server at the port that npm run sandbox -- status shows; so can anybody else with an account on this machine.",
    );
  say(watch ? "  What you save is followed: functions/ webapp/ components/ stacks/ Pulumi.*.yaml\n" : "");
  say(`ready ${state.url}`);
}

/** One address, as they differ in their names only. */
function startersOf({ starters }: State): [string, string][] {
  const [address = ""] = starters;
  const names = starters.map((one) => path.basename(one, ".git"));
  return [
    ["Starters", `${path.dirname(address)}/NAME.git, with one of these names:`],
    ...inLines(names, LINE).map((line): [string, string] => ["", line]),
  ];
}

/** Words, in lines no longer than this. */
const inLines = (words: string[], length: number): string[] =>
  words.reduce<string[]>((lines, word) => {
    const longer = [...lines.slice(-1), word].join(" ");
    return longer.length > length ? [...lines, word] : [...lines.slice(0, -1), longer];
  }, []);

const dockerOf = ({ docker }: State): string =>
  "version" in docker
    ? `${docker.version} builds and runs projects on other than Node and Python; not with --no-docker`
    : `not used (${docker.because}): projects on other than Node and Python do not run`;

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

endWith(main(), "The sandbox failed");
