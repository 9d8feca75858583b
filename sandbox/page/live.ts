import type { Incident } from "../failures/timeline";

/** What the sandbox answers to its page and to its command line: its state at this moment, as JSON. */
export interface Live {
  stack: string;
  /** Where the web app is. */
  url: string;
  /** Where teams ask for projects, if the program has such a page. */
  projects?: string;
  /** Where it is seen what became of requests, if the program has them traced. */
  traces?: string;
  /** Repositories that projects may be asked for with. */
  starters: string[];
  /** Whether this machine keeps a build apart from the person's files. */
  apart: boolean;
  people: { email: string; password: string; group: string }[];
  endpoints: { ministack: string; moto: string };
  /** How long the program took. */
  seconds: number;
  resources: { component: string; type: string; name: string; id: string }[];
  servers: {
    id: string;
    role: "web" | "database";
    port: number;
    pid: number;
    alive: boolean;
    startedAt: string;
    state: string;
    group: string;
    zone: string;
    health: Health;
    reason: string;
    /** The port by which a debugger gets in, if one may. */
    inspector?: number;
    /** Requests a second, in the last ten. */
    perSecond: number;
  }[];
  /** What the stack lacks; undefined while all is well. */
  lacks?: string;
  /** What the load balancer answered in each of the last seconds, the oldest first. */
  traffic: { answered: number[]; failed: number[] };
  buckets: {
    name: string;
    id: string;
    component: string;
    /** Undefined until it was counted. */
    objects?: number;
  }[];
  functions: {
    name: string;
    id: string;
    component: string;
    /** In the last five minutes; undefined until they were counted. */
    calls?: number;
    lastAt?: string;
  }[];
  /** Where servers are, and for how many more seconds nothing can be launched there. */
  zones: { name: string; downFor: number }[];
  /** Services that can be throttled, and those that are. */
  services: string[];
  throttled: { name: string; seconds: number }[];
  /** What failed and what became of it, the newest first. */
  incidents: Incident[];
  /** Another number once there is a new call of a function, or something new of one: /sandbox/calls.json has them. */
  calls: number;
  databases: { name: string; pid: number; alive: boolean }[];
  groups: { name: string; desired: number; minSize: number; maxSize: number }[];
  /** Where a commit is pushed to that is to be released, as `git remote add` takes it; none without a pipeline. */
  source?: { folder: string; branch: string };
  pipelines: {
    name: string;
    status: ActionState | "Stopping" | "Stopped";
    stages: {
      name: string;
      actions: {
        name: string;
        status: ActionState;
        /** What it says of itself, or why it failed. */
        words: string;
        /** Where its log is. */
        log?: string;
        /** What whoever approves it shows, while it waits for that. */
        approval?: string;
      }[];
    }[];
  }[];
  stacks: { name: string; project: string; status: string; machines: number }[];
  mails: { id: string; at: string; from: string; to: string[]; subject: string; text: string }[];
}

/** One call of a function. */
export interface Call {
  /** By which its log names it, too. */
  id: string;
  /** The function, as the program names it. */
  name: string;
  /** When it began, in milliseconds since 1970. */
  at: number;
  /** What woke it, in words. */
  woken: string;
  /** How long it took; absent while it runs. */
  ms?: number;
  failed: boolean;
  /** The status that it answered a request with. */
  answered?: number;
  /** What it asked of AWS, in the order in which it first did. */
  asked: { service: string; operation: string; times: number; failed: number }[];
}

export type ActionState = "NotStarted" | "InProgress" | "Succeeded" | "Failed" | "Abandoned";

/** How a server is: as its target group sees a web server, as the lease has it for a database node. */
export type Health =
  | "initial"
  | "healthy"
  | "unhealthy"
  | "draining"
  | "unused"
  | "active"
  | "passive"
  | "fencing"
  | "starting"
  | "stopping";
