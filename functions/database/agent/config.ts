import { readFileSync, writeSync } from "node:fs";
import { defaultTiming, Timing, timingOf } from "../lease";
import type { PasswordTimes } from "./password";

/** A node's configuration, written to a JSON file when it is set up. */
export interface AgentConfig {
  /** This instance's id. */
  node: string;
  region: string;
  /** The DynamoDB table and the key of its one item. */
  table: string;
  key: string;
  virtualIp: string;
  /** The VPC whose route tables lead to it. */
  vpc: string;
  /** Folder of the two unix sockets: the guard's and PostgreSQL's. It does not survive a reboot. */
  runDir: string;
  /** Superuser that the health check connects as, over the unix socket, without a password. */
  user: string;
  port: number;
  /** Where clients find user and password. */
  secretArn: string;
  /** The role that gives access to it when it is in another account. */
  secretRoleArn?: string;
  password: PasswordTimes;
  /** Makes the shared data reachable on this host. */
  attach: string[];
  /** Reads the data beside `attach` and then releases it, to find out whether this node could serve. */
  try: string[];
  /** Prepares the data and then becomes PostgreSQL (`exec`). Everything it starts dies with it. */
  start: string[];
  /** Detaches the data from this host; exits with 0 only when none of our processes can reach it any more. */
  detach: string[];
  timing: Timing;
}

export function readConfig(file: string): AgentConfig {
  const given = JSON.parse(readFileSync(file, "utf8")) as Partial<AgentConfig>;
  const leaseMs = given.timing?.leaseMs ?? defaultTiming.leaseMs;
  const config = { ...given, timing: { ...timingOf(leaseMs), ...given.timing } } as AgentConfig;
  const problems: string[] = [];
  for (const key of [
    "node",
    "region",
    "table",
    "key",
    "virtualIp",
    "vpc",
    "runDir",
    "user",
    "secretArn",
  ] as const)
    if (typeof config[key] !== "string" || config[key] === "")
      problems.push(`${key} must be a text, got ${show(config[key])}`);
  for (const key of ["attach", "try", "start", "detach"] as const)
    if (!Array.isArray(config[key]) || config[key].length === 0)
      problems.push(`${key} must be a command as a list of words, got ${show(config[key])}`);
  for (const key of ["changeMs", "formerMs"] as const)
    if (!(config.password?.[key] > 0))
      problems.push(`password.${key} must be more than 0, got ${show(config.password?.[key])}`);
  if (!Number.isInteger(config.port)) problems.push(`port must be a whole number, got ${show(config.port)}`);
  const { renewMs, killMs, marginMs, pollMs } = config.timing;
  for (const [name, value] of Object.entries(config.timing))
    if (!(value > 0)) problems.push(`timing.${name} must be more than 0, got ${show(value)}`);
  if (leaseMs < 3 * renewMs + killMs)
    problems.push(
      `timing.leaseMs must be at least three renewals and killMs (${3 * renewMs + killMs}), got ${leaseMs}`,
    );
  if (marginMs < leaseMs / 20)
    problems.push(`timing.marginMs must be at least a twentieth of the lease, got ${marginMs}`);
  if (pollMs > leaseMs) problems.push(`timing.pollMs must be at most the lease (${leaseMs}), got ${pollMs}`);
  if (problems.length > 0) throw new Error(`${file}: ${problems.join("; ")}`);
  return config;
}

export const guardSocket = (config: AgentConfig) => `${config.runDir}/guard.sock`;
export const postgresLock = (config: AgentConfig) => `${config.runDir}/postgres.lock`;

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/** Milliseconds of the host's monotonic clock, the same for every process on a host; it pauses only while the host does. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** One line of JSON, with the monotonic time that the protocol uses. */
export function log(message: string, detail: Record<string, unknown> = {}): void {
  try {
    // Not through process.stdout: a full disk would close it, and end the whole process.
    writeSync(1, `${JSON.stringify({ ms: Math.round(monotonicMs()), message, ...detail })}\n`);
  } catch {
    // A lost log line is not worth dying for.
  }
}
