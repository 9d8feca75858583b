import { readOptions, USAGE } from "./options";
import { pathsOf } from "./paths";
import { messageOf, Problem, sleep } from "./problem";
import { follow } from "./follow";
import { Sandbox, up } from "./up";

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(USAGE);
    return 0;
  }
  const asked = stopAsked();
  let sandbox: Sandbox | undefined;
  try {
    const starting = up({ ...options, paths: pathsOf(), progress: (line) => say(`  ${line}`), note: say });
    sandbox = await Promise.race([starting, asked.then(() => undefined)]);
    if (!sandbox) {
      say("Stopping before it is up ...");
      await starting.then((late) => late.stop()).catch(() => {});
      return 0;
    }
    announce(sandbox);
    const stopping = new AbortController();
    const following = follow(sandbox, pathsOf(), say, { logs: options.logs, signal: stopping.signal });
    await asked;
    stopping.abort();
    say("Stopping ...");
    await following;
    return 0;
  } finally {
    await sandbox?.stop();
  }
}

/**
 * Resolves at the first Ctrl-C, or when the terminal is closed; a second Ctrl-C ends the process where it stands, and the next start
 * cleans up.
 */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    // Writing to a terminal that is gone ends the process, unless the error is handled.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => resolve());
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => {
        resolve();
        void sleep(200).then(() => process.once(signal, () => process.exit(130)));
      });
  });
}

function announce({ state }: Sandbox): void {
  const rows: [string, string][] = [
    ["Site", state.url],
    ...state.addresses.slice(1).map((one): [string, string] => [`${one.protocol} ${one.port}`, one.url]),
    ...(state.projects ? [["Projects", state.projects] as [string, string]] : []),
    ["Sandbox page", `${state.page}/sandbox`],
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
    "  Try in another terminal: npm run sandbox -- status | kill web | kill database | load | mail | aws s3 ls\n",
  );
  say(`ready ${state.url}`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Problem ? error.message : error);
    if (!(error instanceof Problem)) console.error(`The sandbox could not be started: ${messageOf(error)}`);
    process.exit(1);
  },
);
