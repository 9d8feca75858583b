import { execFile, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";
import { version } from "pulumi/package.json";
import { linesOf } from "../../sandbox/provider/process";
import { layOutHome } from "../../sandbox/provider/home";
import { skip } from "../skip";
import { startSts } from "../sts";
import { newFolder } from "../folder";

export const ROOT = path.join(__dirname, "../..");

export interface Ended {
  code: number;
  output: string;
}

export interface State {
  resources?: {
    urn: string;
    type: string;
    id?: string;
    protect?: boolean;
    inputs?: object;
    outputs?: object;
  }[];
}

/** A stack of ours under the official engine, with its state in a folder of its own and a stand-in for AWS. */
export interface Engine {
  /** As a person types it: `npm run up -- --stack NAME ARGS`. */
  npmRun(verb: "up" | "preview" | "destroy", ...args: string[]): Promise<Ended>;
  /** Writes the stack's settings anew; a setting that is undefined is left out. */
  configure(change: (config: Record<string, unknown>) => Record<string, unknown>): void;
  /** Past our own commands: `pulumi VERB --stack NAME ARGS`. */
  pulumi(verb: string, ...args: string[]): Promise<Ended>;
  /** One of our scripts, such as a workflow runs, with more in its environment. */
  script(file: string, environment: Record<string, string>): Promise<Ended>;
  /** The project's folder, with its settings. */
  folder: string;
  /** The CLI's. */
  version(): Promise<string>;
  state(): Promise<State>;
  close(): Promise<void>;
}

/** The folder of an official CLI that starts, with its language host beside it: the one that npm's package has fetched, or one on the PATH. */
export function officialCli(): string | undefined {
  const fetched = path.join(
    process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi"),
    "versions",
    version,
  );
  const folders = [path.join(fetched, "bin"), ...(process.env.PATH ?? "").split(path.delimiter)];
  return folders.find((folder) => {
    if (!fs.existsSync(path.join(folder, "pulumi-language-nodejs"))) return false;
    try {
      execFileSync(path.join(folder, "pulumi"), ["version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

/** The same for a suite, which is skipped where there is none. */
export function cliFor(context: Mocha.Context): string {
  const cli = officialCli();
  return (
    cli ?? skip(context, "engine", "the official Pulumi CLI is not installed; npm run preview downloads it")
  );
}

/** For a suite that takes too long to be run each time. */
export function askedFor(context: Mocha.Context): void {
  if (!process.env.ENGINE_CHANGES)
    skip(context, "asked for", "changes under the engine take minutes; ENGINE_CHANGES=1 runs them");
}

/** An AWS account that several stacks may stand in. */
export interface AwsAccount {
  /** Where the engine finds the AWS providers. */
  providers: string;
  close(): void;
}

/** @param standing a file with the resources of a state that stand in it already @default an empty account */
export async function startAccount(standing?: string): Promise<AwsAccount> {
  const env = { ...process.env, ...(standing && { GROUNDWORK_STANDING: standing }) };
  const child = spawn(
    process.execPath,
    ["-r", path.join(ROOT, "scripts/loader.cjs"), path.join(__dirname, "provider.ts")],
    { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] },
  );
  const [aws, awsx] = await linesOf(child, 2);
  return { providers: `aws:${aws},awsx:${awsx}`, close: () => void child.kill() };
}

interface EngineArgs {
  /** The folder of the program, with its settings of the stack. @default this one */
  project?: string;
  /** Where the stack stands. @default an account of its own */
  account?: AwsAccount;
}

export async function startEngine(
  cli: string,
  name: string,
  { project = ROOT, account: shared }: EngineArgs = {},
): Promise<Engine> {
  const folder = newFolder("groundwork-engine");
  layOut(project, folder);
  const { env, close } = await surroundings(cli, folder, shared);
  try {
    const call = (command: string, args: string[]) =>
      promisify(execFile)(command, args, { cwd: folder, env, maxBuffer: 1 << 28 });
    const pulumi = path.join(cli, "pulumi");
    const settings = ["--stack", name, "--color", "never"];
    await call(pulumi, ["stack", "init", name]);
    return {
      close,
      folder,
      script: (file, environment) => {
        const options = { cwd: folder, env: { ...env, ...environment }, maxBuffer: 1 << 28 };
        return ended(promisify(execFile)("bash", [file], options));
      },
      configure(change) {
        const file = path.join(folder, `Pulumi.${name}.yaml`);
        // The engine keeps the key of the stack's secrets beside them.
        const written = load(fs.readFileSync(file, "utf8")) as { config: Record<string, unknown> };
        fs.writeFileSync(file, JSON.stringify({ ...written, config: change(written.config) }));
      },
      // There are no quotas to ask for in this account.
      npmRun: (verb, ...args) =>
        ended(call("npm", ["run", "--silent", verb, "--", ...settings, "--no-quotas", ...args])),
      pulumi: (verb, ...args) => ended(call(pulumi, [verb, ...args, ...settings])),
      version: () => call(pulumi, ["version"]).then(({ stdout }) => stdout.trim()),
      async state() {
        const { stdout } = await call(pulumi, ["stack", "export", "--stack", name]);
        return (JSON.parse(stdout) as { deployment: State }).deployment;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The environment of a program in `folder`: its state there, the CLI's own folder beside it, and stand-ins for AWS. */
export async function surroundings(
  cli: string,
  folder: string,
  shared?: AwsAccount,
): Promise<{ env: NodeJS.ProcessEnv; close(): Promise<void> }> {
  const home = path.join(folder, "home");
  layOutHome(home, cli);
  const sts = await startSts();
  const account = shared ?? (await startAccount());
  const env = {
    ...process.env,
    ...sts.credentials,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_HOME: home,
    PULUMI_CONFIG_PASSPHRASE: "only in this test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The CLI takes --event-log from nobody else.
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_DEBUG_PROVIDERS: account.providers,
  };
  return {
    env,
    async close() {
      if (account !== shared) account.close();
      await sts.close();
    },
  };
}

/** How a call ended, and all that it said. */
export const ended = (call: Promise<{ stdout: string; stderr: string }>): Promise<Ended> =>
  call
    .then(({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }))
    .catch(({ code, stdout, stderr }) => ({ code, output: `${stdout}${stderr}` }));

/** The project in a folder of its own: the engine writes the key of the stack's secrets into its settings. */
export function layOut(project: string, folder: string): void {
  // What looks for the project beside itself is copied, and what an image is built from, which no link may lead out of; the rest is linked.
  const copied = /^(scripts|webapp|package(-lock)?\.json|Pulumi\..*yaml)$/;
  const listed = execFileSync("git", ["ls-tree", "--name-only", "HEAD", "./"], {
    cwd: project,
    encoding: "utf8",
  });
  for (const name of listed.trim().split("\n")) {
    const [from, to] = [path.join(project, name), path.join(folder, name)];
    if (copied.test(name)) fs.cpSync(from, to, { recursive: true });
    else fs.symlinkSync(from, to);
    if (/^Pulumi\..*yaml$/.test(name)) fs.writeFileSync(to, ownNames(fs.readFileSync(from, "utf8")));
  }
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
}

/** The guard refuses the names that stand for a person's own. */
const ownNames = (text: string) => text.replaceAll("example/", "acme/").replaceAll("example.com", "acme.dev");
