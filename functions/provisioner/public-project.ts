// The API's answer about a project. Separate from what the other functions need, because it would only make their packages larger.
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

/** The parts of a change that everybody who is asked to approve it may see. */
const WANTED = [...CONTENT, ...SWITCHES, "port", "variables", "secretNames", "commit", "release"] as const;

/** A project in the API's answers. */
export type PublicProject = Pick<Project, (typeof PUBLIC)[number]> & {
  stack: string;
  /** How many builds run before its own waiting one, plus one. */
  queuePlace?: number;
  /** The names of its secrets. */
  secrets: string[];
  askedBy?: string;
  /** What would change, while somebody is asked to approve it. */
  wants?: Pick<Change, (typeof WANTED)[number]>;
  /** Since when pushes are built, and who set that up. */
  hook?: { at: string; by: string };
  monthlyPrice: number;
  /** Absent if the catalogue no longer has the kind. */
  template?: Kind["template"];
  /** Whether its state will change by itself. */
  moving: boolean;
  /** Whether its state will never change again. */
  over: boolean;
};

/** A line that a project's build or one of its servers wrote. */
export interface LogLine {
  /** The same each time this line is returned. */
  id: string;
  at: string;
  text: string;
}

/** What every member of the business unit may see; it contains no token and no secret's ARN. */
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
