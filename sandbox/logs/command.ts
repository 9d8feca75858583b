import { setTimeout as after } from "node:timers/promises";
import { argumentsOf } from "../arguments";
import { stopAsked } from "../ending";
import { rootClients } from "../engine/clients";
import { Paths } from "../paths";
import { messageOf, Problem } from "../problem";
import { readState, State } from "../state";
import { Logs, printed } from "./logs";

const EVERY_MS = 500;
const MOST = 10_000;

export const LOGS_USAGE = `npm run sandbox -- logs [-f] [-n LINES] [NAME ...]

What servers and functions have said, the last 100 lines of all together in the order of time.

  NAME            server | function | group | emulator, a part of the program (web, database, uploads ...), a function or a log group
                  by its name in the program or on AWS, an instance's id; several are taken together (all but the emulators' own)
  -f, --follow    goes on with what is said from now on, until Ctrl-C
  -n, --lines     how many lines of what was said already (100)
`;

/** Prints the existing lines, and with --follow new ones until the person has enough. Returns the exit code. */
export async function runLogs(args: string[], paths: Paths, say: (line: string) => void): Promise<number> {
  const { words, follow, lines, help } = readArguments(args);
  if (help) {
    say(LOGS_USAGE);
    return 0;
  }
  const asked = stopAsked();
  const state = readState(paths);
  const options = { folder: paths.logs, use: rootClients(state.endpoints), words };
  const logs = new Logs({ ...options, resources: () => currentOf(state, paths).resources });
  const last = await logs.last(lines).catch((error: unknown) => {
    throw error instanceof Problem ? error : stopped(error);
  });
  for (const line of last) say(printed(line));
  if (!follow) {
    if (last.length === 0 && lines > 0)
      console.error(`Nothing was said ${words.length ? `by ${words.join(", ")} ` : ""}yet.`);
    return 0;
  }
  const ending = new AbortController();
  void asked.then(() => ending.abort());
  while (!ending.signal.aborted) {
    await after(EVERY_MS, undefined, { signal: ending.signal }).catch(() => {});
    if (ending.signal.aborted) break;
    for (const line of await logs.next().catch((error: unknown) => Promise.reject(stopped(error))))
      say(printed(line));
  }
  return 0;
}

const stopped = (error: unknown) =>
  new Problem(`The sandbox does not answer (${messageOf(error)}): start it again with npm start.`);

/** An edit may have created more of them. */
function currentOf(state: State, paths: Paths): State {
  try {
    return readState(paths);
  } catch {
    return state;
  }
}

function readArguments(args: string[]) {
  const { values, positionals } = argumentsOf(
    {
      args,
      allowPositionals: true,
      options: {
        follow: { type: "boolean", short: "f", default: false },
        lines: { type: "string", short: "n", default: "100" },
        help: { type: "boolean", short: "h", default: false },
      },
    },
    "npm run sandbox -- logs --help",
  );
  const lines = Number(values.lines);
  if (!/^\d+$/.test(values.lines) || lines > MOST)
    throw new Problem(`--lines must be a whole number from 0 to ${MOST}, got ${values.lines}.`);
  return { words: positionals, follow: values.follow, lines, help: values.help };
}
