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
