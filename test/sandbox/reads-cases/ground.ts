import { strToU8, zipSync } from "fflate";
import type { Use } from "../../../sandbox/engine/clients";
import type { Values } from "../provider-client";

/** What the cases stand on. */
export interface Ground {
  use: Use;
  vpc: string;
  /** A security group there. */
  group: string;
  template: string;
  /** A function that a mapping may name. */
  worker: string;
  bucket: string;
  role: string;
  queue: string;
  topic: string;
}

export interface Case {
  given: (on: Ground) => Values;
  /** @param id of what was made */
  byHand: (on: Ground, id: string) => Promise<unknown>;
  /** The arguments as they are then, for a program to read. */
  found: (on: Ground) => Values;
}

export const MANAGED = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs";
export const POLICY = (Action: string, more: object = {}) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*", ...more }] });

/** Code in the bucket, for functions. */
export const zipped = (text: string) =>
  zipSync({ "index.js": strToU8(`exports.handler = async () => ${text};`) }, { mtime: "2026-01-01" });
