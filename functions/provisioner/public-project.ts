// What the API answers of a project. Apart from what the other functions need, whose packages it would only make larger.
import { only } from "../shared/pick";
import { Kind, kindOf } from "./catalogue";
import { Change, CONTENT, over, Project, settled, SWITCHES } from "./project";

const PUBLIC = [
  "id",
  "name",
  "unit",
  "environment",
  "type",
  ...CONTENT,
  ...SWITCHES,
  "previewOf",
  "variables",
  "port",
  "host",
  "state",
  "step",
  "stages",
  "quota",
  "createdAt",
  "failure",
  "frozen",
  "expiresAt",
  "decision",
  "approved",
  "logUrl",
  "queued",
  "releases",
  "commit",
  "commits",
  "nextPush",
  "domainState",
  "notified",
  "url",
  "ownerEmail",
] as const satisfies readonly (keyof Project)[];

/** What of a change anybody may see who is asked to say yes to it. */
const WANTED = [...CONTENT, ...SWITCHES, "port", "variables", "secretNames", "commit", "release"] as const;

/** A project as the API answers it. */
export type PublicProject = Pick<Project, (typeof PUBLIC)[number]> & {
  stack: string;
  /** How many builds go before its own waiting one, and one more. */
  queuePlace?: number;
  /** The names of what was given in secret. */
  secrets: string[];
  askedBy?: string;
  /** What would be different, while somebody is asked to say yes to it. */
  wants?: Pick<Change, (typeof WANTED)[number]>;
  /** Since when pushes are built, and who had that set up. */
  hook?: { at: string; by: string };
  monthlyPrice: number;
  /** Absent for a kind that the catalogue does not have any more. */
  template?: Kind["template"];
  /** Whether its state will change by itself. */
  moving: boolean;
  /** Whether its state will never change again. */
  over: boolean;
};

/** A line that a project's build or one of its servers has written. */
export interface LogLine {
  /** The same whenever this line is told. */
  id: string;
  at: string;
  text: string;
}

/** What anybody of the business unit may see; no token and no secret's ARN is among it. */
export const publicView = (project: Project, queuePlace?: number): PublicProject => ({
  ...only(project, PUBLIC),
  stack: project.framework,
  ...(queuePlace && { queuePlace }),
  secrets: project.secretNames ?? [],
  askedBy: project.run.by?.email,
  ...(project.step === "approve" && project.change && { wants: only(project.change, WANTED) }),
  ...(project.hook && { hook: { at: project.hook.at, by: project.hook.by.email } }),
  monthlyPrice: project.cents / 100,
  template: kindOf(project.type, project.framework)?.template,
  moving: !settled(project.state),
  over: over(project.state),
});
