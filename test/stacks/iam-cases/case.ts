import { physicalName } from "../../harness";
/** An action, the resource that it is about and, where a condition asks, what AWS knows of the request. */
export type Request = readonly [
  action: string,
  resource: string,
  context?: Readonly<Record<string, string | string[]>>,
];

/** How AWS knows a service that uses a key in a role's name. */
export const VIA = "kms:ViaService";

/** What a role is for. */
export interface RoleCase {
  /** Who takes the role. */
  takenBy: string[];
  /**
   * Requests that AWS must allow. They are also the whole of what the role may do with what its stack declares: any other of the
   * requests in probes.ts that it may make is a failure.
   */
  may: Request[];
  /** Why the role may do more than what is listed here. @default it may not */
  wider?: string;
  /** What it may besides where a stack differs from the others, by the stack's name. @default nothing */
  mayIn?: Record<string, Request[]>;
  /** Requests that AWS must refuse. @default none beyond the probes */
  mayNot?: Request[];
}

/** The cases of an area by the names of the roles; a role need not be in every stack. */
export type RoleCases = Record<string, RoleCase>;

/** An ARN in the region and account of the tests. */
export const arn = (service: string, resource: string) =>
  `arn:aws:${service}:eu-west-1:123456789012:${resource}`;

/** A log group's stream, which is what a log is written to. */
export const stream = (logGroup: string) => arn("logs", `log-group:${physicalName(logGroup)}:log-stream:any`);

/** Several actions on one resource. */
export const each = (resource: string, ...actions: string[]): Request[] =>
  actions.map((action) => [action, resource]);

/** The uses of a key that a service makes of it in the role's name; directly the role may make none of them. */
export const under = (key: string, service: string, ...actions: string[]): Request[] =>
  actions.map((action) => [action, key, { [VIA]: `${service}.eu-west-1.amazonaws.com` }]);
