import * as path from "node:path";

/** The repository's folder. */
export const root = path.join(__dirname, "..");

/** Where the sandbox writes everything, so that it touches nothing outside. */
export const home = path.join(root, ".sandbox");

/** The folders of one run; a test run uses a folder of its own and leaves a developer's sandbox alone. */
export interface Paths {
  run: string;
  state: string;
  /** What the engine created, to compare with a later run of the program. */
  standing: string;
  processes: string;
  logs: string;
  /** Inside the repository, so that the functions unpacked here find its node_modules above them. */
  temporary: string;
  database: string;
  /** The database nodes' own folders. */
  nodes: string;
  webapp: string;
  /** What deployments install on the web servers. */
  servers: string;
  /** Where projects are built, each build in its own folder. */
  builds: string;
  /** What builds have pushed. */
  images: string;
  /** The starters' repositories. */
  repositories: string;
}

/** @param run the run's folder @default the one GROUNDWORK_SANDBOX names, else .sandbox/run */
export function pathsOf(run = process.env["GROUNDWORK_SANDBOX"] ?? path.join(home, "run")): Paths {
  const at = (name: string) => path.join(path.resolve(root, run), name);
  return {
    run: path.resolve(root, run),
    state: at("state.json"),
    standing: at("standing.json"),
    processes: at("processes.json"),
    logs: at("logs"),
    temporary: at("tmp"),
    database: at("database"),
    nodes: at("nodes"),
    webapp: at("webapp"),
    servers: at("servers"),
    builds: at("builds"),
    images: at("images"),
    repositories: at("repositories"),
  };
}

/** The folders of emulators that run alone, for Pulumi's own engine; a test names its own with GROUNDWORK_EMULATORS. */
export const pathsOfEmulators = (): Paths =>
  pathsOf(process.env["GROUNDWORK_EMULATORS"] ?? path.join(home, "emulators"));
