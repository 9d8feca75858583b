import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { version } from "pulumi/package.json";
import { rootClients, Use } from "../../sandbox/engine/clients";
import { pathsOf } from "../../sandbox/paths";
import { startProviders } from "../../sandbox/provider/process";
import { lookOf } from "../../sandbox/resources/looks";
import { startEmulated } from "../emulated";
import { newFolder } from "../folder";
import { ProviderClient, Values } from "../sandbox/provider-client";
import { Ended, State, ended, layOut, ROOT } from "./stack";

/** The sandbox's stack under the official engine, on emulators of its own, with a project of its own. */
export interface OnEmulators {
  /** As a person types it: `npm run up -- --stack sandbox ARGS`. */
  npmRun(verb: "up" | "preview" | "destroy", ...args: string[]): Promise<Ended>;
  /** As a person types it: `npm run sandbox -- pulumi ARGS`. */
  pulumi(...args: string[]): Promise<Ended>;
  /** Writes the stack's settings anew. */
  configure(settings: Record<string, unknown>): void;
  /** The settings as they are in the project. */
  settings(): string;
  state(): Promise<State>;
  use: Use;
  /** What of these the emulators still have, of types that are looked for. */
  stillThere(resources: NonNullable<State["resources"]>): Promise<string[]>;
  close(): Promise<void>;
}

export async function startOnEmulators(cli: string): Promise<OnEmulators> {
  const project = newFolder("groundwork-sandbox-stack");
  layOut(ROOT, project);
  const home = path.join(project, "home");
  fs.mkdirSync(path.join(home, "versions", version), { recursive: true });
  fs.symlinkSync(cli, path.join(home, "versions", version, "bin"));
  const emulated = await startEmulated("engine");
  const { state } = pathsOf(emulated.folder);
  const { endpoints, environment } = emulated;
  fs.writeFileSync(state, JSON.stringify({ endpoints, environment }), { mode: 0o600 });
  const env = { ...process.env, PULUMI_HOME: home, GROUNDWORK_EMULATORS: emulated.folder };
  const call = (...args: string[]) =>
    promisify(execFile)("npm", ["run", "--silent", ...args], { cwd: project, env, maxBuffer: 1 << 28 });
  const file = path.join(project, "Pulumi.sandbox.yaml");
  return {
    npmRun: (verb, ...args) => ended(call(verb, "--", "--stack", "sandbox", "--color", "never", ...args)),
    pulumi: (...args) => ended(call("sandbox", "--", "pulumi", "--color", "never", ...args)),
    configure: (config) => fs.writeFileSync(file, JSON.stringify({ config })),
    settings: () => fs.readFileSync(file, "utf8"),
    async state() {
      const { stdout } = await call("sandbox", "--", "pulumi", "stack", "export");
      return (JSON.parse(stdout) as { deployment: State }).deployment;
    },
    use: rootClients(endpoints),
    stillThere: (resources) => stillThere(resources, environment),
    close: () => emulated.stop(),
  };
}

async function stillThere(
  resources: NonNullable<State["resources"]>,
  environment: Record<string, string>,
): Promise<string[]> {
  const { aws, close } = await startProviders({ ...process.env, ...environment });
  const client = new ProviderClient(`127.0.0.1:${aws}`);
  try {
    await client.configure({ region: "eu-west-1" });
    const there: string[] = [];
    for (const { urn, type, id = "", inputs = {}, outputs = {} } of resources) {
      if (!lookOf(type)) continue;
      const read = await client.read(urn, id, inputs as Values, outputs as Values);
      if (read.id) there.push(`${type} ${id}`);
    }
    return there;
  } finally {
    client.close();
    close();
  }
}
