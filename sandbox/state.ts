import * as fs from "node:fs";
import { Resource } from "./engine";
import { Endpoints } from "./emulators/endpoints";
import { Paths, pathsOf } from "./paths";
import { Problem } from "./problem";
import { Person } from "./program";

/** What a running sandbox tells its command line, its page and its tests. */
export interface State {
  stack: string;
  url: string;
  page: string;
  /** Where a person sees the traces of requests, if the program has them traced. */
  traces?: string;
  /** Where teams ask for projects, if the program has a provisioner. */
  projects?: string;
  /** Repositories that a project can use: each by its name and `.git` after the address, which ends in a slash. */
  starters: { address: string; names: string[] };
  /** The version of this machine's Docker, if it builds and runs projects, or why it does not. */
  docker: { version: string } | { because: string };
  /** Where to push a commit for release, if the program has a pipeline. */
  source?: { folder: string; branch: string };
  account: string;
  endpoints: Endpoints;
  /** The variables that point any AWS SDK at the emulators. */
  environment: Record<string, string>;
  outputs: Record<string, unknown>;
  resources: Resource[];
  addresses: { port: number; protocol: string; url: string }[];
  people: Person[];
  seconds: number;
}

/** The address of a starter's repository. */
export const starterOf = ({ starters }: Pick<State, "starters">, name: string): string =>
  `${starters.address}${name}.git`;

export function writeState(paths: Paths, state: State): void {
  fs.writeFileSync(paths.state, JSON.stringify(state, null, 1), { mode: 0o600 });
}

export function readState(paths = pathsOf()): State {
  try {
    return JSON.parse(fs.readFileSync(paths.state, "utf8")) as State;
  } catch {
    throw new Problem("No sandbox is running: start one with npm start.");
  }
}
