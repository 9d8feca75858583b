import { apisOf } from "./apis";
import { runAws } from "./aws-command";
import { live } from "./crash";
import { forgetDatabase } from "./database-files";
import { endWith } from "./ending";
import { runLogs } from "./logs/command";
import { runEmulators } from "./only-emulators";
import { pathsOf } from "./paths";
import { Problem } from "./problem";
import { runningSandbox } from "./processes";
import { ask } from "./failures/ask";
import { runPulumi } from "./provider/command";
import { readState } from "./state";

const USAGE = `npm run sandbox -- COMMAND

  status          the servers, their health, and where everything is
  kill web        kills one web server's process, as a crash would
  kill database   kills the active database node, as a crash would
  kill zone NAME  cuts a zone off: its servers lose power, and for a minute none starts there
  throttle SERVICE [SECONDS]
                  refuses what functions and servers ask of an API, as AWS does with too many calls: throttle dynamodb 30
  logs [-f] [NAME ...]
                  what servers and functions say: logs -f web, logs uploads-mover, logs --help
  mail            what was mailed, the newest first
  reset           forgets the database; the sandbox must be stopped
  aws ...         the AWS CLI, pointed at the emulators: aws s3 ls
  emulators       only the two emulators, on ports 4566 and 5000, for Pulumi's own engine: npm run up -- --stack sandbox
  pulumi ...      the Pulumi CLI, pointed at these emulators: pulumi refresh
`;

const KILLS = ["web", "database", "zone"];

const say = (line: string) => void process.stdout.write(`${line}\n`);

const COMMANDS: Record<string, (args: string[]) => Promise<number>> = {
  async status() {
    const state = readState();
    const { servers, groups, resources } = await live(state);
    say(`site           ${state.url}`);
    say(`sandbox page   ${state.page}/sandbox`);
    for (const [name, value] of apisOf(state)) say(`${name.padEnd(15)}${value}`);
    if (state.source) say(`source         git push ${state.source.folder} ${state.source.branch}`);
    say(`stack          ${state.stack}, ${resources.length} resources`);
    for (const { group, email, password } of state.people) say(`${group.padEnd(15)}${email}  ${password}`);
    for (const { name, desired, minSize, maxSize } of groups)
      say(`group          ${name}: ${desired} wanted (${minSize} to ${maxSize})`);
    for (const { id, role, health, reason, port, pid, alive, inspector } of servers)
      say(
        `${role.padEnd(15)}${id}  ${health.padEnd(9)}  port ${port}  ${alive ? `process ${pid}${inspector ? `, debugger at 127.0.0.1:${inspector}` : ""}` : "its process is gone"}${reason && `  ${reason}`}`,
      );
    return 0;
  },

  async kill([what = "", name = ""]) {
    if (!KILLS.includes(what))
      throw new Problem(`kill takes web, database or zone, got ${what || "nothing"}.`);
    say(await ask(readState(), { what, name }));
    return 0;
  },

  async throttle([name = "", seconds = ""]) {
    say(await ask(readState(), { what: "throttle", name, ...(seconds && { seconds }) }));
    return 0;
  },

  async mail() {
    const { mails } = await live(readState());
    if (mails.length === 0) say("Nothing was mailed yet.");
    for (const { at, to, subject, text } of mails) say(`${at}  to ${to.join(", ")}: ${subject}\n${text}\n`);
    return 0;
  },

  async reset() {
    const paths = pathsOf();
    if (runningSandbox(paths.processes))
      throw new Problem(
        "The sandbox runs: stop it with Ctrl-C, then reset, or start it with npm start -- --fresh.",
      );
    forgetDatabase(paths);
    say("The database is forgotten: the next start begins with an empty one.");
    return 0;
  },

  logs: (args) => runLogs(args, pathsOf(), say),

  emulators: () => runEmulators(say),

  pulumi: (args) => runPulumi(args, process.cwd()),

  aws: (args) => runAws(args, readState()),
};

async function main([name = "help", ...args]: string[]): Promise<number> {
  const command = COMMANDS[name];
  if (command) return command(args);
  say(USAGE);
  if (/^(-h|--help|help)$/.test(name)) return 0;
  throw new Problem(`There is no command "${name}".`);
}

endWith(main(process.argv.slice(2)), "The command failed");
