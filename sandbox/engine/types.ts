import { Use } from "./clients";

/* eslint-disable @typescript-eslint/no-explicit-any -- what a provider takes and gives has no common type */
export type Inputs = Record<string, any>;
export type Outputs = Record<string, any>;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** A resource that the program declared, and all that a table's row needs to make it. */
export interface Request {
  type: string;
  name: string;
  inputs: Inputs;
  /** Its own tags over the provider's default tags. */
  tags: Record<string, string>;
  /** The SDK's client of a service, in the resource's region and account. */
  use: Use;
  region: string;
  account: string;
  arn(service: string, resource: string, options?: { region?: string; account?: string }): string;
  /** The given name, or one made of the resource's name as the provider makes it. */
  physicalName(given?: string, maxLength?: number): string;
}

/** What AWS's provider would answer: the id, and the outputs beside the inputs. */
export interface Created {
  id: string;
  outputs?: Outputs;
}

export type Create = (request: Request) => Promise<Created>;

/** One service's resources: a row a type token. */
export type Table = Record<string, Create>;

/** A resource that stands, as it is to be now. */
export interface Change extends Request {
  id: string;
  /** Which arguments are not what they were. */
  changed: readonly string[];
  /** The arguments of last time. */
  before: Inputs;
  outputs: Outputs;
  /** Does once more what made it, for calls that put a thing there whether or not it is there. */
  again(): Promise<Created>;
}

/** What became of it: outputs that are others now, and the id where that is another. */
export type Update = (change: Change) => Promise<Partial<Created> | void>;

/** A resource that stands, with the arguments of last time. */
export type StandingResource = Omit<Change, "changed" | "before" | "again">;

/** Takes a resource away. */
export type Remove = (standing: StandingResource) => Promise<unknown>;

/** Looks whether a resource still stands: answers what is there of it; nothing, or an empty list, where it is gone. */
export type Look = (standing: StandingResource) => Promise<unknown>;

/** Says of an argument that it is compared only where the program gives it: what it is otherwise, nobody promises. */
export const IF_GIVEN = Symbol("if given");

/** How the arguments of a resource that stands are read back. */
export interface Read {
  /** Which these are, by what they are where nobody gives them. */
  normally: Record<string, unknown>;
  /** Answers them as a program would give them; one that is left out is as it is normally. */
  read: (standing: StandingResource) => Promise<Inputs>;
}

/** How a type changes and goes. */
export interface Changing {
  /** Changes it in place. A type without is made anew, whatever changes. */
  update?: Update;
  /** The arguments that `update` carries, where these are not all: a change of another one is only recorded. */
  carries?: readonly string[];
  /** The outputs that an update changes: what reads them changes too. */
  moves?: readonly string[];
  remove: Remove;
}

/** One service's resources: how each changes and goes. */
export type Changes = Record<string, Changing>;
