import { Use } from "./clients";

/* eslint-disable @typescript-eslint/no-explicit-any -- what a provider takes and gives has no common type */
export type Inputs = Record<string, any>;
export type Outputs = Record<string, any>;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** A declared resource, and everything that a table's row needs to create it. */
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
  /** The given name, or one that is derived from the resource's name as the provider does it. */
  physicalName(given?: string, maxLength?: number): string;
}

/** What AWS's provider would return: the id, and the outputs beside the inputs. */
export interface Created {
  id: string;
  outputs?: Outputs;
}

export type Create = (request: Request) => Promise<Created>;

/** One service's resources: a row per type token. */
export type Table = Record<string, Create>;

/** An existing resource with its new arguments. */
export interface Change extends Request {
  id: string;
  /** Which arguments have changed. */
  changed: readonly string[];
  /** The previous arguments. */
  before: Inputs;
  outputs: Outputs;
  /** Repeats the call that created it, for calls that create or overwrite. */
  again(): Promise<Created>;
}

/** The result: changed outputs, and the id if it has changed. */
export type Update = (change: Change) => Promise<Partial<Created> | void>;

/** An existing resource with its previous arguments. */
export type StandingResource = Omit<Change, "changed" | "before" | "again">;

/** Deletes a resource. */
export type Remove = (standing: StandingResource) => Promise<unknown>;

/** Checks whether a resource still exists: returns what it finds; nothing, or an empty list, if it is gone. */
export type Look = (standing: StandingResource) => Promise<unknown>;

/** Marks an argument that is compared only if the program sets it: otherwise its value is not defined. */
export const IF_GIVEN = Symbol("if given");

/** How to read back the arguments of an existing resource. */
export interface Read {
  /** Their names, with the values that apply if nobody sets them. */
  normally: Record<string, unknown>;
  /** Returns them as a program would write them; one that is left out has its default. */
  read: (standing: StandingResource) => Promise<Inputs>;
}

/** How to update and delete a type. */
export interface Changing {
  /** Updates it in place. A type without this is replaced, whatever changes. */
  update?: Update;
  /** The arguments that `update` applies, if not all: a change of another one is only recorded. */
  carries?: readonly string[];
  /** The outputs that an update changes: their readers change too. */
  moves?: readonly string[];
  remove: Remove;
}

/** One service's resources: how to update and delete each. */
export type Changes = Record<string, Changing>;
