import type { Incident } from "../failures/timeline";

/** The sandbox's answer to its page and its command line: its current state, as JSON. */
export interface Live {
  stack: string;
  /** Where the web app is. */
  url: string;
  /** Where teams ask for projects, if the program has such a page. */
  projects?: string;
  /** Where to see the traces of requests, if the program has them traced. */
  traces?: string;
  /** Repositories that a project can use: each by its name and `.git` after the address, which ends in a slash. */
  starters: { address: string; names: string[] };
  /** Whether this machine isolates a build from the person's files. */
  apart: boolean;
  /** The version of this machine's Docker, if it builds and runs projects, or why it does not. */
  docker: { version: string } | { because: string };
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
    /** The debugger's port, if one may attach. */
    inspector?: number;
    /** Requests a second, in the last ten. */
    perSecond: number;
  }[];
  /** What the stack lacks; undefined while all is well. */
  lacks?: string;
  /** The load balancer's answers in each of the last seconds, oldest first. */
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
  /** Failures and their outcome, newest first. */
  incidents: Incident[];
  /** Changes when there is a new call of a function, or news about one: /sandbox/calls.json has them. */
  calls: number;
  databases: { name: string; pid: number; alive: boolean }[];
  groups: { name: string; desired: number; minSize: number; maxSize: number }[];
  /** Where to push a commit for release, in the form for `git remote add`; none without a pipeline. */
  source?: { folder: string; branch: string };
  pipelines: {
    name: string;
    status: ActionState | "Stopping" | "Stopped";
    stages: {
      name: string;
      actions: {
        name: string;
        status: ActionState;
        /** Its own report, or why it failed. */
        words: string;
        /** Where its log is. */
        log?: string;
        /** The token for approving it, while it waits for that. */
        approval?: string;
      }[];
    }[];
  }[];
  stacks: { name: string; project: string; status: string; machines: number }[];
  mails: { id: string; at: string; from: string; to: string[]; subject: string; text: string }[];
}

/** One call of a function. */
export interface Call {
  /** The id that its log uses as well. */
  id: string;
  /** The function, by the program's name. */
  name: string;
  /** When it began, in milliseconds since 1970. */
  at: number;
  /** What triggered it, in words. */
  woken: string;
  /** How long it took; absent while it runs. */
  ms?: number;
  failed: boolean;
  /** The status with which it answered a request. */
  answered?: number;
  /** Its calls to AWS, in the order of their first use. */
  asked: { service: string; operation: string; times: number; failed: number }[];
}

export type ActionState = "NotStarted" | "InProgress" | "Succeeded" | "Failed" | "Abandoned";

/** A server's state: from its target group for a web server, from the lease for a database node. */
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
