import { kindOf, resourcesOf } from "./catalogue";
import { inParts } from "./parts";
import { Project } from "./project";
import { Mail, Settings } from "./ports";
import { pageOf } from "./project-page";

const what = (p: Project) => `${p.name} (${p.type}, ${p.framework}, ${p.environment})`;
const price = (p: Project) => `${(p.cents / 100).toFixed(2)} USD a month`;

const asksFor = (project: Project) =>
  project.run.action === "delete" ? `the deletion of ${what(project)} and its database` : what(project);

const getsSecrets = ({ run, change, ...now }: Project) => {
  const { previews, previewSecrets } = { ...now, ...change };
  return run.action !== "delete" && previews && previewSecrets;
};
const SECRETS_OUT = "Its previews get its secrets: anyone who may push to the repository can read them.";

export function approvalMail(settings: Settings, project: Project, to: string[], reminder: boolean): Mail {
  const { template } = kindOf(project.type, project.framework)!;
  const plan = inParts(resourcesOf(project)).map((part) => `  ${part}`);
  return {
    to,
    subject: `${reminder ? "Reminder: " : ""}${project.name} asks for approval`,
    text: [
      `${project.run.by?.email ?? project.ownerEmail} of ${project.unit} asks for ${asksFor(project)}.`,
      project.run.action === "update" ? "It exists; its content or settings would change." : "",
      ...(project.change?.commit ? [`The commit ${project.change.commit} would be built.`] : []),
      ...(getsSecrets(project) ? [SECRETS_OUT] : []),
      "",
      `Template ${template}, ${price(project)}:`,
      ...plan,
      "",
      `Approve: ${pageOf(settings, project, "&decide=approve")}`,
      `Reject:  ${pageOf(settings, project, "&decide=reject")}`,
      "",
      `Without a decision within ${settings.approvalHours} hours it is rejected.`,
    ].join("\n"),
  };
}

export function readyMail(settings: Settings, project: Project): Mail {
  const { release, extend } = project.change ?? {};
  const updated = release ? "is back at the previous release" : extend ? "has more time" : "has been updated";
  const news = project.run.action === "update" ? updated : "is ready";
  const until = project.expiresAt ? `It is kept until ${project.expiresAt.slice(0, 10)}.` : "";
  return {
    to: [project.email],
    subject: `${project.name} ${project.change?.frozen ? "is frozen" : news}`,
    text: project.change?.frozen
      ? `${what(project)} has expired and is frozen. Extend it within ${settings.frozenDays} days, or it is deleted.\n\n${pageOf(settings, project)}`
      : [`${what(project)} ${news}:`, project.url, "", until, pageOf(settings, project)].join("\n"),
  };
}

/** The first build has failed, or its result does not serve: all of it stays for a while. */
export function failedMail(settings: Settings, project: Project): Mail {
  const until = project.expiresAt!.slice(0, 16).replace("T", " ");
  return {
    to: [project.email],
    subject: `${project.name} did not get ready`,
    text: [
      `${what(project)} did not get ready:`,
      project.failure!.reason,
      ...(project.logTail ? ["", "The last lines of its build:", "", project.logTail] : []),
      "",
      `What was created for it is kept until ${until} UTC. Correct it and try again, or delete it, here:`,
      pageOf(settings, project),
    ].join("\n"),
  };
}

/** @param outcome what has happened to the project, such as "was rejected" */
export function endMail(settings: Settings, project: Project, outcome: string, reason: string): Mail {
  return {
    to: [project.email],
    subject: `${project.name} ${outcome}`,
    text: [
      `${what(project)} ${outcome}.`,
      reason,
      ...(project.logTail ? ["", "The last lines of its build:", "", project.logTail] : []),
      "",
      pageOf(settings, project),
    ].join("\n"),
  };
}

export function warningMail(settings: Settings, project: Project): Mail {
  const day = project.expiresAt!.slice(0, 10);
  return {
    to: [project.email],
    subject: `${project.name} expires on ${day}`,
    text: `${what(project)} is frozen on ${day} and deleted ${settings.frozenDays} days later.\nExtend it here: ${pageOf(settings, project)}`,
  };
}
