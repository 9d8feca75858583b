import { startPlainDatabase, type PlainDatabase } from "./database";
import { type Emulators, launchEmulators } from "./emulators/emulators";
import type { Endpoints } from "./emulators/endpoints";
import type { Python } from "./emulators/install";
import { warmUp } from "./emulators/warm-up";
import type { Deployed } from "./engine";
import { rootClients, type Use } from "./engine/clients";
import { type Configuration, originsOf, type Served } from "./engine/config";
import { Engine } from "./engine/process";
import { Fleet } from "./fleet/fleet";
import { missingTools } from "./nodes/machine";
import type { Paths } from "./paths";
import type { Processes } from "./processes";
import { ON_NODES, settingOf } from "./program";
import type { Keep } from "./stopping";
import { bundleWebapp } from "./webapp-bundle";

/** The program's stack on the emulators, without the machines. */
export interface Stack {
  emulators: Emulators;
  use: Use;
  engine: Engine;
  deployment: Deployed;
  /** The web app's file. */
  webapp: string;
  /** In the place of a database whose nodes cannot run here, or that has none. */
  standIn: PlainDatabase | undefined;
}

interface Options {
  stack: string;
  program?: string;
  watch?: boolean;
  configuration: Configuration;
  python: Python;
  endpoints: Endpoints;
  paths: Paths;
  processes: Processes;
  served: Required<Served>;
  /** Of the emulators alone; see there. */
  calls: string;
  settings: Record<string, string>;
  /** What the program, its functions and the servers find elsewhere than at the emulators. */
  environment: Record<string, string>;
  progress: (line: string) => void;
}

/** Starts the emulators, and runs the program on them while the web app is bundled. */
export async function startStack(options: Options, keep: Keep): Promise<Stack> {
  const { configuration, python, endpoints, paths, processes, served, calls, settings, environment } =
    options;
  const launched = await launchEmulators(python, processes, paths, endpoints, {
    origins: originsOf(served.site),
    calls,
    settings: { ...settings, ...environment },
  });
  const emulators = keep({ ...launched, environment: { ...launched.environment, ...environment } });
  void emulators.ready.then(
    () => warmUp(endpoints),
    () => {}, // the start has failed with that
  );
  const bundle = bundleWebapp(paths.webapp);
  keep({ stop: () => bundle.catch(() => {}) }); // else it writes on into what is being stopped
  const plain = hasNodes(configuration) ? undefined : startPlainDatabase(processes, paths, endpoints);
  plain?.catch(() => {}); // whoever awaits it gets the error
  const engine = new Engine({ ...options, emulators });
  // Loading each takes a while, and this process has nothing else to do until the program has run.
  const use = rootClients(endpoints);
  for (const service of Fleet.services) void use(service);
  const [deployment, webapp, standIn] = await Promise.all([engine.deployed, bundle, plain, emulators.ready]);
  return { emulators, use, engine, deployment, webapp, standIn };
}

/** Whether the program runs its database on its own nodes, and this machine has what they need. */
function hasNodes({ values }: Configuration): boolean {
  return settingOf("database", values)?.engine === ON_NODES && missingTools().length === 0;
}
