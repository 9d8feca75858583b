import type { CommitStatus, Mail, StackRequest, StageEvent } from "../../../functions/provisioner/ports";
import type { Result } from "../../../functions/provisioner/project";

/** What stand-ins for AWS remember of what they were asked. */
export const nothingSeen = () => ({
  mails: [] as Mail[],
  events: [] as StageEvent[],
  answers: [] as [token: string, result: Result][],
  fails: [] as [token: string, reason: string][],
  starts: [] as [name: string, input: object][],
  requests: [] as [what: string, request: StackRequest][],
  removed: [] as string[],
  drift: [] as string[],
  emptied: [] as string[],
  builds: [] as [project: string, onceKey: string][],
  /** What each build was told beside its stack's own. */
  told: [] as Record<string, string>[],
  commits: [] as [secretArn: string, status: CommitStatus][],
  stopped: [] as string[],
  alarms: [] as string[],
  probes: [] as [url: string, at: string][],
  healths: [] as string[],
  restored: [] as [images: string, digest: string, group: string][],
  tails: [] as [stack: string, stream: string][],
  runbooks: [] as [name: string, id: string][],
});
