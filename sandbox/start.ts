import { announcement } from "./announcement";
import { endWith, stopAsked } from "./ending";
import { readOptions, USAGE } from "./options";
import { pathsOf } from "./paths";
import { follow } from "./follow";
import { up } from "./up";

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
    announcement(sandbox.state, options).forEach(say);
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

endWith(main(), "The sandbox failed");
